"""The last weeks as a grid: a column per week from Monday, a row per weekday, how much was answered on each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

WEEKS = 26
# From how many answers on a day is a step darker.
STEPS = (1, 10, 20, 40)


@dataclass(frozen=True, slots=True)
class ActiveDay:
    on: date
    answers: int
    seconds: int

    @property
    def step(self) -> int:
        """0 for none, up to the number of steps."""
        return bisect_right(STEPS, self.answers)


@dataclass(frozen=True, slots=True)
class Activity:
    """`weeks` are lists of days from Monday; the last one ends with today."""

    weeks: list[list[ActiveDay]]

    @property
    def active(self) -> list[ActiveDay]:
        return [day for week in self.weeks for day in week if day.answers]

    @property
    def answers(self) -> int:
        return sum(day.answers for day in self.active)

    @property
    def seconds(self) -> int:
        return sum(day.seconds for day in self.active)

    @property
    def fullest(self) -> ActiveDay | None:
        return max(self.active, key=lambda day: day.answers, default=None)


def first_day(today: date, *, weeks: int = WEEKS) -> date:
    """The Monday on which the grid begins."""
    return today - timedelta(days=today.weekday(), weeks=weeks - 1)


def activity_until(today: date, totals: Mapping[date, tuple[int, int]], *, weeks: int = WEEKS) -> Activity:
    """From answers and seconds by day."""
    start = first_day(today, weeks=weeks)
    mondays = [start + timedelta(weeks=number) for number in range(weeks)]
    return Activity(
        [
            [ActiveDay(on, *totals.get(on, (0, 0))) for on in map(monday.__add__, _WEEK) if on <= today]
            for monday in mondays
        ]
    )


_WEEK = [timedelta(days=number) for number in range(7)]
