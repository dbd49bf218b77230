from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import nan, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.item_analysis import (
    Answers,
    Flag,
    Measured,
    analyse,
    analyse_form,
    flags,
    standard_error,
)

# Sparse practice


def answers_of(marks: np.ndarray, *, option: np.ndarray | None = None, seconds: int = 30) -> Answers:
    """Of a table of candidates and items, without what is NaN. Option 1 is the key, option 0 the wrong one."""
    candidate, item = np.nonzero(~np.isnan(marks))
    is_correct = marks[candidate, item] == 1
    chosen = is_correct.astype(np.int64) if option is None else option[candidate, item]
    return Answers(candidate, item, chosen, is_correct, np.full(len(item), seconds))


def simulated(candidates: int, items: int, *, share: float = 1.0, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    ability, difficulty = rng.normal(0.5, 1, (candidates, 1)), rng.normal(0, 1, items)
    marks = (rng.random((candidates, items)) < 1 / (1 + np.exp(difficulty - ability))).astype(float)
    marks[rng.random((candidates, items)) >= share] = nan
    return marks


def discrimination_by_hand(marks: np.ndarray, item: int) -> float:
    """As the documentation of the module says it, one candidate after the other."""
    facilities = np.nanmean(marks, axis=0)
    pairs = []
    for row in marks:
        others = [place for place in range(len(row)) if place != item and not np.isnan(row[place])]
        if np.isnan(row[item]) or len(others) + 1 < 20:
            continue
        right = sum(row[place] for place in others) / len(others)
        expected = sum(facilities[place] for place in others) / len(others)
        pairs.append((row[item], right - expected))
    return float(np.corrcoef(np.array(pairs).T)[0, 1])


@pytest.mark.parametrize("share", [1.0, 0.6])
def test_discrimination_is_the_correlation_with_what_is_left(share: float) -> None:
    marks = simulated(80, 50, share=share)
    analysis = analyse(answers_of(marks), 50)
    by_hand = [discrimination_by_hand(marks, item) for item in range(50)]
    assert np.allclose(analysis.discrimination, by_hand, atol=1e-12)


def test_candidates_with_few_answers_count_for_facility_only() -> None:
    marks = simulated(40, 30)
    marks[:10, 15:] = nan  # these answer fifteen
    analysis = analyse(answers_of(marks), 30)
    assert (analysis.n[0], analysis.discrimination_n[0]) == (40, 30)
    assert analysis.facility[0] == marks[:, 0].mean()


def test_hard_questions_do_not_make_a_candidate_weak() -> None:
    """Half of them answered the hard half of the bank: without allowing for that, item 0 would look negative."""
    rng = np.random.default_rng(5)
    marks = np.full((400, 81), nan)
    marks[:, 0] = rng.random(400) < np.where(np.arange(400) < 200, 0.9, 0.1)
    marks[:200, 1:41] = rng.random((200, 40)) < 0.2
    marks[200:, 41:] = rng.random((200, 40)) < 0.9
    analysis = analyse(answers_of(marks), 81)
    assert abs(analysis.discrimination[0]) < 0.1


def test_an_item_right_or_wrong_for_everybody_has_no_discrimination() -> None:
    marks = simulated(40, 30)
    marks[:, 3], marks[:, 4] = 1, 0
    analysis = analyse(answers_of(marks), 30)
    assert np.isnan(analysis.discrimination[3:5]).all()
    assert np.isnan(analysis.efficiency[3:5]).all()
    assert (analysis.facility[3:5].tolist(), analysis.upper_lower[3:5].tolist()) == ([1.0, 0.0], [0.0, 0.0])


def test_without_variance_in_the_rest_there_is_no_discrimination() -> None:
    """Everybody is equal but for item 0: uncorrected, the correlation would be one; corrected, there is none."""
    marks = np.tile(np.arange(30) % 2, (40, 1)).astype(float)
    marks[:20, 0], marks[20:, 0] = 1, 0
    assert np.isnan(analyse(answers_of(marks), 30).discrimination[0])


def test_efficiency_is_a_hundred_when_the_best_are_right() -> None:
    marks = simulated(60, 40)
    rest = marks[:, 1:].sum(axis=1)
    marks[:, 0] = rest > np.median(rest)
    assert analyse(answers_of(marks), 40).efficiency[0] == pytest.approx(100)


def test_upper_less_lower_is_one_when_only_the_best_are_right() -> None:
    marks = np.zeros((100, 41))
    for candidate in range(100):
        marks[candidate, 1 : 1 + candidate * 40 // 100] = 1
    marks[50:, 0] = 1
    assert analyse(answers_of(marks), 41).upper_lower[0] == 1


def test_options_are_counted_and_correlated() -> None:
    """The weak half takes option 0, of the strong half the best take the key and the others option 2."""
    marks = np.zeros((90, 31))
    for candidate in range(90):
        marks[candidate, 1 : 1 + candidate * 30 // 90] = 1
    option = marks.astype(np.int64)
    option[:30, 0], option[30:60, 0], option[60:, 0] = 0, 2, 1
    marks[60:, 0] = 1
    analysis = analyse(answers_of(marks, option=option), 31)
    assert analysis.option_count[0].tolist() == [30, 30, 30, 0]
    assert analysis.option_top_share[0].tolist() == [0, 1, 0, 0] or analysis.option_top_share[0].tolist() == [
        0,
        1,
        0,
        0,
    ]
    assert analysis.option_discrimination[0][1] == pytest.approx(analysis.discrimination[0])
    assert analysis.option_discrimination[0][0] < -0.7
    assert np.isnan(analysis.option_discrimination[0][3])


def test_medians_leave_out_what_was_not_measured() -> None:
    seconds = np.array([0, 10, 20, 90, 40, 60])
    zeros = np.zeros(6, dtype=np.int64)
    analysis = analyse(Answers(np.arange(6), np.array([0, 0, 0, 0, 1, 1]), zeros, zeros == 1, seconds), 3)
    assert analysis.median_seconds[:2].tolist() == [20, 50]
    assert np.isnan(analysis.median_seconds[2])


def test_order_of_answers_changes_nothing() -> None:
    answers = answers_of(simulated(60, 40, share=0.8))
    order = np.random.default_rng(1).permutation(len(answers))
    shuffled = Answers(
        answers.candidate[order],
        answers.item[order],
        answers.option[order],
        answers.is_correct[order],
        answers.seconds[order],
    )
    one, other = analyse(answers, 40), analyse(shuffled, 40)
    assert np.allclose(one.discrimination, other.discrimination)
    assert np.array_equal(one.upper_lower, other.upper_lower)
    assert np.array_equal(one.option_top_share, other.option_top_share, equal_nan=True)


def test_no_answers_are_no_error() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    analysis = analyse(Answers(nothing, nothing, nothing, nothing == 1, nothing), 2)
    assert (analysis.n.tolist(), analysis.discrimination_n.tolist()) == ([0, 0], [0, 0])
    assert np.isnan([analysis.facility, analysis.discrimination, analysis.upper_lower, analysis.median_seconds]).all()


@settings(max_examples=40)
@given(st.integers(1, 40), st.integers(1, 45), st.floats(0.1, 1), st.integers(0, 1000))
def test_figures_lie_within_their_limits(candidates: int, items: int, share: float, seed: int) -> None:
    analysis = analyse(answers_of(simulated(candidates, items, share=share, seed=seed)), items)
    for figures in (analysis.discrimination, analysis.upper_lower):
        assert (np.abs(figures[~np.isnan(figures)]) <= 1).all()
    # No covariance is above the highest; a negative one may be farther from 0 than it.
    assert (analysis.efficiency[~np.isnan(analysis.efficiency)] <= 100.001).all()
    known = analysis.option_top_share[~np.isnan(analysis.option_top_share).any(axis=1)]
    assert np.allclose(known.sum(axis=1), 1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"candidate": np.array([-1])}, "numbered from 0"),
        ({"item": np.array([9])}, "not there"),
        ({"option": np.array([4])}, "below 4"),
        ({"seconds": np.array([-1])}, "no time is negative"),
        ({"seconds": np.array([1, 2])}, "Every answer needs"),
    ],
)
def test_impossible_answers_are_refused(changes: dict[str, Any], words: str) -> None:
    zero = np.zeros(1, dtype=np.int64)
    with pytest.raises(ValueError, match=words):
        analyse(replace(Answers(zero, zero, zero, zero == 1, zero), **changes), 1)


