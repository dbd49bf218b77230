"""What the practice page knows about a candidate before anything is built."""

from __future__ import annotations

from django.db.models import Count, Q

from accounts.models import User
from competencies.models import Competency
from quizzes.models import Attempt, AttemptQuerySet, Response

# A share of fewer answers names nobody's weakest competency.
ANSWERS_TO_COMPARE = 5


def attempts_of(candidate: User) -> AttemptQuerySet:
    """For lists: with quiz and assignment, and how many questions are answered as `answered_count`."""
    answered = Count("responses", filter=~Q(responses__selected_label=""))
    attempts = Attempt.objects.for_candidate(candidate).select_related("quiz", "assignment")
    # Grouping drops the order that the model gives.
    return attempts.annotate(answered_count=answered).order_by("-started_at", "-pk")


def weakest_competency(candidate: User) -> Competency | None:
    """Of those with enough graded answers, the one with the smallest share right; None while nothing was missed."""
    marks = Response.objects.filter(attempt__candidate=candidate, attempt__state=Attempt.State.GRADED).order_by()
    tally = marks.values_list("question__objective__statement__competency").annotate(
        total=Count("pk"), right=Count("pk", filter=Q(is_correct=True))
    )
    shares = [(right / total, pk) for pk, total, right in tally if total >= ANSWERS_TO_COMPARE and right < total]
    return Competency.objects.get(pk=min(shares)[1]) if shares else None
