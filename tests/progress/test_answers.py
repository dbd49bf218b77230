"""Shares, intervals and what is told of them: literal answers, literal figures."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from progress.answers import (
    GivenAnswer,
    Pace,
    Reasons,
    Share,
    by_certainty,
    by_competency,
    by_month,
    by_week,
    compare_with_peers,
    paces,
    reasons_by_month,
    reasons_of,
    share_of,
)

MONDAY = date(2026, 3, 2)


def given(**fields: Any) -> GivenAnswer:
    return GivenAnswer(
        **{
            "competency": "MET",
            "on": MONDAY,
            "kind": "practice",
            "is_first": True,
            "is_right": True,
            "confidence": "",
            "seconds": 0,
            "miss_reason": "",
            **fields,
        }
    )


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [(0, 0, 0, 100), (0, 10, 0, 21), (10, 10, 79, 100), (5, 10, 27, 73), (50, 100, 42, 58), (84, 100, 77, 89)],
)
def test_interval_of_a_share_is_wilsons_at_90_percent(right: int, n: int, low: int, high: int) -> None:
    assert (Share(right, n).low, Share(right, n).high) == (low, high)


@pytest.mark.parametrize(("n", "is_telling"), [(9, False), (10, True)])
def test_share_is_told_from_ten_answers_on(n: int, is_telling: bool) -> None:
    assert Share(5, n).is_telling is is_telling


def test_share_counts_the_right_ones() -> None:
    assert share_of([given(), given(is_right=False), given()]) == Share(2, 3)


def test_shares_by_competency_leave_out_what_was_not_answered() -> None:
    assert by_competency([given(), given(competency="CUL", is_right=False)]) == {"MET": Share(1, 1), "CUL": Share(0, 1)}


def test_months_stand_newest_first_with_repeats_apart() -> None:
    answers = [
        given(on=date(2026, 2, 28), is_right=False),
        given(on=date(2026, 3, 1)),
        given(on=date(2026, 3, 31), is_first=False, is_right=False),
    ]

    months = by_month(answers)

    assert [(month.starts_on, month.first, month.repeats) for month in months] == [
        (date(2026, 3, 1), Share(1, 1), Share(0, 1)),
        (date(2026, 2, 1), Share(0, 1), Share(0, 0)),
    ]


def test_weeks_run_from_monday_and_leave_out_thin_ones() -> None:
    answers = [given(on=date(2026, 3, 1))] * 10 + [given()] * 9 + [given(on=date(2026, 3, 8), is_right=False)]

    assert by_week(answers) == [(date(2026, 2, 23), Share(10, 10)), (MONDAY, Share(9, 10))]


def test_a_week_with_nine_answers_is_left_out() -> None:
    assert by_week([given()] * 9) == []


def test_certainty_counts_first_answers_that_say_how_sure() -> None:
    answers = [
        given(confidence="sure"),
        given(confidence="sure", is_right=False),
        given(confidence="sure", is_first=False),
        given(confidence="guess", is_right=False),
        given(),
    ]

    assert by_certainty(answers) == [("guess", Share(0, 1)), ("unsure", Share(0, 0)), ("sure", Share(1, 2))]


def test_reasons_are_counted_of_wrong_answers_only() -> None:
    answers = [
        given(is_right=False, miss_reason="misread"),
        given(is_right=False, miss_reason="time"),
        given(is_right=False),
        given(miss_reason="misread"),
    ]

    assert reasons_of(answers) == Reasons(wrong=3, counts=[0, 1, 0, 1])
    assert reasons_of(answers).n == 2


def test_reasons_by_month_leave_out_months_without_one() -> None:
    answers = [
        given(on=date(2026, 1, 5), is_right=False),
        given(on=date(2026, 2, 5), is_right=False, miss_reason="knowledge"),
        given(is_right=False, miss_reason="misread"),
    ]

    assert [(on, reasons.counts) for on, reasons in reasons_by_month(answers)] == [
        (date(2026, 3, 1), [0, 1, 0, 0]),
        (date(2026, 2, 1), [1, 0, 0, 0]),
    ]


def test_pace_is_the_median_of_timed_first_answers() -> None:
    answers = [given(seconds=seconds) for seconds in (20, 400, 60, 0)] + [given(seconds=1, is_first=False)]

    assert paces(answers, ["CUL", "MET"]) == [Pace("CUL", 0, 0), Pace("MET", 3, 60)]


def test_peers_are_compared_on_the_same_questions_without_oneself() -> None:
    # 21 answers, 11 of them right with one's own: 10 of 20 others.
    peers = compare_with_peers([(True, 21, 11 / 21)] * 12)

    assert peers is not None
    assert (peers.own, peers.percent) == (Share(12, 12), 50)


@pytest.mark.parametrize(("questions", "n"), [(9, 21), (12, 20)])
def test_peers_are_not_shown_below_twenty_others_or_ten_questions(questions: int, n: int) -> None:
    assert compare_with_peers([(True, n, 0.5)] * questions) is None
