"""The methods: ours, by the code that candidates meet, and simpler ones."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from quizzes.ability import Item, Prior, chance, prior_ability, updated
from quizzes.readiness import Exam, readiness
from quizzes.simulation.world import (
    ANSWER_COUNTS,
    ASSUMED,
    BLUEPRINT,
    CUT,
    Floats,
    Sample,
    Setting,
    SimulatedItems,
    believed_exam,
    make_abilities,
)

CANDIDATES = 1_000
OURS = "ours"


@dataclass(frozen=True, slots=True, eq=False)
class Forecasts:
    """For each candidate."""

    probability: Floats
    low: Floats | None = None
    high: Floats | None = None


def hierarchical(
    sample: Sample, practice: SimulatedItems, exam: Exam, prior: Prior, form_spread: float
) -> dict[int, Forecasts]:
    """Ours, by the code that candidates meet: the filter answer by answer, readiness after each of ANSWER_COUNTS."""
    start = prior_ability(prior, len(BLUEPRINT))
    rows: dict[int, list[tuple[float, float, float]]] = {n: [] for n in ANSWER_COUNTS}
    items = [Item(float(difficulty)) for difficulty in practice.believed]
    competencies = practice.competency.tolist()
    for order, marks in zip(sample.order.tolist(), sample.is_correct.tolist(), strict=True):
        ability = start
        for n, (index, is_correct) in enumerate(zip(order, marks, strict=True), start=1):
            ability = updated(ability, competencies[index], items[index], is_correct)
            if n in rows:
                counts = np.bincount(practice.competency[order[:n]], minlength=len(BLUEPRINT))
                found = readiness(ability, exam, target_percent=CUT, counts=counts, form_spread=form_spread)
                rows[n].append((found.probability, found.low, found.high))
    return {n: Forecasts(*np.array(found).T) for n, found in rows.items()}


def independent(
    sample: Sample, practice: SimulatedItems, exam: Exam, prior: Prior, form_spread: float
) -> dict[int, Forecasts]:
    """The same without what competencies have in common: each starts with the whole spread of its own."""
    spread = math.hypot(prior.general_spread, prior.specific_spread)
    apart = replace(prior, general_spread=0.0, specific_spread=spread)
    return hierarchical(sample, practice, exam, apart, form_spread)


def beta_binomial(right: Floats, n: int, mean: float, spread: float) -> Forecasts:
    """The share of right answers drawn to that of the population, whose shares have this mean and spread."""
    strength = max(1.0, mean * (1 - mean) / spread**2 - 1)
    share = (right + strength * mean) / (n + strength)
    return Forecasts(_passing(share, share * (1 - share) / (n + strength + 1)))


def naive_normal(right: Floats, n: int) -> Forecasts:
    share = right / n
    return Forecasts(_passing(share, share * (1 - share) / n))


def above_cut(right: Floats, n: int) -> Forecasts:
    return Forecasts((100 * right / n >= CUT).astype(np.float64))


def _passing(share: Floats, variance: Floats) -> Floats:
    """Chance that 100 answers reach CUT, when their share of right ones is known with this variance."""
    spread = np.sqrt(100 * share * (1 - share) + 100**2 * variance) + 1e-9
    distance = (100 * share - (CUT - 0.5)) / spread
    return np.array([0.5 * math.erfc(-value / math.sqrt(2)) for value in distance])


def all_forecasts(
    sample: Sample, practice: SimulatedItems, sealed: SimulatedItems, setting: Setting, rng: np.random.Generator
) -> dict[str, dict[int, Forecasts]]:
    exam = believed_exam(sealed)
    population = make_abilities(CANDIDATES, ASSUMED, rng)[:, practice.competency]
    shares = chance(population, practice.believed, np.ones(len(practice))).mean(axis=1)
    mean, spread = float(shares.mean()), float(shares.std())
    right = {n: sample.is_correct[:, :n].sum(axis=1).astype(np.float64) for n in ANSWER_COUNTS}
    return {
        OURS: hierarchical(sample, practice, exam, ASSUMED, setting.form_spread),
        "independent competencies": independent(sample, practice, exam, ASSUMED, setting.form_spread),
        "beta-binomial": {n: beta_binomial(right[n], n, mean, spread) for n in ANSWER_COUNTS},
        "naive normal": {n: naive_normal(right[n], n) for n in ANSWER_COUNTS},
        "share >= cut": {n: above_cut(right[n], n) for n in ANSWER_COUNTS},
    }
