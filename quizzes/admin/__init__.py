from __future__ import annotations

from quizzes.admin.question import MeasuredQuestionAdmin
from quizzes.admin.sittings import AssignmentAdmin, AttemptAdmin, QuizAdmin
from quizzes.admin.statistics import CalibrationAdmin, FormStatisticsAdmin, ItemStatisticsAdmin

__all__ = [
    "AssignmentAdmin",
    "AttemptAdmin",
    "CalibrationAdmin",
    "FormStatisticsAdmin",
    "ItemStatisticsAdmin",
    "MeasuredQuestionAdmin",
    "QuizAdmin",
]
