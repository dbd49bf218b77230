"""The log of reviews, and the cards that are folded from it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from questions.models import Question
from reviews import queries, scheduler
from reviews.models import Card, ReviewLog, ReviewLogQuerySet
from reviews.study_days import study_day

FOLDED_FIELDS = [
    "stability",
    "difficulty",
    "last_reviewed_on",
    "first_rating",
    "reps",
    "lapses",
    "leech_on",
    "fit",
    "algorithm_version",
    "as_of_log_id",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReview:
    """One recall, as a quiz or the review page tells it. `source` is the key that makes telling it twice a no-op."""

    objective_id: int
    question_id: int
    source: UUID
    selected_label: str
    rating: int
    seconds: int
    reviewed_at: datetime
    is_from_review: bool = False


class ReviewRefused(Exception):
    """An answer that cannot be written; the message is a sentence for the candidate."""


def record_reviews(*, candidate: User, reviews: Sequence[NewReview]) -> int:
    """Write what the log does not hold yet and fold the touched cards; returns how many were new.

    The number of queries does not grow with the number of reviews (SQLite takes about seventy rows a statement).
    """
    if not reviews:
        return 0
    with transaction.atomic():
        zone = lock_candidate(candidate)
        by_source = {new.source: new for new in reviews}
        known = set(_logs(candidate).filter(source__in=by_source).values_list("source", flat=True))
        return _append(candidate, zone, [new for source, new in by_source.items() if source not in known])


def answer_review(
    *,
    candidate: User,
    source: UUID,
    question_id: int,
    label: str,
    confidence: str,
    seconds: int,
    asked_at: datetime,
    now: datetime,
) -> None:
    """Write the answer of the review page once; the same source again changes nothing. Raises ReviewRefused."""
    with transaction.atomic():
        zone = lock_candidate(candidate)
        if _logs(candidate).filter(source=source).exists():
            return
        question = Question.objects.published().practice().filter(pk=question_id).first()
        if question is None:
            raise ReviewRefused("That question was replaced in the meantime. Your answer was not counted.")
        if _logs(candidate).standing().filter(objective=question.objective_id, reviewed_at__gt=asked_at).exists():
            raise ReviewRefused("You answered a question on that objective in the meantime. This one was not counted.")
        if label not in {option["label"] for option in question.options}:
            raise ReviewRefused("That is no option of this question.")
        new = NewReview(
            objective_id=question.objective_id,
            question_id=question.pk,
            source=source,
            selected_label=label,
            rating=scheduler.rating_for(is_correct=label == question.key, confidence=confidence),
            seconds=seconds,
            reviewed_at=now,
            is_from_review=True,
        )
        _append(candidate, zone, [new])


def undo_review(*, candidate: User, source: UUID, now: datetime) -> None:
    """Take a review of the review page back, as if it had not been; a second time changes nothing.

    Only the newest one, and only on its study day: what was planned on the strength of older ones cannot be unplanned.
    """
    with transaction.atomic():
        zone = lock_candidate(candidate)
        log = _logs(candidate).filter(source=source, is_from_review=True, undoes=None).first()
        if log is None:
            raise ReviewRefused("There is no such answer to undo.")
        if _logs(candidate).filter(undoes=log).exists():
            return
        newest = _logs(candidate).standing().order_by("-reviewed_at", "-pk").first()
        if newest != log:
            raise ReviewRefused("Only the last answer can be undone, and you have answered another question since.")
        if log.study_day != study_day(now, zone):
            raise ReviewRefused("Only an answer of today can be undone.")
        ReviewLog.objects.create(
            candidate=candidate,
            objective_id=log.objective_id,
            question_id=log.question_id,
            selected_label=log.selected_label,
            rating=log.rating,
            is_from_review=True,
            study_day=log.study_day,
            reviewed_at=now,
            undoes=log,
        )
        _fold(candidate, {log.objective_id})


def rebuild_cards(*, candidate: User) -> int:
    """Write every card of a candidate from the log again; returns how many there are."""
    with transaction.atomic():
        lock_candidate(candidate)
        _fold(candidate)
        return Card.objects.for_candidate(candidate).count()


def lock_candidate(candidate: User) -> str:
    """One writer at a time per candidate, so that each fold sees the whole log; returns the time zone of now.

    NO KEY: rows that merely point at the candidate can be written meanwhile. SQLite locks the whole database at BEGIN.
    """
    locked = User.objects.select_for_update(no_key=True).filter(pk=candidate.pk)
    return locked.values_list("time_zone", flat=True).get()


def _logs(candidate: User) -> ReviewLogQuerySet:
    return ReviewLog.objects.for_candidate(candidate)


def _append(candidate: User, zone: str, new_reviews: Iterable[NewReview]) -> int:
    logs = ReviewLog.objects.bulk_create(
        ReviewLog(
            candidate=candidate,
            objective_id=new.objective_id,
            question_id=new.question_id,
            source=new.source,
            selected_label=new.selected_label,
            rating=new.rating,
            seconds=new.seconds,
            is_from_review=new.is_from_review,
            study_day=study_day(new.reviewed_at, zone),
            reviewed_at=new.reviewed_at,
        )
        for new in new_reviews
    )
    if logs:
        _fold(candidate, {log.objective_id for log in logs})
    return len(logs)


def _fold(candidate: User, objectives: Collection[int] | None = None) -> None:
    """Write the cards of these objectives, or of all, from the log; without a standing review there is no card."""
    logs, cards = _logs(candidate), Card.objects.for_candidate(candidate)
    if objectives is not None:
        logs, cards = logs.filter(objective__in=objectives), cards.filter(objective__in=objectives)
    folded = list(queries.folded_cards(candidate, logs))
    cards.exclude(objective__in=[card.objective_id for card in folded]).delete()
    Card.objects.bulk_create(
        folded, update_conflicts=True, unique_fields=["candidate", "objective"], update_fields=FOLDED_FIELDS
    )
