"""Every write of this app, by what is written: the log with its cards, the schedule, the study plan, reminders."""

from __future__ import annotations

from reviews.services.fits import fit_memory
from reviews.services.log import (
    NewReview,
    ReviewRefused,
    answer_review,
    rebuild_cards,
    record_reviews,
    undo_review,
)
from reviews.services.reminders import send_reminders
from reviews.services.schedules import build_schedule, rebuild_stale_schedules
from reviews.services.special_days import (
    SpecialDaysRefused,
    add_special_days,
    plan_suggested_mocks,
    remove_special_days,
)
from reviews.services.study_plans import renew_calendar_key, save_study_plan

__all__ = [
    "NewReview",
    "ReviewRefused",
    "SpecialDaysRefused",
    "add_special_days",
    "answer_review",
    "build_schedule",
    "fit_memory",
    "plan_suggested_mocks",
    "rebuild_cards",
    "rebuild_stale_schedules",
    "record_reviews",
    "remove_special_days",
    "renew_calendar_key",
    "save_study_plan",
    "send_reminders",
    "undo_review",
]