@pytest.mark.parametrize(("n", "error"), [(50, 0.137), (100, 0.096), (200, 0.068), (400, 0.048)])
def test_standard_errors_of_a_correlation_of_one_fifth(n: int, error: float) -> None:
    assert standard_error(0.2, n) == pytest.approx(error, abs=0.0006)


# Fixed forms, against Moodle's definitions written out plainly from its documentation


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def covariance(left: list[float], right: list[float]) -> float:
    if len(left) < 2:
        return 0.0
    return sum((x - mean(left)) * (y - mean(right)) for x, y in zip(left, right, strict=True)) / (len(left) - 1)


def moodle(marks: list[list[float]]) -> dict[str, Any]:
    """Marks from 0 to 1, a list per candidate."""
    columns = [list(column) for column in zip(*marks, strict=True)]
    totals = [sum(row) for row in marks]
    items: list[dict[str, float | None]] = []
    for column in columns:
        others = [total - mark for total, mark in zip(totals, column, strict=True)]
        product = covariance(column, column) * covariance(others, others)
        highest = covariance(sorted(column), sorted(others))
        is_defined = product > 1e-15
        items.append(
            {
                "facility": mean(column),
                "sd": sqrt(covariance(column, column)),
                "index": 100 * covariance(column, others) / sqrt(product) if is_defined else None,
                "efficiency": 100 * covariance(column, others) / highest if is_defined else None,
            }
        )
    variance, k = covariance(totals, totals), len(columns)
    consistency = None
    if k > 1 and variance > 1e-15:
        consistency = k / (k - 1) * (1 - sum(covariance(column, column) for column in columns) / variance)
    sd = 100 * sqrt(variance) / k
    return {
        "items": items,
        "mean": 100 * mean(totals) / k,
        "sd": sd,
        "alpha": consistency,
        # Error ratio times SD.
        "sem": None if consistency is None else sqrt(1 - consistency) * sd,
    }


