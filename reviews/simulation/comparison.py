"""All policies on the same candidates in both worlds, and how ours differs from each."""

from __future__ import annotations

import math
import multiprocessing
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from reviews.simulation.learners import Learners, draw_learners
from reviews.simulation.policies import (
    Blocked,
    Calendar,
    Cycling,
    Fsrs,
    FsrsUnpaced,
    Leitner,
    Ours,
    Policy,
    SuperMemo2,
    Unplanned,
)
from reviews.simulation.trial import Outcome, run_trial
from reviews.simulation.worlds import WORLDS

NO_STUDY, OURS, RANDOM, BLOCKED, LINEAR = "no study", "ours", "random", "blocked", "linear"
LEITNER, SM2, FSRS, FSRS_UNPACED = "Leitner", "SM-2", "FSRS .90", "FSRS .90 unpaced"
POLICIES: dict[str, Callable[[Learners, Calendar], Policy]] = {
    NO_STUDY: Unplanned,
    RANDOM: Unplanned,
    BLOCKED: Blocked,
    LINEAR: Cycling,
    LEITNER: Leitner,
    SM2: SuperMemo2,
    FSRS: Fsrs,
    FSRS_UNPACED: FsrsUnpaced,
    OURS: Ours,
}
# A practice target, not an official pass mark: none is published.
PRACTICE_TARGET = 75.0
TWO_SIDED_95 = 1.96
PROCESSES = 2


@dataclass(frozen=True, slots=True)
class Study:
    """How much is simulated. Seeds are first_seed, first_seed + 1, ..., each with so many candidates."""

    candidates: int = 80
    seeds: int = 2
    minutes: tuple[int, ...] = (10, 20, 40)
    objectives: int = 300
    days: int = 42
    first_seed: int = 1


QUICK = Study(candidates=40, seeds=1, minutes=(10, 20))


@dataclass(frozen=True, slots=True)
class Result:
    """One policy in one world at one budget: means over candidates, and ours minus it with its 95 % interval."""

    world: str
    minutes: int
    policy: str
    score: float
    coverage: float
    answers_per_objective: float
    hours: float
    points_per_hour: float
    reached_target: float
    ours_ahead: float
    ours_ahead_low: float
    ours_ahead_high: float


@dataclass(frozen=True, slots=True)
class _Task:
    study: Study
    world: str
    minutes: int
    seed: int


def compare(study: Study, *, processes: int = PROCESSES) -> list[Result]:
    tasks = [
        _Task(study, world, minutes, study.first_seed + number)
        for minutes in sorted(study.minutes, reverse=True)
        for world in WORLDS
        for number in range(study.seeds)
    ]
    done: dict[tuple[str, int], list[dict[str, Outcome]]] = {}
    for task, outcomes in zip(tasks, _run_all(tasks, processes), strict=True):
        done.setdefault((task.world, task.minutes), []).append(outcomes)
    return [
        result
        for minutes in study.minutes
        for world in WORLDS
        for result in _results(world, minutes, [_joined(done[world, minutes], policy) for policy in POLICIES])
    ]


def _run_all(tasks: Sequence[_Task], processes: int) -> list[dict[str, Outcome]]:
    if processes == 1:
        return [_run(task) for task in tasks]
    # Arrays are small: threads within a process would only wait for each other.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        return pool.map(_run, tasks, chunksize=1)


def _run(task: _Task) -> dict[str, Outcome]:
    study = task.study
    learners = draw_learners(
        candidates=study.candidates, seeds=1, objectives=study.objectives, days=study.days, first_seed=task.seed
    )
    outcomes = {}
    for name, build in POLICIES.items():
        minutes = 0 if name == NO_STUDY else task.minutes
        policy = build(learners, Calendar(study.days, minutes))
        outcomes[name] = run_trial(task.world, policy, learners, minutes=minutes, days=study.days)
    return outcomes


def _joined(seeds: Sequence[dict[str, Outcome]], policy: str) -> tuple[str, Outcome]:
    columns = ([getattr(one[policy], field.name) for one in seeds] for field in fields(Outcome))
    return policy, Outcome(*(np.concatenate(column) for column in columns))


def _results(world: str, minutes: int, outcomes: Sequence[tuple[str, Outcome]]) -> list[Result]:
    by_name = dict(outcomes)
    idle = by_name[NO_STUDY].score.mean()
    return [
        Result(
            world,
            minutes,
            policy,
            score=float(outcome.score.mean()),
            coverage=float(outcome.coverage.mean()),
            answers_per_objective=float(outcome.answers_per_objective.mean()),
            hours=float(outcome.hours.mean()),
            points_per_hour=float((outcome.score.mean() - idle) / max(outcome.hours.mean(), 1e-9)),
            reached_target=float((outcome.score >= PRACTICE_TARGET).mean()),
            **_ahead(by_name[OURS].score - outcome.score),
        )
        for policy, outcome in outcomes
    ]


def _ahead(differences: NDArray[np.float64]) -> dict[str, float]:
    mean = float(differences.mean())
    # One candidate alone says nothing about the others.
    spread = float(differences.std(ddof=1)) if len(differences) > 1 else math.inf
    margin = TWO_SIDED_95 * spread / math.sqrt(len(differences))
    return {"ours_ahead": mean, "ours_ahead_low": mean - margin, "ours_ahead_high": mean + margin}
