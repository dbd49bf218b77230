from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reviews import scheduler
from reviews.scheduler import START_PARAMETERS, Strength
from reviews.study_queue import (
    DAYS_OF_INTRODUCTION,
    RECALL_WHEN_DUE,
    Bank,
    Horizon,
    Kind,
    Progress,
    expected_difficulty,
    is_affordable,
    known_at_start,
    mixed_places,
    new_today,
    review_gain,
    study_queue,
)

AMPLE = 10_000_000.0
EXAM_IN_30 = Horizon(30, AMPLE)


def bank_of(count: int, *, competencies: int = 2, seed: int = 7) -> Bank:
    competency = np.arange(count) % competencies
    return Bank(competency, np.full(count, 1 / max(count, 1)), mixed_places(competency, seed), np.zeros(count))


def progress_of(
    stability: list[float], elapsed: list[int] | None = None, *, met_today: int = 0, competencies: int = 2
) -> Progress:
    return Progress(
        stability=np.array(stability, dtype=float),
        difficulty=np.full(len(stability), 5.0),
        elapsed=np.array(elapsed or [1] * len(stability)),
        first=np.where(np.isnan(stability), np.nan, 0.2),
        met_today=np.array(met_today),
    )


NEVER = float("nan")


def test_an_empty_bank_gives_an_empty_queue() -> None:
    queue = study_queue(bank_of(0), progress_of([]), EXAM_IN_30)
    assert queue.order.tolist() == []


def test_every_objective_stands_in_the_order_once() -> None:
    progress = progress_of([NEVER, 0.1, 5.0, 200.0, NEVER, 0.2], [0, 3, 9, 1, 0, 0])
    assert sorted(study_queue(bank_of(6), progress, EXAM_IN_30).order.tolist()) == [0, 1, 2, 3, 4, 5]


def test_a_day_is_asked_in_the_order_of_kinds() -> None:
    progress = progress_of([0.1, 200.0, 0.1, NEVER], [0, 5, 20, 0])
    queue = study_queue(bank_of(4), progress, EXAM_IN_30)
    assert [Kind(one).name for one in queue.kind[queue.order]] == ["PACE", "DUE", "AHEAD", "AGAIN_TODAY"]


def test_an_objective_is_due_when_recall_is_expected_below_the_gate() -> None:
    days = np.arange(1, 40)
    stability = 0.8
    recall = scheduler.recall(np.array(stability), days, START_PARAMETERS)
    queue = study_queue(bank_of(39), progress_of([stability] * 39, days.tolist()), EXAM_IN_30)
    assert (queue.kind == Kind.DUE).tolist() == (recall <= RECALL_WHEN_DUE).tolist()


def test_what_gains_more_per_second_comes_first() -> None:
    progress = progress_of([0.1] * 4, [20] * 4)
    bank = replace(bank_of(4), weight=np.array([0.1, 0.4, 0.2, 0.3]))
    assert study_queue(bank, progress, EXAM_IN_30).order.tolist() == [1, 3, 2, 0]


def test_the_gain_is_that_of_both_outcomes_weighted_by_recall() -> None:
    memory, elapsed = Strength(np.array(2.0), np.array(5.0)), np.array(6)
    recall = float(scheduler.recall(memory.stability, elapsed, START_PARAMETERS))
    on_exam_day = [
        float(
            scheduler.recall(
                scheduler.next_memory(memory, np.array(rating), elapsed, START_PARAMETERS).stability, np.array(30)
            )
        )
        for rating in (3, 1)
    ]
    kept = float(scheduler.recall(memory.stability, np.array(36)))
    expected = recall * on_exam_day[0] + (1 - recall) * on_exam_day[1] - kept
    assert float(review_gain(memory, np.array(recall), elapsed, 30)) == pytest.approx(expected)


