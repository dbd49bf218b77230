from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews import planner, scheduler, study_queue
from reviews.planner import Capacity, Outset, Plan, Session, open_days, plan_days, study_ahead, todays_session
from reviews.scheduler import START_PARAMETERS, Rating, Strength
from reviews.study_queue import Bank, Horizon, Progress

TODAY = date(2026, 3, 2)  # a Monday
COMPETENCIES = 3


def make_outset(stability: Sequence[float | None] = (None,) * 30, **changes: Any) -> Outset:
    """One entry per objective: its stability, or None where it was never met. All were last answered 10 days ago."""
    count = len(stability)
    competency = np.arange(count, dtype=np.int64) % COMPETENCIES
    values = np.array([np.nan if one is None else one for one in stability], dtype=float)
    progress = Progress(
        stability=values,
        difficulty=np.full(count, 5.0),
        elapsed=np.where(np.isnan(values), 0, changes.pop("elapsed", 10)).astype(np.int64),
        first=np.where(np.isnan(values), np.nan, 0.2),
        met_today=np.array(changes.pop("met_today", 0)),
    )
    outset = Outset(
        on=TODAY,
        codes=tuple(f"CUL-K{number}.1" for number in range(count)),
        bank=Bank(
            competency, np.full(count, 1 / max(count, 1)), study_queue.mixed_places(competency, 7), np.zeros(count)
        ),
        progress=progress,
        parameters=START_PARAMETERS,
        asked_today=np.zeros(count, np.int64),
        is_missed=np.zeros(count, bool),
        rests_for=np.zeros(count, np.int64),
    )
    return replace(outset, **changes)


def plan(outset: Outset, *, days: int | None = 30, minutes: int | Sequence[int] = 20) -> Plan:
    """`minutes` of every day, or of the first days and then again."""
    exam_on = None if days is None else TODAY + timedelta(days=days)
    cycle = [minutes] if isinstance(minutes, int) else list(minutes)
    capacities = [Capacity(on, cycle[place % len(cycle)]) for place, on in enumerate(open_days(TODAY, exam_on))]
    return plan_days(outset, exam_on=exam_on, capacities=capacities, items=100)


outsets = st.lists(
    st.one_of(st.none(), st.floats(0.05, 300)),
    max_size=40,
).map(make_outset)


@settings(max_examples=60)
@given(outsets, st.one_of(st.none(), st.integers(1, 40)), st.lists(st.integers(0, 60), min_size=1, max_size=7))
def test_a_plan_keeps_what_it_promises(outset: Outset, days: int | None, minutes: list[int]) -> None:
    made = plan(outset, days=days, minutes=minutes)
    met = [code for code, is_met in zip(outset.codes, outset.is_met, strict=True) if is_met]
    new = [code for day in made.days for code in day.new]
    assert [day.on for day in made.days] == [TODAY + timedelta(days=n) for n in range(28 if days is None else days)]
    assert all(day.minutes <= day.capacity for day in made.days)
    # Whatever is not known is either met once or named as left out, and nothing is reviewed before it was met.
    assert sorted([*met, *new, *made.dropped, *made.later]) == sorted(outset.codes)
    known = set(met)
    for day in made.days:
        assert known.issuperset(day.reviews)
        assert len({*day.reviews, *day.new}) == len(day.reviews) + len(day.new)
        known.update(day.new)


@settings(max_examples=30)
@given(outsets, st.integers(1, 40))
def test_the_same_facts_give_the_same_plan(outset: Outset, days: int) -> None:
    assert plan(outset, days=days) == plan(outset, days=days)


def test_minutes_of_a_day_are_the_sum_of_what_is_asked_rounded_up() -> None:
    # Nothing is known of the candidate: new ones are known with .35, right with .52, and take 62 s.
    (day,) = plan(make_outset(), days=1, minutes=20).days
    assert (len(day.new), day.minutes) == (19, 20)


def test_a_day_without_minutes_is_empty() -> None:
    assert [len(day.new) > 0 for day in plan(make_outset(), days=4, minutes=[0, 20, 0, 20]).days] == [
        False,
        True,
        False,
        True,
    ]


def test_what_today_has_behind_it_is_taken_off_its_minutes() -> None:
    assert plan(make_outset(seconds_spent=20 * 60), days=2, minutes=20).days[0].minutes == 0


def test_a_mock_exam_takes_the_day() -> None:
    capacities = [Capacity(TODAY, 30, is_mock=True), Capacity(TODAY + timedelta(days=1), 30)]
    made = plan_days(make_outset(), exam_on=TODAY + timedelta(days=2), capacities=capacities, items=100)
    assert [(day.is_mock, day.minutes > 0) for day in made.days] == [(True, False), (False, True)]