def forms() -> Iterable[Any]:
    rng = np.random.default_rng(7)
    for n, k in ((5, 3), (30, 10), (200, 40), (2, 2)):
        yield pytest.param(simulated(n, k, seed=n), id=f"{n} candidates, {k} items")
    yield pytest.param(rng.choice([0, 0.25, 0.5, 1], (50, 12)), id="partial marks")
    yield pytest.param(np.ones((10, 5)), id="all right")
    yield pytest.param(np.zeros((10, 5)), id="all wrong")
    yield pytest.param(np.tile([1.0, 0.0, 1.0], (8, 1)), id="all alike")
    yield pytest.param(simulated(1, 6), id="one candidate")
    yield pytest.param(simulated(20, 1), id="one item")
    yield pytest.param(np.hstack([simulated(25, 6), np.ones((25, 1)), np.zeros((25, 1))]), id="two dead items")
    opposed = simulated(30, 1)
    yield pytest.param(np.hstack([opposed, 1 - opposed]), id="two opposed items: totals alike")


@pytest.mark.parametrize("marks", list(forms()))
def test_a_form_agrees_with_moodle(marks: np.ndarray) -> None:
    ours, theirs = analyse_form(marks), moodle(marks.tolist())
    for name in ("mean", "sd", "alpha", "sem"):
        assert getattr(ours, name) == (None if theirs[name] is None else pytest.approx(theirs[name], abs=1e-6))
    columns = {
        "facility": ours.facility,
        "sd": ours.item_sd,
        "index": ours.discrimination_index,
        "efficiency": ours.efficiency,
    }
    for name, values in columns.items():
        expected = [nan if item[name] is None else item[name] for item in theirs["items"]]
        assert np.allclose(values, expected, atol=1e-6, equal_nan=True), name


def test_alpha_of_right_and_wrong_is_kr_20() -> None:
    marks = simulated(60, 25)
    p, k = marks.mean(axis=0), 25
    kr_20 = k / (k - 1) * (1 - (p * (1 - p)).sum() / marks.sum(axis=1).var())
    assert analyse_form(marks).alpha == pytest.approx(kr_20, abs=1e-12)


def test_discrimination_of_sparse_practice_is_that_of_a_form_when_everybody_answers_everything() -> None:
    marks = simulated(150, 40)
    form, practice = analyse_form(marks), analyse(answers_of(marks), 40)
    assert np.allclose(100 * practice.discrimination, form.discrimination_index, atol=1e-9)
    assert np.allclose(practice.efficiency, form.efficiency, atol=1e-9)


@pytest.mark.parametrize("marks", [np.zeros((0, 3)), np.zeros((3, 0)), np.array([[nan, 1]]), np.array([[2.0, 1]])])
def test_what_is_no_form_is_refused(marks: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"A form needs|A mark is"):
        analyse_form(marks)


