"""What an author should look at, and what to do about it.

Source: M. Tarrant et al., BMC Medical Education 9:40 (2009), on distractors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from quizzes.item_analysis.practice import standard_error


class Flag(Enum):
    """What an author should look at, the most serious first."""

    RIVAL = (
        "rival",
        100,
        "A wrong option beats the key",
        "Among the third of candidates who do best elsewhere, a wrong option is chosen more often than the key.",
        "Check the key. If it is right, the other option is defensible too: reword one of them.",
    )
    CHANCE = (
        "chance",
        50,
        "As if guessed",
        "Hardly more candidates are right than would be by guessing.",
        "Check the key first. If it is right, see whether the stem misleads, or whether the objective is taught.",
    )
    NEGATIVE = (
        "negative",
        100,
        "The stronger get it wrong",
        "Candidates who do well elsewhere are wrong here more often than the others.",
        "Take it out of mock exams now, then check the key and look for a second reading of the stem.",
    )
    WEAK = (
        "weak",
        100,
        "Does not tell apart",
        "Even allowing for chance, it hardly tells strong candidates from weak ones.",
        "Review it: is there one clearly best option, and does the question ask what the objective says?",
    )
    HURRIED = (
        "hurried",
        100,
        "Answered unread",
        "Half of the candidates answer within five seconds, too fast to read it.",
        "See whether an option gives itself away, or whether a shorter question would ask the same.",
    )
    SLOW = (
        "slow",
        100,
        "Takes too long",
        "Half of the candidates take more than three times as long as the exam leaves for one question.",
        "Shorten the stem, or split the question in two.",
    )
    IDLE = (
        "idle",
        100,
        "An option is hardly chosen",
        "A wrong option is chosen by fewer than 5 % of candidates, so that it is not really a choice.",
        "Write a wrong option that follows from a mistake candidates make.",
    )
    EASY = (
        "easy",
        100,
        "Nearly everybody is right",
        "More than 95 % of candidates are right, so that it says little about any of them.",
        "Keep it if the objective needs a question; otherwise ask for an application of the idea.",
    )

    def __init__(self, code: str, fewest: int, title: str, meaning: str, action: str) -> None:
        self.code = code
        self.fewest = fewest  # answers before it may be raised
        self.title = title
        self.meaning = meaning
        self.action = action

    @classmethod
    def of(cls, code: str) -> Flag | None:
        return next((flag for flag in cls if flag.code == code), None)


ABOVE_CHANCE = 0.05
WEAK_BELOW = 0.10
ONE_SIDED = 1.645  # standard errors, 95 %
NEGATIVE_BELOW = -0.05
EASY_ABOVE = 0.95
IDLE_BELOW = 0.05
HURRIED_BELOW = 5.0  # seconds
SLOW_TIMES = 3.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What flags look at, of one item; shares and top shares by label. NaN is not known and raises no flag."""

    key: str
    n: int
    facility: float
    discrimination_n: int
    discrimination: float
    median_seconds: float
    shares: Mapping[str, float]
    top_shares: Mapping[str, float]


def flags(item: Measured, *, expected_seconds: float | None) -> list[Flag]:
    """In the order of seriousness. `expected_seconds` is what the exam leaves for a question, where that is known."""
    others = [label for label in item.shares if label != item.key]
    r, error = item.discrimination, standard_error(item.discrimination, item.discrimination_n)
    key_top = item.top_shares.get(item.key, float("nan"))
    is_raised = {
        Flag.RIVAL: any(item.top_shares[label] > key_top for label in others),
        Flag.CHANCE: item.facility < 1 / len(item.shares) + ABOVE_CHANCE,
        Flag.NEGATIVE: r < NEGATIVE_BELOW,
        Flag.WEAK: r + ONE_SIDED * error < WEAK_BELOW,
        Flag.HURRIED: item.median_seconds < HURRIED_BELOW,
        Flag.SLOW: expected_seconds is not None and item.median_seconds > SLOW_TIMES * expected_seconds,
        Flag.IDLE: any(item.shares[label] < IDLE_BELOW for label in others),
        Flag.EASY: item.facility > EASY_ABOVE,
    }
    correlated = {Flag.RIVAL, Flag.NEGATIVE, Flag.WEAK}
    return [
        flag
        for flag, is_so in is_raised.items()
        if is_so and (item.discrimination_n if flag in correlated else item.n) >= flag.fewest
    ]