def test_between_equal_gains_the_longer_wait_comes_first() -> None:
    # Stability grows with the wait, so that recall and hence the kind are the same.
    progress = progress_of([0.5, 1.0, 2.0], [10, 20, 40])
    assert study_queue(bank_of(3), progress, Horizon(3, AMPLE)).order[0] == 2


def test_new_objectives_are_spread_over_half_of_the_days() -> None:
    assert int(new_today(bank_of(60), progress_of([NEVER] * 60), Horizon(30, AMPLE))) == 4


def test_what_was_met_today_counts_towards_the_pace_of_today() -> None:
    progress = progress_of([0.1] * 3 + [NEVER] * 57, [0] * 3 + [0] * 57, met_today=3)
    assert int(new_today(bank_of(60), progress, Horizon(30, AMPLE))) == 1


def test_without_the_time_to_ask_each_twice_no_pace_is_promised() -> None:
    bank, progress = bank_of(60), progress_of([NEVER] * 60)
    scarce = Horizon(30, 60 * 60.0)
    assert (bool(is_affordable(bank, progress, scarce)), int(new_today(bank, progress, scarce))) == (False, 0)
    assert set(study_queue(bank, progress, scarce).kind.tolist()) == {Kind.NEW}


def test_new_objectives_of_a_day_come_from_every_competency() -> None:
    bank = bank_of(60, competencies=6)
    queue = study_queue(bank, progress_of([NEVER] * 60, competencies=6), Horizon(20, AMPLE))
    assert sorted(bank.competency[queue.order[:6]].tolist()) == [0, 1, 2, 3, 4, 5]


def test_a_weak_competency_gains_more_from_new_objectives() -> None:
    # Of what was met, everything in the first competency was known and nothing in the second.
    progress = replace(progress_of([5.0] * 10 + [NEVER] * 2), first=np.array([0.9, 0.05] * 5 + [NEVER] * 2))
    known = known_at_start(bank_of(12), progress)
    gain = study_queue(bank_of(12), progress, EXAM_IN_30).gain
    assert known[10] > known[11]
    assert gain[10] < gain[11]


def test_competencies_tell_something_about_each_other() -> None:
    nothing = progress_of([NEVER] * 12)
    known = replace(progress_of([5.0, NEVER] * 6), first=np.array([0.9, NEVER] * 6))
    assert known_at_start(bank_of(12), known)[1] > known_at_start(bank_of(12), nothing)[1]


def test_before_any_answer_about_a_third_is_known_and_less_of_what_is_difficult() -> None:
    bank = replace(bank_of(3), difficulty=np.array([-1.0, 0.0, 1.0]))
    known = known_at_start(bank, progress_of([NEVER] * 3))
    # logistic(-.6) in the middle.
    assert known.round(3).tolist() == [0.599, 0.354, 0.168]


def test_two_steps_find_the_ability_that_a_search_finds() -> None:
    draws = np.random.default_rng(5)
    bank = replace(bank_of(40, competencies=1), difficulty=draws.normal(0, 0.5, 40))
    first = np.where(draws.random(40) < 0.6, draws.choice([0.05, 0.2, 0.9], 40), NEVER)
    known = known_at_start(bank, replace(progress_of([NEVER] * 40, competencies=1), first=first))
    grid = np.linspace(-4, 4, 4001)[:, np.newaxis]
    chance, is_met = 1 / (1 + np.exp(bank.difficulty - grid)), ~np.isnan(first)
    likelihood = (first * np.log(chance) + (1 - first) * np.log(1 - chance))[:, is_met].sum(axis=1)
    ability = grid[np.argmax(likelihood - (grid[:, 0] + 0.6) ** 2 / (2 * (0.7**2 + 0.5**2))), 0]
    np.testing.assert_allclose(known, 1 / (1 + np.exp(bank.difficulty - ability)), atol=0.01)


