from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.blueprint import apportion

COUNTS = st.integers(0, 500)
WEIGHTS = st.lists(st.integers(0, 100), min_size=1, max_size=12).filter(any)


@pytest.mark.parametrize("weights", [[14, 19, 14, 17, 20, 16], [22, 20, 20, 19, 19]])
def test_apportion_gives_percentages_back_for_a_hundred_items(weights: list[int]) -> None:
    assert apportion(100, weights) == weights


def test_apportion_gives_what_is_missing_to_the_largest_remainders() -> None:
    # Quotas 7, 9.5, 7, 8.5, 10, 8: one item is missing after 7 + 9 + 7 + 8 + 10 + 8, and ORG comes before DES.
    assert apportion(50, [14, 19, 14, 17, 20, 16]) == [7, 10, 7, 8, 10, 8]


def test_apportion_settles_equal_remainders_by_order() -> None:
    assert apportion(4, [1, 1, 1]) == [2, 1, 1]


def test_apportion_gives_nothing_to_an_area_without_weight() -> None:
    assert apportion(3, [0, 50, 50]) == [0, 2, 1]


@pytest.mark.parametrize(("count", "weights"), [(10, []), (10, [0, 0]), (-1, [1]), (1, [2, -1])])
def test_apportion_refuses_what_has_no_answer(count: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"must not be negative|above zero"):
        apportion(count, weights)


@given(COUNTS, WEIGHTS)
def test_apportion_is_exact_in_total(count: int, weights: list[int]) -> None:
    assert sum(apportion(count, weights)) == count


@given(COUNTS, WEIGHTS)
def test_apportion_stays_within_one_of_the_quota(count: int, weights: list[int]) -> None:
    quotas = [Fraction(count * weight, sum(weights)) for weight in weights]
    shares = apportion(count, weights)
    assert [abs(share - quota) < 1 for share, quota in zip(shares, quotas, strict=True)] == [True] * len(weights)


@given(COUNTS, WEIGHTS)
def test_apportion_never_gives_the_heavier_area_less(count: int, weights: list[int]) -> None:
    by_weight = sorted(zip(weights, apportion(count, weights), strict=True), key=lambda pair: (pair[0], pair[1]))
    assert [share for _, share in by_weight] == sorted(share for _, share in by_weight)
