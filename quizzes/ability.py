"""What a candidate can do in each competency.

Model: theta_c = g + s_c with g ~ N(mean, .8^2) and s_c ~ N(0, .4^2), so that an answer in one competency says something
about the others. An item with difficulty b and discrimination a is answered rightly with

    P = c + (1 - c) s,   s = 1 / (1 + exp(-a (theta_c - b))),   c = .22 (four options, a little less than chance).

Online: an answer y moves mean m and covariance V by one step of a Gaussian filter, with d = dP/dtheta, the information
f = d^2 / (P (1 - P)), and v the column of V that belongs to the competency:

    m' = m + v (y - P) d / (P (1 - P)) / (1 + f v_c),   V' = V - v v' f / (1 + f v_c).

P is not linear, so the step is taken ROUNDS times, each time with the slope at the ability that the one before led to.
That halves the distance to what all answers at once would say (`joint_ability`), and a shortfall in readiness with it.

Only first answers to a question count. All abilities, difficulties and spreads are in logits.

Sources: F. M. Lord, Applications of Item Response Theory (1980), chapters 2 and 4; R. J. Mislevy, Bayes modal
estimation in item response models, Psychometrika 51 (1986) 177-195; M. E. Glickman, Parameter estimation in large
dynamic paired comparison experiments, Applied Statistics 48 (1999) 377-394, for the filter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

COMPETENCIES = 6
GUESSING = 0.22
DIFFICULTY_STEP = 0.8  # logits from one authored level to the next
DRIFT = 0.01  # squared logits a day
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Prior:
    """Of the population, before any answer; re-estimated when there are enough candidates.

    Where the mean lies until then is a judgement: somebody who has worked in the field answers about two of three
    questions of medium difficulty on meeting them.
    """

    mean: float = 0.8
    general_spread: float = 0.8
    specific_spread: float = 0.4


@dataclass(frozen=True, slots=True)
class Item:
    difficulty: float
    discrimination: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Ability:
    """A normal distribution over k competencies, in the caller's order."""

    mean: Floats  # (k,)
    covariance: Floats  # (k, k)

    @property
    def spread(self) -> Floats:
        """Standard deviation per competency."""
        return np.sqrt(np.diag(self.covariance))


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """First answers of one candidate, one entry each; ValueError where they are not."""

    competency: Integers
    difficulty: Floats
    discrimination: Floats
    is_correct: Booleans
    day: Floats  # study days, counted from any date

    def __post_init__(self) -> None:
        lengths = {len(self.competency), len(self.difficulty), len(self.discrimination), len(self.is_correct)}
        if lengths != {len(self.day)}:
            raise ValueError("Every answer needs a competency, an item, an outcome and a day.")
        for values in (self.difficulty, self.discrimination, self.day):
            if not np.isfinite(values).all():
                raise ValueError("Difficulties, discriminations and days must be finite numbers.")

    def __len__(self) -> int:
        return len(self.day)


def authored_difficulty(level: int) -> float:
    """Logits of a level from 1 (easy) to 5 (hard), linear with level 3 at 0.

    What calibration takes for the mean of an item's difficulty before it has answers.
    """
    if not 1 <= level <= 5:
        raise ValueError(f"A difficulty is a level from 1 to 5, not {level}.")
    return DIFFICULTY_STEP * (level - 3)


def prior_ability(prior: Prior, competencies: int = COMPETENCIES) -> Ability:
    covariance = prior.general_spread**2 * np.ones((competencies, competencies))
    covariance += prior.specific_spread**2 * np.eye(competencies)
    return Ability(np.full(competencies, prior.mean), covariance)


def chance(ability: Floats, difficulty: Floats, discrimination: Floats) -> Floats:
    """Of a right answer; broadcasts."""
    return GUESSING + (1 - GUESSING) * logistic(discrimination * (ability - difficulty))


def updated(ability: Ability, competency: int, item: Item, is_correct: bool) -> Ability:
    """After one more first answer."""
    if not 0 <= competency < len(ability.mean):
        raise ValueError(f"There is no competency {competency} among {len(ability.mean)}.")
    mean, column = float(ability.mean[competency]), ability.covariance[:, competency]
    variance = float(column[competency])
    if not (math.isfinite(mean) and math.isfinite(item.difficulty) and math.isfinite(item.discrimination)):
        raise ValueError("Abilities, difficulties and discriminations must be finite numbers.")
    theta = mean
    for _ in range(ROUNDS):
        slope, _, bend = _answer_slopes(theta, item, is_correct)
        theta = mean + variance * (slope + bend * (theta - mean)) / (1 + variance * bend)
    _, information, _ = _answer_slopes(theta, item, is_correct)
    return Ability(
        ability.mean + column * ((theta - mean) / variance),
        ability.covariance - np.outer(column, column) * (information / (1 + information * variance)),
    )


