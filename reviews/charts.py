"""The days of a schedule as the columns of templates/components/charts/stacked_bar.html, as weeks and as a month."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from reviews.models import Schedule

# Above each column stands its figure, up to this many; a phone has no room for more.
MOST_LABELLED = 14
# Up to this many days a column is a day, then a week; more weeks than these are not drawn.
MOST_DAYS = 28
MOST_WEEKS = 30
# A first meeting takes about as long as two reviews, because its study text is read as well.
REVIEWS_PER_NEW = 2
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
LONGEST_MONTH = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Load:
    """What is planned for a day, or for the week that begins on it."""

    on: date
    capacity: int
    minutes: int
    reviews: int
    new: int
    kind: str = ""  # of a special day; empty for an ordinary one and for a week

    @property
    def review_minutes(self) -> float:
        share = self.reviews + REVIEWS_PER_NEW * self.new
        return self.minutes * self.reviews / share if share else 0.0

    @property
    def new_minutes(self) -> float:
        share = self.reviews + REVIEWS_PER_NEW * self.new
        return self.minutes * REVIEWS_PER_NEW * self.new / share if share else 0.0

    @property
    def is_off(self) -> bool:
        return self.kind == "off" or (self.capacity == 0 and self.kind != "mock")

    @property
    def spare(self) -> int:
        """Minutes that the plan allows and the schedule does not need."""
        return 0 if self.kind in ("off", "mock") else max(0, self.capacity - self.minutes)


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

    @property
    def mocks(self) -> int:
        return sum(day.kind == "mock" for day in self.days)

    @property
    def spare(self) -> int:
        return sum(day.spare for day in self.days)


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
            "name": f"Week from {_date(load.on)}" if is_weekly else f"{load.on:%A} {_date(load.on)}{_kind(load)}",
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


@dataclass(frozen=True, slots=True)
class ScoreRange:
    """The score to be expected on exam day, in whole per cent, against the practice target."""

    expected: int
    low: int
    high: int
    target: int

    @property
    def width(self) -> int:
        return self.high - self.low

    @property
    def verdict(self) -> str:
        target = f"your practice target of {self.target} %"
        if self.low >= self.target:
            return f"All of that range reaches {target}."
        if self.high < self.target:
            return f"All of that range stays below {target}."
        return f"{target.capitalize()} lies within that range, so it may go either way."


def score_range(schedule: Schedule, target: int) -> ScoreRange | None:
    """Nothing while the schedule expects no score: without an exam date, or too early to say."""
    figures = schedule.expected_score, schedule.score_low, schedule.score_high
    expected, low, high = (None if figure is None else min(100, max(0, round(figure))) for figure in figures)
    if expected is None or low is None or high is None:
        return None
    return ScoreRange(expected, low, high, target)


def weeks(days: Iterable[Load]) -> list[Week]:
    return [Week(list(group)) for _, group in groupby(days, key=_monday)]


@dataclass(frozen=True, slots=True)
class Month:
    """A page of the calendar; `previous` and `next` are empty at the ends of what there is to show."""

    name: str
    first_weekday: int  # 1 for Monday
    days: list[date]
    previous: str
    next: str


def month(text: str, today: date, last_on: date) -> Month:
    """The month that an address names as 2027-01, or this month if it names none from today's to the last."""
    first, last = f"{today:%Y-%m}", f"{last_on:%Y-%m}"
    if not (MONTH.fullmatch(text) and first <= text <= last):
        text = first
    first_on = date.fromisoformat(f"{text}-01")
    next_on = (first_on + LONGEST_MONTH).replace(day=1)
    return Month(
        name=f"{first_on:%B %Y}",
        first_weekday=first_on.isoweekday(),
        days=[first_on + timedelta(days=number) for number in range((next_on - first_on).days)],
        previous=f"{first_on - timedelta(days=1):%Y-%m}" if text > first else "",
        next=f"{next_on:%Y-%m}" if text < last else "",
    )


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


def _kind(load: Load) -> str:
    return {"off": ", off", "easy": ", easy day", "mock": ", mock exam"}.get(load.kind, "")


def _date(on: date) -> str:
    return f"{on.day} {on:%B}"


def _short_date(on: date) -> str:
    return f"{on.day} {on:%b}"
