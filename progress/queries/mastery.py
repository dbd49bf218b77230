"""How well each objective is known today, and how much of the bank was met."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet

from accounts.models import User
from competencies.models import Competency, Objective, Statement
from competencies.queries import KIND_HEADINGS
from progress.states import State, state_of, tally
from questions.models import Question
from quizzes.models import Feedback, Response
from quizzes.scoring import percent_of
from reviews.models import Card, ReviewLog, Schedule
from reviews.queries import expected_recalls


@dataclass(frozen=True, slots=True)
class ObjectiveMastery:
    """`answered_on` and `was_right` are of the last answer. None is what is not known, or may not be told yet."""

    objective: Objective
    state: State
    recall: float | None
    answered_on: date | None
    was_right: bool
    next_on: date | None
    questions: int  # published for practice
    met: int  # of them


@dataclass(frozen=True, slots=True)
class StatementMastery:
    statement: Statement
    objectives: list[ObjectiveMastery]

    @property
    def states(self) -> dict[State, int]:
        return tally(row.state for row in self.objectives)


@dataclass(frozen=True, slots=True)
class StatementGroup:
    heading: str
    statements: list[StatementMastery]


@dataclass(frozen=True, slots=True)
class CompetencyMastery:
    competency: Competency
    states: dict[State, int]
    recall: float | None  # mean today over the objectives last answered on an earlier day, 0 to 1
    recalled: int  # how many that is of

    @property
    def objectives(self) -> int:
        return sum(self.states.values())

    @property
    def answered(self) -> int:
        return self.objectives - self.states[State.UNSEEN]

    @property
    def recall_percent(self) -> int | None:
        return None if self.recall is None else round(100 * self.recall)


@dataclass(frozen=True, slots=True)
class Coverage:
    competency: Competency
    questions: int  # published for practice
    met: int  # of them

    @property
    def percent(self) -> int:
        return percent_of(self.met, self.questions)


class Memory(NamedTuple):
    recall: float
    stability: float
    is_fresh: bool  # answered today, and so explained: of course it is still known


def competency_mastery(candidate: User, *, on: date, at: datetime) -> list[CompetencyMastery]:
    """A row per competency, in the handbook's order; five queries."""
    objectives = _objectives_by_competency()
    memories, withheld = _memories(candidate, on), _withheld(candidate, at)
    recalls = {pk: each.recall for pk, each in memories.items() if not each.is_fresh and pk not in withheld}
    rows = []
    for competency in Competency.objects.all():
        own = objectives[competency.pk]
        kept = [recalls[pk] for pk in own if pk in recalls]
        states = tally(_state(pk, memories, withheld) for pk in own)
        rows.append(CompetencyMastery(competency, states, recall=_mean(kept), recalled=len(kept)))
    return rows


def coverage(candidate: User) -> list[Coverage]:
    """How many questions were answered of each competency, in the handbook's order; five queries."""
    objectives = _objectives_by_competency()
    questions, met = _questions(), _met(candidate)
    return [
        Coverage(
            competency,
            sum(questions.get(pk, 0) for pk in objectives[competency.pk]),
            sum(met.get(pk, 0) for pk in objectives[competency.pk]),
        )
        for competency in Competency.objects.all()
    ]


def statement_mastery(candidate: User, competency: Competency, *, on: date, at: datetime) -> list[StatementGroup]:
    """Every objective of one competency by its statement, in the handbook's order; nine queries."""
    rows = _objective_mastery(candidate, _objectives_of(competency), on=on, at=at)
    statements = [
        StatementMastery(statement, list(group))
        for statement, group in groupby(rows, key=lambda row: row.objective.statement)
    ]
    return [
        StatementGroup(KIND_HEADINGS[kind], list(group))
        for kind, group in groupby(statements, key=lambda row: row.statement.kind)
    ]


def _objectives_by_competency() -> dict[int, list[int]]:
    objectives: dict[int, list[int]] = defaultdict(list)
    for competency, objective in Objective.objects.order_by().values_list("statement__competency", "pk"):
        objectives[competency].append(objective)
    return objectives


def _objectives_of(competency: Competency) -> list[Objective]:
    """Without the study texts, which are most of their weight."""
    objectives = Objective.objects.filter(statement__competency=competency)
    return list(objectives.select_related("statement").defer("study_text"))


