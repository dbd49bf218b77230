from __future__ import annotations

from questions.admin.question import QuestionAdmin

__all__ = ["QuestionAdmin"]
