"""The truth: items, candidates, their first answers, and the exam that they sat.

Simulated items have three parameters each: b = what its authored level says + N(0, .8^2), a lognormal around 1, and a
guessing floor between .12 and .32, while the estimate assumes a = 1 and one floor for all. Candidates answer items of
a practice pool and then sit an exam of 100 others from a sealed pool, by a blueprint; the exam is passed at 75.

Two settings. MATCHED is that of the prototype: the population is the assumed one, the exam as hard as the pool and
known to be so, and the items calibrated, with the error that calibration leaves. SHIPPED is the first day: nothing is
calibrated (authored levels only), every exam is harder or easier than the pool by N(0, .3^2), and the population
differs from the assumed one: its mean lies .15 logits lower, its general spread is .9 (assumed .8) and its specific
spread .5 (assumed .4).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from quizzes.ability import Prior, authored_difficulty
from quizzes.readiness import FORM_SPREAD, Exam, make_exam

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

ANSWER_COUNTS = (12, 30, 60, 120, 300)
BLUEPRINT = np.array([14, 19, 14, 17, 20, 16])
CUT = 75
PRACTICE_ITEMS, SEALED_ITEMS = 900, 400
LEVEL_SHARES = (0.02, 0.11, 0.45, 0.36, 0.06)  # of the bank as it stands
DIFFICULTY_ERROR = 0.8  # of an authored level
CALIBRATED_ERROR = 0.37  # left by calibration with some two hundred answers an item
DISCRIMINATION_SPREAD = 0.2  # of log a
GUESSING_RANGE = (0.12, 0.32)
STANDARD_NORMAL = NormalDist()
ASSUMED = Prior(mean=1.65)  # where about .7 of the candidates pass


@dataclass(frozen=True, slots=True)
class Setting:
    name: str
    truth: Prior
    form_spread: float
    is_calibrated: bool


MATCHED = Setting("matched", ASSUMED, form_spread=0.0, is_calibrated=True)
SHIPPED = Setting(
    "shipped",
    replace(ASSUMED, mean=ASSUMED.mean - 0.15, general_spread=0.9, specific_spread=0.5),
    form_spread=FORM_SPREAD,
    is_calibrated=False,
)
SETTINGS = (MATCHED, SHIPPED)


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedItems:
    competency: Integers
    difficulty: Floats
    discrimination: Floats
    guessing: Floats
    level: Integers
    believed: Floats  # the difficulty that the estimate works with

    def __len__(self) -> int:
        return len(self.competency)

    def chance(self, theta: Floats, items: Integers, shift: float = 0.0) -> Floats:
        """Of right answers to these items for somebody with abilities theta (k,)."""
        score = self.discrimination[items] * (theta[self.competency[items]] - shift - self.difficulty[items])
        floor = self.guessing[items]
        right: Floats = floor + (1 - floor) / (1 + np.exp(-score))
        return right


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Simulated candidates: abilities (N, k), their first answers in order (N, n), and the exam that they sat."""

    theta: Floats
    order: Integers  # items of the practice pool
    is_correct: Booleans
    score: Integers

    @property
    def has_passed(self) -> Booleans:
        return self.score >= CUT


def make_items(count: int, rng: np.random.Generator, *, is_calibrated: bool) -> SimulatedItems:
    """As many of each competency as the blueprint weighs it."""
    competency = np.repeat(np.arange(len(BLUEPRINT)), np.round(count * BLUEPRINT / BLUEPRINT.sum()).astype(np.int64))
    total = len(competency)
    steps = (np.arange(total) + 0.5) / total
    level = 1 + rng.permutation(np.searchsorted(np.cumsum(LEVEL_SHARES)[:-1], steps))
    authored = np.array([authored_difficulty(int(number)) for number in level])
    difficulty = authored + rng.normal(0, DIFFICULTY_ERROR, total)
    believed = calibrated(difficulty, authored, rng) if is_calibrated else authored
    return SimulatedItems(
        competency=competency,
        difficulty=difficulty,
        discrimination=np.exp(rng.normal(0, DISCRIMINATION_SPREAD, total)),
        guessing=rng.uniform(*GUESSING_RANGE, total),
        level=level,
        believed=believed,
    )


def calibrated(difficulty: Floats, authored: Floats, rng: np.random.Generator) -> Floats:
    """What calibration would make of them: drawn to the authored ones as far as the answers leave doubt."""
    kept = 1 - (CALIBRATED_ERROR / DIFFICULTY_ERROR) ** 2
    doubt = CALIBRATED_ERROR / math.sqrt(kept)
    found: Floats = authored + kept * (difficulty + rng.normal(0, doubt, len(difficulty)) - authored)
    return found


def make_abilities(count: int, population: Prior, rng: np.random.Generator) -> Floats:
    """The general part in equal steps of its distribution: a sample that by chance is able would say little of us."""
    steps = rng.permutation([STANDARD_NORMAL.inv_cdf((place + 0.5) / count) for place in range(count)])
    general = population.mean + population.general_spread * steps[:, None]
    specific: Floats = rng.normal(0, population.specific_spread, (count, len(BLUEPRINT)))
    return general + specific


def draw_form(sealed: SimulatedItems, rng: np.random.Generator) -> Integers:
    """The 100 items of one sitting, by the blueprint."""
    return np.concatenate(
        [
            rng.choice(np.flatnonzero(sealed.competency == place), size=items, replace=False)
            for place, items in enumerate(BLUEPRINT)
        ]
    )


def make_sample(
    count: int, setting: Setting, practice: SimulatedItems, sealed: SimulatedItems, rng: np.random.Generator
) -> Sample:
    theta = make_abilities(count, setting.truth, rng)
    order = np.stack([rng.permutation(len(practice))[: max(ANSWER_COUNTS)] for _ in range(count)])
    chances = np.stack([practice.chance(theta[place], order[place]) for place in range(count)])
    is_correct = rng.random(order.shape) < chances
    score = np.zeros(count, dtype=np.int64)
    for place in range(count):
        form = draw_form(sealed, rng)
        shift = rng.normal(0, setting.form_spread)
        score[place] = (rng.random(len(form)) < sealed.chance(theta[place], form, shift)).sum()
    return Sample(theta, order, is_correct, score)


def believed_exam(sealed: SimulatedItems) -> Exam:
    pools = [sealed.believed[sealed.competency == place] for place in range(len(BLUEPRINT))]
    return make_exam(BLUEPRINT.astype(np.float64), pools)


def true_chances(sample: Sample, sealed: SimulatedItems, form_spread: float) -> Floats:
    """Of passing, for somebody who knows the true abilities and items, and not the form."""
    steps = [form_spread * STANDARD_NORMAL.inv_cdf((place + 0.5) / 20) for place in range(20)]
    everything = np.arange(len(sealed))
    weights = (BLUEPRINT / np.bincount(sealed.competency))[sealed.competency]
    chances = np.zeros(len(sample.theta))
    for place, theta in enumerate(sample.theta):
        by_shift = np.stack([sealed.chance(theta, everything, shift) for shift in steps])
        distance = (by_shift @ weights - (CUT - 0.5)) / np.sqrt((by_shift * (1 - by_shift)) @ weights)
        chances[place] = np.mean([STANDARD_NORMAL.cdf(float(value)) for value in distance])
    return chances
