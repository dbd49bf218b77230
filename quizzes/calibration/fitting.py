"""The M-step, and both in turn: integrates over the posteriors and takes one step of Fisher scoring.

Scale: the mean difficulty of the answered items stays the mean of their authored ones, and the geometric mean of the
free discriminations stays 1, so that logits keep their meaning from night to night.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from quizzes.ability import GUESSING, Prior, logistic
from quizzes.calibration.answers import Booleans, FirstAnswers, Floats, Integers, Items, by_item
from quizzes.calibration.posteriors import LARGEST_STEP, NODES, WEIGHTS, Posterior, Sitting, posterior_of, summed

DIFFICULTY_SPREAD = 0.8  # of the true difficulty about the authored one
LOG_DISCRIMINATION_SPREAD = 0.2
FREE_DISCRIMINATION_FROM = 200  # first answers to an item
FREE_POPULATION_FROM = 200  # candidates

STEPS = 60
SETTLED = 0.002  # logits between two steps, root mean square over items
SMALLEST_SPREAD = 0.05


@dataclass(frozen=True, slots=True)
class Fit:
    difficulty: Floats
    difficulty_se: Floats
    discrimination: Floats
    n: Integers
    population: Prior
    steps: int


def fitted(answers: FirstAnswers, items: Items, population: Prior) -> Fit:
    """Starts from the parameters in force. Without guards: see `guarded`."""
    n = np.bincount(answers.item, minlength=len(items))
    is_answered = n > 0
    # Answers of one item beside each other: sums by item then run through memory in order.
    answers = by_item(answers)
    sitting = Sitting.of(answers, items)
    is_population_free = sitting.candidates >= FREE_POPULATION_FROM
    is_steep = n >= FREE_DISCRIMINATION_FROM
    difficulty, discrimination = items.difficulty.copy(), items.discrimination.copy()
    discrimination[~is_steep] = 1.0
    ability = np.full((sitting.candidates, sitting.competencies), population.mean)
    difficulty_se = np.full(len(items), DIFFICULTY_SPREAD)
    steps = 0
    for steps in range(1, STEPS + 1):
        posterior = posterior_of(
            sitting, difficulty, discrimination, population, ability, scorings=3 if steps == 1 else 1
        )
        if is_population_free:
            population = _population(posterior, population)
        before = difficulty
        difficulty, discrimination, difficulty_se = _items_given(
            posterior, sitting, items.authored, difficulty, discrimination, is_steep
        )
        shift = float(np.mean((difficulty - items.authored)[is_answered])) if is_answered.any() else 0.0
        difficulty = np.where(is_answered, difficulty - shift, items.authored)
        if is_steep.any():
            discrimination[is_steep] /= np.exp(np.log(discrimination[is_steep]).mean())
        ability = posterior.mean - shift
        if is_population_free:
            population = replace(population, mean=population.mean - shift)
        if np.linalg.norm(difficulty - before) <= SETTLED * np.sqrt(len(items)):
            break
    return Fit(difficulty, difficulty_se, discrimination, n, population, steps)


def _population(posterior: Posterior, population: Prior) -> Prior:
    """The closed form of EM: the covariance has two eigenvalues, one along the sum and one across it."""
    competencies = posterior.mean.shape[1]
    mean = float(posterior.mean.mean())
    off = posterior.mean - mean
    along = float(np.mean(posterior.variance_of_sum + off.sum(axis=1) ** 2)) / competencies
    if competencies == 1:
        general = max(along - population.specific_spread**2, SMALLEST_SPREAD**2)
        return Prior(mean, float(np.sqrt(general)), population.specific_spread)
    trace = float(np.mean((posterior.variance + off**2).sum(axis=1)))
    specific = max((trace - along) / (competencies - 1), SMALLEST_SPREAD**2)
    general = max((along - specific) / competencies, SMALLEST_SPREAD**2)
    return Prior(mean, float(np.sqrt(general)), float(np.sqrt(specific)))


def _items_given(
    posterior: Posterior,
    sitting: Sitting,
    authored: Floats,
    difficulty: Floats,
    discrimination: Floats,
    is_steep: Booleans,
) -> tuple[Floats, Floats, Floats]:
    """One step of Fisher scoring for every item; a discrimination moves where `is_steep`."""
    sums = _slopes(posterior, sitting, difficulty, discrimination, has_steep=bool(is_steep.any()))
    score_b, information_b, score_a, information_a, crossed = (summed(sitting.item, row, len(authored)) for row in sums)
    score_b -= (difficulty - authored) / DIFFICULTY_SPREAD**2
    information_b += 1 / DIFFICULTY_SPREAD**2
    score_a -= np.log(discrimination) / LOG_DISCRIMINATION_SPREAD**2
    information_a += 1 / LOG_DISCRIMINATION_SPREAD**2
    crossed[~is_steep] = 0.0
    determinant = information_b * information_a - crossed**2
    step_b = (information_a * score_b - crossed * score_a) / determinant
    step_a = np.where(is_steep, (information_b * score_a - crossed * score_b) / determinant, 0.0)
    return (
        difficulty + np.clip(step_b, -LARGEST_STEP, LARGEST_STEP),
        discrimination * np.exp(np.clip(step_a, -LARGEST_STEP / 4, LARGEST_STEP / 4)),
        np.sqrt(information_a / determinant),
    )


def _slopes(
    posterior: Posterior, sitting: Sitting, difficulty: Floats, discrimination: Floats, *, has_steep: bool
) -> Floats:
    """(5, answers): the score and information in b, those in log a, and the information that both share."""
    mean, spread = posterior.mean.ravel()[sitting.cell], np.sqrt(posterior.variance.ravel()[sitting.cell])
    item_difficulty, item_discrimination = difficulty[sitting.item], discrimination[sitting.item]
    slopes = np.zeros((5, len(mean)))
    for node, weight in zip(NODES, WEIGHTS, strict=True):
        off = mean + node * spread - item_difficulty
        s = logistic(item_discrimination * off)
        p = GUESSING + (1 - GUESSING) * s
        slope = weight * item_discrimination * s / p
        score = (sitting.mark - p) * slope
        information = (1 - GUESSING) * item_discrimination * (1 - s) * s * slope
        slopes[0] -= score
        slopes[1] += information
        if has_steep:
            # In log a, whose z is a (theta - b): the derivative of z is z itself, that of b times -(theta - b).
            slopes[2] += score * off
            slopes[3] += information * off**2
            slopes[4] -= information * off
    return slopes
