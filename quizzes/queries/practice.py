"""What practice knows about a candidate before anything is built."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q

from accounts.models import User
from competencies.models import Blueprint
from quizzes.models import Attempt, AttemptQuerySet, Response
from reviews.queries import DEFAULT_BLUEPRINT, study_plan_of


def attempts_of(candidate: User) -> AttemptQuerySet:
    """For lists: with quiz and assignment, and how many questions are answered as `answered_count`."""
    # A placement test takes "I do not know" for an answer: a moment without a label.
    is_answered = ~Q(responses__selected_label="") | Q(responses__answered_at__isnull=False)
    answered = Count("responses", filter=is_answered)
    attempts = Attempt.objects.for_candidate(candidate).select_related("quiz", "assignment")
    # Grouping drops the order that the model gives.
    return attempts.annotate(answered_count=answered).order_by("-started_at", "-pk")


def daily_ten_of(candidate: User, *, on: date) -> Attempt | None:
    """The attempt at the ten questions of one study day, with its quiz and `answered_count`."""
    return attempts_of(candidate).filter(quiz__author=candidate, quiz__daily_on=on).first()


def edition_of(candidate: User) -> Blueprint | None:
    """The edition that the candidate aims at."""
    plan = study_plan_of(candidate)
    return plan.blueprint if plan and plan.blueprint else Blueprint.objects.filter(code=DEFAULT_BLUEPRINT).first()


def asked_codes(attempt: Attempt) -> list[str]:
    """Codes of its questions, in their order."""
    responses = Response.objects.filter(attempt=attempt).order_by("position")
    return list(responses.values_list("question__code", flat=True))


def missed_codes(attempt: Attempt) -> list[str]:
    """The same of those that were answered wrong or not at all."""
    missed = Response.objects.filter(attempt=attempt).exclude(is_correct=True).order_by("position")
    return list(missed.values_list("question__code", flat=True))
