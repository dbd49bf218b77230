from __future__ import annotations

from questions.admin.problem import ProblemReportAdmin
from questions.admin.question import QuestionAdmin

__all__ = ["ProblemReportAdmin", "QuestionAdmin"]
