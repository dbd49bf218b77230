"""What to ask next: the order of all objectives on a given day. Values in, values out; no queue is stored.

With T days to the exam the gain of asking an objective now is what its recall on exam day is expected to rise by,
weighted with its share of the exam, per second that it takes. With recall R now, stability S' after each outcome
(reviews/scheduler.py) and p = R + (1 - R) GUESSED_RIGHT, the chance that the answer is right:

    gain     = w [ R R(T, S'_good) + (1 - R) R(T, S'_again) - R(elapsed + T, S) ] / seconds
    seconds  = p SECONDS_RIGHT + (1 - p) SECONDS_WRONG

An objective never met is known with the chance k; only who does not know it gains:

    gain     = w (1 - k) R(T, S0_again) / (seconds + SECONDS_OF_FIRST_MEETING)
    k        = logistic(ability in its competency - difficulty)

Difficulty is what authors or other candidates' answers say of the objective. Ability is the most likely one given the
candidate's first answers, each a chance that the objective was known (KNOWN_AFTER), where the competencies share what
is general: before any answer it is N(ABILITY_AT_START, GENERAL_SPREAD) in general plus N(0, OWN_SPREAD) of its own.

The memory model forgets slowly once it has seen success; other models of memory do not. What was answered long ago is
therefore preferred, the more so the firmer the model believes all memories to be: what is met is ordered by

    gain (elapsed / USUAL_WAIT) ^ (WAIT_EXPONENT + WAIT_FOR_FIRMNESS mean of max(0, ln(S / KNOWN_STABILITY)))

The order of a day:
1. As many new objectives as keep the pace: all are met within INTRODUCTION_SHARE of the days, evenly over the
   competencies and sooner where they gain more. That is promised while the seconds left allow each of them a first and
   a second answer; what is met and never asked again is mostly forgotten. With less time no number is promised.
2. What is due, that is expected to be recalled with at most RECALL_WHEN_DUE, and the other new objectives, by gain.
   Where not all can be met, what is left out in the end is what is likely known.
3. What is not due yet, by gain (review ahead).
4. What was asked today already.

Without an exam date nothing is worth more than something else: a day has its share of the new objectives, so that all
are met in DAYS_OF_INTRODUCTION, then what is due at the scheduler's retention, the least certain first.

docs/measurements/policies.json holds how this compares with other policies (`manage.py simulate_policies`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reviews import scheduler
from reviews.scheduler import KNOWN_STABILITY, START_PARAMETERS, Parameters, Rating, Strength

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

RECALL_WHEN_DUE = 0.55
INTRODUCTION_SHARE = 0.5
DAYS_OF_INTRODUCTION = 28
USUAL_WAIT, WAIT_EXPONENT, WAIT_FOR_FIRMNESS = 10, 0.1, 0.9
GUESSED_RIGHT = 0.25
SECONDS_RIGHT, SECONDS_WRONG, SECONDS_OF_FIRST_MEETING = 25, 60, 20
# Logits: ability before any answer less the mean difficulty, so that about a third is known, and how it differs. The
# mean matters little (-1 and -.3 change the score by .02), the answers of the first days outweigh it.
ABILITY_AT_START = -0.6
GENERAL_SPREAD, OWN_SPREAD = 0.7, 0.5
# From the mean two steps come within .03 of the most likely ability, and within .2 where all answers are alike.
NEWTON_STEPS = 2
# The chance that an objective was known by the rating of its first answer, from Again to Easy: Bayes' rule for a third
# known, recalled in nine of ten answers, guesses right in one of four and confidence misjudged in one of six.
KNOWN_AFTER = np.array([0.05, 0.2, 0.9, 0.9])
LEAST_KNOWN, MOST_KNOWN = 0.05, 0.95
# Of true difficulties, in logits, and how well the authors' levels agree with them (correlation).
DIFFICULTY_SPREAD, AUTHORED_AGREEMENT = 0.8, 0.64


class Kind(IntEnum):
    """Why an objective stands where it stands, in the order of asking."""

    PACE = 0
    DUE = 1
    NEW = 2
    AHEAD = 3
    AGAIN_TODAY = 4


@dataclass(frozen=True, slots=True)
class Bank:
    """The objectives: each one's competency as an index, share of the exam, place in the order of meeting, difficulty.

    Difficulty is the expected one in logits from the mean of all objectives, 0 where nothing is known about it. Places
    are a candidate's own (`mixed_places`), so with several candidates they have a row for each.
    """

    competency: Integers
    weight: Floats
    place: Floats
    difficulty: Floats


@dataclass(frozen=True, slots=True)
class Progress:
    """One candidate, or one per row. Arrays end in the objectives of the bank.

    `stability` is nan where an objective was never met; `elapsed` are the days since its last answer, 0 for today.
    Memories must be folded with the parameters that the queue is given. `first` is the chance that the objective was
    known when it was met (`known_after`), nan where it never was; `met_today` counts the objectives met today.
    """

    stability: Floats
    difficulty: Floats
    elapsed: Integers
    first: Floats
    met_today: Integers


@dataclass(frozen=True, slots=True)
class Horizon:
    """Whole days to the exam, at least one, or None without a date; seconds of study expected until then."""

    days: int | None
    seconds: float = 0.0


class Queue(NamedTuple):
    """`order` has all objectives, the first to ask first; the others have an entry for each objective.

    `chance` that it is known now, `rise` of recall on exam day if it is asked, `gain` of the exam's share per second.
    Without an exam date rise and gain are the chance of not recalling it.
    """

    order: Integers
    kind: Integers
    chance: Floats
    rise: Floats
    gain: Floats
    seconds: Floats


def study_queue(bank: Bank, progress: Progress, horizon: Horizon, parameters: Parameters = START_PARAMETERS) -> Queue:
    is_met = ~np.isnan(progress.stability)
    memory = Strength(np.where(is_met, progress.stability, 1.0), np.where(is_met, progress.difficulty, 5.0))
    recall = scheduler.recall(memory.stability, progress.elapsed, parameters)
    known = known_at_start(bank, progress)
    chance = np.where(is_met, recall, known)
    right = chance + (1 - chance) * GUESSED_RIGHT
    seconds = right * SECONDS_RIGHT + (1 - right) * SECONDS_WRONG + np.where(is_met, 0, SECONDS_OF_FIRST_MEETING)
    if horizon.days is None:
        rise = gain = 1 - chance
        due_at = scheduler.DESIRED_RETENTION
    else:
        days = max(horizon.days, 1)
        review = review_gain(memory, recall, progress.elapsed, days, parameters)
        meeting = (1 - known) * scheduler.recall(_stability_after_missing(parameters), np.array(days), parameters)
        rise = np.where(is_met, review, meeting)
        gain, due_at = bank.weight * rise / seconds, RECALL_WHEN_DUE
    kind = np.where(is_met, np.where(recall <= due_at, Kind.DUE, Kind.AHEAD), Kind.NEW)
    kind[is_met & (progress.elapsed <= 0)] = Kind.AGAIN_TODAY
    turn = _turn_to_be_met(bank, is_met, gain)
    kind[turn < new_today(bank, progress, horizon)[..., np.newaxis]] = Kind.PACE
    if horizon.days is None:
        band, preference = kind, gain
    else:
        # What is due and what is new compete.
        band = np.where(kind == Kind.NEW, Kind.DUE, kind)
        preference = np.maximum(gain, 0) * np.where(is_met, _wait(progress.elapsed, memory.stability), 1)
    within = np.where(kind == Kind.PACE, turn, -preference)
    order = np.lexsort((bank.place + np.zeros_like(gain), turn, within, band), axis=-1)
    return Queue(order, kind, chance, rise, gain, seconds)


def review_gain(
    memory: Strength, recall: Floats, elapsed: Integers, days: int, parameters: Parameters = START_PARAMETERS
) -> Floats:
    """By how much recall in so many days is expected to rise when a met objective is asked now."""
    # The model's same-day steps are for other programs; what was met today counts as if it were tomorrow.
    later = np.maximum(elapsed, 1)
    good = scheduler.next_memory(memory, np.array(Rating.GOOD), later, parameters).stability
    again = scheduler.next_memory(memory, np.array(Rating.AGAIN), later, parameters).stability
    horizon = np.array(days)
    asked = recall * scheduler.recall(good, horizon, parameters)
    asked += (1 - recall) * scheduler.recall(again, horizon, parameters)
    return np.asarray(asked - scheduler.recall(memory.stability, elapsed + days, parameters))


def new_today(bank: Bank, progress: Progress, horizon: Horizon) -> Integers:
    """How many new objectives the pace still asks for today."""
    unmet = np.isnan(progress.stability).sum(axis=-1) + progress.met_today
    if horizon.days is None:
        quota = np.minimum(np.ceil(progress.stability.shape[-1] / DAYS_OF_INTRODUCTION), unmet)
    else:
        quota = np.ceil(unmet / max(INTRODUCTION_SHARE * horizon.days, 1)) * is_affordable(bank, progress, horizon)
    return np.asarray(np.maximum(quota - progress.met_today, 0)).astype(np.int64)


def is_affordable(bank: Bank, progress: Progress, horizon: Horizon) -> Booleans:
    """Whether the seconds left allow every objective never met a first and a second answer."""
    known = float(_logistic(np.array(ABILITY_AT_START)))
    right = known + (1 - known) * GUESSED_RIGHT
    once = right * SECONDS_RIGHT + (1 - right) * SECONDS_WRONG
    needed = np.isnan(progress.stability).sum(axis=-1) * (2 * once + SECONDS_OF_FIRST_MEETING)
    return np.asarray(needed <= horizon.seconds)


def mixed_places(competency: Integers, seed: int) -> Floats:
    """An order of meeting, 0 to 1: each competency mixed by the seed and spread evenly over the whole."""
    draws = np.random.default_rng(seed)
    place = np.empty(len(competency))
    for one in np.unique(competency):
        members = np.flatnonzero(competency == one)
        place[draws.permutation(members)] = (np.arange(len(members)) + draws.random()) / len(members)
    return place


def expected_difficulty(level: Floats) -> Floats:
    """What the authors' levels let expect: logits from the mean of all objectives, as far as they can be believed."""
    spread = float(level.std()) if len(level) else 0.0
    if spread == 0:
        return np.zeros(len(level))
    return np.asarray(AUTHORED_AGREEMENT * DIFFICULTY_SPREAD * (level - level.mean()) / spread)


