"""The E-step: a normal approximation of each candidate's posterior at its mode.

With z = a (theta - b) and s = logistic(z), the score in theta is (y - P) a s / P and the information
(1 - c) a^2 s^2 (1 - s) / P. The prior precision is diagonal but for one constant, and so the Hessian is inverted in one
line (Sherman and Morrison).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from quizzes.ability import GUESSING, Prior, logistic
from quizzes.calibration.answers import FirstAnswers, Floats, Integers, Items

LARGEST_STEP = 1.0
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
WEIGHTS = WEIGHTS / WEIGHTS.sum()


@dataclass(frozen=True, slots=True)
class Sitting:
    """The answers, laid out for sums: by item, and by cell (candidate and competency)."""

    cell: Integers
    item: Integers
    mark: Floats
    candidates: int
    competencies: int

    @classmethod
    def of(cls, answers: FirstAnswers, items: Items, candidates: int | None = None) -> Sitting:
        if len(answers) and answers.item.max() >= len(items):
            raise ValueError("An answer names an item that is not there.")
        competencies = int(items.competency.max(initial=0)) + 1
        if candidates is None:
            candidates = int(answers.candidate.max(initial=-1)) + 1
        cell = answers.candidate * competencies + items.competency[answers.item]
        return cls(cell, answers.item, answers.is_correct.astype(np.float64), candidates, competencies)


@dataclass(frozen=True, slots=True)
class Posterior:
    """Normal, per candidate: means and variances by competency, and the variance of the sum over competencies."""

    mean: Floats
    variance: Floats
    variance_of_sum: Floats


def summed(index: Integers, values: Floats, size: int) -> Floats:
    return np.bincount(index, values, size).astype(np.float64)


def posterior_of(
    sitting: Sitting,
    difficulty: Floats,
    discrimination: Floats,
    population: Prior,
    ability: Floats,
    *,
    scorings: int,
) -> Posterior:
    """Mode by Fisher scoring from `ability`, and the curvature there."""
    shape = (sitting.candidates, sitting.competencies)
    size = sitting.candidates * sitting.competencies
    precision = 1 / population.specific_spread**2
    shared = precision * (
        population.general_spread**2
        / (population.specific_spread**2 + sitting.competencies * population.general_spread**2)
    )
    item_difficulty, item_discrimination = difficulty[sitting.item], discrimination[sitting.item]
    mean = ability
    inverse, scale = np.zeros(shape), np.zeros((shape[0], 1))
    for _ in range(scorings):
        s = logistic(item_discrimination * (mean.ravel()[sitting.cell] - item_difficulty))
        p = GUESSING + (1 - GUESSING) * s
        slope = item_discrimination * s / p
        score = summed(sitting.cell, (sitting.mark - p) * slope, size).reshape(shape)
        weighted = (1 - GUESSING) * item_discrimination * s * (1 - s) * slope
        information = summed(sitting.cell, weighted, size).reshape(shape)
        off = mean - population.mean
        gradient = score - precision * off + shared * off.sum(axis=1, keepdims=True)
        inverse = 1 / (information + precision)
        scale = shared / (1 - shared * inverse.sum(axis=1, keepdims=True))
        step = inverse * gradient
        step += inverse * scale * step.sum(axis=1, keepdims=True)
        mean = mean + np.clip(step, -LARGEST_STEP, LARGEST_STEP)
    total = inverse.sum(axis=1)
    return Posterior(mean, inverse + scale * inverse**2, total / (1 - shared * total))
