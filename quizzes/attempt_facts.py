"""What one finished attempt tells beside its score: pace, changed answers, certainty, and why answers went wrong.

A question that was left before it showed for a second has no time and takes no part in the pace. Slow means more than
`SLOW_TIMES` the median of the attempt. An answer counts as changed when another label was chosen after the first one,
or when the choice was taken back; choosing the same label twice is no change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from statistics import median, quantiles

from quizzes.scoring import percent_of, wilson_interval

SLOW_TIMES = 1.5
# A median of fewer times says nothing about which is slow.
FEWEST_TIMES = 5
# Among fewer others a place says more about them than about the candidate, and a smaller group might be recognised.
FEWEST_PEERS = 20
FEWEST_IN_A_GROUP = 5


class Change(StrEnum):
    """From the first choice to the last."""

    WRONG_TO_RIGHT = "wrong_to_right"
    RIGHT_TO_WRONG = "right_to_wrong"
    WRONG_TO_WRONG = "wrong_to_wrong"
    RIGHT_TO_RIGHT = "right_to_right"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseFacts:
    position: int
    competency: str
    competency_position: int  # in the handbook
    key: str
    selected: str  # a label; empty where nothing was answered
    is_correct: bool
    is_flagged: bool
    confidence: str
    seconds: int
    miss_reason: str
    choices: tuple[str, ...]  # as `choices_of` gives them

    @property
    def changes(self) -> int:
        """How often a choice was replaced or taken back for good."""
        return max(0, len(self.choices) - 1) + (bool(self.choices) and not self.selected)

    @property
    def change(self) -> Change | None:
        if not self.changes:
            return None
        if self.choices[0] == self.key:
            return Change.RIGHT_TO_RIGHT if self.is_correct else Change.RIGHT_TO_WRONG
        return Change.WRONG_TO_RIGHT if self.is_correct else Change.WRONG_TO_WRONG

    @property
    def is_wrong(self) -> bool:
        """Answered, and not right."""
        return bool(self.selected) and not self.is_correct

    @property
    def is_sure_but_wrong(self) -> bool:
        return self.is_wrong and self.confidence == "sure"

    @property
    def is_right_but_unsure(self) -> bool:
        return self.is_correct and self.confidence in ("unsure", "guess")


@dataclass(frozen=True, slots=True)
class Share:
    """Right answers of some, with the 90 % interval of their share in percent."""

    right: int
    total: int

    @property
    def percent(self) -> int:
        return percent_of(self.right, self.total)

    @property
    def interval(self) -> tuple[int, int]:
        low, high = wilson_interval(self.right, self.total)
        return round(low), round(high)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerPlace:
    """Where a score stands among the first scores of others, in percent."""

    n: int
    below: int
    low: int  # a quarter of the others scored less
    median: int
    high: int  # a quarter of the others scored more


def choices_of(labels: Iterable[str]) -> tuple[str, ...]:
    """The labels of an answer log, in its order, without what was taken back and without repeats in a row."""
    return tuple(label for label, _ in groupby(label for label in labels if label))


def median_seconds(rows: Iterable[ResponseFacts]) -> float | None:
    times = [row.seconds for row in rows if row.seconds]
    return median(times) if len(times) >= FEWEST_TIMES else None


def slow_rows(rows: Sequence[ResponseFacts]) -> list[ResponseFacts]:
    middle = median_seconds(rows)
    return [] if middle is None else [row for row in rows if row.seconds > SLOW_TIMES * middle]


def slowest(rows: Iterable[ResponseFacts], count: int) -> list[ResponseFacts]:
    """Longest first; among equals, the earlier question."""
    timed = [row for row in rows if row.seconds]
    return sorted(timed, key=lambda row: (-row.seconds, row.position))[:count]


def change_counts(rows: Iterable[ResponseFacts]) -> dict[Change, int]:
    """Of every kind of change, none left out."""
    counts = Counter(row.change for row in rows)
    return {change: counts[change] for change in Change}


def share_by_confidence(rows: Iterable[ResponseFacts], confidences: Sequence[str]) -> dict[str, Share]:
    """In the order given; what was never said is left out, and so are questions without an answer."""
    said = [row for row in rows if row.selected]
    shares = {name: share_of(row for row in said if row.confidence == name) for name in confidences}
    return {name: share for name, share in shares.items() if share.total}


def share_of(rows: Iterable[ResponseFacts]) -> Share:
    marks = [row.is_correct for row in rows]
    return Share(sum(marks), len(marks))


def first_and_repeated(rows: Sequence[ResponseFacts], seen: Collection[int]) -> tuple[Share, Share]:
    """Questions met here for the first time, and those met before; `seen` holds the positions of the latter."""
    return (
        share_of(row for row in rows if row.position not in seen),
        share_of(row for row in rows if row.position in seen),
    )


def peer_place(scores: Mapping[int, int], own: int) -> PeerPlace | None:
    """`scores`: how many others scored each percentage. None among too few.

    A group smaller than `FEWEST_IN_A_GROUP` is not counted out: `below` is moved in by as much.
    """
    others = sorted(Counter(scores).elements())
    if len(others) < FEWEST_PEERS:
        return None
    below = sum(score < own for score in others)
    low, middle, high = quantiles(others, n=4, method="inclusive")
    return PeerPlace(
        n=len(others),
        below=min(max(below, FEWEST_IN_A_GROUP), len(others) - FEWEST_IN_A_GROUP),
        low=round(low),
        median=round(middle),
        high=round(high),
    )
