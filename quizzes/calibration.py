"""Difficulty and discrimination of questions from first answers, with the authored difficulty as prior.

The model of readiness: a candidate u has the ability theta_uc = g_u + s_uc in competency c, normal with the mean mu and
the covariance tg^2 11' + ts^2 I, and is right on item i of that competency with the probability

    P = c + (1 - c) logistic(a_i (theta_uc - b_i)),

c fixed at the share that guessing wins. Priors: b_i ~ N(authored, 0.8^2), log a_i ~ N(0, 0.2^2); a_i stays 1 until the
item has 200 first answers. Maximum a posteriori by EM (R. D. Bock and M. Aitkin, Psychometrika 46 (1981) 443-459; with
priors R. J. Mislevy, Psychometrika 51 (1986) 177-195): the E-step takes a normal approximation of each candidate's
posterior at its mode, the M-step integrates over it at nine Gauss-Hermite nodes and takes one step of Fisher scoring.

With z = a (theta - b) and s = logistic(z), the score in theta is (y - P) a s / P and the information
(1 - c) a^2 s^2 (1 - s) / P. The prior precision is diagonal but for one constant, and so the Hessian is inverted in one
line (Sherman and Morrison).

Scale: the mean difficulty of the answered items stays the mean of their authored ones, and the geometric mean of the
free discriminations stays 1, so that logits keep their meaning from night to night. A fixed tenth of the answers is
never fitted; it judges whether the parameters of a run may come into force.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from quizzes.ability import GUESSING, Prior

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

MODEL_VERSION = "map-em-1"

DIFFICULTY_SPREAD = 0.8  # of the true difficulty about the authored one
LOG_DISCRIMINATION_SPREAD = 0.2
FREE_DISCRIMINATION_FROM = 200  # first answers to an item
FREE_POPULATION_FROM = 200  # candidates

MOST_MOVED_AT_ONCE = 0.5
MOST_FROM_AUTHORED = 2.5
FEWEST_ANSWERS = 200
FEWEST_CANDIDATES = 5

STEPS = 60
SETTLED = 0.002  # logits between two steps, root mean square over items
LARGEST_STEP = 1.0
SMALLEST_SPREAD = 0.05
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
WEIGHTS = WEIGHTS / WEIGHTS.sum()


@dataclass(frozen=True, slots=True)
class FirstAnswers:
    """Candidates and items are numbered from 0; `row` is any lasting number of the answer."""

    candidate: Integers
    item: Integers
    is_correct: Booleans
    row: Integers

    def __post_init__(self) -> None:
        if len({len(self.candidate), len(self.item), len(self.is_correct), len(self.row)}) != 1:
            raise ValueError("Every answer needs a candidate, an item, a mark and a row.")
        if len(self) and min(self.candidate.min(), self.item.min()) < 0:
            raise ValueError("Candidates and items are numbered from 0.")

    def __len__(self) -> int:
        return len(self.candidate)

    def where(self, chosen: Booleans) -> FirstAnswers:
        return FirstAnswers(self.candidate[chosen], self.item[chosen], self.is_correct[chosen], self.row[chosen])


@dataclass(frozen=True, slots=True)
class Items:
    """By number: the competency (from 0), the authored difficulty, and the parameters in force."""

    competency: Integers
    authored: Floats
    difficulty: Floats
    discrimination: Floats

    def __post_init__(self) -> None:
        if len({len(self.competency), len(self.authored), len(self.difficulty), len(self.discrimination)}) != 1:
            raise ValueError(
                "Every item needs a competency, an authored difficulty, a difficulty and a discrimination."
            )
        if not all(np.isfinite(values).all() for values in (self.authored, self.difficulty, self.discrimination)):
            raise ValueError("A difficulty or a discrimination is not a number.")
        if len(self) and (self.discrimination.min() <= 0 or self.competency.min() < 0):
            raise ValueError("Discriminations are above 0 and competencies are numbered from 0.")

    def __len__(self) -> int:
        return len(self.competency)


@dataclass(frozen=True, slots=True)
class Fit:
    difficulty: Floats
    difficulty_se: Floats
    discrimination: Floats
    n: Integers
    population: Prior
    steps: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run. Without a fit there was too little to fit."""

    is_accepted: bool
    reason: str
    fit: Fit | None = None
    log_loss_before: float | None = None
    log_loss_after: float | None = None


