"""The schedule: what to ask on each day until the exam, and what that leads to. Values in, values out.

Each day takes from the study queue (reviews/study_queue.py) what its minutes allow, and is then played: an answer goes
wrong with the probability that the memory model gives. Outcomes are drawn systematically rather than at random: every
answer adds its probability of failure to one debt; where that reaches 1, the answer fails and pays. As many fail as are
expected to, without the noise of a draw, and the same facts give the same schedule. With a debt for each objective what
has just failed would be spared, and up to 4 points too many foretold. Played answers move the memory of what they ask;
what is known of objectives never met is told by real first answers alone: luck of the play is no ability.

On exam day an objective counts with the share of an exam that it stands for. Its question, a new one, is answered

    p = T R + (1 - T R) GUESSED_RIGHT

with R the recall that day (of an objective never met, the chance that it was known before) and T the share of a recall
that carries over to other words. The score's spread is that of drawing `items` questions, and of the model being wrong:
a little always, and the more, the more there is left to be remembered (LEAST_SPREAD, SPREAD_OF_THE_REST). So wide, nine
in ten of the simulated candidates of reviews/simulation/ score within, whose memory is none that the model knows.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from reviews import scheduler, study_queue
from reviews.scheduler import Parameters, Rating, Strength
from reviews.study_queue import Bank, Booleans, Floats, Horizon, Integers, Kind, Progress, Queue

# Without an exam date, and at most: a longer plan would be fiction.
DAYS_WITHOUT_EXAM = 28
LONGEST_PLAN = 730
# Reviewing ahead is planned where it raises recall on exam day by at least as much; less is not worth a minute.
WORTHWHILE_GAIN = 0.01
CARRIED_TO_VARIANTS = 0.85
LEAST_SPREAD, SPREAD_OF_THE_REST = 0.02, 0.25
# Of the normal distribution: nine in ten lie within.
NINE_IN_TEN = 1.645


@dataclass(frozen=True, slots=True)
class Capacity:
    """A day and how much of it is for studying. On a mock day the exam takes all of it."""

    on: date
    minutes: int
    is_mock: bool = False

    @property
    def seconds(self) -> int:
        return 60 * self.minutes


@dataclass(frozen=True, slots=True, eq=False)
class Outset:
    """Where one candidate stands in the morning of a day. Arrays have one entry per objective of the bank.

    `codes` name the objectives; `asked_today` counts today's answers, `is_missed` tells what a session of today missed;
    `rests_for` holds the days for which a leech is not to be asked.
    """

    on: date
    codes: tuple[str, ...]
    bank: Bank
    progress: Progress
    parameters: Parameters
    asked_today: Integers
    is_missed: Booleans
    rests_for: Integers
    seconds_spent: int = 0

    @property
    def is_met(self) -> Booleans:
        return ~np.isnan(self.progress.stability)


@dataclass(frozen=True, slots=True)
class PlannedDay:
    on: date
    capacity: int
    minutes: int
    reviews: tuple[str, ...]
    new: tuple[str, ...]
    is_mock: bool


@dataclass(frozen=True, slots=True)
class Projection:
    """Of exam day: mean recall over all objectives, 0 to 1, and the score in percent; nine in ten lie within."""

    recall: float
    score: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Plan:
    """`dropped` do not fit before the exam; `later` follow after a plan without an exam date."""

    days: tuple[PlannedDay, ...]
    dropped: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    projection: Projection | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """What is left of today, as places in the bank, the first to ask first."""

    queue: Queue
    places: list[int]
    again: list[int] = field(default_factory=list)

    def count(self, *, is_new: bool) -> int:
        return sum((self.queue.kind[place] in NEW_KINDS) == is_new for place in self.places)

    @property
    def minutes(self) -> int:
        """Rounded up, with what is asked again at the end."""
        return math.ceil(float(self.queue.seconds[self.places + self.again].sum()) / 60)


NEW_KINDS = (Kind.PACE, Kind.NEW)


def horizon_on(on: date, exam_on: date | None, capacities: Iterable[Capacity]) -> Horizon:
    """What lies ahead on a day; an exam date that is over counts as none."""
    if exam_on is None or exam_on < on:
        return Horizon(None)
    return Horizon(max(1, (exam_on - on).days), float(sum(day.seconds for day in capacities if day.on >= on)))


def todays_session(outset: Outset, horizon: Horizon, seconds: float) -> Session:
    """What is to be asked in the seconds left today, then once more what was missed today.

    A missed objective is asked again through another question at the end, to put it right and not to measure it.
    """
    queue = study_queue.study_queue(outset.bank, outset.progress, horizon, outset.parameters)
    places = _chosen(queue, outset.rests_for > 0, horizon, seconds)
    again = np.flatnonzero(outset.is_missed & (outset.asked_today == 1) & (outset.rests_for <= 0))
    return Session(queue, [int(place) for place in places], [int(place) for place in again])


def study_ahead(outset: Outset, horizon: Horizon) -> int | None:
    """What pays most beyond today's session, or None when everything was asked today."""
    queue = study_queue.study_queue(outset.bank, outset.progress, horizon, outset.parameters)
    allowed = (outset.rests_for <= 0) & (queue.kind != Kind.AGAIN_TODAY)
    return next((int(place) for place in queue.order if allowed[place]), None)


