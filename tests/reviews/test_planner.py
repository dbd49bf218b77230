from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import chain
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews import planner, scheduler
from reviews.planner import Done, Learned, Plan, Unseen, plan_days
from reviews.scheduler import Memory, Rating, State

TODAY = date(2026, 3, 2)  # a Monday
EVERY_DAY = [20] * 7


def make_memory(*, stability: float = 2.3, reviewed: int = 0, due: int = 13) -> Memory:
    """`reviewed` days ago, due in `due` days."""
    return Memory(
        stability, 5.0, State.REVIEW, TODAY + timedelta(days=due), TODAY - timedelta(days=reviewed), reps=1, lapses=0
    )


def make_unseen(count: int, area: str = "MET", weight: float = 1.0) -> list[Unseen]:
    return [Unseen(f"{area}-K{number}.1", area, weight) for number in range(1, count + 1)]


def plan(**changes: Any) -> Plan:
    return plan_days(
        **{
            "starts_on": TODAY,
            "exam_on": TODAY + timedelta(days=20),
            "minutes_by_weekday": EVERY_DAY,
            "learned": [],
            "unseen": [],
            **changes,
        }
    )


def new_codes(made: Plan) -> list[str]:
    return list(chain.from_iterable(day.new for day in made.days))


# Properties

minutes = st.lists(st.integers(0, 90), min_size=7, max_size=7)
exams = st.none() | st.integers(-5, 90).map(lambda days: TODAY + timedelta(days=days))
memories = st.builds(
    lambda stability, reviewed, due: make_memory(stability=stability, reviewed=reviewed, due=due),
    st.floats(0.001, 400),
    st.integers(0, 200),
    st.integers(-100, 100),
)
situations = st.fixed_dictionaries(
    {
        "exam_on": exams,
        "minutes_by_weekday": minutes,
        "learned": st.lists(memories, max_size=40).map(
            lambda them: [Learned(f"CUL-K{number}.1", memory) for number, memory in enumerate(them)]
        ),
        "unseen": st.lists(
            st.tuples(st.sampled_from(["ORG", "VOC", "DES", "MET"]), st.sampled_from([0.5, 1.0, 1.5])), max_size=120
        ).map(lambda them: [Unseen(f"{area}-K{number}.1", area, weight) for number, (area, weight) in enumerate(them)]),
        "done": st.builds(Done, st.integers(0, 50), st.integers(0, 20)),
    }
)


@given(situations)
@settings(max_examples=200, deadline=None)
def test_plan_never_exceeds_the_minutes_of_a_day(situation: dict[str, Any]) -> None:
    for day in plan(**situation).days:
        seconds = len(day.reviews) * planner.SECONDS_PER_REVIEW + len(day.new) * planner.SECONDS_PER_NEW
        assert seconds <= 60 * day.minutes <= 60 * day.capacity
        assert day.capacity == situation["minutes_by_weekday"][day.on.weekday()]


@given(situations)
@settings(deadline=None)
def test_plan_holds_every_day_from_the_first_to_the_one_before_the_exam(situation: dict[str, Any]) -> None:
    exam_on = situation["exam_on"]
    days = [day.on for day in plan(**situation).days]
    count = planner.DAYS_WITHOUT_EXAM if exam_on is None or exam_on < TODAY else (exam_on - TODAY).days
    assert days == [TODAY + timedelta(days=number) for number in range(count)]


@given(situations)
@settings(deadline=None)
def test_plan_introduces_every_objective_once_or_says_that_it_does_not(situation: dict[str, Any]) -> None:
    made = plan(**situation)
    told = Counter([*new_codes(made), *made.dropped, *made.later])
    assert told == Counter(each.code for each in situation["unseen"])


@given(situations)
@settings(deadline=None)
def test_plan_reviews_an_objective_at_most_once_a_day_and_only_when_met_before(situation: dict[str, Any]) -> None:
    made = plan(**situation)
    met = {each.code for each in situation["learned"]}
    for day in made.days:
        assert len(set(day.reviews)) == len(day.reviews)
        assert set(day.reviews) <= met
        met |= set(day.new)


