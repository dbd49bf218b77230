"""One getter per object, 404 for strangers; what a page shows of an attempt in one or two reads."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import User
from competencies.models import Objective
from quizzes.models import Attempt, Response
from quizzes.scoring import ScoredResponse


def get_attempt_for(user: User, code: UUID) -> Attempt:
    attempts = Attempt.objects.select_related("quiz__blueprint", "assignment")
    return get_object_or_404(attempts, code=code, candidate=user)


def get_response_for(user: User, code: UUID, position: int) -> Response:
    """With attempt, quiz, assignment and the question down to its competency."""
    responses = Response.objects.select_related(
        "attempt__quiz__blueprint", "attempt__assignment", "question__objective__statement__competency"
    )
    return get_object_or_404(responses, attempt__code=code, attempt__candidate=user, position=position)


def responses_of(attempt: Attempt) -> QuerySet[Response]:
    """In the order of the attempt, each with its question, objective, statement and competency."""
    return (
        Response.objects.filter(attempt=attempt)
        .select_related("question__objective__statement__competency")
        .order_by("position")
    )


def response_states(attempt: Attempt) -> QuerySet[Response]:
    """For a navigator: which positions are answered, flagged, checked; without the questions."""
    return (
        Response.objects.filter(attempt=attempt)
        .only("attempt_id", "position", "selected_label", "is_flagged", "checked_at", "is_correct")
        .order_by("position")
    )


def scored_responses(attempt: Attempt) -> list[ScoredResponse]:
    """In the order of the handbook, for `quizzes.scoring`; one query."""
    rows = (
        Response.objects.filter(attempt=attempt)
        .order_by(
            "question__objective__statement__competency__position",
            "question__objective__statement__kind",
            "question__objective__statement__position",
            "position",
        )
        .values_list(
            "question__objective__statement__competency__code", "question__objective__statement__code", "is_correct"
        )
    )
    return [ScoredResponse(*row) for row in rows]


def missed_objectives(attempt: Attempt) -> list[Objective]:
    """Those not answered right, the most missed first, else as in the handbook; with statement and competency.

    Of objectives missed as often comes first the one whose statement, then whose competency, was missed most.
    """
    missed = Response.objects.filter(attempt=attempt).exclude(is_correct=True).order_by()
    times = Counter(missed.values_list("question__objective", flat=True))
    objectives = list(Objective.objects.select_related("statement__competency").filter(pk__in=times))
    of_statement, of_competency = Counter[int](), Counter[int]()
    for objective in objectives:
        of_statement[objective.statement_id] += times[objective.pk]
        of_competency[objective.statement.competency_id] += times[objective.pk]

    def need(objective: Objective) -> tuple[int, int, int]:
        statement = objective.statement
        return times[objective.pk], of_statement[statement.pk], of_competency[statement.competency_id]

    return sorted(objectives, key=need, reverse=True)
