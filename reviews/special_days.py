"""Days on which the minutes of the weekday do not hold: what each is, how spans meet, where mocks go best.

A span is of one kind: "off" (no study), "easy" (half the minutes) or "mock" (a mock exam and nothing else).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

# Where spans of several kinds hold the same day, the first of these decides.
PRECEDENCE = ("mock", "off", "easy")
# A mock about halfway shows what to work on, one ten days before the exam what is left, the last one the pace. Each
# may move by so many days to reach the weekday with most minutes.
LAST_MOCK, MOVES_BY = 4, 3
EARLIER_MOCK, EARLIER_MOVES_BY = 10, 4
HALFWAY_MOVES_BY = 7
# The last two days are for sleep and for looking things up.
LAST_MOCK_BEFORE_EXAM = 3
FEWEST_DAYS_BETWEEN_MOCKS = 5

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    kind: str
    starts_on: date
    ends_on: date

    def __contains__(self, on: date) -> bool:
        return self.starts_on <= on <= self.ends_on

    def overlaps(self, other: Span) -> bool:
        return self.starts_on <= other.ends_on and other.starts_on <= self.ends_on

    def joins(self, other: Span) -> bool:
        """Whether both are one stretch of days. Mock exams on neighbouring days stay two."""
        if self.kind != other.kind:
            return False
        gap = timedelta(0) if self.kind == "mock" else DAY
        return self.starts_on <= other.ends_on + gap and other.starts_on <= self.ends_on + gap

    @property
    def words(self) -> str:
        """'7 March', '7 to 12 March', '28 March to 3 April'; with the year where it changes."""
        first, last = self.starts_on, self.ends_on
        if first == last:
            return in_words(first)
        if first.year != last.year:
            return f"{in_words(first)} {first.year} to {in_words(last)} {last.year}"
        return f"{first.day if first.month == last.month else in_words(first)} to {in_words(last)}"


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why a plan cannot lead to what it is for, in words for the candidate."""

    title: str
    text: str


def in_words(on: date) -> str:
    return f"{on.day} {on:%B}"


def kind_on(on: date, spans: Iterable[Span]) -> str:
    """The kind of a day; empty for an ordinary one."""
    kinds = {span.kind for span in spans if on in span}
    return next((kind for kind in PRECEDENCE if kind in kinds), "")


def minutes_on(on: date, minutes_by_weekday: Sequence[int], spans: Iterable[Span]) -> int:
    """The minutes that a plan leaves for reviews and new objectives."""
    kind = kind_on(on, spans)
    minutes = minutes_by_weekday[on.weekday()]
    return {"off": 0, "mock": 0, "easy": minutes // 2}.get(kind, minutes)


def joined(new: Span, spans: Iterable[Span]) -> tuple[Span, list[Span]]:
    """The stretch that a new span makes with those it joins, and these."""
    left, taken = list(spans), []
    while touching := [span for span in left if new.joins(span)]:
        taken += touching
        left = [span for span in left if span not in touching]
        new = replace(
            new,
            starts_on=min(new.starts_on, *(span.starts_on for span in touching)),
            ends_on=max(new.ends_on, *(span.ends_on for span in touching)),
        )
    return new, taken


def suggested_mocks(
    today: date, exam_on: date | None, minutes_by_weekday: Sequence[int], spans: Sequence[Span]
) -> list[date]:
    """Days for mock exams, soonest first: at most three, each near its time on the weekday with most minutes.

    None while a mock exam is planned already, and none today, in the last two days, or on a day that is special.
    """
    if exam_on is None or any(span.kind == "mock" and span.ends_on >= today for span in spans):
        return []
    chosen: list[date] = []
    targets = (
        (exam_on - LAST_MOCK * DAY, MOVES_BY),
        (exam_on - EARLIER_MOCK * DAY, EARLIER_MOVES_BY),
        (today + (exam_on - today).days // 2 * DAY, HALFWAY_MOVES_BY),
    )
    for target, reach in targets:
        near = (target + number * DAY for number in range(-reach, reach + 1))
        open_days = [
            on
            for on in near
            if today < on <= exam_on - LAST_MOCK_BEFORE_EXAM * DAY
            and minutes_by_weekday[on.weekday()]
            and not kind_on(on, spans)
            and all(abs((on - other).days) >= FEWEST_DAYS_BETWEEN_MOCKS for other in chosen)
        ]
        if open_days:
            chosen.append(min(open_days, key=lambda on: (-minutes_by_weekday[on.weekday()], abs(on - target), on)))
    return sorted(chosen)


def hindrances(
    today: date, exam_on: date | None, minutes_by_weekday: Sequence[int], spans: Sequence[Span]
) -> list[Hindrance]:
    """What stands in the way of a plan as it is, the gravest first."""
    found = []
    if not any(minutes_by_weekday):
        found.append(Hindrance("No minutes on any weekday", "Nothing can be planned. Reviews still fall due."))
    if exam_on is None:
        return found
    if exam_on < today:
        text = "Reviews go on so that you keep what you know. If there is a new date, set it."
        return [*found, Hindrance("Your exam date has passed.", text)]
    if not found and _is_all_off(today, exam_on, minutes_by_weekday, spans):
        text = "Nothing can be planned. Shorten a break, or give one of these days some minutes."
        found.append(Hindrance("Every day until your exam is off", text))
    for span in spans:
        if span.kind != "mock" and exam_on in span:
            text = f"It is on {in_words(exam_on)}, and {span.words} is marked as {_marked(span)}. The exam counts."
            found.append(Hindrance("Your exam lies within a break", text))
    late_mocks = sorted(span.starts_on for span in spans if span.kind == "mock" and span.starts_on >= exam_on)
    return [*found, _late_mocks(late_mocks)] if late_mocks else found


def _late_mocks(days: Sequence[date]) -> Hindrance:
    *others, last = map(in_words, days)
    if not others:
        text = f"The one on {last} would not come before it. Remove it or choose an earlier day."
        return Hindrance("A mock exam is not before your exam", text)
    text = f"Those on {', '.join(others)} and {last} would not come before it. Remove them or choose earlier days."
    return Hindrance(f"{len(days)} mock exams are not before your exam", text)


def _is_all_off(today: date, exam_on: date, minutes_by_weekday: Sequence[int], spans: Sequence[Span]) -> bool:
    days = [today + number * DAY for number in range((exam_on - today).days)]
    return bool(days) and not any(
        minutes_on(on, minutes_by_weekday, spans) or kind_on(on, spans) == "mock" for on in days
    )


def _marked(span: Span) -> str:
    return "no study" if span.kind == "off" else "easy"
