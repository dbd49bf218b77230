"""From a reset on, questions count as not seen. What was answered before stays, and stays counted."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from quizzes.models import StatusReset
from quizzes.queries.statuses import last_seen, newest_reset_at, reset_to_take_back


def reset_statuses(*, candidate: User, now: datetime) -> bool:
    """False when nothing was seen since the newest reset: a double click resets once."""
    with transaction.atomic():
        _lock(candidate)
        if not last_seen(candidate, since=newest_reset_at(candidate)):
            return False
        StatusReset.objects.create(candidate=candidate, reset_at=now)
    return True


def take_reset_back(*, candidate: User, reset_at: datetime, now: datetime) -> bool:
    """False when it is not the newest one of today: a second press takes none before it back."""
    with transaction.atomic():
        _lock(candidate)
        reset = reset_to_take_back(candidate, at=now)
        if reset is None or reset.reset_at != reset_at:
            return False
        reset.delete()
    return True


def _lock(candidate: User) -> None:
    User.objects.select_for_update().get(pk=candidate.pk)
