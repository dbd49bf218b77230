"""One run: candidates of one world study by one policy, and what they would score on unseen variants.

A day asks in the order of the policy until its minutes are used up; who has gone through the whole order begins again.
An answer takes 25 seconds when right and 60 when wrong, with 20 more at the first meeting. What is not recalled is
guessed. Right and sure is rated Good, right and unsure Hard, wrong Again; confidence follows recall but for 15 %.

The score: about 1.5 days after the last session an unseen variant is answered from memory with .85 of its recall.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reviews.scheduler import Rating
from reviews.simulation.learners import CONFIDENCE, GUESS, RECALL, TURNS, Learners
from reviews.simulation.policies import Answers, Policy
from reviews.simulation.worlds import SECONDS_PER_DAY, WORLDS, Booleans, Floats, Integers, World

GUESSED_RIGHT = 0.28
MISJUDGED = 0.15
SECONDS_RIGHT, SECONDS_WRONG, SECONDS_OF_FIRST_MEETING = 25, 60, 20
CARRIED_TO_VARIANTS = 0.85
# Sessions are on days 0, 1, ... and the exam this much after the morning that follows the last of them.
EXAM_DELAY_DAYS = 0.5
# The order is walked in pieces of so many objectives.
PIECE = 24


@dataclass(frozen=True, slots=True)
class Outcome:
    """Per candidate: expected score in percent, share of objectives met, answers per objective, hours spent."""

    score: NDArray[np.float64]
    coverage: NDArray[np.float64]
    answers_per_objective: NDArray[np.float64]
    hours: NDArray[np.float64]


def run_trial(world_name: str, policy: Policy, learners: Learners, *, minutes: float, days: int) -> Outcome:
    world = WORLDS[world_name](learners.known, learners.differences)
    answered = np.zeros((learners.count, learners.objectives), np.int64)
    seconds = np.zeros(learners.count)
    for day in range(days):
        budget = 60 * minutes * learners.minutes[:, day]
        seconds += _study_one_day(world, policy, learners, answered, day, budget)
    score = 100 * (_expected_correct(world, learners, days) @ learners.weight)
    return Outcome(score, (answered > 0).mean(axis=1), answered.mean(axis=1), seconds / 3600)


def _study_one_day(
    world: World, policy: Policy, learners: Learners, answered: Integers, day: int, budget: Floats
) -> NDArray[np.float64]:
    """Seconds spent by each candidate. The last answer may overrun."""
    spent = np.zeros(learners.count)
    order = policy.order(day)
    while (spent < budget).any():
        for start in range(0, order.shape[1], PIECE):
            open_rows = np.flatnonzero(spent < budget)
            if not len(open_rows):
                break
            asked = order[open_rows, start : start + PIECE]
            answers, took = _answer(world, learners, answered, day, open_rows, asked, spent, budget)
            policy.learn(day, answers)
            spent[open_rows] += took
    return spent


def _answer(
    world: World,
    learners: Learners,
    answered: Integers,
    day: int,
    open_rows: Integers,
    asked: Integers,
    spent: NDArray[np.float64],
    budget: Floats,
) -> tuple[Answers, NDArray[np.float64]]:
    """Each row answers its piece from the left while time is left."""
    rows, columns = np.repeat(open_rows, asked.shape[1]), asked.ravel()
    turn = answered[rows, columns]
    chance = learners.luck[:, rows, columns, turn % TURNS]
    # A minute more or less does not change what is remembered, so that a piece is recalled at its beginning.
    at = (day + spent[rows] / SECONDS_PER_DAY).astype(np.float32)
    recalled = chance[RECALL] < world.recall(rows, columns, at)
    is_right = recalled | (chance[GUESS] < GUESSED_RIGHT)
    took = np.where(is_right, SECONDS_RIGHT, SECONDS_WRONG) + SECONDS_OF_FIRST_MEETING * (turn == 0)
    took = took.reshape(asked.shape)
    began = np.cumsum(took, axis=1) - took + spent[open_rows, np.newaxis]
    is_given = began < budget[open_rows, np.newaxis]
    given = is_given.ravel()
    rows, columns, recalled, is_right = rows[given], columns[given], recalled[given], is_right[given]
    world.study(rows, columns, at[given], recalled)
    answered[rows, columns] += 1
    rating = _rating(recalled, is_right, misjudged=chance[CONFIDENCE][given] < MISJUDGED)
    return Answers(rows, columns, is_right, rating, turn[given] == 0), (took * is_given).sum(axis=1)


def _rating(recalled: Booleans, is_right: Booleans, *, misjudged: Booleans) -> Integers:
    is_sure = recalled ^ misjudged
    right = np.where(is_sure, Rating.GOOD, Rating.HARD)
    return np.where(is_right, right, Rating.AGAIN).astype(np.int64)


def _expected_correct(world: World, learners: Learners, days: int) -> NDArray[np.float64]:
    shape = (learners.count, learners.objectives)
    rows, columns = (each.ravel() for each in np.indices(shape))
    at = np.full(rows.shape, days + EXAM_DELAY_DAYS, np.float32)
    known = CARRIED_TO_VARIANTS * world.recall(rows, columns, at).reshape(shape).astype(np.float64)
    return np.asarray(known + (1 - known) * GUESSED_RIGHT)
