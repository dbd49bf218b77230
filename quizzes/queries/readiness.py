"""Where a candidate stands for the exam: first answers, what was reviewed, and the bank, brought together.

The arithmetic is that of quizzes/readiness.py. Its competencies are numbered here in the order of the handbook, its
days are ordinals of study days, and the exam is the edition of the study plan, as hard as the questions of the sealed
pool.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from django.conf import settings

from accounts.models import User
from competencies.models import Blueprint, Competency
from quizzes.ability import Ability, Answers, Integers, Prior, ability_trail, drifted, prior_ability
from quizzes.models import Attempt
from quizzes.queries.exams import edition_of, exam_of, objectives_of
from quizzes.queries.first_answers import answers_of
from quizzes.queries.memories import forgetting_in_force, memories_of, recall_of, recall_on
from quizzes.queries.placement import NINE_TENTHS, CompetencyEstimate
from quizzes.queries.rewarding import RewardingArea, rewarding_areas
from quizzes.queries.statistics import population_in_force
from quizzes.readiness import (
    FEWEST_FOR_BAND,
    FEWEST_FOR_PROBABILITY,
    FEWEST_PER_COMPETENCY,
    GRID,
    Exam,
    Readiness,
    readiness,
)
from reviews.queries import Study, study_of
from reviews.study_days import study_day

TREND_POINTS = 12


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
    objectives = objectives_of(competencies)
    blueprint = edition_of(study)
    exam = exam_of(blueprint, competencies, objectives) if blueprint else None
    population = population_in_force()
    answers = answers_of(candidate, competencies, until=at)
    trail = ability_trail(answers, population, competencies=len(competencies))
    ability = _ability_on(on, trail, population, len(competencies))
    counts = np.bincount(answers.competency, minlength=len(competencies))
    exam_on = study.exam_on if study.exam_on and study.exam_on >= on else None
    target = study.plan.target_percent if study.plan else settings.PRACTICE_TARGET_PERCENT
    recall = recall_of(study, days=(exam_on - on).days if exam_on else 0)
    read = None
    if exam is not None:
        memories = memories_of(competencies, objectives, recall)
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


def readiness_before(attempt: Attempt) -> Readiness | None:
    """What a mock exam was expected to bring, from all that was answered before it was begun, by today's parameters.
    None without an edition to aim at."""
    candidate, blueprint = attempt.candidate, attempt.quiz.blueprint
    on = study_day(attempt.started_at, candidate.time_zone)
    competencies = list(Competency.objects.order_by("position"))
    objectives = objectives_of(competencies)
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
        memories=memories_of(competencies, objectives, recall_on(candidate, on)),
        forgetting=forgetting_in_force(),
    )


def _ability_on(on: date, trail: Sequence[tuple[float, Ability]], population: Prior, competencies: int) -> Ability:
    if not trail:
        return prior_ability(population, competencies)
    last, ability = trail[-1]
    # Whoever moved to a time zone behind may have answered on what is now tomorrow.
    return drifted(ability, max(0.0, on.toordinal() - last), population)