@given(situations)
@settings(deadline=None)
def test_plan_is_deterministic(situation: dict[str, Any]) -> None:
    assert plan(**situation) == plan(**situation)


@given(situations)
@settings(deadline=None)
def test_plan_drops_nothing_heavier_than_what_it_introduces(situation: dict[str, Any]) -> None:
    made = plan(**situation)
    weights = {each.code: each.weight for each in situation["unseen"]}
    left = [weights[code] for code in (*made.dropped, *made.later)]
    assert max(left, default=0) <= min((weights[code] for code in new_codes(made)), default=9)


@given(situations)
@settings(deadline=None)
def test_plan_projects_recall_as_a_probability(situation: dict[str, Any]) -> None:
    projected = plan(**situation).projected_recall
    assert projected is None or 0 <= projected <= 1


# The first days


@pytest.mark.parametrize("count", [1, 20, 100])
def test_new_objectives_are_all_met_within_three_fifths_of_the_time(count: int) -> None:
    met = {code: number for number, day in enumerate(plan(unseen=make_unseen(count)).days) for code in day.new}
    assert len(met) == count
    assert max(met.values()) < 12


def test_new_objectives_are_all_met_within_four_weeks_when_the_exam_is_far_away() -> None:
    made = plan(unseen=make_unseen(100), exam_on=TODAY + timedelta(days=300))
    assert [len(day.new) for day in made.days[:28]] == [4] * 16 + [3] * 12
    assert [day.new for day in made.days[28:] if day.new] == []


def test_new_objectives_follow_the_minutes_of_each_weekday() -> None:
    made = plan(unseen=make_unseen(30), minutes_by_weekday=[10, 10, 10, 10, 10, 30, 0])
    by_weekday = Counter(day.on.weekday() for day in made.days for _ in day.new)
    assert [by_weekday[number] for number in (0, 5, 6)] == [5, 6, 0]


def test_new_objectives_of_a_day_come_from_several_areas() -> None:
    unseen = [*make_unseen(10, "CUL"), *make_unseen(20, "ORG"), *make_unseen(10, "MET")]
    first = plan(unseen=unseen).days[0].new
    assert [code[:3] for code in first] == ["ORG", "CUL", "MET", "ORG"]


def test_what_was_done_today_counts_against_today() -> None:
    unseen = make_unseen(60)
    whole = plan(unseen=unseen).days[0]
    rest = plan(unseen=unseen[len(whole.new) :], done=Done(reviews=0, new=len(whole.new))).days[0]
    assert (len(whole.new), rest.new) == (5, ())


def test_minutes_used_up_today_leave_the_day_empty() -> None:
    learned = [Learned("CUL-K1.1", make_memory(due=0))]
    made = plan(learned=learned, done=Done(reviews=27))
    assert [day.reviews for day in made.days[:2]] == [(), ("CUL-K1.1",)]


# Reviews


def test_review_is_planned_on_its_day() -> None:
    made = plan(learned=[Learned("CUL-K1.1", make_memory(due=3))])
    assert next(number for number, day in enumerate(made.days) if day.reviews) == 3


def test_overdue_review_is_planned_for_the_first_day() -> None:
    made = plan(learned=[Learned("CUL-K1.1", make_memory(due=-30, reviewed=50))])
    assert made.days[0].reviews == ("CUL-K1.1",)


def test_review_comes_back_after_the_expected_interval() -> None:
    learned = [Learned("CUL-K1.1", make_memory(stability=1.0, reviewed=6, due=0))]
    made = plan(learned=learned, exam_on=TODAY + timedelta(days=60))
    days = [number for number, day in enumerate(made.days) if day.reviews]
    recall = scheduler.retrievability(make_memory(stability=1.0, reviewed=6), TODAY)
    memory = make_memory(stability=1.0, reviewed=6)
    good, again = (scheduler.review(memory, rating, TODAY).stability for rating in (Rating.GOOD, Rating.AGAIN))
    assert days[:2] == [0, scheduler.interval(good**recall * again ** (1 - recall))]