# Flags


GOOD = Measured(
    key="B",
    n=1000,
    facility=0.7,
    discrimination_n=1000,
    discrimination=0.3,
    median_seconds=40,
    shares={"A": 0.1, "B": 0.7, "C": 0.1, "D": 0.1},
    top_shares={"A": 0.05, "B": 0.9, "C": 0.05, "D": 0.0},
)
RAISED: dict[Flag, dict[str, Any]] = {
    Flag.RIVAL: {"top_shares": {"A": 0.5, "B": 0.4, "C": 0.1, "D": 0.0}},
    Flag.CHANCE: {"facility": 0.29},
    Flag.NEGATIVE: {"discrimination": -0.06},
    Flag.WEAK: {"discrimination": 0.03},
    Flag.HURRIED: {"median_seconds": 4.5},
    Flag.SLOW: {"median_seconds": 325},
    Flag.IDLE: {"shares": {"A": 0.04, "B": 0.7, "C": 0.16, "D": 0.1}},
    Flag.EASY: {"facility": 0.96},
}


def codes(item: Measured, expected_seconds: float | None = 108) -> list[Flag]:
    return flags(item, expected_seconds=expected_seconds)


def test_a_good_item_raises_no_flag() -> None:
    assert codes(GOOD) == []


@pytest.mark.parametrize("flag", Flag)
def test_each_flag_is_raised_from_its_smallest_number_on(flag: Flag) -> None:
    def with_n(n: int) -> Measured:
        return replace(GOOD, n=n, discrimination_n=n, **RAISED[flag])

    assert flag not in codes(with_n(flag.fewest - 1))
    # Weak allows for the standard error, and so needs more answers than its smallest number.
    assert flag in codes(with_n(1000 if flag is Flag.WEAK else flag.fewest))


def test_smallest_numbers() -> None:
    assert {flag.code: flag.fewest for flag in Flag if flag.fewest != 100} == {"chance": 50}


def test_flags_of_correlation_need_candidates_with_enough_answers() -> None:
    item = replace(GOOD, discrimination_n=99, discrimination=-0.5, **RAISED[Flag.RIVAL])
    assert codes(item) == []


@pytest.mark.parametrize(
    ("r", "n", "is_weak"), [(0.0, 271, False), (0.0, 272, True), (0.05, 1000, False), (0.04, 1000, True)]
)
def test_weak_allows_for_the_standard_error(r: float, n: int, is_weak: bool) -> None:
    """1.645 / sqrt(270) = 0.1001 and 1.645 / sqrt(271) = 0.0999."""
    assert (Flag.WEAK in codes(replace(GOOD, discrimination=r, discrimination_n=n))) == is_weak


@pytest.mark.parametrize(
    "limit",
    [{"facility": 0.30}, {"facility": 0.95}, {"discrimination": 0.2}, {"median_seconds": 5}, {"median_seconds": 324}],
)
def test_limits_themselves_are_still_sound(limit: dict[str, float]) -> None:
    assert codes(replace(GOOD, **limit)) == []


def test_what_is_not_known_raises_no_flag() -> None:
    unknown = dict.fromkeys("ABCD", nan)
    item = replace(GOOD, discrimination=nan, median_seconds=nan, top_shares=unknown)
    assert codes(item, expected_seconds=None) == []
    assert codes(replace(GOOD, median_seconds=10_000), expected_seconds=None) == []


def test_flags_come_in_the_order_of_seriousness() -> None:
    item = replace(GOOD, facility=0.1, discrimination=-0.3, median_seconds=2, **RAISED[Flag.RIVAL])
    item = replace(item, **RAISED[Flag.IDLE])
    raised = [Flag.RIVAL, Flag.CHANCE, Flag.NEGATIVE, Flag.WEAK, Flag.HURRIED, Flag.IDLE]
    assert codes(item) == raised


def test_each_flag_says_what_it_means_and_what_to_do() -> None:
    assert [flag for flag in Flag if not (flag.meaning.endswith(".") and flag.action.endswith((".", "?")))] == []
    assert [Flag.of(flag.code) for flag in Flag] == list(Flag)
    assert Flag.of("unheard of") is None


def test_three_options_have_another_chance() -> None:
    three = {"A": 0.33, "B": 0.37, "C": 0.3}
    item = replace(GOOD, facility=0.37, shares=three, top_shares=three | {"B": 0.9})
    assert codes(item) == [Flag.CHANCE]
