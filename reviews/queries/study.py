"""Where a candidate stands: the log, the plan and the bank as the arrays that planner and study queue work on."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from django.db.models import OuterRef, Subquery

from accounts.models import User
from competencies.models import Blueprint, BlueprintArea, Objective
from questions.models import Question
from reviews import planner, scheduler, study_queue
from reviews.leeches import REST
from reviews.models import Card, ReviewLog, StudyPlan, default_minutes
from reviews.planner import Capacity, Outset, Plan
from reviews.queries.memories import parameters_of
from reviews.scheduler import Rating
from reviews.special_days import Span, kind_on, minutes_on
from reviews.study_queue import Bank, Horizon, Progress

# The edition of a candidate who chose none.
DEFAULT_BLUEPRINT = "six-areas"


class Told(NamedTuple):
    """One of today's reviews."""

    pk: int
    objective_id: int
    rating: int
    is_from_review: bool


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """One candidate on one study day. `objectives` are primary keys, in the order of the arrays of `outset`.

    `competencies` are the codes that its bank has numbers for;
    `cards` are by objective, also of those that have no question any more.
    """

    plan: StudyPlan | None
    objectives: list[int]
    competencies: list[str]
    cards: Mapping[int, Card]
    newest_today: Told | None
    outset: Outset
    capacities: list[Capacity]
    items: int  # of the exam

    @property
    def exam_on(self) -> date | None:
        return self.plan.exam_on if self.plan else None

    @property
    def days_left(self) -> int | None:
        return (self.exam_on - self.outset.on).days if self.exam_on else None

    @property
    def horizon(self) -> Horizon:
        return planner.horizon_on(self.outset.on, self.exam_on, self.capacities)

    @property
    def seconds_left(self) -> int:
        """Of today's minutes; a mock exam takes the day."""
        today = self.capacities[0] if self.capacities else None
        return 0 if today is None or today.is_mock else today.seconds - self.outset.seconds_spent

    @property
    def session(self) -> planner.Session:
        return planner.todays_session(self.outset, self.horizon, self.seconds_left)

    @property
    def has_more_than_time(self) -> bool:
        """Whether more minutes today would hold anything worth asking."""
        return bool(planner.todays_session(self.outset, self.horizon, math.inf).places)

    @property
    def beyond(self) -> int | None:
        """The place of what pays most when the session is over."""
        return planner.study_ahead(self.outset, self.horizon)

    @property
    def unaskable(self) -> list[int]:
        """Objectives that were met and have no question to ask at the moment."""
        return sorted(self.cards.keys() - set(self.objectives))


class _Askable(NamedTuple):
    pk: int
    code: str
    competency: str
    level: float  # authored difficulty, halfway between its easiest and its hardest question


def study_plan_of(candidate: User) -> StudyPlan | None:
    return StudyPlan.objects.filter(candidate=candidate).select_related("blueprint").first()


def study_of(candidate: User, *, on: date) -> Study:
    """Eight queries at most, whatever there is."""
    plan = study_plan_of(candidate)
    askable = _askable()
    cards = {card.objective_id: card for card in Card.objects.for_candidate(candidate)}
    today = _told(candidate, on)
    blueprint = plan.blueprint if plan and plan.blueprint else Blueprint.objects.filter(code=DEFAULT_BLUEPRINT).first()
    outset = _outset(candidate.pk, on, askable, cards, today, blueprint, parameters_of(candidate))
    return Study(
        plan=plan,
        objectives=[each.pk for each in askable],
        competencies=_competencies(askable),
        cards=cards,
        newest_today=today[-1] if today else None,
        outset=outset,
        capacities=capacities_of(plan, starts_on=on),
        items=items_of(blueprint),
    )


def capacities_of(plan: StudyPlan | None, *, starts_on: date) -> list[Capacity]:
    """The days that are planned, with what their weekday and special days leave of the minutes."""
    minutes = plan.minutes_by_weekday if plan else default_minutes()
    spans = spans_of(plan)
    return [
        Capacity(on, minutes_on(on, minutes, spans), is_mock=kind_on(on, spans) == "mock")
        for on in planner.open_days(starts_on, plan.exam_on if plan else None)
    ]


def spans_of(plan: StudyPlan | None) -> list[Span]:
    rows = plan.special_days.values_list("kind", "starts_on", "ends_on") if plan else ()
    return [Span(*row) for row in rows]


def _askable() -> list[_Askable]:
    """Objectives with a practice question to ask, in the order of the handbook.

    The easiest and the hardest question are one look-up each in the draw index; a mean would read the whole bank.
    """
    asking = Question.objects.published().practice().filter(objective=OuterRef("pk"))
    easiest = Subquery(asking.order_by("difficulty").values("difficulty")[:1])
    hardest = Subquery(asking.order_by("-difficulty").values("difficulty")[:1])
    askable = Objective.objects.annotate(easiest=easiest, hardest=hardest).filter(easiest__isnull=False)
    ordered = askable.order_by("statement__competency__position", "statement__kind", "statement__position", "code")
    rows = ordered.values_list("pk", "code", "statement__competency__code", "easiest", "hardest")
    return [_Askable(pk, code, competency, (low + high) / 2) for pk, code, competency, low, high in rows]