def test_a_leech_rests() -> None:
    rests = np.array([2, 0], np.int64)
    made = plan(make_outset([0.5, 0.5], rests_for=rests), days=5)
    assert [sorted(day.reviews)[:1] == ["CUL-K0.1"] for day in made.days[:2]] == [False, False]
    assert any("CUL-K0.1" in day.reviews for day in made.days[2:])


def test_all_objectives_are_met_in_the_first_half_of_the_time() -> None:
    made = plan(make_outset([None] * 60), days=40, minutes=20)
    assert sum(len(day.new) for day in made.days[:20]) == 60
    assert made.dropped == ()


def test_what_does_not_fit_is_dropped_with_an_exam_and_later_without() -> None:
    with_exam, without = plan(make_outset(), days=1, minutes=10), plan(make_outset([None] * 300), days=None, minutes=5)
    assert (len(with_exam.dropped), with_exam.later) == (30 - len(with_exam.days[0].new), ())
    assert without.dropped == ()
    assert len(without.later) == 300 - sum(len(day.new) for day in without.days)


def test_without_an_exam_date_nothing_is_projected_and_nothing_is_reviewed_ahead() -> None:
    made = plan(make_outset([50.0] * 10), days=None)
    assert made.projection is None
    assert made.days[0].reviews == ()


def test_an_exam_date_in_the_past_counts_as_none() -> None:
    capacities = [Capacity(on, 20) for on in open_days(TODAY, TODAY - timedelta(days=1))]
    made = plan_days(make_outset(), exam_on=TODAY - timedelta(days=1), capacities=capacities, items=100)
    assert (len(made.days), made.projection) == (28, None)


def test_on_the_day_of_the_exam_nothing_is_planned_and_the_score_is_still_projected() -> None:
    made = plan(make_outset([50.0] * 10), days=0)
    assert made.days == ()
    assert made.projection is not None


def test_without_objectives_there_is_nothing_to_plan() -> None:
    made = plan(make_outset([]), days=3)
    assert [day.minutes for day in made.days] == [0, 0, 0]
    assert made.projection is None


def test_far_exams_are_planned_for_two_years() -> None:
    assert len(open_days(TODAY, TODAY + timedelta(days=2000))) == 730


@pytest.mark.parametrize("days", [1, 2, 10])
def test_the_projection_lies_within_its_interval(days: int) -> None:
    projection = plan(make_outset([3.0] * 20 + [None] * 20), days=days).projection
    assert projection is not None
    assert 0 <= projection.low < projection.score < projection.high <= 100


def test_the_score_counts_what_guessing_brings() -> None:
    known, unknown = np.ones(10), np.zeros(10)
    weight = np.full(10, 0.1)
    # .85 of what is recalled carries over; of the rest a quarter is guessed.
    assert planner.score_of(known, weight, 100).score == pytest.approx(88.75)
    assert planner.score_of(unknown, weight, 100).score == pytest.approx(25)


def test_an_exam_of_more_questions_is_foretold_more_closely() -> None:
    few, many = (planner.score_of(np.full(10, 0.7), np.full(10, 0.1), items) for items in (20, 200))
    assert few.high - few.low > many.high - many.low


# How many objectives were met, and the share of them that was known.
STANDINGS = {"nothing met": (0, 0.0), "few, weak": (20, 0.1), "few, strong": (20, 0.95), "half met": (100, 0.35)}


@pytest.mark.parametrize("days", [1, 2, 7, 45])
@pytest.mark.parametrize("standing", STANDINGS)
def test_the_score_follows_from_the_facts_and_grows_with_the_minutes(standing: str, days: int) -> None:
    """Half a point is for the order in which each candidate meets the objectives, and for rounding to whole answers."""
    scores = np.array([[score(standing, days, minutes, seed) for minutes in (0, 5, 10, 20, 40)] for seed in range(3)])
    assert np.ptp(scores, axis=0).max() <= 0.5
    assert (np.maximum.accumulate(scores, axis=1) - scores).max() <= 0.5
    assert (scores[:, -1] > scores[:, 0] + 3).all()


def score(standing: str, days: int, minutes: int, seed: int) -> float:
    """What is foretold a candidate of a bank of 200 whose objectives are of three levels."""
    met, known = STANDINGS[standing]
    draws = np.random.default_rng(1)
    stability = np.where(draws.random(200) < known, 20.0, 0.1)
    outset = make_outset([stability[place] if place < met else None for place in range(200)])
    bank = replace(
        outset.bank,
        place=study_queue.mixed_places(outset.bank.competency, seed),
        difficulty=draws.choice([-0.6, 0.0, 0.6], 200),
    )
    first = np.where(outset.is_met, np.where(stability == 20, 0.9, 0.05), np.nan)
    outset = replace(outset, bank=bank, progress=replace(outset.progress, first=first))
    projection = plan(outset, days=days, minutes=minutes).projection
    assert projection is not None
    return projection.score


