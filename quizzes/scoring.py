"""Scores of an attempt: per competency and per statement. What was not answered counts as wrong.

percent = 100 correct / total, rounded half up in whole numbers, so that 74.5 meets a target of 75 the way people round.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


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
