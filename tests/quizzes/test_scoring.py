from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.scoring import (
    NINE_TENTHS,
    CompetencyScore,
    ScoredResponse,
    StatementScore,
    competency_scores,
    percent_of,
    statement_scores,
    wilson_interval,
)

RESPONSES = [
    ScoredResponse("CUL", "CUL-T1", True),
    ScoredResponse("CUL", "CUL-T2", False),
    ScoredResponse("MET", "MET-K1", True),
    ScoredResponse("MET", "MET-K1", None),
    ScoredResponse("MET", "MET-K1", True),
]


def test_competency_scores_stand_in_the_order_of_the_responses() -> None:
    assert competency_scores(RESPONSES) == [CompetencyScore("CUL", 1, 2, 50), CompetencyScore("MET", 2, 3, 67)]


def test_statement_scores_keep_statements_apart() -> None:
    assert statement_scores(RESPONSES) == [
        StatementScore("CUL-T1", 1, 1, 100),
        StatementScore("CUL-T2", 0, 1, 0),
        StatementScore("MET-K1", 2, 3, 67),
    ]


@pytest.mark.parametrize(
    ("correct", "total", "percent"), [(0, 0, 0), (0, 7, 0), (7, 7, 100), (149, 200, 75), (1, 8, 13), (148, 200, 74)]
)
def test_percent_is_rounded_half_up(correct: int, total: int, percent: int) -> None:
    assert percent_of(correct, total) == percent


@given(st.lists(st.tuples(st.sampled_from(["CUL", "MET", "STR"]), st.sampled_from([True, False, None]))))
def test_competencies_add_up_to_the_whole(rows: list[tuple[str, bool | None]]) -> None:
    responses = [ScoredResponse(code, f"{code}-T1", is_correct) for code, is_correct in rows]
    scores = competency_scores(responses)
    assert sum(score.correct for score in scores) == sum(response.is_correct is True for response in responses)
    assert sum(score.total for score in scores) == len(responses)


@pytest.mark.parametrize(("correct", "total"), [(68, 100), (1, 2), (9, 10), (3, 40)])
def test_ends_of_the_interval_are_shares_that_the_answers_just_do_not_contradict(correct: int, total: int) -> None:
    """Wilson's definition: a share p is an end when the observed one lies z standard deviations of p away from it."""
    for end in wilson_interval(correct, total):
        p = end / 100
        assert abs(correct / total - p) == pytest.approx(NINE_TENTHS * (p * (1 - p) / total) ** 0.5)


@pytest.mark.parametrize(
    ("correct", "total", "end", "place"), [(0, 10, 0, 0), (10, 10, 100, 1), (0, 0, 0, 0), (0, 0, 100, 1)]
)
def test_interval_stays_within_what_is_possible(correct: int, total: int, end: float, place: int) -> None:
    assert wilson_interval(correct, total)[place] == pytest.approx(end, abs=1e-9)
