"""Whether the parameters of a run may come into force: a fixed tenth of the answers is never fitted, and judges it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from quizzes.ability import GUESSING, Prior, logistic
from quizzes.calibration.answers import Booleans, FirstAnswers, Floats, Integers, Items, by_item
from quizzes.calibration.fitting import Fit, fitted
from quizzes.calibration.posteriors import NODES, WEIGHTS, Sitting, posterior_of

MODEL_VERSION = "map-em-1"

MOST_MOVED_AT_ONCE = 0.5
MOST_FROM_AUTHORED = 2.5
FEWEST_ANSWERS = 200
FEWEST_CANDIDATES = 5


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
    sitting = Sitting.of(by_item(known), items, candidates)
    ability = np.full((candidates, sitting.competencies), population.mean)
    posterior = posterior_of(sitting, items.difficulty, items.discrimination, population, ability, scorings=12)
    cell = foretold.candidate * sitting.competencies + items.competency[foretold.item]
    mean, spread = posterior.mean.ravel()[cell], np.sqrt(posterior.variance.ravel()[cell])
    difficulty, discrimination = items.difficulty[foretold.item], items.discrimination[foretold.item]
    probability = np.zeros(len(foretold))
    for node, weight in zip(NODES, WEIGHTS, strict=True):
        probability += weight * logistic(discrimination * (mean + node * spread - difficulty))
    return GUESSING + (1 - GUESSING) * probability