def calibrated(answers: FirstAnswers, items: Items, population: Prior) -> Outcome:
    candidates = len(np.unique(answers.candidate))
    if len(answers) < FEWEST_ANSWERS or candidates < FEWEST_CANDIDATES:
        return Outcome(
            False,
            f"There are {len(answers)} first answers by {candidates} candidates;"
            f" {FEWEST_ANSWERS} answers by {FEWEST_CANDIDATES} candidates are needed.",
        )
    is_held_out = held_out(answers.row)
    fit_on, judge_on = answers.where(~is_held_out), answers.where(is_held_out)
    fit = guarded(fitted(fit_on, items, population), items)
    before = log_loss(fit_on, judge_on, items, population)
    in_force = replace(items, difficulty=fit.difficulty, discrimination=fit.discrimination)
    after = log_loss(fit_on, judge_on, in_force, fit.population)
    if after > before:
        reason = f"Answers that were held out are foretold worse: log loss {after:.4f} instead of {before:.4f}."
    else:
        reason = f"Answers that were held out are foretold no worse: log loss {after:.4f}, before {before:.4f}."
    return Outcome(after <= before, reason, fit, before, after)


def held_out(rows: Integers) -> Booleans:
    """A tenth, by a hash of the row: the same answers on every run, so that no parameter was ever fitted to them."""
    mixed = rows.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return np.asarray((mixed >> np.uint64(32)) % np.uint64(10) == 0)


