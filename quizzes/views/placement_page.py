"""What the pages of the placement test show. Of a waiting question that is stem and options; its key is not even read.

The share of right answers says little here, because the questions follow the answers: what is told is the estimate per
competency, with how far it may be off.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import User
from quizzes.adaptive import PLACEMENT_ITEMS
from quizzes.charts import IntervalRow, interval_row
from quizzes.forms.placement import AnswerPlacementForm
from quizzes.models import Attempt, Response
from quizzes.queries.placement import (
    CompetencyEstimate,
    PlacementResult,
    count_answered,
    placement_result,
    placements_of,
)
from quizzes.readiness import Show
from quizzes.services import placement_again_at
from quizzes.services.placing import FEWEST_ANSWERS
from quizzes.views.question_page import ShownQuestion, sent_or_stored, show_question
from quizzes.views.visits import room_of
from reviews.models import StudyPlan

WEAKEST_SHOWN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementPage:
    question_count: int
    fewest_answers: int
    open_attempt: Attempt | None
    answered: int  # of the open attempt
    room_href: str
    latest: Attempt | None  # finished
    again_at: datetime | None  # while it lies ahead

    @property
    def can_start(self) -> bool:
        return self.open_attempt is None and self.again_at is None

    @property
    def count(self) -> str:
        """Before the start only the most is known: of some competencies the bank may have too few."""
        return str(self.open_attempt.question_count) if self.open_attempt else f"up to {self.question_count}"

    @property
    def lead(self) -> str:
        questions = f"{self.count} questions that follow your answers".capitalize()
        return f"{questions}, and a first picture of where you stand in all six competencies."


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementQuestionPage:
    href: str
    finish_href: str
    count: int
    question: ShownQuestion
    fewest_answers: int

    @property
    def answered(self) -> int:
        return self.question.position - 1

    @property
    def can_finish(self) -> bool:
        return self.answered >= self.fewest_answers

    @property
    def is_last(self) -> bool:
        return self.question.position == self.count


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementOutcome:
    rows: list[IntervalRow]  # none while there are too few answers
    lead: str
    weakest: list[CompetencyEstimate]
    weakest_href: str
    has_exam_date: bool


def placement_page(candidate: User, now: datetime) -> PlacementPage:
    placements = list(placements_of(candidate))
    open_attempt = next((attempt for attempt in placements if attempt.is_open), None)
    again_at = placement_again_at(candidate)
    return PlacementPage(
        question_count=PLACEMENT_ITEMS,
        fewest_answers=FEWEST_ANSWERS,
        open_attempt=open_attempt,
        answered=count_answered(open_attempt) if open_attempt else 0,
        room_href=room_of(open_attempt) if open_attempt else "",
        latest=next((attempt for attempt in placements if attempt.raw_score is not None), None),
        again_at=again_at if again_at and again_at > now else None,
    )


def placement_question_page(response: Response, form: AnswerPlacementForm) -> PlacementQuestionPage:
    attempt = response.attempt
    return PlacementQuestionPage(
        href=room_of(attempt),
        finish_href=reverse("quizzes:placement-finish", args=[attempt.code]),
        count=attempt.question_count,
        question=show_question(response, explained=False, chosen=sent_or_stored(form, "label", "")),
        fewest_answers=FEWEST_ANSWERS,
    )


def placement_outcome(attempt: Attempt) -> PlacementOutcome:
    result = placement_result(attempt)
    is_shown = result.show is not Show.NOTHING
    weakest = result.weakest(WEAKEST_SHOWN) if is_shown else []
    codes = [estimate.competency.code for estimate in weakest]
    return PlacementOutcome(
        rows=[interval_row(estimate, result.show, attempt.cut_score) for estimate in result.estimates]
        if is_shown
        else [],
        lead=_lead(result),
        weakest=weakest,
        weakest_href=f"{reverse('quizzes:practice')}?{urlencode({'competencies': codes}, doseq=True)}",
        has_exam_date=StudyPlan.objects.filter(candidate=attempt.candidate_id, exam_on__isnull=False).exists(),
    )


def _lead(result: PlacementResult) -> str:
    if result.show is Show.NOTHING:
        return "There are too few answers yet to say anything about a competency. Practice adds to them."
    if result.show is Show.ROUGH:
        return "A rough first picture: the bars are wide because the answers are few. Practice narrows them."
    return "A first picture. Each bar shows where you stand as far as these answers can tell; practice narrows it."
