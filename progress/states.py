"""How well an objective is known today, by what the memory model expects: the four states of the Mastery pages.

A memory that is `FIRM_FROM` days strong falls to a recall of 90 % that many days after it was last asked
(reviews/scheduler.py), so whoever knows an objective today is likely to know it next week too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import Enum

from reviews.scheduler import DESIRED_RETENTION

FIRM_FROM = 7


class State(Enum):
    KNOWN = "known"
    LEARNING = "learning"
    FADING = "fading"
    UNSEEN = "unseen"
    # An assignment keeps its answers to itself until it is due, so nothing may hint at them.
    WITHHELD = "withheld"


def state_of(*, recall: float | None, stability: float | None) -> State:
    """Of an objective that was answered, or without either."""
    if recall is None or stability is None:
        return State.UNSEEN
    if recall < DESIRED_RETENTION:
        return State.FADING
    return State.KNOWN if stability >= FIRM_FROM else State.LEARNING


def tally(states: Iterable[State]) -> dict[State, int]:
    """How many are in each, in the order in which they are shown."""
    counts = Counter(states)
    return {state: counts[state] for state in State}