def test_reviews_that_do_not_fit_wait_for_the_next_day_and_the_least_certain_comes_first() -> None:
    learned = [
        Learned("CUL-K1.1", make_memory(due=0, reviewed=13)),
        Learned("CUL-K2.1", make_memory(due=0, reviewed=80)),
        Learned("CUL-K3.1", make_memory(due=0, reviewed=40)),
    ]
    made = plan(learned=learned, minutes_by_weekday=[1] * 7)
    assert [day.reviews for day in made.days[:3]] == [("CUL-K2.1",), ("CUL-K3.1",), ("CUL-K1.1",)]


def test_reviews_keep_half_of_a_day_once_new_objectives_should_have_been_met() -> None:
    made = plan(unseen=make_unseen(400), exam_on=TODAY + timedelta(days=10))
    assert [(len(day.new), len(day.reviews)) for day in made.days[6:]] == [(6, 14)] * 4


def test_no_time_is_left_over_while_objectives_are_dropped() -> None:
    made = plan(unseen=make_unseen(100), exam_on=TODAY + timedelta(days=5), minutes_by_weekday=[10] * 7)
    assert len(made.dropped) > 0
    assert [day.capacity - day.minutes for day in made.days if day.capacity - day.minutes > 1] == []


# What does not fit


def test_objectives_that_do_not_fit_are_dropped_the_lowest_weight_first() -> None:
    unseen = [*make_unseen(4, "CUL", 0.7), *make_unseen(13, "MET", 1.0), *make_unseen(4, "VOC", 0.5)]
    made = plan(unseen=unseen, exam_on=TODAY + timedelta(days=1))
    assert sorted(new_codes(made)) == sorted(each.code for each in make_unseen(13))
    assert made.dropped == tuple(each.code for each in [*unseen[:4], *unseen[17:]])


def test_objectives_that_do_not_fit_into_a_plan_without_exam_date_come_later() -> None:
    made = plan(unseen=make_unseen(500), exam_on=None)
    assert (made.dropped, len(made.later)) == ((), 500 - 28 * 13)


@pytest.mark.parametrize("days", [None, 0, 1, -1, 20])
def test_plan_without_minutes_is_empty_and_says_what_is_left(days: int | None) -> None:
    exam_on = None if days is None else TODAY + timedelta(days=days)
    made = plan(minutes_by_weekday=[0] * 7, unseen=make_unseen(3), exam_on=exam_on)
    assert [day.minutes for day in made.days if day.minutes] == []
    assert len(made.dropped + made.later) == 3


def test_plan_without_objectives_has_empty_days() -> None:
    made = plan()
    assert (len(made.days), new_codes(made), made.projected_recall) == (20, [], None)


def test_plan_for_an_exam_today_has_no_days_and_projects_the_recall_of_today() -> None:
    made = plan(exam_on=TODAY, learned=[Learned("CUL-K1.1", make_memory(stability=10, reviewed=10))])
    assert (made.days, made.projected_recall) == ((), pytest.approx(0.9))


def test_plan_for_an_exam_tomorrow_has_one_day() -> None:
    assert [day.on for day in plan(exam_on=TODAY + timedelta(days=1)).days] == [TODAY]


def test_plan_after_the_exam_goes_on_without_an_exam_date() -> None:
    yesterday = plan(exam_on=TODAY - timedelta(days=1), unseen=make_unseen(5))
    assert yesterday == plan(exam_on=None, unseen=make_unseen(5))


def test_plan_ends_after_two_years_however_far_the_exam_is() -> None:
    assert len(plan(exam_on=date(9999, 1, 1)).days) == planner.LONGEST_PLAN


def test_objectives_never_met_count_as_not_recalled() -> None:
    made = plan(minutes_by_weekday=[0] * 7, unseen=make_unseen(3), learned=[Learned("CUL-K1.1", make_memory())])
    recall = scheduler.retrievability(make_memory(), TODAY + timedelta(days=20))
    assert made.projected_recall == pytest.approx(recall / 4)


def test_minutes_are_rounded_up() -> None:
    assert [planner.minutes_for(reviews=1), planner.minutes_for(reviews=2, new=1), planner.minutes_for()] == [1, 3, 0]
