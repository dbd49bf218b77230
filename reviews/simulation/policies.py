"""What is asked: the policies that are compared. None of them sees the world, only answers and ratings.

All are given the same pace of new objectives as ours, S / (.6 D) a day, where it is theirs to have one; without it
those that ask what is due first would starve coverage, which `fsrs_unpaced` is there to show.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from reviews import scheduler, study_queue
from reviews.scheduler import Parameters, Strength
from reviews.simulation.learners import DAYS_OFF, SHARES, Learners
from reviews.simulation.worlds import Booleans, Integers

NEW_SHARE_OF_DAYS = 0.6
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Answers:
    """One entry per answer: candidate, objective, right or wrong, rating, and whether it was the first meeting."""

    rows: Integers
    columns: Integers
    is_right: Booleans
    rating: Integers
    is_first: Booleans


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a candidate tells us: when the exam is and how long a study day is."""

    days: int
    minutes: float


class Policy(Protocol):
    def order(self, day: int) -> Integers:
        """For each candidate all objectives, the first to be asked first."""

    def learn(self, day: int, answers: Answers) -> None:
        """What came of it. Within one call no objective comes twice."""


class Unplanned:
    """In random order every day."""

    def __init__(self, learners: Learners, calendar: Calendar) -> None:
        self._shape = (learners.count, learners.objectives)
        self._draws = np.random.default_rng(int(learners.seeds[0]))

    def order(self, day: int) -> Integers:
        return np.argsort(self._draws.random(self._shape, np.float32), axis=1)

    def learn(self, day: int, answers: Answers) -> None:
        pass


class Cycling:
    """All objectives in one mixed order, again and again."""

    def __init__(self, learners: Learners, calendar: Calendar) -> None:
        self._answered = np.zeros((learners.count, learners.objectives), np.int64)
        self._place = mixed_places(learners)

    def order(self, day: int) -> Integers:
        return np.argsort(self._answered * self._place.shape[1] + self._place, axis=1)

    def learn(self, day: int, answers: Answers) -> None:
        self._answered[answers.rows, answers.columns] += 1


class Blocked(Cycling):
    """One competency after the other, each for its share of the days, cycling within it."""

    def __init__(self, learners: Learners, calendar: Calendar) -> None:
        super().__init__(learners, calendar)
        self._competency = learners.competency
        self._ends = np.cumsum(SHARES) / sum(SHARES) * calendar.days

    def order(self, day: int) -> Integers:
        now = min(int(np.searchsorted(self._ends, day + 0.5)), len(SHARES) - 1)
        members = np.flatnonzero(self._competency == now)
        return members[np.argsort(self._answered[:, members] * self._place.shape[1] + self._place[:, members], axis=1)]


class Paced:
    """Today's share of new objectives, then what is due, the most overdue first, then new ones, then ahead of time.

    A subclass says after how many days an answered objective is due.
    """

    is_paced = True

    def __init__(self, learners: Learners, calendar: Calendar) -> None:
        shape = (learners.count, learners.objectives)
        self._place = mixed_places(learners)
        self._is_met = np.zeros(shape, bool)
        self._last = np.zeros(shape, np.int64)
        self._interval = np.ones(shape)
        self._window = NEW_SHARE_OF_DAYS * calendar.days

    def order(self, day: int) -> Integers:
        elapsed = day - self._last
        lateness = (elapsed - self._interval) / self._interval
        is_due = self._is_met & (elapsed >= self._interval)
        place = self._place / self._place.shape[1]
        key = np.where(is_due, 3 + 1 / (2 + lateness), np.where(self._is_met, 6 - lateness, 5 + place))
        if self.is_paced:
            unmet = (~self._is_met).sum(axis=1)
            quota = np.ceil(unmet / max(self._window - day, 1))
            rank = np.argsort(np.argsort(np.where(self._is_met, np.inf, place), axis=1), axis=1)
            key = np.where(~self._is_met & (rank < quota[:, np.newaxis]), 1 + place, key)
        return np.argsort(key, axis=1, kind="stable")

    def learn(self, day: int, answers: Answers) -> None:
        at = (answers.rows, answers.columns)
        self._interval[at] = self._next_interval(day - self._last[at], answers)
        self._is_met[at] = True
        self._last[at] = day

    def _next_interval(self, elapsed: Integers, answers: Answers) -> Numbers:
        raise NotImplementedError


