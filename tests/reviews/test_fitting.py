from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.fitting import (
    History,
    Scores,
    average,
    compared,
    fitted,
    measured,
    moving_average,
    scored,
    verdict,
    verdicts,
)
from reviews.fitting import parameters as fitting
from reviews.fitting.verdicts import FEWEST_TO_TRY
from reviews.scheduler import HIGHEST_PARAMETERS, LOWEST_PARAMETERS, START_PARAMETERS, Rating, fold, usable_parameters

# Somebody who forgets faster after a first success, and gains more from the next ones.
FORGETFUL = (
    *(0.1, 0.3, 0.6, 2.0, 6.4133, 0.8334, 3.0194, 0.001),
    *(2.4, 0.1666, 1.2, 1.0, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.3),
)
logs = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 4), st.integers(0, 60)), min_size=1, max_size=80)


def as_history(log: Sequence[tuple[int, int, int]]) -> History:
    """From cards, ratings and days."""
    return History(*np.array(log, dtype=np.int64).reshape(-1, 3).T)


@cache
def remembered(
    parameters: tuple[float, ...] = START_PARAMETERS, *, cards: int = 150, reviews: int = 8, seed: int = 1
) -> History:
    """What somebody with these parameters answers, in the order of time; gaps are short and long alike."""
    chance = np.random.default_rng(seed)
    days = np.cumsum(chance.choice([1, 1, 2, 4, 8, 16, 30], (cards, reviews)), axis=1)
    ratings = np.zeros((cards, reviews), dtype=np.int64)
    ratings[:, 0] = chance.choice([1, 2, 3], cards, p=[0.4, 0.2, 0.4])
    names = np.arange(cards)
    for turn in range(1, reviews):
        tried = np.repeat(names, turn + 1)
        ratings[:, turn] = Rating.GOOD
        expected = fold(tried, ratings[:, : turn + 1].ravel(), days[:, : turn + 1].ravel(), parameters).recall
        is_recalled = chance.random(cards) < expected.reshape(cards, turn + 1)[:, turn]
        ratings[:, turn] = np.where(is_recalled, chance.choice([2, 3], cards, p=[0.2, 0.8]), 1)
    order = np.argsort(days.ravel(), kind="stable")
    return History(np.repeat(names, reviews)[order], ratings.ravel()[order], days.ravel()[order])


def first_days(history: History, days: int) -> History:
    return history.before(int(history.days.min()) + days)


# What counts


@given(logs)
def test_gaps_are_the_days_since_the_latest_day_of_the_card(log: list[tuple[int, int, int]]) -> None:
    latest: dict[int, int] = {}
    gaps = []
    for card, _, day in log:
        gaps.append(max(day - latest.get(card, day), 0))
        latest[card] = max(day, latest.get(card, day))
    assert as_history(log).gaps.tolist() == gaps


def test_an_empty_history_has_nothing_to_count() -> None:
    empty = as_history([])
    assert (empty.gaps.tolist(), fitted(empty), verdict(empty, START_PARAMETERS), compared(empty)) == (
        [],
        START_PARAMETERS,
        None,
        {},
    )
    assert measured(empty) == Scores(0.0, 0.0, 0)


@given(logs)
def test_reviews_share_a_bin_when_days_number_and_lapses_have_grown_as_far(log: list[tuple[int, int, int]]) -> None:
    """As `utils.py` of srs-benchmark bins them: by the name of the power, there written out as a rounded number."""
    history = as_history(log)
    seen: dict[int, list[tuple[int, int]]] = {}
    names = []
    for (card, rating, _), gap in zip(log, history.gaps.tolist(), strict=True):
        before = seen.setdefault(card, [])
        lapses = sum(1 for old_rating, old_gap in before if old_gap and old_rating == 1)
        before.append((rating, gap))
        names.append((power(gap, 3.62), power(len(before), 1.89), power(lapses, 1.73)))
    pairs = [(left, right) for left in range(len(log)) for right in range(left)]
    assert [history.bins[a] == history.bins[b] for a, b in pairs] == [names[a] == names[b] for a, b in pairs]


def power(number: int, factor: float) -> float | None:
    return float(np.floor(np.log(number) / np.log(factor))) if number else None


def test_scores_of_a_log_by_hand() -> None:
    """Two cards in one bin: forecasts .8 and .6, of which one came true."""
    history = as_history([(1, 3, 0), (2, 3, 0), (1, 3, 2), (2, 1, 2), (2, 3, 2)])
    scores = scored(history, np.array([0.5, 0.5, 0.8, 0.6, 0.1]))
    assert scores == Scores(
        pytest.approx(-(np.log(0.8) + np.log(0.4)) / 2), pytest.approx(abs(0.5 - (0.8 + 0.6) / 2)), 2
    )


