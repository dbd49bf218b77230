"""Scores of an attempt: per competency and per statement. What was not answered counts as wrong.

percent = 100 correct / total, rounded half up in whole numbers, so that 74.5 meets a target of 75 the way people round.

How far chance alone may have moved it: the score interval of Wilson (1927, Journal of the American Statistical
Association 22, 209-212), which holds for few answers and for shares near 0 and 100 %, where p +- z s does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

# 90 % of a normal distribution lie within so many standard deviations.
NINE_TENTHS = 1.6449


@dataclass(frozen=True, slots=True)
class ScoredResponse:
    """One question of an attempt, told apart only by where it stands in the blueprint."""

    competency: str
    statement: str
    is_correct: bool | None


@dataclass(frozen=True, slots=True)
class CompetencyScore:
    code: str
    correct: int
    total: int
    percent: int


@dataclass(frozen=True, slots=True)
class StatementScore:
    code: str
    correct: int
    total: int
    percent: int


def percent_of(correct: int, total: int) -> int:
    return (200 * correct + total) // (2 * total) if total else 0


def wilson_interval(correct: int, total: int, *, z: float = NINE_TENTHS) -> tuple[float, float]:
    """Of the share that `correct` of `total` estimate, in percent; everything is possible where nothing was asked."""
    if not total:
        return 0.0, 100.0
    share, shrink = correct / total, 1 + z * z / total
    middle = (share + z * z / (2 * total)) / shrink
    reach = z / shrink * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return max(0.0, 100 * (middle - reach)), min(100.0, 100 * (middle + reach))


def competency_scores(responses: Iterable[ScoredResponse]) -> list[CompetencyScore]:
    """In the order in which the competencies first appear."""
    tally = _tally((response.competency, response.is_correct) for response in responses)
    return [CompetencyScore(code, right, total, percent_of(right, total)) for code, (right, total) in tally.items()]


def statement_scores(responses: Iterable[ScoredResponse]) -> list[StatementScore]:
    """In the order in which the statements first appear."""
    tally = _tally((response.statement, response.is_correct) for response in responses)
    return [StatementScore(code, right, total, percent_of(right, total)) for code, (right, total) in tally.items()]


def _tally(marks: Iterable[tuple[str, bool | None]]) -> dict[str, tuple[int, int]]:
    tally: dict[str, tuple[int, int]] = {}
    for code, is_correct in marks:
        right, total = tally.get(code, (0, 0))
        tally[code] = (right + (is_correct is True), total + 1)
    return tally
