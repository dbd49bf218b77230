"""A break, in practice only. While it lasts the clock stands still; the deadline moves by it when work goes on."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from quizzes.models import Attempt, Quiz
from quizzes.services.refusals import AttemptClosed, PauseRefused

COURSE = ("state", "submitted_at", "graded_at", "raw_score", "deadline_at", "paused_at", "paused_seconds")


def can_pause(attempt: Attempt) -> bool:
    """Whether this kind of attempt has a clock of the candidate's own, which nobody else reckons with."""
    return attempt.quiz.kind == Quiz.Kind.PRACTICE and attempt.assignment_id is None and attempt.deadline_at is not None


def pause_attempt(*, attempt: Attempt, now: datetime) -> Attempt:
    """A second time changes nothing."""
    with transaction.atomic():
        locked = lock_attempt(attempt)
        if not can_pause(locked):
            raise PauseRefused
        if not locked.is_running(now):
            raise AttemptClosed
        if not locked.is_paused:
            locked.paused_at = now
            locked.save(update_fields=["paused_at"])
    return brought_up_to_date(attempt, locked)


def resume_attempt(*, attempt: Attempt, now: datetime) -> Attempt:
    """The time left is what it was when the pause began. A second time changes nothing."""
    with transaction.atomic():
        locked = lock_attempt(attempt)
        if not locked.is_open:
            raise AttemptClosed
        if locked.is_paused:
            end_pause(locked, now)
            locked.save(update_fields=["paused_at", "paused_seconds", "deadline_at"])
    return brought_up_to_date(attempt, locked)


def end_pause(attempt: Attempt, now: datetime) -> None:
    """Of an attempt whose row is locked; saving it is up to the caller."""
    if attempt.paused_at is None:
        return
    pause = max(now - attempt.paused_at, timedelta(0))
    if attempt.deadline_at is not None:
        attempt.deadline_at += pause
    attempt.paused_seconds += round(pause.total_seconds())
    attempt.paused_at = None


def lock_attempt(attempt: Attempt) -> Attempt:
    return Attempt.objects.select_for_update(of=("self",)).select_related("quiz").get(pk=attempt.pk)


def brought_up_to_date(attempt: Attempt, locked: Attempt) -> Attempt:
    """What the caller holds, with what the locked row says of its course."""
    for field in COURSE:
        setattr(attempt, field, getattr(locked, field))
    return attempt
