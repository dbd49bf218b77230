"""The days of a schedule as the columns of templates/components/charts/stacked_bar.html, and as weeks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from reviews.planner import SECONDS_PER_NEW, SECONDS_PER_REVIEW

# Above each column stands its figure, up to this many; a phone has no room for more.
MOST_LABELLED = 14
# Up to this many days a column is a day, then a week; more weeks than these are not drawn.
MOST_DAYS = 28
MOST_WEEKS = 30


@dataclass(frozen=True, slots=True)
class Load:
    """What is planned for a day, or for the week that begins on it."""

    on: date
    capacity: int
    minutes: int
    reviews: int
    new: int

    @property
    def review_minutes(self) -> float:
        return self.reviews * SECONDS_PER_REVIEW / 60

    @property
    def new_minutes(self) -> float:
        return self.new * SECONDS_PER_NEW / 60

    @property
    def is_off(self) -> bool:
        return self.capacity == 0


@dataclass(frozen=True, slots=True)
class Week:
    """A calendar week, of which the first and the last may be cut."""

    days: list[Load]

    @property
    def together(self) -> Load:
        return Load(
            on=self.days[0].on,
            capacity=sum(day.capacity for day in self.days),
            minutes=sum(day.minutes for day in self.days),
            reviews=sum(day.reviews for day in self.days),
            new=sum(day.new for day in self.days),
        )

    @property
    def last_on(self) -> date:
        return self.days[-1].on


@dataclass(frozen=True, slots=True)
class Chart:
    columns: list[dict[str, Any]]
    is_dense: bool
    is_weekly: bool
    scale_label: str


def schedule_chart(days: Sequence[Load], today: date) -> Chart:
    is_weekly = len(days) > MOST_DAYS
    loads = [week.together for week in weeks(days)[:MOST_WEEKS]] if is_weekly else list(days)
    is_dense = len(loads) > MOST_LABELLED
    highest = max((load.review_minutes + load.new_minutes for load in loads), default=0.0)
    columns = [
        {
            "label": _label(load.on, number, is_weekly=is_weekly, is_dense=is_dense),
            "name": f"Week from {_date(load.on)}" if is_weekly else f"{load.on:%A} {_date(load.on)}",
            "first": _percent(load.review_minutes, highest),
            # What is left of the whole, so that rounding never lifts a column above the chart.
            "second": round(
                _percent(load.review_minutes + load.new_minutes, highest) - _percent(load.review_minutes, highest), 1
            ),
            "first_text": f"{round(load.review_minutes)} min",
            "second_text": f"{round(load.new_minutes)} min",
            "text": f"{load.minutes}" if load.minutes else "",
            "is_current": load.on == today or (is_weekly and number == 0),
        }
        for number, load in enumerate(loads)
    ]
    unit = "week" if is_weekly else "day"
    most = max((load.minutes for load in loads), default=0)
    return Chart(columns, is_dense, is_weekly, f"The highest {unit} has {most} minutes." if most else "")


def weeks(days: Iterable[Load]) -> list[Week]:
    return [Week(list(group)) for _, group in groupby(days, key=_monday)]


def _monday(load: Load) -> date:
    return load.on - timedelta(days=load.on.weekday())


def _percent(minutes: float, highest: float) -> float:
    return round(100 * minutes / highest, 1) if highest else 0.0


def _label(on: date, number: int, *, is_weekly: bool, is_dense: bool) -> str:
    """Short, and where columns are many only as often as there is room."""
    if is_weekly:
        return _short_date(on) if number % (4 if is_dense else 2) == 0 else ""
    if is_dense:
        is_clear_monday = on.weekday() == 0 and number > 2
        return _short_date(on) if is_clear_monday or number == 0 else ""
    return f"{on:%a}"[:2]


def _date(on: date) -> str:
    return f"{on.day} {on:%B}"


def _short_date(on: date) -> str:
    return f"{on.day} {on:%b}"