def known_after(rating: Integers) -> Floats:
    """The chance that an objective was known when it was met, by the rating of its first answer; 0 is none, nan."""
    return np.asarray(np.where(rating > 0, KNOWN_AFTER[rating - 1], np.nan))


def known_at_start(bank: Bank, progress: Progress) -> Floats:
    """The chance of knowing each objective before it is met, from its difficulty and the first answers to others."""
    ability = _ability(bank, progress.first)[..., bank.competency]
    return np.clip(_logistic(ability - bank.difficulty), LEAST_KNOWN, MOST_KNOWN)


def _ability(bank: Bank, first: Floats) -> Floats:
    """The most likely ability in each competency, by Newton's method from the mean.

    The prior's precision is o I - s 11' with o = 1 / OWN_SPREAD^2. Information f from the answers is diagonal, so that
    a step solves (diag(o + f) - s 11') x = b by the rule of Sherman and Morrison, all candidates at once:

        x = y + s 1'y / (1 - s 1'z) z,   z = 1 / (o + f),   y = b z
    """
    is_of = np.eye(int(bank.competency.max(initial=0)) + 1)[bank.competency]
    own = OWN_SPREAD**-2
    shared = own**2 / (GENERAL_SPREAD**-2 + is_of.shape[1] * own)
    is_met = ~np.isnan(first)
    answer = np.where(is_met, first, 0)
    above = np.zeros((*first.shape[:-1], is_of.shape[1]))
    for _ in range(NEWTON_STEPS):
        known = _logistic(ABILITY_AT_START + above[..., bank.competency] - bank.difficulty)
        information = (is_met * known * (1 - known)) @ is_of
        pull = information * above + (is_met * (answer - known)) @ is_of
        z = 1 / (own + information)
        y = pull * z
        above = y + shared * y.sum(axis=-1, keepdims=True) / (1 - shared * z.sum(axis=-1, keepdims=True)) * z
    return np.asarray(ABILITY_AT_START + above)


