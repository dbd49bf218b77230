"""Where a candidate stands for the exam: first answers, what was reviewed, and the bank, brought together.

The arithmetic is quizzes/ability.py's. Its competencies are numbered here in the order of the handbook, its days are
ordinals of study days, and the exam is the edition of the study plan, as hard as the questions of the sealed pool.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

import numpy as np
from django.conf import settings
from django.db.models import Count
from numpy.typing import NDArray

from accounts.models import User
from competencies.models import Blueprint, BlueprintArea, Competency, Objective
from questions.models import Question
from quizzes.ability import (
    FEWEST_FOR_BAND,
    FEWEST_FOR_PROBABILITY,
    FEWEST_PER_COMPETENCY,
    FORGETTING,
    GRID,
    Ability,
    Answers,
    Exam,
    Forgetting,
    Memory,
    Prior,
    Readiness,
    ability_trail,
    drifted,
    make_exam,
    points_per_hour,
    prior_ability,
    readiness,
    split_items,
)
from quizzes.blueprint import apportion
from quizzes.models import Attempt, Calibration
from quizzes.queries.placement import (
    ITEM,
    NINE_TENTHS,
    CompetencyEstimate,
    difficulty_in_force,
    discrimination_in_force,
)
from quizzes.queries.pool import Source, reads
from quizzes.queries.statistics import graded_responses, population_in_force
from reviews import scheduler, study_queue
from reviews.models import ReviewLog
from reviews.planner import CARRIED_TO_VARIANTS, DAYS_WITHOUT_EXAM
from reviews.queries import DEFAULT_BLUEPRINT, Study, folded_cards, parameters_of, study_of
from reviews.study_days import study_day
from reviews.study_queue import GUESSED_RIGHT, Horizon, Kind

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

# Where the sealed pool has no question of a competency, one of medium difficulty stands for it.
STAND_IN = 0.0
# A large sealed pool is sampled, always the same way: a reading that changes without an answer would puzzle.
SAMPLE = "readiness"
# What a competency that pays gives to study at one sitting.
OBJECTIVES_TOGETHER = 10
TREND_POINTS = 12
# Recall that rises by 1 wins less than a question: it must carry over to other words, and some would be guessed right.
POINTS_OF_RECALL = 100 * CARRIED_TO_VARIANTS * (1 - GUESSED_RIGHT)


@dataclass(frozen=True, slots=True)
class RewardingArea:
    """What the next hour spent on one competency is expected to win, and where to begin."""

    competency: Competency
    points: float  # of exam score, in percent, per hour
    objectives: tuple[str, ...]  # codes, the most rewarding first


@dataclass(frozen=True, slots=True)
class Missing:
    """What is needed before more can be said; nothing of it where all is there."""

    answers: int
    in_competencies: list[tuple[Competency, int]]


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """By the first answers up to a day, without forgetting; the score in percent with its 90 % interval."""

    on: date
    n: int
    expected: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class CandidateReadiness:
    """Arrays and lists are in the order of `competencies`. Without an edition to aim at there is no `exam`."""

    on: date
    exam_on: date | None  # None where none lies ahead
    target: int
    blueprint: Blueprint | None
    competencies: list[Competency]
    exam: Exam | None
    readiness: Readiness | None
    ability: Ability
    counts: Integers
    reviewed: int  # objectives
    rewarding: list[RewardingArea]  # the most rewarding first
    answers: Answers
    trail: list[tuple[float, Ability]]

    @property
    def n(self) -> int:
        return len(self.answers)

    @property
    def missing(self) -> Missing:
        """Up to the next thing that may be shown."""
        if self.n < FEWEST_FOR_BAND:
            return Missing(FEWEST_FOR_BAND - self.n, [])
        lacking = [
            (competency, FEWEST_PER_COMPETENCY - int(count))
            for competency, count, items in self._asked()
            if items and count < FEWEST_PER_COMPETENCY
        ]
        return Missing(max(0, FEWEST_FOR_PROBABILITY - self.n), lacking)

    @property
    def estimates(self) -> list[CompetencyEstimate]:
        """Of each competency that the exam asks, the share of its sealed questions that would be right today."""
        if self.exam is None:
            return []
        found = []
        reach = NINE_TENTHS * self.ability.spread
        for place, (competency, count, items) in enumerate(self._asked()):
            if items:
                mean = float(self.ability.mean[place])
                points = [mean - reach[place], mean, mean + reach[place]]
                low, expected, high = 100 * np.interp(points, GRID, self.exam.curves[place])
                found.append(CompetencyEstimate(competency, int(count), float(expected), float(low), float(high)))
        return found

    def trend(self) -> list[TrendPoint]:
        """Days with answers, from the first of which anything may be said; the newest is the last."""
        if self.exam is None:
            return []
        days = [day for day, _ in self.trail]
        n = np.searchsorted(np.sort(self.answers.day), days, side="right")
        shown = np.flatnonzero(n >= FEWEST_FOR_BAND)
        if len(shown) > TREND_POINTS:
            shown = shown[np.unique(np.linspace(0, len(shown) - 1, TREND_POINTS).round().astype(np.int64))]
        points = []
        for place in shown.tolist():
            day, ability = self.trail[place]
            read = readiness(ability, self.exam, target_percent=self.target, counts=self.counts)
            points.append(TrendPoint(date.fromordinal(int(day)), int(n[place]), read.expected, read.low, read.high))
        return points

    def _asked(self) -> list[tuple[Competency, int, float]]:
        """Competencies with their first answers and how many items of the exam they have."""
        items = self.exam.items.tolist() if self.exam else [0.0] * len(self.competencies)
        return list(zip(self.competencies, self.counts.tolist(), items, strict=True))


def readiness_of(candidate: User, *, on: date, at: datetime, study: Study | None = None) -> CandidateReadiness:
    """Ten queries beside those of the study, whatever there is; `study` where the caller has it already."""
    study = study or study_of(candidate, on=on)
    competencies = list(Competency.objects.order_by("position"))
    objectives = _objectives_of(competencies)
    blueprint = _edition(study)
    exam = exam_of(blueprint, competencies, objectives) if blueprint else None
    population = population_in_force()
    answers = answers_of(candidate, competencies, until=at)
    trail = ability_trail(answers, population, competencies=len(competencies))
    ability = _ability_on(on, trail, population, len(competencies))
    counts = np.bincount(answers.competency, minlength=len(competencies))
    exam_on = study.exam_on if study.exam_on and study.exam_on >= on else None
    target = study.plan.target_percent if study.plan else settings.PRACTICE_TARGET_PERCENT
    recall = _recall_of(study, days=(exam_on - on).days if exam_on else 0)
    read = None
    if exam is not None:
        memories = _memories(competencies, objectives, recall)
        weights = forgetting_in_force()
        read = readiness(ability, exam, target_percent=target, counts=counts, memories=memories, forgetting=weights)
    return CandidateReadiness(
        on=on,
        exam_on=exam_on,
        target=target,
        blueprint=blueprint,
        competencies=competencies,
        exam=exam,
        readiness=read,
        ability=ability,
        counts=counts,
        reviewed=len(recall),
        rewarding=rewarding_areas(study, competencies),
        answers=answers,
        trail=trail,
    )


def most_rewarding_competency(candidate: User, *, on: date) -> Competency | None:
    """By the same order as readiness and Today."""
    areas = rewarding_areas(study_of(candidate, on=on), list(Competency.objects.order_by("position")))
    return areas[0].competency if areas else None


def rewarding_areas(study: Study, competencies: Sequence[Competency]) -> list[RewardingArea]:
    """By the exam points that the next hour of study would win, most first; nothing before the first answer.

    Without an exam date: the points that would be left in four weeks.
    """
    outset = study.outset
    if not outset.is_met.any():
        return []
    horizon = study.horizon if study.horizon.days is not None else Horizon(DAYS_WITHOUT_EXAM)
    queue = study_queue.study_queue(outset.bank, outset.progress, horizon, outset.parameters)
    is_open = (queue.kind != Kind.AGAIN_TODAY) & (outset.rests_for <= 0)
    gain = np.where(is_open, POINTS_OF_RECALL * queue.gain, 0.0)
    areas = np.array([_competency_code(code) for code in outset.codes])
    members = [np.flatnonzero(areas == competency.code) for competency in competencies]
    found = []
    won = points_per_hour([gain[places] for places in members], [queue.seconds[places] for places in members])
    for place, points in won:
        best = members[place][np.argsort(-gain[members[place]], kind="stable")][:OBJECTIVES_TOGETHER]
        if points > 0:
            codes = tuple(outset.codes[each] for each in best if gain[each] > 0)
            found.append(RewardingArea(competencies[place], points, codes))
    return found


def readiness_before(attempt: Attempt) -> Readiness | None:
    """What a mock exam was expected to bring, from all that was answered before the day it was begun, by today's
    parameters. None without an edition, or where nothing might have been shown."""
    candidate, blueprint = attempt.candidate, attempt.quiz.blueprint
    on = study_day(attempt.started_at, candidate.time_zone)
    competencies = list(Competency.objects.order_by("position"))
    objectives = _objectives_of(competencies)
    exam = exam_of(blueprint, competencies, objectives) if blueprint else None
    if exam is None:
        return None
    answers = answers_of(candidate, competencies, until=attempt.started_at)
    population = population_in_force()
    trail = ability_trail(answers, population, competencies=len(competencies))
    return readiness(
        _ability_on(on, trail, population, len(competencies)),
        exam,
        target_percent=attempt.cut_score or settings.PRACTICE_TARGET_PERCENT,
        counts=np.bincount(answers.competency, minlength=len(competencies)),
        memories=_memories(competencies, objectives, _recall_on(candidate, on)),
        forgetting=forgetting_in_force(),
    )


def forgetting_in_force() -> Forgetting:
    newest = Calibration.objects.filter(is_accepted=True).first()
    return Forgetting(*newest.forgetting) if newest and len(newest.forgetting) == 3 else FORGETTING


def answers_of(candidate: User, competencies: Sequence[Competency], *, until: datetime) -> Answers:
    """First answers in attempts that were finished by then, in the order of time.

    A question that was left blank, or that a review asked before, has been seen; that one is not known is an answer.
    """
    rows = graded_responses().filter(attempt__candidate=candidate, attempt__submitted_at__lte=until)
    names = ("question__code", "selected_label", "answered_at", *ITEM, "is_correct", "attempt__submitted_at")
    seen: set[str] = set()
    first = []
    for row in rows.order_by("attempt__submitted_at", "pk").values_list(*names):
        code, label, answered_at, *answer = row
        if code not in seen and (label or answered_at):
            first.append(answer)
        seen.add(code)
    places = {competency.pk: place for place, competency in enumerate(competencies)}
    days: Mapping[datetime, int] = {
        moment: study_day(moment, candidate.time_zone).toordinal() for moment in {answer[-1] for answer in first}
    }
    return Answers(
        competency=np.array([places[competency] for competency, *_ in first], dtype=np.int64),
        difficulty=np.array([difficulty_in_force(level, b) for _, level, b, *_ in first], dtype=np.float64),
        discrimination=np.array([discrimination_in_force(a) for _, _, _, a, *_ in first], dtype=np.float64),
        is_correct=np.array([bool(is_correct) for *_, is_correct, _ in first], dtype=np.bool_),
        day=np.array([days[moment] for *_, moment in first], dtype=np.float64),
    )


def exam_of(blueprint: Blueprint, competencies: Sequence[Competency], objectives: Mapping[int, int]) -> Exam | None:
    """An edition as hard as our sealed pool; None where it has no items, or no area with a competency of ours.

    Costs the same with a sealed pool of any size.
    """
    rows = [(area, {each.pk for each in area.competencies.all()}) for area in _areas(blueprint)]
    areas = [(area.weight, members) for area, members in rows if members]
    weights = [weight for weight, _ in areas]
    if not blueprint.item_count or not sum(weights):
        return None
    area_of = {pk: place for place, (_, members) in enumerate(areas) for pk in members}
    asked = [place for place, competency in enumerate(competencies) if competency.pk in area_of]
    items = np.zeros(len(competencies))
    items[asked] = split_items(
        apportion(blueprint.item_count, weights),
        [area_of[competencies[place].pk] for place in asked],
        # An area whose objectives are still to be written is shared out evenly.
        [max(1, objectives[competencies[place].pk]) for place in asked],
    )
    return make_exam(items, *_sealed_items(blueprint.item_count, competencies))


def _edition(study: Study) -> Blueprint | None:
    if study.plan and study.plan.blueprint:
        return study.plan.blueprint
    return Blueprint.objects.filter(code=DEFAULT_BLUEPRINT).first()


def _areas(blueprint: Blueprint) -> list[BlueprintArea]:
    return list(blueprint.areas.order_by("position").prefetch_related("competencies"))


def _objectives_of(competencies: Sequence[Competency]) -> dict[int, int]:
    counts = Objective.objects.order_by().values_list("statement__competency").annotate(Count("pk"))
    return dict.fromkeys((competency.pk for competency in competencies), 0) | dict(counts)


def _sealed_items(wanted: int, competencies: Sequence[Competency]) -> tuple[list[Floats], list[Floats]]:
    """Difficulties and discriminations per competency."""
    sealed = [pk for pk, _ in next(reads(Source(Question.Pool.MOCK), wanted, Random(SAMPLE)))]
    names = (
        "objective__statement__competency_id",
        "difficulty",
        "parameters__difficulty",
        "parameters__discrimination",
    )
    places = {competency.pk: place for place, competency in enumerate(competencies)}
    items: list[list[tuple[float, float]]] = [[] for _ in competencies]
    for competency, level, b, a in Question.objects.filter(pk__in=sealed).order_by("pk").values_list(*names):
        items[places[competency]].append((difficulty_in_force(level, b), discrimination_in_force(a)))
    pools = [np.array(pool or [(STAND_IN, 1.0)]) for pool in items]
    return [pool[:, 0] for pool in pools], [pool[:, 1] for pool in pools]


def _ability_on(on: date, trail: Sequence[tuple[float, Ability]], population: Prior, competencies: int) -> Ability:
    if not trail:
        return prior_ability(population, competencies)
    last, ability = trail[-1]
    # Whoever moved to a time zone behind may have answered on what is now tomorrow.
    return drifted(ability, max(0.0, on.toordinal() - last), population)


def _recall_of(study: Study, *, days: int) -> list[tuple[str, float]]:
    """By competency code, the recall so many days from now of each objective met."""
    outset = study.outset
    met = np.flatnonzero(outset.is_met)
    stability, elapsed = outset.progress.stability[met], outset.progress.elapsed[met] + days
    recall = scheduler.recall(stability, elapsed, outset.parameters)
    return [(_competency_code(outset.codes[place]), float(one)) for place, one in zip(met, recall, strict=True)]


def _recall_on(candidate: User, on: date) -> list[tuple[str, float]]:
    """The same on a day of the past, with what had been reviewed before it."""
    cards = list(folded_cards(candidate, ReviewLog.objects.for_candidate(candidate).filter(study_day__lt=on)))
    codes = dict(Objective.objects.filter(pk__in=[card.objective_id for card in cards]).values_list("pk", "code"))
    stability = np.array([card.stability for card in cards])
    elapsed = np.array([(on - card.last_reviewed_on).days for card in cards])
    recall = scheduler.recall(stability, elapsed, parameters_of(candidate))
    return [(_competency_code(codes[card.objective_id]), float(one)) for card, one in zip(cards, recall, strict=True)]


def _memories(
    competencies: Sequence[Competency], objectives: Mapping[int, int], recall: Sequence[tuple[str, float]]
) -> list[Memory]:
    return [
        Memory(objectives[competency.pk], np.array([one for code, one in recall if code == competency.code]))
        for competency in competencies
    ]


def _competency_code(objective: str) -> str:
    """MET of MET-K1.2."""
    return objective.partition("-")[0]