def _answer_slopes(theta: float, item: Item, is_correct: bool) -> tuple[float, float, float]:
    """First derivative of the answer's log likelihood, the item's information, and how the likelihood bends.

    A wrong answer far below its item informs little but bends much: steps by information alone would overshoot.
    """
    known = 1 / (1 + math.exp(-min(30.0, max(-30.0, item.discrimination * (theta - item.difficulty)))))
    expected = GUESSING + (1 - GUESSING) * known
    # 1 - P = (1 - c)(1 - s), so that d / (P (1 - P)) is a s / P and nothing is divided by zero.
    weight = item.discrimination * known / expected
    information = weight * item.discrimination * (1 - GUESSING) * known * (1 - known)
    bend = information if is_correct else item.discrimination**2 * known * (1 - known)
    return weight * (is_correct - expected), information, bend


def drifted(ability: Ability, days: float, prior: Prior) -> Ability:
    """After days without an answer: less certain, competencies together as in the prior, but never less than before
    the first answer. For what is well known this adds DRIFT a day to each variance."""
    if not (math.isfinite(days) and days >= 0):
        raise ValueError("Days between answers must not be negative.")
    if days == 0:
        return ability
    ignorance = prior_ability(prior, len(ability.mean)).covariance
    share = min(1.0, DRIFT * days / float(ignorance[0, 0]))
    return Ability(ability.mean, (1 - share) * ability.covariance + share * ignorance)


def estimated(
    answers: Answers, prior: Prior, *, competencies: int = COMPETENCIES, on_day: float | None = None
) -> Ability:
    """The filter folded over the answers in order of time, and then on to a day without answers if one is given."""
    trail = ability_trail(answers, prior, competencies=competencies)
    if not trail:
        return prior_ability(prior, competencies)
    last, ability = trail[-1]
    return ability if on_day is None else drifted(ability, on_day - last, prior)


def ability_trail(answers: Answers, prior: Prior, *, competencies: int = COMPETENCIES) -> list[tuple[float, Ability]]:
    """The ability at the end of each day with answers."""
    _check_competencies(answers.competency, competencies)
    trail: list[tuple[float, Ability]] = []
    ability = prior_ability(prior, competencies)
    for place in np.argsort(answers.day, kind="stable"):
        day = float(answers.day[place])
        is_new_day = not trail or trail[-1][0] != day
        if trail and is_new_day:
            ability = drifted(ability, day - trail[-1][0], prior)
        item = Item(float(answers.difficulty[place]), float(answers.discrimination[place]))
        ability = updated(ability, int(answers.competency[place]), item, bool(answers.is_correct[place]))
        trail[len(trail) if is_new_day else -1 :] = [(day, ability)]
    return trail


def joint_ability(answers: Answers, prior: Prior, *, competencies: int = COMPETENCIES) -> Ability:
    """Laplace's approximation to the posterior of all answers at once, without drift: what the filter approximates."""
    _check_competencies(answers.competency, competencies)
    start = prior_ability(prior, competencies)
    precision = np.linalg.inv(start.covariance)
    theta, posterior = start.mean, precision
    for _ in range(100):
        known = logistic(answers.discrimination * (theta[answers.competency] - answers.difficulty))
        expected = GUESSING + (1 - GUESSING) * known
        weight = answers.discrimination * known / expected
        information = weight * answers.discrimination * (1 - GUESSING) * known * (1 - known)
        posterior = precision + np.diag(np.bincount(answers.competency, information, minlength=competencies))
        bend = np.where(answers.is_correct, information, answers.discrimination**2 * known * (1 - known))
        curvature = precision + np.diag(np.bincount(answers.competency, bend, minlength=competencies))
        slope = np.bincount(answers.competency, weight * (answers.is_correct - expected), minlength=competencies)
        step = np.linalg.solve(curvature, slope - precision @ (theta - start.mean))
        if np.abs(step).max() < 1e-9:
            break
        theta = theta + step
    covariance = np.linalg.inv(posterior)
    return Ability(theta, (covariance + covariance.T) / 2)


def _check_competencies(competency: Integers, competencies: int) -> None:
    if len(competency) and not (competency.min() >= 0 and competency.max() < competencies):
        raise ValueError(f"An answer is about a competency that is none of the {competencies}.")


def logistic(values: Floats) -> Floats:
    # Beyond 40 nothing changes in double precision; within, the exponential cannot overflow.
    result: Floats = 1 / (1 + np.exp(-np.clip(values, -40, 40)))
    return result
