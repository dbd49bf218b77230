from __future__ import annotations

from typing import Any

import pytest

from questions.models import Question
from quizzes.admin.performance import difficulty, figures, option_rows, raised
from quizzes.item_analysis import Flag
from tests.factories import make_question
from tests.quizzes.admin.builders import make_parameters, make_statistics


@pytest.fixture
def question(db: None) -> Question:
    return make_question("MET-K1.1")


def values(question: Question, **fields: Any) -> dict[str, str]:
    return {figure.name: figure.value for figure in figures(make_statistics(question, **fields))}


def test_figures_of_a_question_with_enough_answers(question: Question) -> None:
    assert values(question) == {
        "First answers": "200",
        "Right": "70 %",
        "Discrimination": "0.31 (SE 0.06): good",
        "Efficiency": "44 %",
        "Upper less lower group": "+0.42",
        "Median time": "48 s",
    }


def test_few_answers_show_no_figure(question: Question) -> None:
    few = "too few answers (12 of 50 by candidates with 20 answers or more)"
    assert values(question, n=29, discrimination_n=12) == {
        "First answers": "29",
        "Right": "too few answers (29 of 30)",
        "Discrimination": few,
        "Efficiency": few,
        "Upper less lower group": few,
        "Median time": "too few answers (29 of 30)",
    }


def test_what_has_no_variance_or_was_not_measured_says_so(question: Question) -> None:
    shown = values(question, discrimination=None, efficiency=None, median_seconds=None)
    alike = "none: everybody answers alike"
    assert (shown["Discrimination"], shown["Efficiency"], shown["Median time"]) == (alike, alike, "not measured")


@pytest.mark.parametrize(
    ("discrimination", "words"),
    [
        (0.30, "good"),
        (0.29, "acceptable"),
        (0.20, "acceptable"),
        (0.19, "low, worth a revision"),
        (0.09, "hardly any"),
        (-0.01, "negative"),
        (-1.0, "negative"),
    ],
)
def test_discrimination_in_words(question: Question, discrimination: float, words: str) -> None:
    assert values(question, discrimination=discrimination)["Discrimination"].rpartition(": ")[2] == words


def test_difficulty_before_a_calibration_is_the_authored_one(question: Question) -> None:
    shown = difficulty(question, None)
    assert (shown.value, shown.remark) == (
        "+0.0 logits",
        "authored as level 3 of 5, which is +0.0 logits; not calibrated yet",
    )


@pytest.mark.parametrize(
    ("found", "verdict"), [(0.75, "harder than authored"), (-0.75, "easier than authored"), (0.39, "as authored")]
)
def test_difficulty_in_force_beside_the_authored_one(question: Question, found: float, verdict: str) -> None:
    shown = difficulty(question, make_parameters(question, difficulty=found, discrimination=1.25))
    assert (shown.value, shown.remark) == (
        f"{found:+.2f} logits (SE 0.21): {verdict}",
        "authored as level 3 of 5, which is +0.0 logits; calibrated on 180 answers; slope 1.25",
    )


def test_options_with_enough_answers(question: Question) -> None:
    rows = option_rows(question, make_statistics(question))
    assert [(row.label, row.count, row.share, row.top_share, row.discrimination, row.verdict) for row in rows] == [
        ("A", 30, "15 %", "5 %", "-0.20", "draws the weaker, as it should"),
        ("B", 140, "70 %", "90 %", "+0.31", "the key"),
        ("C", 24, "12 %", "5 %", "-0.15", "draws the weaker, as it should"),
        ("D", 6, "3 %", "0 %", "-0.10", "hardly chosen"),
    ]


def test_an_option_may_draw_the_stronger(question: Question) -> None:
    statistics = make_statistics(question)
    statistics.option_statistics["A"]["discrimination"] = 0.1
    assert option_rows(question, statistics)[0].verdict == "draws the stronger"


def test_options_with_few_answers_show_counts_only(question: Question) -> None:
    rows = option_rows(question, make_statistics(question, n=20, discrimination_n=0))
    assert [(row.count, row.share, row.top_share, row.discrimination, row.verdict) for row in rows] == [
        (30, "", "", "", ""),
        (140, "", "", "", "the key"),
        (24, "", "", "", ""),
        (6, "", "", "", ""),
    ]


def test_an_option_that_the_row_does_not_know_was_never_chosen(question: Question) -> None:
    rows = option_rows(question, make_statistics(question, option_statistics={}))
    assert [row.count for row in rows] == [0, 0, 0, 0]


def test_flags_that_are_no_longer_known_are_left_out(question: Question) -> None:
    assert raised(make_statistics(question, flags=["rival", "forgotten", "easy"])) == [Flag.RIVAL, Flag.EASY]