def fitted(answers: FirstAnswers, items: Items, population: Prior) -> Fit:
    """Starts from the parameters in force. Without guards: see `guarded`."""
    n = np.bincount(answers.item, minlength=len(items))
    is_answered = n > 0
    # Answers of one item beside each other: sums by item then run through memory in order.
    answers = _by_item(answers)
    sitting = _Sitting.of(answers, items)
    is_population_free = sitting.candidates >= FREE_POPULATION_FROM
    is_steep = n >= FREE_DISCRIMINATION_FROM
    difficulty, discrimination = items.difficulty.copy(), items.discrimination.copy()
    discrimination[~is_steep] = 1.0
    ability = np.full((sitting.candidates, sitting.competencies), population.mean)
    difficulty_se = np.full(len(items), DIFFICULTY_SPREAD)
    steps = 0
    for steps in range(1, STEPS + 1):
        posterior = _posterior(
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


def guarded(fit: Fit, items: Items) -> Fit:
    """No item moves far in one night, or ever far from what its author thought; the scale stays anchored."""
    least, most = items.difficulty - MOST_MOVED_AT_ONCE, items.difficulty + MOST_MOVED_AT_ONCE
    # What lies too far already, because the author changed her mind, comes back by one move a night.
    lowest = np.clip(items.authored - MOST_FROM_AUTHORED, least, most)
    highest = np.clip(items.authored + MOST_FROM_AUTHORED, least, most)
    is_answered = fit.n > 0
    if not is_answered.any():
        return replace(fit, difficulty=items.authored.copy())
    aim = float(items.authored[is_answered].mean())
    down, up = -4.0, 4.0
    for _ in range(50):
        shift = (down + up) / 2
        if np.clip(fit.difficulty + shift, lowest, highest)[is_answered].mean() < aim:
            down = shift
        else:
            up = shift
    difficulty = np.clip(fit.difficulty + (down + up) / 2, lowest, highest)
    return replace(fit, difficulty=np.where(is_answered, difficulty, items.authored))


def log_loss(known: FirstAnswers, foretold: FirstAnswers, items: Items, population: Prior) -> float:
    """Mean of -log P of the answers foretold, each candidate's ability coming from the known ones."""
    probability = foresight(known, foretold, items, population)
    return float(-np.mean(np.log(np.where(foretold.is_correct, probability, 1 - probability))))


def foresight(known: FirstAnswers, foretold: FirstAnswers, items: Items, population: Prior) -> Floats:
    if not len(foretold):
        return np.zeros(0)
    candidates = int(max(known.candidate.max(initial=-1), foretold.candidate.max())) + 1
    sitting = _Sitting.of(_by_item(known), items, candidates)
    ability = np.full((candidates, sitting.competencies), population.mean)
    posterior = _posterior(sitting, items.difficulty, items.discrimination, population, ability, scorings=12)
    cell = foretold.candidate * sitting.competencies + items.competency[foretold.item]
    mean, spread = posterior.mean.ravel()[cell], np.sqrt(posterior.variance.ravel()[cell])
    difficulty, discrimination = items.difficulty[foretold.item], items.discrimination[foretold.item]
    probability = np.zeros(len(foretold))
    for node, weight in zip(NODES, WEIGHTS, strict=True):
        probability += weight * _logistic(discrimination * (mean + node * spread - difficulty))
    return GUESSING + (1 - GUESSING) * probability


@dataclass(frozen=True, slots=True)
class _Sitting:
    """The answers, laid out for sums: by item, and by cell (candidate and competency)."""

    cell: Integers
    item: Integers
    mark: Floats
    candidates: int
    competencies: int

    @classmethod
    def of(cls, answers: FirstAnswers, items: Items, candidates: int | None = None) -> _Sitting:
        if len(answers) and answers.item.max() >= len(items):
            raise ValueError("An answer names an item that is not there.")
        competencies = int(items.competency.max(initial=0)) + 1
        if candidates is None:
            candidates = int(answers.candidate.max(initial=-1)) + 1
        cell = answers.candidate * competencies + items.competency[answers.item]
        return cls(cell, answers.item, answers.is_correct.astype(np.float64), candidates, competencies)


@dataclass(frozen=True, slots=True)
class _Posterior:
    """Normal, per candidate: means and variances by competency, and the variance of the sum over competencies."""

    mean: Floats
    variance: Floats
    variance_of_sum: Floats


def _by_item(answers: FirstAnswers) -> FirstAnswers:
    order = np.argsort(answers.item, kind="stable")
    return FirstAnswers(answers.candidate[order], answers.item[order], answers.is_correct[order], answers.row[order])


def _logistic(z: Floats) -> Floats:
    # Beyond 40 nothing changes in double precision; within, the exponential cannot overflow.
    return np.asarray(1 / (1 + np.exp(-np.clip(z, -40, 40))))


def _sums(index: Integers, values: Floats, size: int) -> Floats:
    return np.bincount(index, values, size).astype(np.float64)


def _posterior(
    sitting: _Sitting,
    difficulty: Floats,
    discrimination: Floats,
    population: Prior,
    ability: Floats,
    *,
    scorings: int,
) -> _Posterior:
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
        s = _logistic(item_discrimination * (mean.ravel()[sitting.cell] - item_difficulty))
        p = GUESSING + (1 - GUESSING) * s
        slope = item_discrimination * s / p
        score = _sums(sitting.cell, (sitting.mark - p) * slope, size).reshape(shape)
        weighted = (1 - GUESSING) * item_discrimination * s * (1 - s) * slope
        information = _sums(sitting.cell, weighted, size).reshape(shape)
        off = mean - population.mean
        gradient = score - precision * off + shared * off.sum(axis=1, keepdims=True)
        inverse = 1 / (information + precision)
        scale = shared / (1 - shared * inverse.sum(axis=1, keepdims=True))
        step = inverse * gradient
        step += inverse * scale * step.sum(axis=1, keepdims=True)
        mean = mean + np.clip(step, -LARGEST_STEP, LARGEST_STEP)
    total = inverse.sum(axis=1)
    return _Posterior(mean, inverse + scale * inverse**2, total / (1 - shared * total))


def _population(posterior: _Posterior, population: Prior) -> Prior:
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
    posterior: _Posterior,
    sitting: _Sitting,
    authored: Floats,
    difficulty: Floats,
    discrimination: Floats,
    is_steep: Booleans,
) -> tuple[Floats, Floats, Floats]:
    """One step of Fisher scoring for every item; a discrimination moves where `is_steep`."""
    count = len(authored)
    mean, spread = posterior.mean.ravel()[sitting.cell], np.sqrt(posterior.variance.ravel()[sitting.cell])
    item_difficulty, item_discrimination = difficulty[sitting.item], discrimination[sitting.item]
    sums = np.zeros((5, len(mean)))
    for node, weight in zip(NODES, WEIGHTS, strict=True):
        off = mean + node * spread - item_difficulty
        s = _logistic(item_discrimination * off)
        p = GUESSING + (1 - GUESSING) * s
        slope = weight * item_discrimination * s / p
        score = (sitting.mark - p) * slope
        information = (1 - GUESSING) * item_discrimination * (1 - s) * s * slope
        sums[0] -= score
        sums[1] += information
        if is_steep.any():
            # In log a, whose z is a (theta - b): the derivative of z is z itself, that of b times -(theta - b).
            sums[2] += score * off
            sums[3] += information * off**2
            sums[4] -= information * off
    score_b, information_b, score_a, information_a, crossed = (_sums(sitting.item, row, count) for row in sums)
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
