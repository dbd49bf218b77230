"""What study queue and schedule cost, as objectives, days and candidates grow. One process, as a worker has it."""

from __future__ import annotations

import resource
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from time import perf_counter

import numpy as np
import pytest

from reviews import planner, study_queue
from reviews.planner import Capacity, Outset, open_days, plan_days
from reviews.scheduler import START_PARAMETERS
from reviews.study_queue import Bank, Horizon, Progress

TODAY = date(2026, 11, 23)
SHARES = np.array([14, 19, 14, 17, 20, 16])
CANDIDATES = 10_000
# All of them are within the night; this many tell how long that takes.
PLANNED = 200
# A page asks the queue once; beside its queries that is not to be felt.
MOST_MILLISECONDS = {300: 1.0, 5_000: 10.0}
# A night of four hours for one worker.
NIGHT_SECONDS = 4 * 3600


def make_outset(objectives: int, *, met: float = 0.5, seed: int = 1) -> Outset:
    """Somebody who has met a share of the objectives."""
    draws = np.random.default_rng(seed)
    ends = np.round(np.cumsum(SHARES) * objectives / SHARES.sum())
    competency = np.searchsorted(ends, np.arange(objectives), side="right").astype(np.int64)
    weight = (SHARES / SHARES.sum() / np.bincount(competency))[competency]
    is_met = draws.random(objectives) < met
    return Outset(
        on=TODAY,
        codes=tuple(f"CUL-K{number}.1" for number in range(objectives)),
        bank=Bank(competency, weight, study_queue.mixed_places(competency, seed), draws.normal(0, 0.5, objectives)),
        progress=Progress(
            stability=np.where(is_met, draws.lognormal(1, 1.5, objectives), np.nan),
            difficulty=draws.uniform(2, 9, objectives),
            elapsed=np.where(is_met, draws.integers(1, 40, objectives), 0),
            first=np.where(is_met, draws.choice([0.05, 0.2, 0.9], objectives), np.nan),
            met_today=np.array(0),
        ),
        parameters=START_PARAMETERS,
        asked_today=np.zeros(objectives, np.int64),
        is_missed=np.zeros(objectives, bool),
        rests_for=np.zeros(objectives, np.int64),
    )


def milliseconds(work: Callable[[], object], times: int = 20) -> float:
    """The median of so many."""
    work()
    taken = []
    for _ in range(times):
        start = perf_counter()
        work()
        taken.append(perf_counter() - start)
    return 1000 * float(np.median(taken))


def schedule(outset: Outset, days: int) -> planner.Plan:
    exam_on = TODAY + timedelta(days=days)
    capacities = [Capacity(on, 20) for on in open_days(TODAY, exam_on)]
    return plan_days(outset, exam_on=exam_on, capacities=capacities, items=100)


def test_cost_of_the_study_queue(capsys: pytest.CaptureFixture[str]) -> None:
    horizon = Horizon(42, 42 * 1200.0)
    cost = {}
    for objectives in (300, 1_000, 5_000):
        outset = make_outset(objectives)
        queue = partial(study_queue.study_queue, outset.bank, outset.progress, horizon, START_PARAMETERS)
        cost[objectives] = milliseconds(queue)
    with capsys.disabled():
        print("\nstudy queue: " + ", ".join(f"{count:,} objectives {each:.2f} ms" for count, each in cost.items()))
    assert [count for count, most in MOST_MILLISECONDS.items() if cost[count] > most] == []


def test_cost_of_a_schedule_as_days_and_objectives_grow(capsys: pytest.CaptureFixture[str]) -> None:
    cost = {}
    for objectives in (300, 3_000):
        outset = make_outset(objectives)
        for days in (9, 90, 720):
            cost[objectives, days] = milliseconds(partial(schedule, outset, days), times=3)
    with capsys.disabled():
        print()
        for (objectives, days), each in cost.items():
            print(f"schedule of {objectives:,} objectives over {days} days: {each:.0f} ms")
    # Eight times the days cost about eight times as much, ten times the objectives far less than ten times.
    assert cost[300, 720] <= 16 * cost[300, 90]
    assert cost[3_000, 90] <= 12 * cost[300, 90]


def test_schedules_of_ten_thousand_candidates_fit_into_a_night(capsys: pytest.CaptureFixture[str]) -> None:
    outsets = [make_outset(300, met=number / PLANNED, seed=number) for number in range(PLANNED)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = perf_counter()
    for outset in outsets:
        schedule(outset, 90)
    per_second = PLANNED / (perf_counter() - start)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with capsys.disabled():
        print(f"\nschedules of 300 objectives over 90 days: {per_second:.0f} a second,")
        print(f"{CANDIDATES:,} in {CANDIDATES / per_second / 60:.0f} minutes;")
        print(f"peak memory {after // 1024} MB, of which schedules {(after - before) // 1024} MB")
    assert CANDIDATES / per_second < NIGHT_SECONDS