def _logistic(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-x)))


def _stability_after_missing(parameters: Parameters) -> Floats:
    return scheduler.first_memory(np.array(Rating.AGAIN), parameters).stability


def _turn_to_be_met(bank: Bank, is_met: Booleans, gain: Floats) -> Integers:
    """0 for the first to be met, and so on; what was met comes after all of them.

    Evenly over the competencies, and sooner where more is gained: twice the gain is met in half the time.
    """
    place = np.where(is_met, np.inf, bank.place / np.maximum(gain, 1e-12))
    by_place = np.argsort(place, axis=-1, kind="stable")
    turn = np.empty_like(by_place)
    np.put_along_axis(turn, by_place, np.broadcast_to(np.arange(by_place.shape[-1]), by_place.shape), axis=-1)
    return turn


def _wait(elapsed: Integers, stability: Floats) -> Floats:
    """By how much more an objective is preferred for the days since its last answer. Those never met count as 1 day."""
    firmness = np.log(np.maximum(stability / KNOWN_STABILITY, 1)).sum(axis=-1, keepdims=True)
    firmness = firmness / max(stability.shape[-1], 1)
    exponent = WAIT_EXPONENT + WAIT_FOR_FIRMNESS * firmness
    return np.asarray((np.maximum(elapsed, 1) / USUAL_WAIT) ** exponent)
