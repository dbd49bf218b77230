"""The logs that simulated candidates leave behind, to measure a model of memory on another one's truth."""

from __future__ import annotations

import numpy as np

from reviews.fitting import History
from reviews.scheduler import Integers
from reviews.simulation.learners import draw_learners
from reviews.simulation.policies import Answers, Calendar, Policy, SuperMemo2
from reviews.simulation.trial import run_trial


class Recorder:
    """A policy that keeps what it is told."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._told: list[tuple[Integers, Integers, Integers, Integers]] = []

    def order(self, day: int) -> Integers:
        return self._policy.order(day)

    def learn(self, day: int, answers: Answers) -> None:
        self._told.append((answers.rows, answers.columns, answers.rating, np.full(len(answers.rows), day)))
        self._policy.learn(day, answers)

    def histories(self, candidates: int) -> list[History]:
        rows, columns, ratings, days = (np.concatenate(one) for one in zip(*self._told, strict=True))
        return [History(columns[own], ratings[own], days[own]) for own in (rows == row for row in range(candidates))]


def recorded_histories(
    world_name: str, *, candidates: int, objectives: int = 300, days: int = 60, minutes: float = 30
) -> list[History]:
    """Of candidates who study by SM-2, whose gaps are long and short alike."""
    learners = draw_learners(candidates=candidates, seeds=1, objectives=objectives, days=days)
    recorder = Recorder(SuperMemo2(learners, Calendar(days, minutes)))
    run_trial(world_name, recorder, learners, minutes=minutes, days=days)
    return recorder.histories(candidates)
