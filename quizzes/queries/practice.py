"""What the practice page knows about a candidate before anything is built."""

from __future__ import annotations

from django.db.models import Count, Q

from accounts.models import User
from quizzes.models import Attempt, AttemptQuerySet


def attempts_of(candidate: User) -> AttemptQuerySet:
    """For lists: with quiz and assignment, and how many questions are answered as `answered_count`."""
    # A placement test takes "I do not know" for an answer: a moment without a label.
    is_answered = ~Q(responses__selected_label="") | Q(responses__answered_at__isnull=False)
    answered = Count("responses", filter=is_answered)
    attempts = Attempt.objects.for_candidate(candidate).select_related("quiz", "assignment")
    # Grouping drops the order that the model gives.
    return attempts.annotate(answered_count=answered).order_by("-started_at", "-pk")
