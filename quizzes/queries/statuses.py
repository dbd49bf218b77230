"""What a candidate's own answers say of the questions of the practice pool: seen, missed, unsure, flagged.

Everything rests on what the candidate met, never on the bank, and only on what came after the newest reset. Whichever
version of a question was asked, it speaks for the one that is published now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import NamedTuple, TypeVar

from django.db.models import OuterRef, Q, Subquery

from accounts.models import User
from questions.models import Question
from quizzes.models import Feedback, QuestionStatus, Response, StatusReset
from reviews.models import Rating, ReviewLog
from reviews.study_days import study_day

Told = TypeVar("Told")

NOT_SURE = {Response.Confidence.UNSURE, Response.Confidence.GUESS}


@dataclass(frozen=True, slots=True)
class Standing:
    """By primary key of a published practice question. One that was never met is in neither mapping."""

    seen: Mapping[int, datetime]
    statuses: Mapping[int, frozenset[QuestionStatus]]

    def having(self, statuses: Collection[str]) -> frozenset[int]:
        """Questions with at least one of these; which ones are unseen only the bank can tell."""
        return frozenset(pk for pk, own in self.statuses.items() if not own.isdisjoint(statuses))

    def count(self, status: QuestionStatus) -> int:
        return Counter(chain.from_iterable(self.statuses.values()))[status]


class _Met(NamedTuple):
    """A question that an attempt drew."""

    question: int
    started_at: datetime
    answered_at: datetime | None
    sequence: int
    is_flagged: bool
    is_correct: bool | None
    confidence: str
    feedback: str
    due_at: datetime | None

    @property
    def touched_at(self) -> datetime:
        return self.answered_at or self.started_at

    @property
    def is_touched(self) -> bool:
        """A flag may also be set later, on a result."""
        return self.sequence > 0 or self.is_flagged

    def is_told(self, at: datetime) -> bool:
        """Whether it was answered, and right or wrong may be known by now: `Attempt.shows_rationales`."""
        waits = self.feedback == Feedback.AFTER_DUE and self.due_at is not None and self.due_at > at
        return self.answered_at is not None and self.is_correct is not None and not waits


class _Reviewed(NamedTuple):
    question: int
    reviewed_at: datetime
    is_correct: bool
    rating: int
    stands: bool


def standing_of(candidate: User, *, at: datetime) -> Standing:
    """Three queries. An answer whose key waits for a due date makes its question seen, and tells no more."""
    since = newest_reset_at(candidate)
    met, reviewed = _met(candidate, since), _reviewed(candidate, since)
    answers = _newest(chain(_answers_of_attempts(met, at), _answers_of_reviews(reviewed)))
    flags = _newest((row.question, row.touched_at, row.is_flagged) for row in met if row.is_touched)
    statuses = {pk: frozenset(_statuses(answers.get(pk), bool(flags.get(pk)))) for pk in answers.keys() | flags.keys()}
    return Standing(
        seen=_latest(
            chain(
                ((row.question, row.started_at) for row in met), ((row.question, row.reviewed_at) for row in reviewed)
            )
        ),
        statuses={pk: own for pk, own in statuses.items() if own},
    )


def last_attempted(candidate: User, *, since: datetime | None = None) -> dict[int, datetime]:
    responses = Response.objects.filter(_is_after(since), attempt__candidate=candidate).order_by()
    return _latest(responses.values_list(_published_version(), "attempt__started_at"))


def last_seen(candidate: User, *, since: datetime | None = None) -> dict[int, datetime]:
    """In attempts and on the review page, which asks practice questions only."""
    logs = ReviewLog.objects.for_candidate(candidate).order_by()
    logs = logs.filter(reviewed_at__gt=since) if since else logs
    reviewed = logs.values_list(_published_version(), "reviewed_at")
    return _latest(chain(last_attempted(candidate, since=since).items(), reviewed))


def newest_reset_at(candidate: User) -> datetime | None:
    resets = StatusReset.objects.filter(candidate=candidate).order_by("-reset_at")
    return resets.values_list("reset_at", flat=True).first()


def reset_to_take_back(candidate: User, *, at: datetime) -> StatusReset | None:
    """The newest one, until its study day ends."""
    reset = StatusReset.objects.filter(candidate=candidate).order_by("-reset_at").first()
    zone = candidate.time_zone
    return reset if reset and study_day(reset.reset_at, zone) == study_day(at, zone) else None


def _met(candidate: User, since: datetime | None) -> list[_Met]:
    """Of the practice pool, in the order of time. What has no published version any more is left out."""
    responses = Response.objects.filter(
        _is_after(since), attempt__candidate=candidate, question__pool=Question.Pool.PRACTICE
    )
    rows = responses.order_by("attempt__started_at", "pk").values_list(
        _published_version(),
        "attempt__started_at",
        "answered_at",
        "sequence",
        "is_flagged",
        "is_correct",
        "confidence",
        "attempt__feedback",
        "attempt__assignment__due_at",
    )
    return [_Met(*row) for row in rows if row[0] is not None]


def _reviewed(candidate: User, since: datetime | None) -> list[_Reviewed]:
    """What an attempt told the log is read there."""
    logs = ReviewLog.objects.for_candidate(candidate).filter(is_from_review=True, undoes=None)
    logs = logs.filter(reviewed_at__gt=since) if since else logs
    rows = logs.order_by("reviewed_at", "pk").values_list(
        _published_version(), "reviewed_at", "selected_label", "question__key", "rating", "undone_by"
    )
    return [
        _Reviewed(pk, at, label == key, rating, undone_by is None)
        for pk, at, label, key, rating, undone_by in rows
        if pk is not None
    ]


def _answers_of_attempts(met: Iterable[_Met], at: datetime) -> Iterator[tuple[int, datetime, QuestionStatus | None]]:
    for row in met:
        if row.is_told(at):
            yield row.question, row.touched_at, _status(bool(row.is_correct), row.confidence in NOT_SURE)


def _answers_of_reviews(reviewed: Iterable[_Reviewed]) -> Iterator[tuple[int, datetime, QuestionStatus | None]]:
    """The log keeps a rating and no confidence: less than good for a right answer is what was not sure."""
    for row in reviewed:
        if row.stands:
            yield row.question, row.reviewed_at, _status(row.is_correct, row.rating < Rating.GOOD)


def _status(is_correct: bool, is_unsure: bool) -> QuestionStatus | None:
    if not is_correct:
        return QuestionStatus.MISSED
    return QuestionStatus.UNSURE if is_unsure else None


def _statuses(answer: QuestionStatus | None, is_flagged: bool) -> Iterator[QuestionStatus]:
    if answer:
        yield answer
    if is_flagged:
        yield QuestionStatus.FLAGGED


def _is_after(since: datetime | None) -> Q:
    """An attempt that was open at the reset goes on: what it was told later counts."""
    return Q(attempt__started_at__gt=since) | Q(answered_at__gt=since) if since else Q()


def _published_version() -> Subquery:
    """Of the question that was asked, so that a new version of a seen question is not taken for a new question."""
    return Subquery(Question.objects.published().filter(code=OuterRef("question__code")).values("pk")[:1])


def _latest(rows: Iterable[tuple[int | None, datetime]]) -> dict[int, datetime]:
    """Compared here, row by row: a GROUP BY tempts SQLite to walk the whole bank in the order of the questions."""
    latest: dict[int, datetime] = {}
    for question, moment in rows:
        if question is not None:
            latest[question] = max(moment, latest.get(question, moment))
    return latest


def _newest(rows: Iterable[tuple[int, datetime, Told]]) -> dict[int, Told]:
    """What was told last of each question; of two at one moment, the later row."""
    newest: dict[int, tuple[datetime, Told]] = {}
    for question, moment, told in rows:
        if question not in newest or moment >= newest[question][0]:
            newest[question] = (moment, told)
    return {question: told for question, (_, told) in newest.items()}