@pytest.mark.parametrize(
    ("stability", "days"), [([None] * 60, 21), ([None] * 30 + [20.0] * 15 + [0.1] * 15, 7), ([0.1] * 60, 7)]
)
def test_the_plan_comes_true_for_candidates_who_remember_as_the_model_says(
    stability: list[float | None], days: int
) -> None:
    """Real draws instead of the plan's systematic ones, each day planned anew from what was answered."""
    outset, minutes, people = make_outset(stability), 10, 12
    foretold = plan(outset, days=days, minutes=minutes).projection
    lived = np.array([live(outset, days, minutes, seed) for seed in range(people)])
    assert foretold is not None
    assert abs(lived.mean() - foretold.recall) < 0.02


def live(outset: Outset, days: int, minutes: int, seed: int) -> float:
    """Mean recall on exam day of one candidate who follows the first day of each morning's plan."""
    draws = np.random.default_rng(seed)
    exam_on = TODAY + timedelta(days=days)
    known = draws.random(len(outset.codes)) < study_queue.known_at_start(outset.bank, outset.progress)
    for _ in range(days):
        capacities = [Capacity(on, minutes) for on in open_days(outset.on, exam_on)]
        (today, *_) = plan_days(outset, exam_on=exam_on, capacities=capacities, items=100).days
        codes = [*today.reviews, *today.new]
        places = np.array([outset.codes.index(code) for code in codes], dtype=np.int64)
        outset = answer(outset, places, known, draws)
    elapsed = outset.progress.elapsed
    recall = scheduler.recall(np.nan_to_num(outset.progress.stability, nan=1), elapsed, START_PARAMETERS)
    return float(np.where(outset.is_met, recall, known).mean())


def answer(outset: Outset, places: Any, known: Any, draws: np.random.Generator) -> Outset:
    progress = outset.progress
    is_met, elapsed = outset.is_met[places], progress.elapsed[places]
    memory = Strength(np.nan_to_num(progress.stability[places], nan=1), progress.difficulty[places])
    chance = np.where(is_met, scheduler.recall(memory.stability, elapsed, START_PARAMETERS), known[places])
    recalled = draws.random(len(places)) < chance
    rating = np.where(recalled, Rating.GOOD, Rating.AGAIN)
    fresh = scheduler.first_memory(rating, START_PARAMETERS)
    later = scheduler.next_memory(memory, rating, elapsed, START_PARAMETERS)
    stability, difficulty = progress.stability.copy(), progress.difficulty.copy()
    stability[places] = np.where(is_met, later.stability, fresh.stability)
    difficulty[places] = np.where(is_met, later.difficulty, fresh.difficulty)
    days = progress.elapsed + 1
    days[places] = 1
    first = progress.first.copy()
    first[places] = np.where(is_met, first[places], study_queue.known_after(rating))
    return replace(
        outset,
        on=outset.on + timedelta(days=1),
        progress=replace(
            progress,
            stability=stability,
            difficulty=difficulty,
            elapsed=days,
            first=first,
        ),
    )


# Today's session


def session(outset: Outset, *, seconds: float = 600) -> Session:
    return todays_session(outset, Horizon(30, 30 * 600.0), seconds)


def test_a_session_is_the_first_day_of_the_plan() -> None:
    outset = make_outset([3.0] * 10 + [None] * 20)
    made = plan(outset, days=30, minutes=10)
    today = session(outset)
    assert [outset.codes[place] for place in today.places if outset.is_met[place]] == list(made.days[0].reviews)
    assert (today.count(is_new=True), today.minutes) == (len(made.days[0].new), made.days[0].minutes)


def test_what_was_missed_today_is_asked_once_more_at_the_end() -> None:
    asked, missed = np.array([1, 2, 1, 0], np.int64), np.array([True, True, False, False])
    today = session(make_outset([0.1] * 4, elapsed=np.zeros(4), asked_today=asked, is_missed=missed), seconds=0)
    assert (today.places, today.again) == ([], [0])


def test_a_leech_is_not_asked_once_more() -> None:
    one = np.ones(1, np.int64)
    outset = make_outset([0.1], elapsed=np.zeros(1), asked_today=one, is_missed=one > 0, rests_for=2 * one)
    assert session(outset).again == []


def test_studying_ahead_goes_on_with_what_pays_most_until_all_was_asked_today() -> None:
    horizon = Horizon(30, 30 * 600.0)
    assert study_ahead(make_outset([400.0, 3.0]), horizon) == 1
    assert study_ahead(make_outset([3.0, 3.0], elapsed=np.zeros(2)), horizon) is None