def _objective_mastery(
    candidate: User, objectives: list[Objective], *, on: date, at: datetime
) -> list[ObjectiveMastery]:
    memories, withheld = _memories(candidate, on), _withheld(candidate, at)
    questions, met = _questions(objectives), _met(candidate)
    answered, planned = _last_answers(candidate, objectives), _planned(candidate, on)
    rows = []
    for objective in objectives:
        pk, is_told = objective.pk, objective.pk not in withheld
        answered_on, was_right = answered.get(pk, (None, False)) if is_told else (None, False)
        rows.append(
            ObjectiveMastery(
                objective=objective,
                state=_state(pk, memories, withheld),
                recall=memories[pk].recall if pk in memories and is_told else None,
                answered_on=answered_on,
                was_right=was_right,
                next_on=planned.get(objective.code) if is_told else None,
                questions=questions.get(pk, 0),
                met=met.get(pk, 0),
            )
        )
    return rows


def _state(objective: int, memories: Mapping[int, Memory], withheld: set[int]) -> State:
    if objective in withheld:
        return State.WITHHELD
    memory = memories.get(objective)
    return state_of(recall=memory.recall if memory else None, stability=memory.stability if memory else None)


def _memories(candidate: User, on: date) -> dict[int, Memory]:
    """By objective."""
    cards = list(Card.objects.for_candidate(candidate))
    recalls = expected_recalls(candidate, cards, on=on)
    return {
        card.objective_id: Memory(recall, card.stability, is_fresh=card.last_reviewed_on >= on)
        for card, recall in zip(cards, recalls, strict=True)
    }


def _withheld(candidate: User, at: datetime) -> set[int]:
    """Objectives asked by an assignment whose key is shown after its due date: a falling memory would tell a miss."""
    asked = Response.objects.filter(
        attempt__candidate=candidate, attempt__feedback=Feedback.AFTER_DUE, attempt__assignment__due_at__gt=at
    )
    return set(asked.order_by().values_list("question__objective_id", flat=True))


def _questions(objectives: Iterable[Objective] | None = None) -> dict[int, int]:
    """How many there are to practice with, by objective."""
    questions = Question.objects.published().practice().order_by()
    if objectives is not None:
        questions = questions.filter(objective__in=[objective.pk for objective in objectives])
    return dict(questions.values_list("objective_id").annotate(Count("pk")))


def _met(candidate: User) -> dict[int, int]:
    """How many of them were answered, in whatever version, by objective."""
    answered = Response.objects.filter(attempt__candidate=candidate, answered_at__isnull=False)
    reviewed = ReviewLog.objects.for_candidate(candidate).standing()
    codes: dict[int, set[str]] = defaultdict(set)
    for rows in (_of_practice(answered), _of_practice(reviewed)):
        for objective, code in rows.values_list("question__objective_id", "question__code"):
            codes[objective].add(code)
    return {objective: len(found) for objective, found in codes.items()}


def _of_practice(rows: QuerySet) -> QuerySet:  # type: ignore[type-arg]
    asked_now = Question.objects.published().practice().filter(code=OuterRef("question__code"))
    return rows.filter(Exists(asked_now)).order_by()


def _last_answers(candidate: User, objectives: Iterable[Objective]) -> dict[int, tuple[date, bool]]:
    """By objective, the study day and whether it was right."""
    logs = ReviewLog.objects.for_candidate(candidate).standing()
    is_right = ExpressionWrapper(Q(selected_label=F("question__key")), output_field=BooleanField())
    told = logs.filter(objective__in=[objective.pk for objective in objectives]).annotate(is_right=is_right)
    rows = told.order_by("study_day", "reviewed_at", "pk").values_list("objective_id", "study_day", "is_right")
    return {objective: (on, was_right) for objective, on, was_right in rows}


def _planned(candidate: User, on: date) -> dict[str, date]:
    """The next day of the schedule that has it, by code."""
    schedule = Schedule.objects.filter(candidate=candidate).first()
    days: dict[str, date] = {}
    for day in schedule.days_from(on) if schedule else ():
        for code in (*day["reviews"], *day["new"]):
            days.setdefault(code, date.fromisoformat(day["on"]))
    return days


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
