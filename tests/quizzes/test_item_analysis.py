from __future__ import annotations

from math import isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.item_analysis import FirstAnswer, ItemAnalysis, analyse, facility, point_biserial


def answer(*, right: bool, raw_score: int, of: int = 11, label: str | None = None) -> FirstAnswer:
    return FirstAnswer(label or ("B" if right else "A"), right, raw_score, of)


def test_analyse_agrees_with_a_table_computed_by_hand() -> None:
    """Five answers in tests of eleven questions; rest shares 0.8, 0.6, 0.7, 0.3, 0.1.

    Means: mark 3/5, rest 0.5. Deviations of the mark 0.4 (three times) and -0.6 (twice), squares summing to 1.2;
    of the rest 0.3, 0.1, 0.2, -0.2, -0.4, squares summing to 0.34. Products 0.12 + 0.04 + 0.08 + 0.12 + 0.24 = 0.6.
    Correlation 0.6 / sqrt(1.2 x 0.34) = 0.6 / 0.638749 = 0.939336.
    """
    answers = [
        answer(right=True, raw_score=9),
        answer(right=True, raw_score=7),
        answer(right=True, raw_score=8),
        answer(right=False, raw_score=3),
        answer(right=False, raw_score=1, label="D"),
    ]
    analysis = analyse(answers)
    assert (analysis.n, analysis.facility, analysis.option_counts) == (5, 0.6, {"A": 1, "B": 3, "D": 1})
    assert round(analysis.point_biserial or 0, 6) == 0.939336


def test_point_biserial_of_a_two_by_two_table_is_phi() -> None:
    """Marks against rest scores 1 and 0: 30 and 10 right, 20 and 40 wrong. phi = (30 x 40 - 10 x 20) / sqrt(...)."""
    pairs = [(True, 1.0)] * 30 + [(True, 0.0)] * 10 + [(False, 1.0)] * 20 + [(False, 0.0)] * 40
    assert isclose(point_biserial(pairs) or 0, (30 * 40 - 10 * 20) / sqrt(40 * 60 * 50 * 50))


def test_point_biserial_is_minus_one_when_the_better_ones_get_it_wrong() -> None:
    assert isclose(point_biserial([(True, 0.1), (False, 0.9), (True, 0.1), (False, 0.9)]) or 0, -1)


def test_the_item_is_removed_from_the_total() -> None:
    """Everybody is equal but for this item: uncorrected, the correlation would be one; corrected, there is none."""
    answers = [answer(right=right, raw_score=5 + right) for right in (True, True, False, False)]
    assert analyse(answers).point_biserial is None


@pytest.mark.parametrize("right", [True, False])
def test_without_variance_in_the_item_there_is_no_correlation(right: bool) -> None:
    answers = [answer(right=right, raw_score=score) for score in (5, 6, 7)]
    assert analyse(answers).point_biserial is None


def test_an_attempt_of_one_question_counts_for_facility_only() -> None:
    answers = [answer(right=True, raw_score=1, of=1), answer(right=False, raw_score=0, of=1)]
    assert analyse(answers) == ItemAnalysis(2, 0.5, None, {"A": 1, "B": 1})


def test_shares_make_attempts_of_unlike_length_comparable() -> None:
    short = [answer(right=True, raw_score=5, of=5), answer(right=False, raw_score=0, of=5)]
    long = [answer(right=True, raw_score=101, of=101), answer(right=False, raw_score=0, of=101)]
    assert isclose(analyse([*short, *long]).point_biserial or 0, 1)


def test_analyse_refuses_an_item_without_answers() -> None:
    with pytest.raises(ValueError, match="without answers"):
        analyse([])


PAIRS = st.lists(st.tuples(st.booleans(), st.integers(0, 50).map(lambda share: share / 50)), min_size=2, max_size=60)


@given(PAIRS)
def test_point_biserial_lies_between_minus_one_and_one(pairs: list[tuple[bool, float]]) -> None:
    value = point_biserial(pairs)
    assert value is None or -1 <= value <= 1


@given(PAIRS)
def test_point_biserial_turns_round_with_the_marks(pairs: list[tuple[bool, float]]) -> None:
    value, turned = point_biserial(pairs), point_biserial([(not mark, rest) for mark, rest in pairs])
    assert (value is None and turned is None) or isclose(value or 0, -(turned or 0), abs_tol=1e-9)


@given(st.lists(st.booleans(), min_size=1))
def test_facility_is_the_share_right(marks: list[bool]) -> None:
    assert isclose(facility(marks), marks.count(True) / len(marks))
