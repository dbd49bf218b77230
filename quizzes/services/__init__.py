"""Every write of this app. Callers import from here; the modules are chapters."""

from __future__ import annotations

from quizzes.services.answering import check_response, flag_response, record_answer
from quizzes.services.building import (
    ShortMock,
    build_daily_ten,
    build_practice_quiz,
    build_short_mock,
    shared_mock,
    shared_placement,
    short_mocks,
)
from quizzes.services.calibrating import calibrate_items
from quizzes.services.classifying import classify_miss
from quizzes.services.finishing import (
    close_overdue_attempts,
    finish_attempt,
    grade_attempt,
    settle_attempt,
    submit_attempt,
)
from quizzes.services.pausing import can_pause, pause_attempt, resume_attempt
from quizzes.services.placing import answer_placement, finish_placement, placement_again_at, start_placement
from quizzes.services.refusals import (
    AnswerReceipt,
    AnswerRefused,
    AttemptClosed,
    AttemptPaused,
    FinishRefused,
    FlagRefused,
    KeyReused,
    NotEnoughQuestions,
    PauseRefused,
    Refusal,
    StaleAnswer,
    StartRefused,
    UnknownLabel,
    UnknownPosition,
)
from quizzes.services.repeating import RepeatMode, build_repeat
from quizzes.services.resetting import reset_statuses, take_reset_back
from quizzes.services.starting import deadline_for, start_attempt, start_daily_ten
from quizzes.services.statistics import compute_form_statistics, compute_item_statistics, fit_forgetting
from quizzes.services.timing import ReadingTime

__all__ = [
    "AnswerReceipt",
    "AnswerRefused",
    "AttemptClosed",
    "AttemptPaused",
    "FinishRefused",
    "FlagRefused",
    "KeyReused",
    "NotEnoughQuestions",
    "PauseRefused",
    "ReadingTime",
    "Refusal",
    "RepeatMode",
    "ShortMock",
    "StaleAnswer",
    "StartRefused",
    "UnknownLabel",
    "UnknownPosition",
    "answer_placement",
    "build_daily_ten",
    "build_practice_quiz",
    "build_repeat",
    "build_short_mock",
    "calibrate_items",
    "can_pause",
    "check_response",
    "classify_miss",
    "close_overdue_attempts",
    "compute_form_statistics",
    "compute_item_statistics",
    "deadline_for",
    "finish_attempt",
    "finish_placement",
    "fit_forgetting",
    "flag_response",
    "grade_attempt",
    "pause_attempt",
    "placement_again_at",
    "record_answer",
    "reset_statuses",
    "resume_attempt",
    "settle_attempt",
    "shared_mock",
    "shared_placement",
    "short_mocks",
    "start_attempt",
    "start_daily_ten",
    "start_placement",
    "submit_attempt",
    "take_reset_back",
]
