from __future__ import annotations

from datetime import date, timedelta
from math import nan

import pytest

from reviews.leeches import Reviewed, leech_day
from reviews.scheduler import Rating

FIRST_DAY = date(2026, 3, 2)
AGAIN, HARD, GOOD = Rating.AGAIN, Rating.HARD, Rating.GOOD


def day(number: int) -> date:
    return FIRST_DAY + timedelta(days=number)


def make_reviews(*reviews: tuple[int, int], recall: float = 0.6, difficulty: float = 7.0) -> list[Reviewed]:
    """From ratings and day numbers, after a first review on day 0."""
    first = Reviewed(AGAIN, FIRST_DAY, nan, difficulty)
    return [first, *(Reviewed(rating, day(number), recall, difficulty) for rating, number in reviews)]


def missed_on(*numbers: int) -> list[tuple[int, int]]:
    return [(AGAIN, number) for number in numbers]


def test_an_objective_without_reviews_is_no_leech() -> None:
    assert leech_day([]) is None


def test_the_first_review_is_no_miss() -> None:
    assert leech_day(make_reviews(*missed_on(20, 40, 60))) is None


def test_the_fourth_miss_makes_a_leech() -> None:
    assert leech_day(make_reviews(*missed_on(20, 40, 60, 80))) == day(80)


def test_recalls_between_misses_do_not_take_misses_back() -> None:
    reviews = make_reviews((AGAIN, 20), (GOOD, 22), (AGAIN, 40), (GOOD, 42), (AGAIN, 60), (GOOD, 62), (AGAIN, 80))
    assert leech_day(reviews) == day(80)


@pytest.mark.parametrize(("last", "leech_on"), [(13, day(13 + 3)), (14, None)])
def test_the_third_miss_within_two_weeks_makes_a_leech(last: int, leech_on: date | None) -> None:
    assert leech_day(make_reviews(*missed_on(3, 9, 3 + last))) == leech_on


def test_three_misses_of_one_day_make_a_leech() -> None:
    assert leech_day(make_reviews(*missed_on(5, 5, 5))) == day(5)


@pytest.mark.parametrize(
    ("difficulty", "recall", "leech_on"),
    [(9.5, 0.75, day(5)), (9.49, 0.9, None), (10.0, 0.74, None)],
)
def test_a_miss_of_what_is_hard_but_was_expected_makes_a_leech(
    difficulty: float, recall: float, leech_on: date | None
) -> None:
    assert leech_day(make_reviews((AGAIN, 5), difficulty=difficulty, recall=recall)) == leech_on


def test_what_is_hard_and_recalled_is_no_leech() -> None:
    assert leech_day(make_reviews((HARD, 5), (HARD, 9), difficulty=10, recall=0.9)) is None


def test_one_recall_does_not_end_it() -> None:
    assert leech_day(make_reviews(*missed_on(1, 2, 3), (GOOD, 5))) == day(3)


def test_two_recalls_on_different_days_end_it() -> None:
    assert leech_day(make_reviews(*missed_on(1, 2, 3), (GOOD, 5), (HARD, 9))) is None


@pytest.mark.parametrize("recalls", [[(GOOD, 5), (GOOD, 5)], [(GOOD, 3), (GOOD, 5)], [(GOOD, 3), (GOOD, 3)]])
def test_recalls_of_one_day_or_of_the_day_of_the_miss_count_once_or_not(recalls: list[tuple[int, int]]) -> None:
    assert leech_day(make_reviews(*missed_on(1, 2, 3), *recalls)) == day(3)


def test_recalls_with_a_miss_between_them_do_not_end_it() -> None:
    assert leech_day(make_reviews(*missed_on(1, 2, 3), (GOOD, 5), (AGAIN, 6), (GOOD, 8))) == day(6)


def test_a_miss_renews_a_leech_even_if_it_would_make_none() -> None:
    """Surprising on day 5; not so, and only the second, on day 30."""
    first, miss = make_reviews((AGAIN, 5), difficulty=10, recall=0.9)
    reviews = [first, miss, Reviewed(GOOD, day(8), 0.8, 10), Reviewed(AGAIN, day(30), 0.4, 10)]
    assert leech_day(reviews) == day(30)


def test_a_miss_after_the_end_makes_it_a_leech_again() -> None:
    reviews = make_reviews(*missed_on(1, 2, 3), (GOOD, 5), (GOOD, 9), (AGAIN, 40))
    assert leech_day(reviews) == day(40)
