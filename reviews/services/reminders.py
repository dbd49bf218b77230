from __future__ import annotations

import logging
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import User
from reviews import queries
from reviews.models import Reminder, StudyPlan
from reviews.special_days import kind_on

logger = logging.getLogger(__name__)

# On the candidate's own clock; the task comes each hour, and a mail at night helps nobody.
REMINDER_HOURS = range(7, 9)


def send_reminders(*, now: datetime) -> int:
    """Mail everybody who asked for it, has something to do today and is in the morning; returns how many were sent.

    The day is claimed by a row first: run twice, or at once, there is one mail. A mail that fails is not tried again,
    because nobody can tell whether the server had taken it.
    """
    plans = StudyPlan.objects.filter(wants_reminders=True, candidate__is_active=True).select_related("candidate")
    return sum(_remind_or_log(plan, now) for plan in plans.order_by("pk") if _is_morning(plan.candidate, now))


def _remind_or_log(plan: StudyPlan, now: datetime) -> bool:
    try:
        return _remind(plan, now)
    except Exception:
        # One candidate's bad row must not keep the others waiting.
        logger.exception("Candidate %s could not be reminded.", plan.candidate_id)
        return False


def _is_morning(candidate: User, now: datetime) -> bool:
    return now.astimezone(ZoneInfo(candidate.time_zone)).hour in REMINDER_HOURS


def _remind(plan: StudyPlan, now: datetime) -> bool:
    candidate = plan.candidate
    # Later than 04:00, so the date and the study day are one.
    on = now.astimezone(ZoneInfo(candidate.time_zone)).date()
    session = queries.study_session(candidate, on=on)
    # A day off, by its date or by its weekday, has no minutes; nor has the day of the exam. A mock exam needs none.
    has_something = session.is_mock_day or (session.has_minutes and session.left > 0)
    if not has_something or not _claim(candidate, on=on, now=now):
        return False
    return _send(
        candidate,
        {
            "name": candidate.name,
            "kind": kind_on(on, queries.spans_of(plan)),
            "due": session.reviews + session.again,
            "new": session.new,
            "minutes": session.minutes,
            "mock_url": settings.SITE_URL + reverse("quizzes:mock"),
            "today_url": settings.SITE_URL + reverse("progress:today"),
            "plan_url": settings.SITE_URL + reverse("reviews:plan"),
        },
    )


def _send(candidate: User, context: dict[str, Any]) -> bool:
    subject, body = (
        render_to_string(f"reviews/{name}.txt", context).strip() for name in ("reminder_subject", "reminder")
    )
    try:
        send_mail(subject, body, None, [candidate.email])
    except OSError:  # of which the errors of smtplib are a kind
        logger.exception("The reminder to candidate %s could not be sent.", candidate.pk)
        return False
    return True


def _claim(candidate: User, *, on: date, now: datetime) -> bool:
    try:
        with transaction.atomic():
            Reminder.objects.create(candidate=candidate, on=on, claimed_at=now)
    except IntegrityError:
        return False
    return True