@pytest.mark.parametrize(("level", "expected"), [([2.0, 2.0], [0.0, 0.0]), ([], []), ([1.0, 3.0], [-0.512, 0.512])])
def test_levels_tell_as_much_of_difficulty_as_they_can_be_believed(level: list[float], expected: list[float]) -> None:
    assert expected_difficulty(np.array(level)).round(3).tolist() == expected


@pytest.mark.parametrize("days", [0, 1, -3])
def test_on_the_last_day_and_after_it_there_is_an_order(days: int) -> None:
    progress = progress_of([NEVER, 0.1, 5.0], [0, 3, 9])
    queue = study_queue(bank_of(3), progress, Horizon(days, 0.0))
    assert sorted(queue.order.tolist()) == [0, 1, 2]
    assert np.isfinite(queue.gain).all()


def test_without_an_exam_the_least_certain_of_what_is_due_comes_first() -> None:
    progress = progress_of([3.0, 1.0, 2.0, 500.0], [40, 40, 40, 1])
    queue = study_queue(bank_of(4), progress, Horizon(None))
    assert queue.order.tolist() == [1, 2, 0, 3]
    assert queue.kind.tolist() == [Kind.DUE, Kind.DUE, Kind.DUE, Kind.AHEAD]


def test_without_an_exam_all_are_met_in_four_weeks() -> None:
    progress = progress_of([NEVER] * 60)
    daily = int(new_today(bank_of(60), progress, Horizon(None)))
    assert daily == 3
    assert daily * DAYS_OF_INTRODUCTION >= 60


def test_a_row_per_candidate_gives_what_each_gets_alone() -> None:
    draws = np.random.default_rng(3)
    count, people = 30, 4
    competency = np.arange(count) % 3
    places = np.array([mixed_places(competency, seed) for seed in range(people)])
    stability = np.where(draws.random((people, count)) < 0.4, np.nan, draws.uniform(0.1, 30, (people, count)))
    together = Progress(
        stability=stability,
        difficulty=draws.uniform(1, 10, (people, count)),
        elapsed=draws.integers(0, 30, (people, count)),
        first=np.where(np.isnan(stability), np.nan, draws.choice([0.05, 0.2, 0.9], (people, count))),
        met_today=np.array([0, 1, 2, 0]),
    )
    weight = np.full(count, 1 / count)
    difficulty = draws.normal(0, 0.5, count)
    queues = study_queue(Bank(competency, weight, places, difficulty), together, Horizon(20, AMPLE))
    for row in range(people):
        alone = Progress(
            together.stability[row],
            together.difficulty[row],
            together.elapsed[row],
            together.first[row],
            together.met_today[row],
        )
        queue = study_queue(Bank(competency, weight, places[row], difficulty), alone, Horizon(20, AMPLE))
        assert queue.order.tolist() == queues.order[row].tolist()
        assert queue.kind.tolist() == queues.kind[row].tolist()


def test_the_seed_settles_ties_and_nothing_else() -> None:
    progress = progress_of([0.1] * 6 + [NEVER] * 6, [20] * 6 + [0] * 6)
    orders = [study_queue(bank_of(12, seed=seed), progress, EXAM_IN_30).order.tolist() for seed in (1, 1, 2)]
    assert orders[0] == orders[1]
    assert orders[0] != orders[2]
    assert {frozenset(order[:1]) <= set(range(6, 12)) for order in orders} == {True}


def test_the_inputs_are_left_as_they_were() -> None:
    progress = progress_of([NEVER, 0.1, 5.0], [0, 3, 0])
    before = progress.stability.copy()
    study_queue(bank_of(3), progress, EXAM_IN_30)
    np.testing.assert_array_equal(progress.stability, before)


def test_with_scarce_time_what_is_likely_known_is_left_for_last() -> None:
    bank = replace(bank_of(60), difficulty=np.linspace(-1, 1, 60))
    order = study_queue(bank, progress_of([NEVER] * 60), Horizon(20, 3600.0)).order
    assert order[-10:].tolist() == list(range(9, -1, -1))