def plan_days(outset: Outset, *, exam_on: date | None, capacities: Sequence[Capacity], items: int) -> Plan:
    """Plan the days of `capacities`, which begin with the outset's and end before the exam."""
    if exam_on is not None and exam_on < outset.on:
        exam_on = None
    play = _Play(outset)
    days = tuple(play.day(capacity, exam_on, capacities[number:]) for number, capacity in enumerate(capacities))
    unmet = tuple(code for code, is_met in zip(outset.codes, play.is_met, strict=True) if not is_met)
    if exam_on is None:
        return Plan(days, later=unmet)
    return Plan(days, dropped=unmet, projection=play.projection(exam_on, items))


def open_days(starts_on: date, exam_on: date | None) -> list[date]:
    """The days that are planned: up to the day before the exam."""
    has_exam = exam_on is not None and exam_on >= starts_on
    count = min((exam_on - starts_on).days, LONGEST_PLAN) if has_exam and exam_on else DAYS_WITHOUT_EXAM
    return [starts_on + timedelta(days=number) for number in range(count)]


def score_of(recall: Floats, weight: Floats, items: int) -> Projection:
    """What recalls on exam day come to."""
    chance = CARRIED_TO_VARIANTS * recall
    chance = chance + (1 - chance) * study_queue.GUESSED_RIGHT
    share = weight / weight.sum()
    mean = float(share @ chance)
    model = LEAST_SPREAD + SPREAD_OF_THE_REST * (1 - float(share @ recall))
    spread = math.sqrt(float(share @ (chance * (1 - chance))) / items + model**2)
    low, high = max(0.0, mean - NINE_IN_TEN * spread), min(1.0, mean + NINE_IN_TEN * spread)
    return Projection(float(recall.mean()), 100 * mean, 100 * low, 100 * high)


class _Play:
    """A candidate who answers as the memory model expects, day after day."""

    def __init__(self, outset: Outset) -> None:
        self.outset = outset
        self.stability = outset.progress.stability.copy()
        self.difficulty = outset.progress.difficulty.copy()
        self.last = outset.on.toordinal() - outset.progress.elapsed
        self.debt = 0.5

    @property
    def is_met(self) -> Booleans:
        return ~np.isnan(self.stability)

    def day(self, capacity: Capacity, exam_on: date | None, ahead: Sequence[Capacity]) -> PlannedDay:
        is_first = capacity.on == self.outset.on
        seconds = 0 if capacity.is_mock else capacity.seconds - (self.outset.seconds_spent if is_first else 0)
        progress = self._progress(capacity.on, met_today=int(self.outset.progress.met_today) if is_first else 0)
        rests = self.outset.rests_for > (capacity.on - self.outset.on).days
        horizon = horizon_on(capacity.on, exam_on, ahead)
        queue = study_queue.study_queue(self.outset.bank, progress, horizon, self.outset.parameters)
        places = _chosen(queue, rests, horizon, seconds)
        is_new = ~self.is_met[places]
        self._answer(places, capacity.on, queue)
        return PlannedDay(
            on=capacity.on,
            capacity=capacity.minutes,
            minutes=math.ceil(float(queue.seconds[places].sum()) / 60),
            reviews=self._codes(places[~is_new]),
            new=self._codes(places[is_new]),
            is_mock=capacity.is_mock,
        )

    def projection(self, exam_on: date, items: int) -> Projection | None:
        if not len(self.stability):
            return None
        progress = self._progress(exam_on, met_today=0)
        remembered = scheduler.recall(
            np.where(self.is_met, self.stability, 1.0), progress.elapsed, self.outset.parameters
        )
        recall = np.where(self.is_met, remembered, study_queue.known_at_start(self.outset.bank, progress))
        return score_of(recall, self.outset.bank.weight, items)

    def _progress(self, on: date, *, met_today: int) -> Progress:
        return replace(
            self.outset.progress,
            stability=self.stability,
            difficulty=self.difficulty,
            elapsed=np.maximum(on.toordinal() - self.last, 0),
            met_today=np.array(met_today),
        )

    def _answer(self, places: Integers, on: date, queue: Queue) -> None:
        is_met, elapsed = self.is_met[places], on.toordinal() - self.last[places]
        memory = Strength(np.where(is_met, self.stability[places], 1.0), self.difficulty[places])
        failure = 1 - queue.chance[places]
        debt = (self.debt + np.cumsum(failure)) % 1
        is_failed = debt < failure
        self.debt = float(debt[-1]) if len(debt) else self.debt
        rating = np.where(is_failed, Rating.AGAIN, Rating.GOOD)
        later = scheduler.next_memory(memory, rating, np.maximum(elapsed, 1), self.outset.parameters)
        first = scheduler.first_memory(rating, self.outset.parameters)
        self.stability[places] = np.where(is_met, later.stability, first.stability)
        self.difficulty[places] = np.where(is_met, later.difficulty, first.difficulty)
        self.last[places] = on.toordinal()

    def _codes(self, places: Integers) -> tuple[str, ...]:
        return tuple(self.outset.codes[place] for place in places)


def _chosen(queue: Queue, rests: Booleans, horizon: Horizon, seconds: float) -> Integers:
    """The first of the queue that fit into the seconds."""
    is_worthwhile = queue.kind != Kind.AGAIN_TODAY
    if horizon.days is None:
        is_worthwhile &= queue.kind != Kind.AHEAD
        is_worthwhile &= queue.kind != Kind.NEW
    else:
        is_worthwhile &= (queue.kind != Kind.AHEAD) | (queue.rise >= WORTHWHILE_GAIN)
    order = queue.order[(is_worthwhile & ~rests)[queue.order]]
    return np.asarray(order[np.cumsum(queue.seconds[order]) <= seconds])
