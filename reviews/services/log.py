"""The log of reviews, and the cards that are folded from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from django.db import transaction

from accounts.models import User
from questions.models import Question
from reviews import scheduler
from reviews.models import Card, ReviewLog, ReviewLogQuerySet
from reviews.study_days import study_day

FOLDED_FIELDS = [
    "state",
    "stability",
    "difficulty",
    "due_on",
    "last_reviewed_on",
    "reps",
    "lapses",
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

    The number of queries does not grow with the number of reviews (SQLite takes about ninety rows a statement).
    """
    if not reviews:
        return 0
    with transaction.atomic():
        zone = lock_candidate(candidate)
        by_source = {new.source: new for new in reviews}
        known = set(_logs(candidate).filter(source__in=by_source).values_list("source", flat=True))
        return _append(candidate, zone, [new for source, new in by_source.items() if source not in known])


def answer_review(
    *, candidate: User, source: UUID, question_id: int, label: str, confidence: str, seconds: int, now: datetime
) -> None:
    """Write the answer of the review page once; the same source again changes nothing. Raises ReviewRefused."""
    with transaction.atomic():
        zone = lock_candidate(candidate)
        if _logs(candidate).filter(source=source).exists():
            return
        on = study_day(now, zone)
        question = Question.objects.published().practice().filter(pk=question_id).first()
        if question is None:
            raise ReviewRefused("That question was replaced in the meantime. Your answer was not counted.")
        if not Card.objects.for_candidate(candidate).due(on).filter(objective=question.objective_id).exists():
            raise ReviewRefused("That objective is not due any more. It was reviewed in the meantime.")
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


def rebuild_cards(*, candidate: User) -> int:
    """Write every card of a candidate from the log again; returns how many there are."""
    with transaction.atomic():
        lock_candidate(candidate)
        cards = _folded(candidate, _logs(candidate))
        Card.objects.for_candidate(candidate).exclude(objective__in=[card.objective_id for card in cards]).delete()
        _write_cards(cards)
    return len(cards)


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
        _write_cards(_folded(candidate, _logs(candidate).filter(objective__in={log.objective_id for log in logs})))
    return len(logs)


def _folded(candidate: User, logs: ReviewLogQuerySet) -> list[Card]:
    # By the day and moment of the fact and not by the order of writing: a late sweep tells an older review later.
    # The source settles equal moments, so that every order of writing gives the same cards.
    rows = logs.order_by("objective_id", "study_day", "reviewed_at", "source").values_list(
        "objective_id", "rating", "study_day", "pk"
    )
    return [_card(candidate, objective_id, list(group)) for objective_id, group in groupby(rows, key=itemgetter(0))]


def _card(candidate: User, objective_id: int, rows: list[tuple[int, int, date, int]]) -> Card:
    memory = scheduler.fold(scheduler.Review(rating, on) for _, rating, on, _ in rows)
    return Card(
        candidate=candidate,
        objective_id=objective_id,
        algorithm_version=scheduler.ALGORITHM_VERSION,
        as_of_log_id=max(pk for *_, pk in rows),
        **asdict(memory),
    )


def _write_cards(cards: list[Card]) -> None:
    Card.objects.bulk_create(
        cards, update_conflicts=True, unique_fields=["candidate", "objective"], update_fields=FOLDED_FIELDS
    )
