"""What must hold after every fault: each rule counts the rows that break it, and the right count is zero."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from math import isclose
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from questions.models import Question
from quizzes.models import Answer, Attempt, Quiz, Response
from reviews.models import Card, ReviewLog
from reviews.queries import candidates_with_stale_schedule, folded_cards

# How long a sweep may take to come round: it runs each minute.
SWEEP = timedelta(minutes=2)
# The same for schedules, whose sweep runs every two minutes and may have many to build.
SCHEDULE_SWEEP = timedelta(minutes=10)


def broken_rules(*, now: datetime, sample: int) -> Iterator[tuple[str, int]]:
    """Each rule with its count. Cards are folded again for the `sample` candidates who reviewed last."""
    grace = timedelta(seconds=settings.ANSWER_GRACE_SECONDS)
    yield "attempts open after deadline, grace and sweep", Attempt.objects.overdue(now - grace - SWEEP).count()
    yield "attempts left ungraded after the sweep", _ungraded(now).count()
    yield "candidates with two open attempts of one quiz", _doubly_open().count()
    yield "attempts without exactly the questions drawn", _wrong_number_of_responses().count()
    yield (
        "graded attempts whose score is not the sum of the marks",
        _score_differs(Q(responses__is_correct=True)).count(),
    )
    yield "graded attempts whose score a regrade would change", _score_differs(_is_key()).count()
    yield "sealed questions outside of mock exams", _sealed_in_practice().count()
    yield "answers outside of the time of their attempt", _answers_out_of_time(grace).count()
    yield "answers whose key is used twice in an attempt", _repeated_keys().count()
    yield "responses that differ from their newest answer", _differs_from_newest_answer().count()
    yield "answered questions of graded attempts missing from the review log", _not_reviewed().count()
    yield "review log rows of a quiz without an answered question", _reviewed_without_answer().count()
    yield "attempts of an assignment by people who never joined its cohort", _by_strangers().count()
    yield "cards that differ from a fold of the review log", sum(map(_wrong_cards, _recent_candidates(sample)))
    yield "schedules behind their facts after the sweep", _stale_schedules(now).count()


def _ungraded(now: datetime) -> QuerySet[Attempt]:
    return Attempt.objects.filter(state=Attempt.State.SUBMITTED, submitted_at__lt=now - SWEEP)


def _doubly_open() -> QuerySet[Attempt, Any]:
    pairs = Attempt.objects.in_progress().order_by().values("candidate", "quiz")
    return pairs.annotate(n=Count("pk")).filter(n__gt=1)


def _wrong_number_of_responses() -> QuerySet[Attempt]:
    counted = Attempt.objects.annotate(n=Count("responses"))
    # A placement test draws its questions one by one until it is finished.
    is_drawing = Q(quiz__kind=Quiz.Kind.PLACEMENT, n__gte=1, n__lte=F("question_count")) & ~_is_finished()
    return counted.exclude(Q(n=F("question_count")) | is_drawing)


def _is_finished() -> Q:
    return Q(state__in=[Attempt.State.SUBMITTED, Attempt.State.GRADED])


def _score_differs(is_right: Q) -> QuerySet[Attempt]:
    graded = Attempt.objects.filter(state=Attempt.State.GRADED)
    return graded.annotate(right=Count("responses", filter=is_right)).exclude(right=Coalesce("raw_score", -1))


def _is_key() -> Q:
    return Q(responses__selected_label=F("responses__question__key"))


def _sealed_in_practice() -> QuerySet[Response]:
    return Response.objects.filter(question__pool=Question.Pool.MOCK).exclude(attempt__quiz__kind=Quiz.Kind.MOCK)


def _answers_out_of_time(grace: timedelta) -> QuerySet[Answer]:
    too_early = Q(answered_at__lt=F("attempt__started_at"))
    # Equal clocks are not needed: a submission may overtake an answer that is on its way.
    too_late = Q(answered_at__gte=F("attempt__deadline_at") + grace)
    after_the_end = Q(answered_at__gte=F("attempt__submitted_at") + grace)
    return Answer.objects.filter(too_early | too_late | after_the_end)


def _repeated_keys() -> QuerySet[Answer, Any]:
    pairs = Answer.objects.order_by().values("attempt", "key")
    return pairs.annotate(n=Count("pk")).filter(n__gt=1)


def _differs_from_newest_answer() -> QuerySet[Response]:
    """The flag only of what is still open: later it is set without an answer."""
    newest = Answer.objects.filter(response=OuterRef("pk")).order_by("-sequence")
    is_open = Q(attempt__state=Attempt.State.IN_PROGRESS, checked_at=None)
    same = Answer.objects.filter(
        response=OuterRef("pk"), sequence=OuterRef("sequence"), label=OuterRef("selected_label")
    )
    same_flag = same.filter(is_flagged=OuterRef("is_flagged"))
    responses = Response.objects.annotate(newest=Coalesce(Subquery(newest.values("sequence")[:1]), 0))
    never_answered = Q(sequence=0, selected_label="")
    differs = ~never_answered & ~Exists(same)
    flag_differs = is_open & (Q(sequence=0, is_flagged=True) | Q(sequence__gt=0) & ~Exists(same_flag))
    return responses.exclude(newest=F("sequence")) | responses.filter(differs | flag_differs)


def _not_reviewed() -> QuerySet[Response]:
    answered = Response.objects.filter(attempt__state=Attempt.State.GRADED).exclude(selected_label="")
    return answered.exclude(
        Exists(ReviewLog.objects.filter(candidate=OuterRef("attempt__candidate"), source=OuterRef("code")))
    )


def _reviewed_without_answer() -> QuerySet[ReviewLog]:
    told = Response.objects.filter(code=OuterRef("source"), attempt__candidate=OuterRef("candidate"))
    told = told.filter(Q(attempt__state=Attempt.State.GRADED) | Q(checked_at__isnull=False)).exclude(selected_label="")
    return ReviewLog.objects.filter(is_from_review=False).exclude(Exists(told))


def _by_strangers() -> QuerySet[Attempt]:
    assigned = Attempt.objects.filter(assignment__isnull=False)
    return assigned.exclude(assignment__cohort__memberships__candidate=F("candidate"))


def _recent_candidates(sample: int) -> QuerySet[User]:
    newest = ReviewLog.objects.filter(candidate=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    return User.objects.annotate(newest=Subquery(newest)).filter(newest__isnull=False).order_by("-newest")[:sample]


def _wrong_cards(candidate: User) -> int:
    """Cards that the log does not give, or gives otherwise, and those missing."""
    folded = {card.objective_id: card for card in folded_cards(candidate, ReviewLog.objects.for_candidate(candidate))}
    cards = {card.objective_id: card for card in Card.objects.for_candidate(candidate)}
    return len(folded.keys() ^ cards.keys()) + sum(
        not _equal(cards[objective_id], folded[objective_id]) for objective_id in folded.keys() & cards.keys()
    )


def _equal(card: Card, folded: Card) -> bool:
    exact = ("last_reviewed_on", "first_rating", "reps", "lapses", "leech_on", "fit_id")
    return (
        all(getattr(card, name) == getattr(folded, name) for name in exact)
        and isclose(card.stability, folded.stability, rel_tol=1e-9)
        and isclose(card.difficulty, folded.difficulty, rel_tol=1e-9)
    )


def _stale_schedules(now: datetime) -> QuerySet[User]:
    """Stale now, stale a sweep ago, and nothing new since: a schedule that is being built is no fault."""
    before = now - SCHEDULE_SWEEP
    recent = ReviewLog.objects.filter(candidate=OuterRef("pk"), reviewed_at__gte=before)
    stale = candidates_with_stale_schedule(at=now).filter(
        pk__in=candidates_with_stale_schedule(at=before).order_by().values("pk")
    )
    return stale.exclude(Exists(recent)).exclude(study_plan__changed_at__gte=before)
