"""The memory of one objective: FSRS-6 with its default parameters, in whole study days and without short steps.

Two values in, one value out: `review(memory, rating, on)`. A card is a fold of `review` over its log.

Source: open-spaced-repetition, FSRS-6, as in py-fsrs 6.3 (`fsrs/scheduler.py`), which a test compares at 1e-9.
With parameters w0..w20, stability S (days until recall falls to 90 %), difficulty D (1..10), rating G (1..4) and
t days since the last review:

    recall          R(t, S) = (1 + F t / S) ^ -w20,   F = 0.9 ^ (-1 / w20) - 1,   so that R(S, S) = 0.9
    interval        I(r, S) = S / F (r ^ (-1 / w20) - 1), rounded, at least one day
    first review    S0(G) = w[G - 1],   D0(G) = clip(w4 - e ^ (w5 (G - 1)) + 1)
    difficulty      D' = clip(w7 D0(4) + (1 - w7) (D - w6 (G - 3) (10 - D) / 9)),   D0(4) unclipped
    success         S' = S (1 + e ^ w8 (11 - D) S ^ -w9 (e ^ (w10 (1 - R)) - 1) h b),   h = w15 if Hard, b = w16 if Easy
    failure         S' = min(w11 D ^ -w12 ((S + 1) ^ w13 - 1) e ^ (w14 (1 - R)),   S / e ^ (w17 w18))
    the same day    S' = S e ^ (w17 (G - 3 + w18)) S ^ -w19, the factor at least 1 unless Again

A review falls due when recall is expected at DESIRED_RETENTION. That is far below the 90 % of flashcard programs:
with a fixed exam date and a limited number of minutes, a lower gate leaves time to meet every objective, which gains
more points than polishing those already met (docs/decisions/0005 gives the measurements).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

ALGORITHM_VERSION = "fsrs-6.0"
DESIRED_RETENTION = 0.75
LONGEST_INTERVAL = 36500
LOWEST_STABILITY = 0.001

# fmt: off
W = (
    0.212, 1.2931, 2.3065, 8.2956,   # stability after a first Again, Hard, Good, Easy
    6.4133, 0.8334, 3.0194, 0.001,   # difficulty
    1.8722, 0.1666, 0.796,           # success
    1.4835, 0.0614, 0.2629, 1.6483,  # failure
    0.6014, 1.8729,                  # Hard, Easy
    0.5425, 0.0912, 0.0658,          # the same day
    0.1542,                          # decay
)
# fmt: on
DECAY = -W[20]
FACTOR = math.pow(0.9, 1 / DECAY) - 1


class Rating(IntEnum):
    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class State(IntEnum):
    """Without short steps every reviewed card is in REVIEW; the other two are the model's and stay unused."""

    LEARNING = 1
    REVIEW = 2
    RELEARNING = 3


@dataclass(frozen=True, slots=True)
class Review:
    """One recall: how it went, and on which study day."""

    rating: int
    on: date


@dataclass(frozen=True, slots=True)
class Memory:
    stability: float
    difficulty: float
    state: int
    due_on: date
    last_reviewed_on: date
    reps: int
    lapses: int


def rating_for(*, is_correct: bool, confidence: str) -> int:
    """Map an answer to a rating: a lucky guess was not remembered; no confidence given means sure."""
    rating = {"": Rating.GOOD, "sure": Rating.GOOD, "unsure": Rating.HARD, "guess": Rating.AGAIN}.get(confidence)
    if rating is None:
        raise ValueError(f"Unknown confidence {confidence!r}.")
    return int(rating) if is_correct else int(Rating.AGAIN)


def review(memory: Memory | None, rating: int, on: date) -> Memory:
    """The memory after one review. A day before the last review counts as the same day."""
    rating = Rating(rating)
    if memory is None:
        stability, difficulty = W[rating - 1], _clip(_first_difficulty(rating))
        return _reviewed(stability, difficulty, on, reps=1, lapses=0)
    on = max(on, memory.last_reviewed_on)
    return _reviewed(
        _next_stability(memory, rating, on),
        _next_difficulty(memory.difficulty, rating),
        on,
        reps=memory.reps + 1,
        lapses=memory.lapses + (rating == Rating.AGAIN),
    )


def fold(reviews: Iterable[Review]) -> Memory:
    """The memory after all reviews, oldest first; there must be at least one."""
    memory: Memory | None = None
    for each in reviews:
        memory = review(memory, each.rating, each.on)
    if memory is None:
        raise ValueError("A memory begins with a review.")
    return memory


def retrievability(memory: Memory, on: date) -> float:
    """The probability of recall on a day, 0 to 1."""
    elapsed = max(0, (on - memory.last_reviewed_on).days)
    return math.pow(1 + FACTOR * elapsed / memory.stability, DECAY)


def interval(stability: float, retention: float = DESIRED_RETENTION) -> int:
    """Whole days until recall is expected to fall to `retention`."""
    days = round(stability / FACTOR * (math.pow(retention, 1 / DECAY) - 1))
    return min(max(days, 1), LONGEST_INTERVAL)


def _reviewed(stability: float, difficulty: float, on: date, *, reps: int, lapses: int) -> Memory:
    stability = max(stability, LOWEST_STABILITY)
    due_on = on + timedelta(days=interval(stability))
    return Memory(stability, difficulty, State.REVIEW, due_on, last_reviewed_on=on, reps=reps, lapses=lapses)


def _first_difficulty(rating: int) -> float:
    return W[4] - math.exp(W[5] * (rating - 1)) + 1


def _next_difficulty(difficulty: float, rating: int) -> float:
    moved = difficulty - W[6] * (rating - 3) * (10 - difficulty) / 9
    return _clip(W[7] * _first_difficulty(Rating.EASY) + (1 - W[7]) * moved)


def _next_stability(memory: Memory, rating: int, on: date) -> float:
    if on == memory.last_reviewed_on:
        return _stability_the_same_day(memory.stability, rating)
    recall = retrievability(memory, on)
    if rating == Rating.AGAIN:
        return _stability_after_failure(memory.stability, memory.difficulty, recall)
    return _stability_after_success(memory.stability, memory.difficulty, recall, rating)


def _stability_the_same_day(stability: float, rating: int) -> float:
    factor = math.exp(W[17] * (rating - 3 + W[18])) * math.pow(stability, -W[19])
    return stability * (factor if rating == Rating.AGAIN else max(factor, 1.0))


def _stability_after_failure(stability: float, difficulty: float, recall: float) -> float:
    kept = W[11] * math.pow(difficulty, -W[12]) * (math.pow(stability + 1, W[13]) - 1)
    kept *= math.exp(W[14] * (1 - recall))
    return min(kept, stability / math.exp(W[17] * W[18]))


def _stability_after_success(stability: float, difficulty: float, recall: float, rating: int) -> float:
    penalty = W[15] if rating == Rating.HARD else 1.0
    bonus = W[16] if rating == Rating.EASY else 1.0
    gain = math.exp(W[8]) * (11 - difficulty) * math.pow(stability, -W[9]) * (math.exp(W[10] * (1 - recall)) - 1)
    return stability * (1 + gain * penalty * bonus)


def _clip(difficulty: float) -> float:
    return min(max(difficulty, 1.0), 10.0)