def test_scores_of_a_part_are_of_that_part_alone() -> None:
    history = as_history([(1, 3, 0), (2, 3, 0), (1, 3, 2), (2, 1, 3)])
    forecast = np.array([0.5, 0.5, 0.8, 0.6])
    assert scored(history, forecast, history.days >= 3) == Scores(pytest.approx(-np.log(0.4)), pytest.approx(0.6), 1)


def test_a_certain_forecast_that_fails_costs_much_but_not_everything() -> None:
    history = as_history([(1, 3, 0), (1, 1, 2)])
    assert scored(history, np.array([0.5, 1.0])).log_loss == pytest.approx(-np.log(1e-4))


def test_average_is_of_reviews_on_a_later_day() -> None:
    assert average(as_history([(1, 3, 0), (1, 1, 0), (1, 3, 2), (1, 3, 5), (1, 2, 7), (1, 1, 9)])) == 0.75


def test_moving_average_foretells_each_review_from_those_before_it() -> None:
    history = as_history([(1, 3, 0), (1, 1, 1), (1, 1, 1), (1, 3, 2)])
    assert moving_average(history, 0.8, share=0.5).tolist() == [0.8, 0.8, 0.4, 0.4]


# fitted


@pytest.mark.parametrize("parameters", [START_PARAMETERS, FORGETFUL])
def test_fitted_parameters_foretell_new_reviews_nearly_as_well_as_the_true_ones(parameters: tuple[float, ...]) -> None:
    new = remembered(parameters, cards=400, seed=2)
    lost = measured(new, fitted(remembered(parameters))).log_loss - measured(new, parameters).log_loss
    assert lost < 0.008


def test_fitted_parameters_of_somebody_unusual_foretell_better_than_the_start() -> None:
    new = remembered(FORGETFUL, cards=400, seed=2)
    assert measured(new, fitted(remembered(FORGETFUL))).log_loss < measured(new).log_loss - 0.02


def test_fitting_twice_gives_the_same() -> None:
    assert fitted(remembered()) == fitted(remembered())


def test_fitting_finds_no_better_place_nearby() -> None:
    """The gradient is nought where the range lets it be."""
    history = remembered(FORGETFUL)
    weights = fitting._recency(history)
    best = np.array(fitted(history))
    moved = np.array(START_PARAMETERS)
    place = (best - moved) / fitting.WIDTHS
    place[:4] = np.log(best[:4] / moved[:4]) / fitting.WIDTHS[:4]
    nearby = place[:, np.newaxis] + 0.05 * np.hstack([np.zeros((21, 1)), np.eye(21), -np.eye(21)])
    low, high = fitting._bounds(21)
    losses, _ = fitting._loss(history, weights, np.clip(nearby, low[:, np.newaxis], high[:, np.newaxis]))
    assert losses.min() > losses[0] - 0.01


@settings(max_examples=30)
@given(logs, st.randoms(use_true_random=False))
def test_fitting_does_not_care_how_cards_are_mixed(log: list[tuple[int, int, int]], chance: random.Random) -> None:
    by_card = sorted(log, key=lambda row: row[0])
    cards = [row[0] for row in log]
    chance.shuffle(cards)
    waiting = {card: iter([row for row in log if row[0] == card]) for card in cards}
    mixed = [next(waiting[card]) for card in cards]
    assert fitted(as_history(mixed)) == pytest.approx(fitted(as_history(by_card)), rel=1e-6)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 4), st.integers(0, 2000)), max_size=400))
def test_fitted_parameters_are_always_usable(log: list[tuple[int, int, int]]) -> None:
    parameters = fitted(as_history(log))
    assert usable_parameters(parameters) == parameters


@pytest.mark.parametrize("rating", [Rating.AGAIN, Rating.GOOD])
def test_a_log_of_one_rating_stays_in_range(rating: Rating) -> None:
    parameters = fitted(as_history([(card, rating, day) for card in range(40) for day in range(0, 200, 20)]))
    assert all(
        low <= one <= high for low, one, high in zip(LOWEST_PARAMETERS, parameters, HIGHEST_PARAMETERS, strict=True)
    )


def test_fewer_than_eight_reviews_teach_nothing() -> None:
    assert fitted(as_history([(1, 1, day) for day in range(8)])) == START_PARAMETERS


def test_few_reviews_move_only_the_first_stabilities() -> None:
    history = first_days(remembered(FORGETFUL), 14)
    parameters = fitted(history)
    assert history.is_usable.sum() < fitting.FEWEST_FOR_ALL
    assert parameters[4:] == START_PARAMETERS[4:]
    assert parameters[2] < START_PARAMETERS[2]


