"""The memory of objectives: FSRS-6 in numpy, in whole study days and without short steps.

Everything works on arrays, many memories at once; a single memory is an array of one. `fold` is the whole of a log.

Source: open-spaced-repetition, FSRS-6, as in py-fsrs 6.3 (`fsrs/scheduler.py`), with which a test compares at 1e-9.
With parameters w0..w20, stability S (days until recall falls to 90 %), difficulty D (1..10), rating G (1..4) and
t days since the last review:

    recall          R(t, S) = (1 + F t / S) ^ -w20,   F = 0.9 ^ (-1 / w20) - 1,   so that R(S, S) = 0.9
    interval        I(r, S) = S / F (r ^ (-1 / w20) - 1)
    first review    S0(G) = w[G - 1],   D0(G) = clip(w4 - e ^ (w5 (G - 1)) + 1)
    difficulty      D' = clip(w7 D0(4) + (1 - w7) (D - w6 (G - 3) (10 - D) / 9)),   D0(4) unclipped
    success         S' = S (1 + e ^ w8 (11 - D) S ^ -w9 (e ^ (w10 (1 - R)) - 1) h b),   h = w15 if Hard, b = w16 if Easy
    failure         S' = min(w11 D ^ -w12 ((S + 1) ^ w13 - 1) e ^ (w14 (1 - R)),   S / e ^ (w17 w18))
    the same day    S' = S e ^ (w17 (G - 3 + w18)) S ^ -w19, the factor at least 1 unless Again

`parameters` may hold a trailing axis for several sets at once: with shape (21, p, 1) every result has a leading axis
of p, which is how reviews/fitting.py looks in all directions in one pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

ALGORITHM_VERSION = "fsrs-6.3"
# Of a review that nothing but memory asks for: no exam date, or none left. Anki and py-fsrs ask at 90 %;
# docs/decisions/0005 says why not here.
DESIRED_RETENTION = 0.75
LONGEST_INTERVAL = 36500
LOWEST_STABILITY = 0.001

# fmt: off
DEFAULT_PARAMETERS = (
    0.212, 1.2931, 2.3065, 8.2956,   # stability after a first Again, Hard, Good, Easy
    6.4133, 0.8334, 3.0194, 0.001,   # difficulty
    1.8722, 0.1666, 0.796,           # success
    1.4835, 0.0614, 0.2629, 1.6483,  # failure
    0.6014, 1.8729,                  # Hard, Easy
    0.5425, 0.0912, 0.0658,          # the same day
    0.1542,                          # decay
)
# What everybody starts with. The model was made for flashcards that people grade themselves; the first answer to a
# multiple-choice question says more: wrong is mostly forgotten within days though the rationale was read, right but
# unsure was mostly a guess, and right and sure was known long before, more firmly than what the model calls easy. Later
# too, right but unsure is mostly a guess and hardly makes firmer (docs/decisions/0005).
KNOWN_STABILITY = 20.0
GROWTH_WHEN_UNSURE = 0.1
START_PARAMETERS = (
    0.1, 0.2, KNOWN_STABILITY, KNOWN_STABILITY, *DEFAULT_PARAMETERS[4:15], GROWTH_WHEN_UNSURE, *DEFAULT_PARAMETERS[16:]
)
# What py-fsrs accepts; beyond these the formulas lose their meaning.
LOWEST_PARAMETERS = (
    0.001, 0.001, 0.001, 0.001,
    1.0, 0.001, 0.001, 0.001,
    0.0, 0.0, 0.001,
    0.001, 0.001, 0.001, 0.0,
    0.0, 1.0,
    0.0, 0.0, 0.0,
    0.1,
)
HIGHEST_PARAMETERS = (
    100.0, 100.0, 100.0, 100.0,
    10.0, 4.0, 4.0, 0.75,
    4.5, 0.8, 3.5,
    5.0, 0.25, 0.9, 4.0,
    1.0, 6.0,
    2.0, 2.0, 0.8,
    0.8,
)
# fmt: on
Parameters = Sequence[float] | Floats


class Rating(IntEnum):
    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class Strength(NamedTuple):
    """How firm memories are: stability in days, difficulty 1 to 10."""

    stability: Floats
    difficulty: Floats


class Fold(NamedTuple):
    """What a log comes to. The first six are per card, in the order of `cards`; the rest per review, as given."""

    cards: Integers
    stability: Floats
    difficulty: Floats
    last_day: Integers
    reps: Integers
    lapses: Integers
    recall: Floats  # expected just before the review; nan where it was the card's first
    difficulties: Floats  # just after the review


def rating_for(*, is_correct: bool, confidence: str) -> int:
    """Map an answer to a rating: a lucky guess was not remembered; no confidence given means sure."""
    rating = {"": Rating.GOOD, "sure": Rating.GOOD, "unsure": Rating.HARD, "guess": Rating.AGAIN}.get(confidence)
    if rating is None:
        raise ValueError(f"Unknown confidence {confidence!r}.")
    return int(rating) if is_correct else int(Rating.AGAIN)


def usable_parameters(parameters: Sequence[float] | None) -> tuple[float, ...]:
    """The parameters, or those to start with where they are missing, of the wrong number or out of range."""
    if parameters is None or len(parameters) != len(DEFAULT_PARAMETERS):
        return START_PARAMETERS
    bounds = zip(LOWEST_PARAMETERS, parameters, HIGHEST_PARAMETERS, strict=True)
    # A nan is in no range.
    return tuple(parameters) if all(low <= one <= high for low, one, high in bounds) else START_PARAMETERS


def recall(stability: Floats, elapsed: Floats | Integers, parameters: Parameters = DEFAULT_PARAMETERS) -> Floats:
    """The probability of recall, 0 to 1, so many days after the last review. Days before it count as its own day."""
    w = parameters
    return np.asarray((1 + _factor(w) * np.maximum(elapsed, 0) / stability) ** -w[20])


def interval(
    stability: Floats, retention: float = DESIRED_RETENTION, parameters: Parameters = DEFAULT_PARAMETERS
) -> Integers:
    """Whole days until recall is expected to fall to `retention`, at least one."""
    w = parameters
    days = np.round(stability / _factor(w) * (retention ** (-1 / w[20]) - 1))
    return np.asarray(np.clip(days, 1, LONGEST_INTERVAL)).astype(np.int64)


def first_memory(rating: Integers, parameters: Parameters = DEFAULT_PARAMETERS) -> Strength:
    w = np.asarray(parameters)
    stability = np.maximum(np.choose(rating - 1, w[:4]), LOWEST_STABILITY)
    return Strength(stability, np.clip(_first_difficulty(rating, parameters), 1.0, 10.0))


def next_memory(
    memory: Strength, rating: Integers, elapsed: Integers, parameters: Parameters = DEFAULT_PARAMETERS
) -> Strength:
    """After a review so many days after the last one; no days, or fewer, are the same day."""
    stability = np.where(
        elapsed <= 0,
        _stability_the_same_day(memory.stability, rating, parameters),
        _stability_on_a_later_day(memory, rating, elapsed, parameters),
    )
    return Strength(np.maximum(stability, LOWEST_STABILITY), _next_difficulty(memory.difficulty, rating, parameters))


def fold(cards: Integers, ratings: Integers, days: Integers, parameters: Parameters = DEFAULT_PARAMETERS) -> Fold:
    """All memories from a log: for each review its card, rating and day; each card's reviews in the order of time.

    Reviews of different cards may be mixed. A day earlier than the card's last one counts as the same day. All first
    reviews are taken at once, then all second ones, and so on: the cost is that of the reviews, plus a little for each
    review of the card that has most.
    """
    order = np.argsort(cards, kind="stable")
    names, starts, reps = np.unique(cards[order], return_index=True, return_counts=True)
    # The longest histories first, so that those with a further review are always the first so many.
    by_length = np.argsort(-reps, kind="stable")
    starts, counts = starts[by_length], reps[by_length]
    shape = np.broadcast_shapes(np.shape(parameters)[1:], (len(names),))
    expected = np.full((*shape[:-1], len(cards)), np.nan)
    difficulties = np.empty(expected.shape)
    lapses = np.zeros(len(names), dtype=np.int64)
    last = np.zeros(len(names), dtype=np.int64)
    stability, difficulty = np.empty(shape), np.empty(shape)
    for turn in range(int(counts[0]) if len(counts) else 0):
        many = int(np.searchsorted(-counts, -turn, side="left"))
        rows = order[starts[:many] + turn]
        rating, on = ratings[rows], days[rows]
        if turn == 0:
            memory = first_memory(rating, parameters)
        else:
            elapsed = np.maximum(on - last[:many], 0)
            memory = Strength(stability[..., :many], difficulty[..., :many])
            expected[..., rows] = recall(memory.stability, elapsed, parameters)
            memory = next_memory(memory, rating, elapsed, parameters)
            lapses[:many] += rating == Rating.AGAIN
            on = last[:many] + elapsed
        last[:many] = on
        stability[..., :many], difficulty[..., :many] = memory
        difficulties[..., rows] = memory.difficulty
    back = np.argsort(by_length, kind="stable")
    per_card = (names, stability[..., back], difficulty[..., back], last[back], reps, lapses[back])
    return Fold(*per_card, expected, difficulties)


def _factor(w: Parameters) -> Floats:
    return np.asarray(0.9 ** (-1 / w[20]) - 1)


def _first_difficulty(rating: Integers | int, w: Parameters) -> Floats:
    return np.asarray(w[4] - np.exp(w[5] * (rating - 1)) + 1)


def _next_difficulty(difficulty: Floats, rating: Integers, w: Parameters) -> Floats:
    moved = difficulty - w[6] * (rating - 3) * (10 - difficulty) / 9
    return np.clip(w[7] * _first_difficulty(Rating.EASY, w) + (1 - w[7]) * moved, 1.0, 10.0)


def _stability_the_same_day(stability: Floats, rating: Integers, w: Parameters) -> Floats:
    factor = np.exp(w[17] * (rating - 3 + w[18])) * stability ** -w[19]
    return np.asarray(stability * np.where(rating == Rating.AGAIN, factor, np.maximum(factor, 1.0)))


def _stability_on_a_later_day(memory: Strength, rating: Integers, elapsed: Integers, w: Parameters) -> Floats:
    forgotten = 1 - recall(memory.stability, elapsed, w)
    return np.where(
        rating == Rating.AGAIN,
        _stability_after_failure(memory, forgotten, w),
        _stability_after_success(memory, forgotten, rating, w),
    )


def _stability_after_failure(memory: Strength, forgotten: Floats, w: Parameters) -> Floats:
    kept = w[11] * memory.difficulty ** -w[12] * ((memory.stability + 1) ** w[13] - 1) * np.exp(w[14] * forgotten)
    return np.asarray(np.minimum(kept, memory.stability / np.exp(w[17] * w[18])))


def _stability_after_success(memory: Strength, forgotten: Floats, rating: Integers, w: Parameters) -> Floats:
    penalty = np.where(rating == Rating.HARD, w[15], 1.0)
    bonus = np.where(rating == Rating.EASY, w[16], 1.0)
    gain = np.exp(w[8]) * (11 - memory.difficulty) * memory.stability ** -w[9] * (np.exp(w[10] * forgotten) - 1)
    return np.asarray(memory.stability * (1 + gain * penalty * bonus))
