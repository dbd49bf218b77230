"""What an export must not tell yet: the key of whatever an open quiz or a due date keeps back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from accounts.models import User
from quizzes.models import Attempt, Response


def withheld_questions(person: User, *, at: datetime) -> set[str]:
    """Codes of questions that a quiz of theirs asks whose reasons are not open: nor may an older answer tell them."""
    return {response.question.code for response in _withheld(person, at)}


def withheld_results(person: User, *, at: datetime) -> set[UUID]:
    """Codes of responses that are graded, but not told."""
    return {response.code for response in _withheld(person, at) if response.is_correct is not None}


def _withheld(person: User, at: datetime) -> Iterator[Response]:
    may_withhold = Q(attempt__state=Attempt.State.IN_PROGRESS) | Q(attempt__assignment__due_at__gt=at)
    responses = Response.objects.filter(may_withhold, attempt__candidate=person)
    for response in responses.select_related("attempt__assignment", "question"):
        if not response.shows_rationale(at):
            yield response
