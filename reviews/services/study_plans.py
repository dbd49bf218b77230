from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from competencies.models import Blueprint
from reviews.models import StudyPlan


def save_study_plan(
    *,
    candidate: User,
    exam_on: date | None,
    minutes_by_weekday: Sequence[int],
    blueprint: Blueprint | None,
    target_percent: int,
    wants_reminders: bool,
    time_zone: str,
    now: datetime,
) -> StudyPlan:
    """Save the candidate's wishes; the schedule that follows from them is the worker's."""
    with transaction.atomic():
        if candidate.time_zone != time_zone:
            candidate.time_zone = time_zone
            candidate.save(update_fields=["time_zone"])
        plan, _ = StudyPlan.objects.update_or_create(
            candidate=candidate,
            defaults={
                "exam_on": exam_on,
                "minutes_by_weekday": list(minutes_by_weekday),
                "blueprint": blueprint,
                "target_percent": target_percent,
                "wants_reminders": wants_reminders,
                "changed_at": now,
            },
        )
    return plan


def renew_calendar_key(*, candidate: User) -> None:
    """Give the calendar another address; who knows the old one finds nothing there any more."""
    StudyPlan.objects.filter(candidate=candidate).update(calendar_key=uuid.uuid4())
