from __future__ import annotations

import numpy as np
import pytest

from reviews.simulation.comparison import POLICIES
from reviews.simulation.learners import SHARES, draw_learners, share_out
from reviews.simulation.policies import Calendar, Cycling, Ours
from reviews.simulation.trial import Outcome, run_trial

LEARNERS = draw_learners(candidates=12, seeds=1, objectives=60, days=10)


def run(name: str, world: str = "A", minutes: int = 10) -> Outcome:
    policy = POLICIES[name](LEARNERS, Calendar(10, minutes))
    return run_trial(world, policy, LEARNERS, minutes=minutes, days=10)


def test_objectives_are_shared_out_as_the_blueprint_shares_the_exam() -> None:
    assert np.bincount(share_out(300)).tolist() == [3 * share for share in SHARES]


def test_about_a_third_is_known_at_the_start() -> None:
    learners = draw_learners(candidates=200, seeds=1, objectives=300, days=1)
    assert 0.33 < learners.known.mean() < 0.43


@pytest.mark.parametrize("name", POLICIES)
def test_an_order_holds_no_objective_twice(name: str) -> None:
    order = POLICIES[name](LEARNERS, Calendar(10, 10)).order(0)
    assert all(len(set(row)) == len(row) for row in order.tolist())


@pytest.mark.parametrize("name", POLICIES)
def test_the_same_draw_gives_the_same_outcome(name: str) -> None:
    np.testing.assert_array_equal(run(name).score, run(name).score)


def test_candidates_differ_by_the_seed() -> None:
    other = draw_learners(candidates=12, seeds=1, objectives=60, days=10, first_seed=2)
    assert not np.array_equal(other.known, LEARNERS.known)


def test_no_study_costs_no_time() -> None:
    outcome = run("no study", minutes=0)
    assert (outcome.hours.sum(), outcome.coverage.sum()) == (0, 0)


def test_a_day_ends_with_its_minutes_but_for_the_last_answer() -> None:
    outcome = run_trial("A", Cycling(LEARNERS, Calendar(10, 10)), LEARNERS, minutes=10, days=10)
    planned = 10 * LEARNERS.minutes.sum(axis=1) / 60
    overrun = 10 * 80 / 3600
    assert ((outcome.hours >= planned - 1e-6) & (outcome.hours <= planned + overrun)).all()


def test_more_time_gives_a_higher_score() -> None:
    assert run("linear", minutes=20).score.mean() > run("linear", minutes=5).score.mean() + 3


def test_ours_asks_the_queue_of_the_app() -> None:
    policy = Ours(LEARNERS, Calendar(10, 10))
    first = policy.order(0)
    assert first.shape == (12, 60)
    # Ten minutes a day do not let everything be met, so that what is least likely known comes first.
    difficulty = LEARNERS.authored[0][first[0]]
    assert difficulty[:20].mean() > difficulty[20:40].mean() > difficulty[40:].mean()
