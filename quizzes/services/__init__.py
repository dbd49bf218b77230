"""Every write of this app. Callers import from here; the modules are chapters."""

from __future__ import annotations

from quizzes.services.answering import check_response, record_answer
from quizzes.services.building import build_practice_quiz, shared_mock, shared_placement
from quizzes.services.calibrating import calibrate_items
from quizzes.services.finishing import (
    close_overdue_attempts,
    finish_attempt,
    grade_attempt,
    settle_attempt,
    submit_attempt,
)
from quizzes.services.placing import answer_placement, finish_placement, placement_again_at, start_placement
from quizzes.services.refusals import (
    AnswerReceipt,
    AnswerRefused,
    AttemptClosed,
    FinishRefused,
    KeyReused,
    NotEnoughQuestions,
    Refusal,
    StaleAnswer,
    StartRefused,
    UnknownLabel,
    UnknownPosition,
)
from quizzes.services.starting import start_attempt
from quizzes.services.statistics import compute_form_statistics, compute_item_statistics, fit_forgetting

__all__ = [
    "AnswerReceipt",
    "AnswerRefused",
    "AttemptClosed",
    "FinishRefused",
    "KeyReused",
    "NotEnoughQuestions",
    "Refusal",
    "StaleAnswer",
    "StartRefused",
    "UnknownLabel",
    "UnknownPosition",
    "answer_placement",
    "build_practice_quiz",
    "calibrate_items",
    "check_response",
    "close_overdue_attempts",
    "compute_form_statistics",
    "compute_item_statistics",
    "finish_attempt",
    "finish_placement",
    "fit_forgetting",
    "grade_attempt",
    "placement_again_at",
    "record_answer",
    "settle_attempt",
    "shared_mock",
    "shared_placement",
    "start_attempt",
    "start_placement",
    "submit_attempt",
]
