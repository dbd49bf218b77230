"""What the result of one attempt is made of. Every read takes a fixed number of queries, for 10 questions or 100."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from accounts.models import User
from cohorts.models import Membership
from quizzes.attempt_facts import ResponseFacts, choices_of
from quizzes.models import Answer, Attempt, AttemptQuerySet, Quiz, Response
from quizzes.queries.practice import attempts_of, edition_of
from quizzes.scoring import percent_of
from reviews.models import ReviewLog

KINDS = ("practice", "mock", "assigned", "placement")
# A line of more points would say no more.
TREND_POINTS = 12


class Result(NamedTuple):
    """The score of a graded attempt."""

    code: UUID
    submitted_at: datetime
    raw_score: int
    question_count: int


def attempts_of_kind(candidate: User, kind: str) -> AttemptQuerySet:
    """As `attempts_of`; an empty kind means all."""
    attempts = attempts_of(candidate)
    return attempts.filter(_is_kind(kind)) if kind else attempts


def count_by_kind(candidate: User) -> dict[str, int]:
    """One query."""
    counts = {kind: Count("pk", filter=_is_kind(kind)) for kind in KINDS}
    return Attempt.objects.for_candidate(candidate).order_by().aggregate(**counts)


def _is_kind(kind: str) -> Q:
    """What a coordinator assigned is one kind, whatever it asks."""
    if kind == "assigned":
        return Q(assignment__isnull=False)
    return Q(assignment=None, quiz__kind=kind)


def response_facts(attempt: Attempt) -> list[ResponseFacts]:
    """In the order of the attempt; two queries. Holds keys: a page shows them only when they may be shown."""
    labels: dict[int, list[str]] = defaultdict(list)
    answers = Answer.objects.filter(attempt=attempt).order_by("response_id", "sequence")
    for response, label in answers.values_list("response_id", "label"):
        labels[response].append(label)
    area = "question__objective__statement__competency"
    rows = Response.objects.filter(attempt=attempt).order_by("position")
    read = rows.values(
        "pk",
        "position",
        "is_correct",
        "is_flagged",
        "confidence",
        "seconds",
        "miss_reason",
        selected=F("selected_label"),
        key=F("question__key"),
        competency=F(f"{area}__code"),
        competency_position=F(f"{area}__position"),
    )
    return [_facts(choices_of(labels[row["pk"]] or [row["selected"]]), **row) for row in read]


def _facts(choices: tuple[str, ...], *, pk: int, is_correct: bool | None, **fields: Any) -> ResponseFacts:
    return ResponseFacts(choices=choices, is_correct=is_correct is True, **fields)


def positions_seen_before(attempt: Attempt) -> set[int]:
    """Whose question, in any version, the candidate had been asked before this attempt began; two queries.

    A question that was left unanswered has been seen too, as in the statistics of first answers.
    """
    drawn = Response.objects.filter(attempt=attempt)
    codes = drawn.values("question__code")
    asked = Response.objects.filter(
        attempt__candidate=attempt.candidate_id, attempt__started_at__lt=attempt.started_at, question__code__in=codes
    ).exclude(attempt=attempt)
    reviewed = ReviewLog.objects.filter(
        candidate=attempt.candidate_id,
        is_from_review=True,
        reviewed_at__lt=attempt.started_at,
        question__code__in=codes,
    )
    seen = asked.order_by().values("question__code").union(reviewed.order_by().values("question__code"))
    known = {row["question__code"] for row in seen}
    return {position for position, code in drawn.values_list("position", "question__code") if code in known}


def results_like(attempt: Attempt) -> list[Result]:
    """The candidate's graded attempts of the same kind up to this one, oldest first, the last of them at most."""
    alike = of_kind(Attempt.objects.filter(candidate=attempt.candidate_id), attempt).filter(
        state=Attempt.State.GRADED, started_at__lte=attempt.started_at
    )
    rows = alike.order_by("-started_at", "-pk").values_list("code", "submitted_at", "raw_score", "question_count")
    return [Result(*row) for row in reversed(rows[:TREND_POINTS])]  # type: ignore[arg-type]  # graded: both are given


def of_kind(attempts: AttemptQuerySet, attempt: Attempt) -> AttemptQuerySet:
    """Mock exams of one edition, attempts at one quiz that was shared, or what people practiced on their own."""
    if attempt.is_mock:
        return attempts.filter(quiz__kind=Quiz.Kind.MOCK, quiz__blueprint=attempt.quiz.blueprint_id)
    if attempt.assignment_id:
        return attempts.filter(quiz=attempt.quiz_id)
    return attempts.filter(quiz__kind=attempt.quiz.kind, assignment=None)


def peer_scores(attempt: Attempt) -> dict[int, int]:
    """How many other candidates scored each percentage in their first attempt of the same kind; one query.

    Nothing for practice, which everybody puts together alone. Of an assignment, the members of its cohort who share
    their scores.
    """
    if not attempt.is_mock and attempt.assignment_id is None:
        return {}
    others = of_kind(Attempt.objects.exclude(candidate=attempt.candidate_id), attempt)
    if attempt.assignment is not None:
        sharing = Membership.objects.sharing_scores().filter(cohort=attempt.assignment.cohort_id)
        others = others.filter(candidate__in=sharing.values("candidate"))
    counts: dict[int, int] = defaultdict(int)
    for raw_score, question_count, n in _first_scores(others):
        counts[percent_of(raw_score, question_count)] += n
    return counts


def _first_scores(attempts: AttemptQuerySet) -> QuerySet[Attempt, tuple[int, int, int]]:
    place = Window(RowNumber(), partition_by="candidate_id", order_by=[F("submitted_at").asc(), F("pk").asc()])
    graded = attempts.filter(state=Attempt.State.GRADED, raw_score__isnull=False)
    first = graded.order_by().annotate(place=place).filter(place=1)
    counted = Attempt.objects.filter(pk__in=first.values("pk")).order_by()
    return counted.values_list("raw_score", "question_count").annotate(n=Count("pk"))


def seconds_in_exam(candidate: User, attempt: Attempt) -> float | None:
    """What the exam leaves for one question, in the edition of the quiz, or else in the one the candidate aims at.

    Extra time is part of it. At most two queries.
    """
    edition = attempt.quiz.blueprint or edition_of(candidate)
    if edition is None or not edition.item_count:
        return None
    return 60 * edition.minutes / edition.item_count * (100 + candidate.extra_time_percent) / 100


def questions_at(attempt: Attempt, positions: Collection[int]) -> QuerySet[Response]:
    """For a short list: with the stem, in the order of the attempt."""
    shown = Response.objects.filter(attempt=attempt, position__in=positions).order_by("position")
    return shown.select_related("question").only("position", "selected_label", "miss_reason", "question__stem")
