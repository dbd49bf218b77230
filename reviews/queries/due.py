"""What is due, which question asks it, and a review that was answered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, F, OuterRef, Subquery
from django.http import Http404

from accounts.models import User
from competencies.models import Competency, Objective
from questions.models import Question
from reviews.models import Card, CardQuerySet, ReviewLog
from reviews.planner import minutes_for
from reviews.scheduler import retrievability


@dataclass(frozen=True, slots=True)
class DueCompetency:
    competency: Competency
    due: int

    @property
    def minutes(self) -> int:
        return minutes_for(reviews=self.due)


@dataclass(frozen=True, slots=True)
class DueReviews:
    competencies: list[DueCompetency]
    without_question: list[Objective]

    @property
    def due(self) -> int:
        return sum(row.due for row in self.competencies)

    @property
    def minutes(self) -> int:
        return minutes_for(reviews=self.due)


@dataclass(frozen=True, slots=True)
class NextReviews:
    """The next day on which anything falls due, and how much."""

    on: date
    count: int


@dataclass(frozen=True, slots=True)
class AskedReview:
    question: Question
    due: int


@dataclass(frozen=True, slots=True)
class Source:
    """A work cited by a question, and where in it."""

    citation: str
    locator: str
    href: str


def due_reviews(candidate: User, *, on: date) -> DueReviews:
    due = _due(candidate, on)
    cards, askable = list(due), set(due.askable().values_list("pk", flat=True))
    counts = Counter(card.objective.statement.competency for card in cards if card.pk in askable)
    return DueReviews(
        competencies=[DueCompetency(one, counts[one]) for one in sorted(counts, key=lambda each: each.position)],
        without_question=[card.objective for card in cards if card.pk not in askable],
    )


def count_due(candidate: User, *, on: date) -> int:
    return Card.objects.for_candidate(candidate).due(on).askable().count()


def next_reviews(candidate: User, *, on: date) -> NextReviews | None:
    later = Card.objects.for_candidate(candidate).askable().filter(due_on__gt=on)
    row = later.values("due_on").annotate(count=Count("pk")).order_by("due_on").first()
    return NextReviews(row["due_on"], row["count"]) if row else None


def most_urgent_review(candidate: User, *, on: date) -> AskedReview | None:
    """The due objective that is least likely to be recalled, asked by the variant whose turn it is."""
    cards = list(_due(candidate, on).askable())
    if not cards:
        return None
    card = min(cards, key=lambda each: (retrievability(each.memory, on), each.due_on, each.objective.code))
    question = _variant(candidate, card.objective)
    return AskedReview(question, due=len(cards)) if question else None


def _due(candidate: User, on: date) -> CardQuerySet:
    cards = Card.objects.for_candidate(candidate).due(on).select_related("objective__statement__competency")
    return cards.order_by("objective__statement__competency__position", "objective__code")


def _variant(candidate: User, objective: Objective) -> Question | None:
    """Never seen first, else least recently seen: no stem comes twice within a week while there are others.

    Seen means any version of the question, because a new version mends a word and asks the same.
    """
    logs = ReviewLog.objects.for_candidate(candidate).filter(objective=objective)
    seen = logs.filter(question__code=OuterRef("code")).order_by("-reviewed_at")
    variants = objective.questions.published().practice().annotate(seen_at=Subquery(seen.values("reviewed_at")[:1]))
    return variants.order_by(F("seen_at").asc(nulls_first=True), "code").first()


def get_review_for(candidate: User, source: UUID) -> ReviewLog:
    """A review that this candidate answered on the review page; of a quiz the quiz decides what may be shown."""
    log = (
        ReviewLog.objects.for_candidate(candidate)
        .filter(source=source, is_from_review=True)
        .select_related("question__objective__statement__competency")
        .prefetch_related("question__references", "question__objective__terms")
        .first()
    )
    if log is None:
        raise Http404("You have no such review.")
    return log


def askable_question(pk: int) -> Question | None:
    questions = Question.objects.published().practice().select_related("objective__statement__competency")
    return questions.filter(pk=pk).first()


def card_of(log: ReviewLog) -> Card | None:
    return Card.objects.filter(candidate=log.candidate_id, objective=log.objective_id).first()


def sources_of(question: Question) -> list[Source]:
    return [
        Source(str(work), question.locators.get(work.code, ""), work.get_absolute_url())
        for work in question.references.all()
    ]