def test_newer_reviews_weigh_more_and_those_of_one_day_the_same() -> None:
    history = as_history([(1, 3, 0), (2, 3, 0), (1, 3, 5), (2, 3, 5), (1, 3, 9), (2, 3, 12)])
    raw = np.array([0.25 + 0.75 * share**3 for share in (0.5, 0.5, 0.75, 1.0)])
    np.testing.assert_allclose(fitting._recency(history), raw / raw.mean())


# verdict


def test_a_fit_that_foretells_the_newest_better_is_accepted_and_fitted_to_everything() -> None:
    history = remembered(FORGETFUL)
    found = verdict(history, START_PARAMETERS)
    assert found is not None
    assert (found.is_accepted, found.parameters, found.in_force) == (True, fitted(history), found.start)
    assert found.fitted.log_loss < found.start.log_loss - 0.002
    assert found.reason == (
        f"Accepted: its log loss on the newest {found.fitted.n} reviews is better by"
        f" {found.start.log_loss - found.fitted.log_loss:.4f}."
    )


def test_what_is_judged_is_the_newest_fifth_and_took_no_part_in_the_fit() -> None:
    history = remembered(FORGETFUL)
    found = verdict(history, START_PARAMETERS)
    assert found is not None
    cut = int(history.usable_days[-found.fitted.n])
    assert found.fitted.n / len(history.usable_days) == pytest.approx(0.2, abs=0.02)
    assert found.fitted == measured(history, fitted(history.before(cut)), history.days >= cut)


def test_a_fit_that_is_hardly_better_is_refused() -> None:
    found = verdict(remembered(START_PARAMETERS), START_PARAMETERS)
    assert found is not None
    assert found.is_accepted is False
    assert found.reason.startswith("Refused: its log loss is ")
    assert found.reason.endswith("than in force, and 0.002 better is needed.")


def test_a_fit_that_the_average_beats_is_refused() -> None:
    """Whatever the gap, three in four are recalled: there is nothing to foretell but the average."""
    chance = np.random.default_rng(3)
    log = [
        (card, 3 if chance.random() < 0.75 else 1, day)
        for day in range(0, 120, 4)
        for card in chance.choice(60, 30, replace=False).tolist()
    ]
    found = verdict(as_history(log), LOWEST_PARAMETERS)
    assert found is not None
    assert found.fitted.log_loss > found.average.log_loss
    assert (found.is_accepted, found.reason) == (
        False,
        "Refused: the candidate's own average foretells the newest reviews better.",
    )


def test_too_few_reviews_are_not_tried() -> None:
    history = remembered(FORGETFUL)
    few = History(
        *(
            one[: np.flatnonzero(history.is_usable)[FEWEST_TO_TRY - 1]]
            for one in (history.cards, history.ratings, history.days)
        )
    )
    assert (len(few.usable_days), verdict(few, START_PARAMETERS)) == (FEWEST_TO_TRY - 1, None)


def test_parameters_in_force_are_not_judged_by_what_they_were_fitted_to() -> None:
    history = remembered(FORGETFUL)
    seen_until = int(history.usable_days[-100])
    found = verdict(history, START_PARAMETERS, seen_until=seen_until)
    assert found is not None
    assert found.fitted.n == (history.usable_days > seen_until).sum()


def test_too_few_reviews_since_the_fit_in_force_are_no_judge() -> None:
    history = remembered(FORGETFUL)
    assert verdict(history, START_PARAMETERS, seen_until=int(history.usable_days[-20])) is None


def test_a_log_of_one_later_day_has_no_older_part() -> None:
    log = [(card, 3, day) for day in (0, 5) for card in range(500)]
    assert verdict(as_history(log), START_PARAMETERS) is None


# compared


def test_models_are_compared_on_the_same_reviews_each_foretold_from_the_past() -> None:
    history = remembered(FORGETFUL)
    table = compared(history, {"a coin": np.full(len(history.cards), 0.5)})
    assert list(table) == [
        "FSRS-6, fitted",
        "FSRS-6, our start",
        "FSRS-6, defaults",
        "moving average",
        "average",
        "a coin",
    ]
    assert len({scores.n for scores in table.values()}) == 1
    assert table["a coin"].log_loss == pytest.approx(np.log(2))
    assert table["FSRS-6, fitted"].log_loss < min(
        scores.log_loss for name, scores in table.items() if "fit" not in name
    )


def test_what_comes_later_does_not_change_a_forecast(monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest review is turned round: nothing that is foretold, of it or before, may move."""
    history = remembered(FORGETFUL)
    turned = history.ratings.copy()
    turned[-1] = Rating.GOOD if turned[-1] == Rating.AGAIN else Rating.AGAIN
    monkeypatch.setattr(verdicts, "scored", lambda history, forecast, judged: forecast[judged])
    before, after = compared(history), compared(History(history.cards, turned, history.days))
    for name, forecast in before.items():
        np.testing.assert_array_equal(forecast, after[name])