class Leitner(Paced):
    INTERVALS = np.array([1.0, 2.0, 4.0, 8.0, 16.0])

    def __init__(self, learners: Learners, calendar: Calendar) -> None:
        super().__init__(learners, calendar)
        self._box = np.full((learners.count, learners.objectives), -1)

    def _next_interval(self, elapsed: Integers, answers: Answers) -> Numbers:
        at = (answers.rows, answers.columns)
        up = np.minimum(self._box[at] + 1, len(self.INTERVALS) - 1)
        self._box[at] = np.where(answers.is_right, up, 0)
        return np.asarray(self.INTERVALS[self._box[at]])


class SuperMemo2(Paced):
    """Quality 5 for Good, 3 for Hard, 2 for Again."""

    QUALITY = np.array([0, 2, 3, 5])

    def __init__(self, learners: Learners, calendar: Calendar) -> None:
        super().__init__(learners, calendar)
        self._ease = np.full((learners.count, learners.objectives), 2.5)
        self._streak = np.zeros((learners.count, learners.objectives), np.int64)

    def _next_interval(self, elapsed: Integers, answers: Answers) -> Numbers:
        at = (answers.rows, answers.columns)
        short = 5 - self.QUALITY[answers.rating]
        self._ease[at] = np.maximum(self._ease[at] + 0.1 - short * (0.08 + short * 0.02), 1.3)
        self._streak[at] = np.where(answers.is_right, self._streak[at] + 1, 0)
        streak = self._streak[at]
        longer = np.where(streak == 2, 6.0, self._interval[at] * self._ease[at])
        return np.where(streak <= 1, 1.0, longer)


class Fsrs(Paced):
    """A plain flashcard program: due at 90 %."""

    RETENTION = 0.9

    def __init__(self, learners: Learners, calendar: Calendar) -> None:
        super().__init__(learners, calendar)
        shape = (learners.count, learners.objectives)
        self._strength = Strength(np.ones(shape), np.ones(shape))

    def _next_interval(self, elapsed: Integers, answers: Answers) -> Numbers:
        at = (answers.rows, answers.columns)
        before = Strength(self._strength.stability[at], self._strength.difficulty[at])
        after = remember(before, answers, elapsed)
        self._strength.stability[at], self._strength.difficulty[at] = after
        return scheduler.interval(after.stability, self.RETENTION).astype(float)


class FsrsUnpaced(Fsrs):
    """New objectives only with what the reviews leave, as flashcard programs do."""

    is_paced = False


class Ours:
    """The study queue of the app, asked in the morning: a day's answers count from the next day on."""

    def __init__(self, learners: Learners, calendar: Calendar) -> None:
        shape = (learners.count, learners.objectives)
        self._calendar = calendar
        places = np.array([study_queue.mixed_places(learners.competency, int(seed)) for seed in learners.seeds])
        self.bank = study_queue.Bank(learners.competency, learners.weight, places, learners.authored)
        self._strength = Strength(np.full(shape, np.nan), np.full(shape, np.nan))
        self._last = np.zeros(shape, np.int64)
        self._first = np.full(shape, np.nan)

    def progress(self, day: int) -> study_queue.Progress:
        """Where everybody stands in the morning."""
        return study_queue.Progress(
            stability=self._strength.stability,
            difficulty=self._strength.difficulty,
            elapsed=day - self._last,
            first=self._first,
            met_today=np.zeros(len(self._last), np.int64),
        )

    def order(self, day: int) -> Integers:
        left = self._calendar.days - day
        seconds = 60 * self._calendar.minutes * (1 - DAYS_OFF) * left
        return study_queue.study_queue(self.bank, self.progress(day), study_queue.Horizon(left, seconds)).order

    def learn(self, day: int, answers: Answers) -> None:
        at = (answers.rows, answers.columns)
        before = Strength(self._strength.stability[at], self._strength.difficulty[at])
        after = remember(before, answers, day - self._last[at], scheduler.START_PARAMETERS)
        self._strength.stability[at], self._strength.difficulty[at] = after
        self._last[at] = day
        self._first[at] = np.where(answers.is_first, study_queue.known_after(answers.rating), self._first[at])


def remember(
    before: Strength, answers: Answers, elapsed: Integers, parameters: Parameters = scheduler.DEFAULT_PARAMETERS
) -> Strength:
    """After an answer; `before` may be anything where it is the first."""
    first = scheduler.first_memory(answers.rating, parameters)
    later = scheduler.next_memory(before, answers.rating, elapsed, parameters)
    return Strength(
        np.where(answers.is_first, first.stability, later.stability),
        np.where(answers.is_first, first.difficulty, later.difficulty),
    )


def mixed_places(learners: Learners) -> Integers:
    """Each candidate's own mixed order, the same for all policies."""
    draws = [np.random.default_rng(int(seed)).permutation(learners.objectives) for seed in learners.seeds]
    return np.array(draws)
