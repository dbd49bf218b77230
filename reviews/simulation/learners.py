"""Who studies: candidates, objectives and everything random about them, drawn once for all policies.

Ability in a competency is N(0, .7) in general plus N(0, .5) of its own; an objective's difficulty is N(.6, .8), with
which an author's level correlates at .64; it is known at the start with logistic(ability - difficulty). Of the days
15 % are off, and the others have the daily minutes times U(.6, 1.4). Chance is drawn for each candidate, objective and
turn, so that two policies which ask the same objective for the third time meet the same luck (common random numbers).
After TURNS turns luck repeats.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reviews.simulation.worlds import Booleans, Differences, Floats, Integers

# The blueprint: share of the exam by competency. A bank holds its objectives in the same proportion.
SHARES = (14, 19, 14, 17, 20, 16)
ABILITY_SPREAD, COMPETENCY_SPREAD = 0.7, 0.5
MEAN_DIFFICULTY, DIFFICULTY_SPREAD = 0.6, 0.8
# Correlation of the level that an author gives with the difficulty.
AUTHORED_AGREEMENT = 0.64
AUTHORED_STREAM = 1
DAYS_OFF = 0.15
FEWEST_MINUTES, MOST_MINUTES = 0.6, 1.4
TURNS = 24
# Luck by what it decides: recall, a right guess, misjudged confidence.
RECALL, GUESS, CONFIDENCE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Learners:
    """Rows are candidates, columns objectives.

    `minutes` holds each day's multiple of the daily minutes, `authored` the difficulty that the levels let expect.
    """

    competency: Integers
    weight: NDArray[np.float64]
    known: Booleans
    differences: Differences
    minutes: Floats
    luck: Floats
    seeds: Integers
    authored: NDArray[np.float64]

    @property
    def count(self) -> int:
        return len(self.known)

    @property
    def objectives(self) -> int:
        return len(self.competency)


def draw_learners(*, candidates: int, seeds: int, objectives: int, days: int, first_seed: int = 1) -> Learners:
    """`candidates` for each seed; a seed has its own objectives too."""
    competency = share_out(objectives)
    weight = (np.array(SHARES) / sum(SHARES) / np.bincount(competency))[competency]
    drawn = [_draw(first_seed + number, candidates, competency, days) for number in range(seeds)]
    return Learners(
        competency=competency,
        weight=weight,
        known=np.concatenate([one.known for one in drawn]),
        differences=Differences(
            np.concatenate([one.candidates for one in drawn], axis=1),
            np.concatenate([one.per_objective for one in drawn], axis=1),
        ),
        minutes=np.concatenate([one.minutes for one in drawn]),
        luck=np.concatenate([one.luck for one in drawn], axis=1),
        seeds=np.concatenate([one.seeds for one in drawn]),
        authored=np.concatenate([one.authored for one in drawn]),
    )


def share_out(objectives: int) -> Integers:
    """The competency of each objective, in the proportion of the shares."""
    ends = np.round(np.cumsum(SHARES) * objectives / sum(SHARES))
    return np.searchsorted(ends, np.arange(objectives), side="right")


@dataclass(frozen=True, slots=True)
class _Drawn:
    known: Booleans
    candidates: NDArray[np.float64]
    per_objective: NDArray[np.float64]
    minutes: Floats
    luck: Floats
    seeds: Integers
    authored: NDArray[np.float64]


def _draw(seed: int, candidates: int, competency: Integers, days: int) -> _Drawn:
    draws = np.random.default_rng(seed)
    shape = (candidates, len(competency))
    general = draws.normal(0, ABILITY_SPREAD, (candidates, 1))
    own = draws.normal(0, COMPETENCY_SPREAD, (candidates, len(SHARES)))
    difficulty = draws.normal(MEAN_DIFFICULTY, DIFFICULTY_SPREAD, len(competency))
    ability = (general + own)[:, competency]
    known = draws.random(shape) < 1 / (1 + np.exp(difficulty - ability))
    is_off = draws.random((candidates, days)) < DAYS_OFF
    minutes = draws.uniform(FEWEST_MINUTES, MOST_MINUTES, (candidates, days)).astype(np.float32)
    return _Drawn(
        known=known,
        candidates=draws.standard_normal((2, candidates)),
        per_objective=np.repeat(draws.standard_normal((2, 1, len(competency))), candidates, axis=1),
        minutes=np.where(is_off, np.float32(0), minutes),
        luck=draws.random((3, *shape, TURNS), dtype=np.float32),
        seeds=1_000_003 * seed + np.arange(candidates),
        authored=np.repeat(_authored(seed, difficulty)[np.newaxis], candidates, axis=0),
    )


def _authored(seed: int, difficulty: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the authors' levels say about difficulty: logits from the mean, as far as they can be believed.

    From its own generator, so that everything else stays as it is drawn without it.
    """
    noise = np.random.default_rng([seed, AUTHORED_STREAM]).normal(0, DIFFICULTY_SPREAD, len(difficulty))
    level = AUTHORED_AGREEMENT * (difficulty - MEAN_DIFFICULTY) + math.sqrt(1 - AUTHORED_AGREEMENT**2) * noise
    return AUTHORED_AGREEMENT * level
