"""The schedule: which objectives to review and which to meet on each day until the exam. Values in, values out.

Each day holds what its weekday's minutes allow, in this order (coverage first, because what was never
met cannot be recalled, while a review that waits a day loses almost nothing):

1. New objectives, paced so that all are met within INTRODUCTION_SHARE of the time to the exam and within
   INTRODUCTION_DAYS. A day's quota is its share of the minutes left in that time. Afterwards what is left over takes
   half of a day on which reviews wait, and the time that these leave.
2. Reviews that are due, the least certain first. What does not fit waits for the next day.

A planned review is rolled forward by its expectation: recalled with the probability R that the memory model gives,
so that the next stability is the mean of both outcomes, weighted by R and 1 - R, on the logarithmic scale on which
stabilities grow. A new objective is expected to be answered with FIRST_SUCCESS. Against candidates simulated by the
memory model itself, recall on exam day comes out within about five points and the number of reviews about a quarter
too low, because a missed objective returns sooner than the mean of both outcomes. The schedule is rebuilt from what
was really answered each day, so the error does not add up.

What cannot be met before the exam is dropped, the objectives with the lowest blueprint weight first, and is said.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from reviews import scheduler
from reviews.scheduler import Memory, Rating

# Reading a question and its rationales once more; a first meeting also reads the study text.
SECONDS_PER_REVIEW = 45
SECONDS_PER_NEW = 90
# Halfway between guessing among four options and knowing.
FIRST_SUCCESS = 0.5
# What was met leaves time to be reviewed: two fifths of the days, and all days after four weeks.
INTRODUCTION_SHARE = Fraction(3, 5)
INTRODUCTION_DAYS = 28
# Without an exam date, and at most: a longer plan would be fiction.
DAYS_WITHOUT_EXAM = 28
LONGEST_PLAN = 730


@dataclass(frozen=True, slots=True)
class Learned:
    code: str
    memory: Memory


@dataclass(frozen=True, slots=True)
class Unseen:
    """`area` spreads the order of meeting; `weight` (share of the exam per objective) decides what is dropped first."""

    code: str
    area: str
    weight: float


@dataclass(frozen=True, slots=True)
class Done:
    """What the first day has behind it already."""

    reviews: int = 0
    new: int = 0


NOTHING_DONE = Done()


@dataclass(frozen=True, slots=True)
class PlannedDay:
    on: date
    capacity: int
    minutes: int
    reviews: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """`dropped` do not fit before the exam; `later` follow after a plan without an exam date."""

    days: tuple[PlannedDay, ...]
    dropped: tuple[str, ...]
    later: tuple[str, ...]
    projected_recall: float | None


def plan_days(
    *,
    starts_on: date,
    exam_on: date | None,
    minutes_by_weekday: Sequence[int],
    learned: Sequence[Learned],
    unseen: Sequence[Unseen],
    done: Done = NOTHING_DONE,
) -> Plan:
    """Plan from `starts_on` to the day before the exam. An exam date in the past counts as none."""
    if exam_on is not None and exam_on < starts_on:
        exam_on = None
    days = _open_days(starts_on, exam_on, minutes_by_weekday)
    outcome = _simulate(days, [each.memory for each in learned], len(unseen), done, has_exam=exam_on is not None)
    # Every new objective is expected to behave alike, so the simulation counts them and the names are given afterwards.
    by_weight = sorted(unseen, key=lambda each: -each.weight)
    met, left = by_weight[: outcome.met], by_weight[outcome.met :]
    names = [each.code for each in learned] + [each.code for each in _spread(met, unseen)]
    left_codes = tuple(each.code for each in unseen if each in set(left))
    return Plan(
        days=tuple(_named(day, names) for day in outcome.days),
        dropped=left_codes if exam_on else (),
        later=() if exam_on else left_codes,
        projected_recall=_projected_recall(outcome.memories, len(left), exam_on),
    )


def minutes_for(*, reviews: int = 0, new: int = 0) -> int:
    """Whole minutes, rounded up."""
    return math.ceil((reviews * SECONDS_PER_REVIEW + new * SECONDS_PER_NEW) / 60)


@dataclass(slots=True)
class _Day:
    """What is planned for one day; an index names an objective: those learned before, then the new in their order."""

    on: date
    capacity: int
    reviews: Sequence[int] = ()
    new: Sequence[int] = ()


@dataclass(slots=True)
class _Outcome:
    days: list[_Day]
    memories: list[Memory]
    met: int


def _open_days(starts_on: date, exam_on: date | None, minutes_by_weekday: Sequence[int]) -> list[_Day]:
    count = DAYS_WITHOUT_EXAM if exam_on is None else min((exam_on - starts_on).days, LONGEST_PLAN)
    dates = [starts_on + timedelta(days=number) for number in range(count)]
    return [_Day(on, minutes_by_weekday[on.weekday()]) for on in dates]


def _simulate(days: list[_Day], memories: list[Memory], unseen: int, done: Done, *, has_exam: bool) -> _Outcome:
    first_new = len(memories)
    window = _introduction_days(len(days), has_exam=has_exam)
    for number, day in enumerate(days):
        today = done if number == 0 else NOTHING_DONE
        seconds = max(0, 60 * day.capacity - today.reviews * SECONDS_PER_REVIEW - today.new * SECONDS_PER_NEW)
        due = _due(memories, day.on)
        left = unseen - (len(memories) - first_new)
        if number < window:
            quota = _share(left + today.new, day, days[number:window]) - today.new
        else:
            quota = seconds // SECONDS_PER_NEW // (2 if due else 1)
        new = max(0, min(quota, left, seconds // SECONDS_PER_NEW))
        day.reviews = due[: (seconds - new * SECONDS_PER_NEW) // SECONDS_PER_REVIEW]
        if number >= window:
            free = seconds - new * SECONDS_PER_NEW - len(day.reviews) * SECONDS_PER_REVIEW
            new += min(left - new, free // SECONDS_PER_NEW)
        day.new = range(len(memories), len(memories) + new)
        for index in day.reviews:
            memories[index] = _after_review(memories[index], day.on)
        memories.extend(_after_first_review(day.on) for _ in range(new))
    return _Outcome(days, memories, met=len(memories) - first_new)


def _introduction_days(count: int, *, has_exam: bool) -> int:
    return min(math.ceil(INTRODUCTION_SHARE * count), INTRODUCTION_DAYS) if has_exam else INTRODUCTION_DAYS


def _share(unseen: int, day: _Day, rest_of_window: Sequence[_Day]) -> int:
    """How many of the unseen fall to this day by its part of the minutes left in the window."""
    minutes = sum(each.capacity for each in rest_of_window)
    return math.ceil(Fraction(unseen * day.capacity, minutes)) if minutes else 0


def _due(memories: Sequence[Memory], on: date) -> list[int]:
    due = [index for index, memory in enumerate(memories) if memory.due_on <= on]
    return sorted(due, key=lambda index: (scheduler.retrievability(memories[index], on), index))


def _after_review(memory: Memory, on: date) -> Memory:
    recall = scheduler.retrievability(memory, on)
    return _expected(scheduler.review(memory, Rating.GOOD, on), scheduler.review(memory, Rating.AGAIN, on), recall)


def _after_first_review(on: date) -> Memory:
    return _expected(scheduler.review(None, Rating.GOOD, on), scheduler.review(None, Rating.AGAIN, on), FIRST_SUCCESS)


def _expected(recalled: Memory, forgotten: Memory, probability: float) -> Memory:
    stability = math.exp(probability * math.log(recalled.stability) + (1 - probability) * math.log(forgotten.stability))
    return replace(
        recalled,
        stability=stability,
        difficulty=probability * recalled.difficulty + (1 - probability) * forgotten.difficulty,
        due_on=recalled.last_reviewed_on + timedelta(days=scheduler.interval(stability)),
    )


def _spread(met: Iterable[Unseen], order: Sequence[Unseen]) -> list[Unseen]:
    """Each area evenly over the whole time, so that no day is about one area only."""
    chosen = set(met)
    places: dict[str, list[Unseen]] = {}
    for each in order:
        if each in chosen:
            places.setdefault(each.area, []).append(each)
    keyed = [
        (Fraction(2 * place + 1, 2 * len(group)), rank, each)
        for rank, group in enumerate(places.values())
        for place, each in enumerate(group)
    ]
    return [each for _, _, each in sorted(keyed, key=lambda entry: entry[:2])]


def _named(day: _Day, names: Sequence[str]) -> PlannedDay:
    return PlannedDay(
        on=day.on,
        capacity=day.capacity,
        minutes=minutes_for(reviews=len(day.reviews), new=len(day.new)),
        reviews=tuple(names[index] for index in day.reviews),
        new=tuple(names[index] for index in day.new),
    )


def _projected_recall(memories: Sequence[Memory], left: int, exam_on: date | None) -> float | None:
    """The mean over all objectives on exam day; one never met counts as not recalled."""
    if exam_on is None or not (memories or left):
        return None
    return sum(scheduler.retrievability(memory, exam_on) for memory in memories) / (len(memories) + left)
