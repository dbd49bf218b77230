"""Two ground truths of memory, neither of which is the model that schedules; values in, values out.

A, after Pavlik & Anderson (2005). Each answer k leaves a trace that decays by a power of its age; a trace that is laid
while the memory is still active decays faster, which is the spacing effect:

    activation   m = ln sum_k v_k age_k ^ -d_k + beta,   d_k = c e ^ (m at k) + a
    recall       .98 logistic((m - tau) / s)

    Ages are seconds; a day counts as 86,400 h of them. The activation that sets a decay includes beta.

B, after Mozer et al. (2009). Ten leaky integrators with time constants from hours to a year; each answer fills a pool
only as far as the pools up to it are empty, so that what is still remembered adds little:

    strength     s_i = sum_(j <= i) g_j x_j / sum_(j <= i) g_j
    answer       x_i += eps (1 - s_i)+
    recall       1.128 s_10, at most .98

Both keep the memory of many candidates (rows) and objectives (columns); a batch names some objectives of each row.
Parameters were fitted to what `design_cells` lists, targets chosen within the literature; where the sources leave a
choice (beta within a decay, the gap of massed answers, the moments of past ones) the one that meets them best is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

HIGHEST_RECALL = 0.98
SECONDS_PER_DAY = 86400
MASSED_DAYS = 600 / SECONDS_PER_DAY
# Between candidates, and between objectives: of activation in A, of logarithms of rates and time constants in B.
CANDIDATE_SPREAD = 0.2
OBJECTIVE_SPREAD = 0.22


class World(Protocol):
    def recall(self, rows: Integers, columns: Integers, at: Floats) -> Floats:
        """The probability of recall, for each entry at its moment in days."""

    def study(self, rows: Integers, columns: Integers, at: Floats, recalled: Booleans) -> None:
        """An answer with feedback; no entry may come twice in one call."""


@dataclass(frozen=True, slots=True)
class Differences:
    """What makes memories differ: standard normal draws, per candidate and per objective."""

    candidates: NDArray[np.float64]
    objectives: NDArray[np.float64]

    def spread(self, which: int) -> Floats:
        together = (
            CANDIDATE_SPREAD * self.candidates[which][..., np.newaxis] + OBJECTIVE_SPREAD * self.objectives[which]
        )
        return np.asarray(together, np.float32)


class ActR:
    """World A."""

    DECAY_SCALE, DECAY_BASE = 0.4485, 0.0807
    THRESHOLD, NOISE = -1.110, 0.0804
    DAY_SCALE = 0.3148
    WEIGHT_OF_FAILURE = 0.812
    # What was known before: five answers long ago.
    PAST = (-400.0, -200.0, -100.0, -50.0, -25.0)
    PAST_DECAY = 0.155

    def __init__(self, known: Booleans, differences: Differences) -> None:
        rows, columns = known.shape
        self._beta = differences.spread(0)
        self._traces = np.where(known, len(self.PAST), 0)
        room = len(self.PAST) + 6
        self._at = np.zeros((rows, columns, room), np.float32)
        self._decay = np.ones((rows, columns, room), np.float32)
        self._weight = np.zeros((rows, columns, room), np.float32)
        past = slice(0, len(self.PAST))
        self._at[..., past] = np.array(self.PAST, np.float32)
        self._decay[..., past] = self.PAST_DECAY
        self._weight[..., past] = known[..., np.newaxis]

    def recall(self, rows: Integers, columns: Integers, at: Floats) -> Floats:
        activation = self._activation(rows, columns, at) + self._beta[rows, columns]
        odds = np.clip((activation - self.THRESHOLD) / self.NOISE, -40, 40)
        return np.asarray(HIGHEST_RECALL / (1 + np.exp(-odds)), np.float32)

    def study(self, rows: Integers, columns: Integers, at: Floats, recalled: Booleans) -> None:
        place = self._traces[rows, columns]
        self._make_room(int(place.max(initial=0)) + 1)
        activation = np.exp(self._activation(rows, columns, at) + self._beta[rows, columns])
        self._at[rows, columns, place] = at
        self._decay[rows, columns, place] = self.DECAY_SCALE * activation + self.DECAY_BASE
        self._weight[rows, columns, place] = np.where(recalled, 1, self.WEIGHT_OF_FAILURE)
        self._traces[rows, columns] = place + 1

    def _activation(self, rows: Integers, columns: Integers, at: Floats) -> Floats:
        used = max(int(self._traces[rows, columns].max(initial=0)), 1)
        days = np.maximum(at[:, np.newaxis] - self._at[rows, columns, :used], 1 / SECONDS_PER_DAY)
        logs = np.log(days * np.float32(SECONDS_PER_DAY * self.DAY_SCALE))
        traces = self._weight[rows, columns, :used] * np.exp(-self._decay[rows, columns, :used] * logs)
        return np.asarray(np.log(traces.sum(axis=-1) + np.float32(1e-30)), np.float32)

    def _make_room(self, needed: int) -> None:
        missing = needed - self._at.shape[-1]
        if missing > 0:
            more = ((0, 0), (0, 0), (0, max(missing, self._at.shape[-1])))
            self._at, self._weight = np.pad(self._at, more), np.pad(self._weight, more)
            self._decay = np.pad(self._decay, more, constant_values=1)


class Mcm:
    """World B."""

    POOLS = 10
    SHORTEST_DAYS, LONGEST_DAYS = 0.1615, 401.0
    WEIGHT_GROWTH = 0.0279
    RATE_OF_SUCCESS, RATE_OF_FAILURE = 0.708, 0.690
    SCALE = 1.128
    # What was known before fills the slower pools.
    PAST_POOLS = slice(3, 10)
    PAST_FILL = 3.018 * np.linspace(0.3, 1.0, 7)

    def __init__(self, known: Booleans, differences: Differences) -> None:
        weights = np.exp(self.WEIGHT_GROWTH * np.arange(1, self.POOLS + 1))
        self._weights = (weights / weights.sum()).astype(np.float32)
        self._up_to = np.cumsum(self._weights)
        self._days = np.geomspace(self.SHORTEST_DAYS, self.LONGEST_DAYS, self.POOLS).astype(np.float32)
        self._rate = np.exp(differences.spread(0))
        self._slowness = np.exp(differences.spread(1))
        self._pools = np.zeros((*known.shape, self.POOLS), np.float32)
        self._pools[..., self.PAST_POOLS] = known[..., np.newaxis] * self.PAST_FILL
        self._since = np.zeros(known.shape, np.float32)

    def recall(self, rows: Integers, columns: Integers, at: Floats) -> Floats:
        together = self._left(rows, columns, at) @ self._weights
        return np.asarray(np.clip(self.SCALE * together, 0, HIGHEST_RECALL), np.float32)

    def study(self, rows: Integers, columns: Integers, at: Floats, recalled: Booleans) -> None:
        pools = self._left(rows, columns, at)
        strengths = np.cumsum(pools * self._weights, axis=-1) / self._up_to
        rates = np.where(recalled, self.RATE_OF_SUCCESS, self.RATE_OF_FAILURE) * self._rate[rows, columns]
        self._pools[rows, columns] = pools + rates[:, np.newaxis] * np.maximum(1 - strengths, 0)
        self._since[rows, columns] = at

    def _left(self, rows: Integers, columns: Integers, at: Floats) -> Floats:
        slow = self._slowness[rows, columns]
        elapsed = (at - self._since[rows, columns]) / slow
        return np.asarray(self._pools[rows, columns] * np.exp(-elapsed[:, np.newaxis] / self._days), np.float32)


WORLDS: dict[str, Callable[[Booleans, Differences], World]] = {"A": ActR, "B": Mcm}


@dataclass(frozen=True, slots=True)
class DesignCell:
    """Recall that a world should show after answers at some days, and what it shows."""

    world: str
    name: str
    target: float
    found: float
    is_exempt: bool = False

    @property
    def distance(self) -> float:
        return abs(self.found - self.target)


LARGEST_DISTANCE = 0.06
_WEEK = 7.0
# Name, moments of the answers (the first fails unless it was known), moment of the test, target.
_CELLS: Sequence[tuple[str, tuple[float, ...], float, float]] = (
    ("one answer, 1 day later", (0.0,), 1.0, 0.58),
    ("one answer, 7 days later", (0.0,), 7.0, 0.40),
    ("one answer, 28 days later", (0.0,), 28.0, 0.27),
    ("two massed, 28 days later", (0.0, MASSED_DAYS), 28.0 + MASSED_DAYS, 0.31),
    ("two a day apart, 28 days later", (0.0, 1.0), 29.0, 0.38),
    ("two a week apart, 28 days later", (0.0, _WEEK), 35.0, 0.44),
    ("four weekly, 14 days later", (0.0, _WEEK, 2 * _WEEK, 3 * _WEEK), 3 * _WEEK + 14, 0.76),
    ("four massed, 28 days later", tuple(MASSED_DAYS * k for k in range(4)), 28.0 + 3 * MASSED_DAYS, 0.36),
)
_KNOWN_CELLS = (("known before, now", 0.0, 0.90), ("known before, 42 days later", 42.0, 0.82))


def design_cells(*, people: int = 4000, seed: int = 1) -> list[DesignCell]:
    """What both worlds show in the situations that their parameters were fitted to. B may miss "known before, now"."""
    cells = []
    for name, world in WORLDS.items():
        for label, moments, tested_at, target in _CELLS:
            cells.append(DesignCell(name, label, target, _found(world, moments, tested_at, people, seed, known=False)))
        for label, tested_at, target in _KNOWN_CELLS:
            found = _found(world, (), tested_at, people, seed, known=True)
            cells.append(DesignCell(name, label, target, found, is_exempt=name == "B" and tested_at == 0))
    return cells


def _found(
    build: Callable[[Booleans, Differences], World],
    moments: Sequence[float],
    tested_at: float,
    people: int,
    seed: int,
    *,
    known: bool,
) -> float:
    draws = np.random.default_rng(seed)
    differences = Differences(draws.standard_normal((2, people)), draws.standard_normal((2, people, 1)))
    world = build(np.full((people, 1), known), differences)
    rows, columns = np.arange(people), np.zeros(people, np.int64)
    for moment in moments:
        at = np.full(people, moment, np.float32)
        recalled = draws.random(people) < world.recall(rows, columns, at)
        world.study(rows, columns, at, recalled)
    return float(world.recall(rows, columns, np.full(people, tested_at, np.float32)).mean())