def _told(candidate: User, on: date) -> list[Told]:
    logs = ReviewLog.objects.for_candidate(candidate).standing().filter(study_day=on)
    fields = ("pk", "objective_id", "rating", "is_from_review")
    return [Told(*row) for row in logs.order_by("reviewed_at", "pk").values_list(*fields)]


def newcomers_plan(*, on: date, weeks: int) -> Plan:
    """What somebody gets who has answered nothing and sets a date so many weeks ahead."""
    askable = _askable()
    blueprint = Blueprint.objects.filter(code=DEFAULT_BLUEPRINT).first()
    outset = _outset(0, on, askable, {}, [], blueprint, scheduler.usable_parameters(None))
    exam_on = on + timedelta(weeks=weeks)
    minutes = default_minutes()
    capacities = [Capacity(day, minutes[day.weekday()]) for day in planner.open_days(on, exam_on)]
    return planner.plan_days(outset, exam_on=exam_on, capacities=capacities, items=items_of(blueprint))


def items_of(blueprint: Blueprint | None) -> int:
    return blueprint.item_count if blueprint else 100


def _outset(
    seed: int,
    on: date,
    askable: Sequence[_Askable],
    cards: Mapping[int, Card],
    today: Sequence[Told],
    blueprint: Blueprint | None,
    parameters: tuple[float, ...],
) -> Outset:
    competencies = _competencies(askable)
    competency = np.array([competencies.index(each.competency) for each in askable], dtype=np.int64)
    own = [cards.get(each.pk) for each in askable]
    times = Counter(told.objective_id for told in today)
    # A quiz may still keep its answers to itself, so that what it found missed is not asked again today.
    missed = {told.objective_id for told in today if told.is_from_review and told.rating == Rating.AGAIN}
    is_new_today = [card is not None and card.reps == times[card.objective_id] for card in own]
    return Outset(
        on=on,
        codes=tuple(each.code for each in askable),
        bank=Bank(
            competency=competency,
            weight=_weights(blueprint, askable),
            place=study_queue.mixed_places(competency, seed),
            difficulty=study_queue.expected_difficulty(np.array([each.level for each in askable])),
        ),
        progress=Progress(
            stability=np.array([card.stability if card else np.nan for card in own]),
            difficulty=np.array([card.difficulty if card else 5.0 for card in own]),
            elapsed=np.array([max(0, (on - card.last_reviewed_on).days) if card else 0 for card in own], np.int64),
            first=study_queue.known_after(np.array([card.first_rating if card else 0 for card in own], np.int64)),
            met_today=np.array(sum(is_new_today)),
        ),
        parameters=parameters,
        asked_today=np.array([times[each.pk] for each in askable], np.int64),
        is_missed=np.array([each.pk in missed for each in askable], bool),
        rests_for=np.array([_rest(card, on) for card in own], np.int64),
        seconds_spent=_seconds(today, new=sum(is_new_today)),
    )


def _competencies(askable: Sequence[_Askable]) -> list[str]:
    """In the order of the handbook."""
    return list(dict.fromkeys(each.competency for each in askable))


def _rest(card: Card | None, on: date) -> int:
    """Days until a leech may be asked again."""
    return 0 if card is None or card.leech_on is None else max(0, (card.leech_on + REST - on).days)


def _seconds(today: Sequence[Told], *, new: int) -> int:
    """What today's answers took by the times that the plan reckons with: the clock says nothing about reading."""
    wrong = sum(told.rating == Rating.AGAIN for told in today)
    right = len(today) - wrong
    return (
        right * study_queue.SECONDS_RIGHT
        + wrong * study_queue.SECONDS_WRONG
        + new * study_queue.SECONDS_OF_FIRST_MEETING
    )


def _weights(blueprint: Blueprint | None, askable: Sequence[_Askable]) -> study_queue.Floats:
    """The share of the exam that each objective stands for. An area may hold several competencies."""
    objectives = Counter(each.competency for each in askable)
    shares: dict[str, float] = {}
    for weight, codes in _areas(blueprint):
        if count := sum(objectives[code] for code in codes):
            shares.update(dict.fromkeys(codes, weight / count))
    weights = np.array([shares.get(each.competency, 0.0) for each in askable])
    # Without an edition that knows these competencies all count alike.
    return weights / weights.sum() if weights.sum() else np.full(len(weights), 1 / max(len(weights), 1))


def _areas(blueprint: Blueprint | None) -> list[tuple[int, list[str]]]:
    """The weight of each area, with the codes of its competencies."""
    areas = (
        blueprint.areas.filter(competencies__isnull=False).order_by("pk") if blueprint else BlueprintArea.objects.none()
    )
    rows = areas.values_list("pk", "weight", "competencies__code")
    return [(weight, [code for *_, code in group]) for (_, weight), group in groupby(rows, key=itemgetter(0, 1))]
