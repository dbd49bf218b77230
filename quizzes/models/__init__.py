from __future__ import annotations

from quizzes.models.attempts import Answer, Attempt, AttemptQuerySet, Response, ResponseQuerySet, StatusReset
from quizzes.models.quizzes import (
    Assignment,
    AssignmentQuerySet,
    DrawRule,
    Feedback,
    QuestionStatus,
    Quiz,
    QuizQuerySet,
    QuizQuestion,
)
from quizzes.models.statistics import Calibration, FormStatistics, ItemParameters, ItemStatistics, OptionStatistics

__all__ = [
    "Answer",
    "Assignment",
    "AssignmentQuerySet",
    "Attempt",
    "AttemptQuerySet",
    "Calibration",
    "DrawRule",
    "Feedback",
    "FormStatistics",
    "ItemParameters",
    "ItemStatistics",
    "OptionStatistics",
    "QuestionStatus",
    "Quiz",
    "QuizQuerySet",
    "QuizQuestion",
    "Response",
    "ResponseQuerySet",
    "StatusReset",
]
