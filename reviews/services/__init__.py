"""Every write of this app, by what is written: the log with its cards, the schedule, the study plan, reminders."""

from __future__ import annotations

from reviews.services.log import NewReview, ReviewRefused, answer_review, rebuild_cards, record_reviews
from reviews.services.reminders import send_reminders
from reviews.services.schedules import build_schedule, rebuild_stale_schedules
from reviews.services.study_plans import save_study_plan

__all__ = [
    "NewReview",
    "ReviewRefused",
    "answer_review",
    "build_schedule",
    "rebuild_cards",
    "rebuild_stale_schedules",
    "record_reviews",
    "save_study_plan",
    "send_reminders",
]
