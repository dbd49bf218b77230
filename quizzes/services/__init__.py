"""Every write of this app. Callers import from here; the modules are chapters."""

from __future__ import annotations

from quizzes.services.answering import check_response, record_answer
from quizzes.services.building import build_practice_quiz, shared_mock
from quizzes.services.finishing import (
    close_overdue_attempts,
    finish_attempt,
    grade_attempt,
    settle_attempt,
    submit_attempt,
)
from quizzes.services.refusals import (
    AnswerReceipt,
    AnswerRefused,
    AttemptClosed,
    KeyReused,
    NotEnoughQuestions,
    Refusal,
    StaleAnswer,
    StartRefused,
    UnknownLabel,
    UnknownPosition,
)
from quizzes.services.starting import start_attempt
from quizzes.services.statistics import compute_item_statistics

__all__ = [
    "AnswerReceipt",
    "AnswerRefused",
    "AttemptClosed",
    "KeyReused",
    "NotEnoughQuestions",
    "Refusal",
    "StaleAnswer",
    "StartRefused",
    "UnknownLabel",
    "UnknownPosition",
    "build_practice_quiz",
    "check_response",
    "close_overdue_attempts",
    "compute_item_statistics",
    "finish_attempt",
    "grade_attempt",
    "record_answer",
    "settle_attempt",
    "shared_mock",
    "start_attempt",
    "submit_attempt",
]
