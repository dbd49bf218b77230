from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import fsrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews import models, scheduler
from reviews.scheduler import (
    DEFAULT_PARAMETERS,
    HIGHEST_PARAMETERS,
    LOWEST_PARAMETERS,
    START_PARAMETERS,
    Fold,
    Parameters,
    Rating,
    Strength,
    first_memory,
    fold,
    interval,
    next_memory,
    rating_for,
    recall,
    usable_parameters,
)

Log = list[tuple[int, int, int]]  # card, rating, day
FIRST_NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FASTER = (
    *(0.5, 2.0, 4.5, 20.0, 5.0, 1.2, 2.0, 0.05),
    *(1.2, 0.3, 1.5, 2.0, 0.1, 0.4, 1.0, 0.3, 2.5, 0.8, 0.3, 0.2, 0.4),
)

# Of one card: ratings, each with the days since the one before.
histories = st.lists(st.tuples(st.integers(1, 4), st.one_of(st.just(0), st.integers(0, 1500))), min_size=1, max_size=30)
logs = st.lists(st.tuples(st.integers(1, 6), st.integers(1, 4), st.integers(0, 90)), max_size=60)
parameter_sets = st.tuples(*map(st.floats, LOWEST_PARAMETERS, HIGHEST_PARAMETERS))


def fold_log(log: Log, parameters: Parameters = DEFAULT_PARAMETERS) -> Fold:
    cards, ratings, days = np.array(log, dtype=np.int64).reshape(-1, 3).T
    return fold(cards, ratings, days, parameters)


def make_log(histories: Sequence[Sequence[tuple[int, int]]]) -> Log:
    """Numbers the cards from 1 and adds the gaps up."""
    log = []
    for card, history in enumerate(histories, 1):
        day = 0
        for rating, gap in history:
            day += gap
            log.append((card, rating, day))
    return log


def as_rows(folded: Fold) -> dict[int, tuple[float, ...]]:
    """What a card comes to, by its name."""
    return {int(row[0]): tuple(map(float, row[1:])) for row in zip(*folded[:6], strict=True)}


def fold_with_peer(log: Log, parameters: Parameters) -> tuple[list[float], list[float], list[float]]:
    """Stability and difficulty of each card, in the order of cards, and the recall before each review."""
    peer = fsrs.Scheduler(tuple(parameters), learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    cards: dict[int, fsrs.Card] = {}
    recalls = []
    for name, rating, day in log:
        noon = FIRST_NOON + timedelta(days=day)
        card = cards.get(name)
        recalls.append(np.nan if card is None else peer.get_card_retrievability(card, noon))
        cards[name], _ = peer.review_card(card or fsrs.Card(card_id=name), fsrs.Rating(rating), noon)
    ordered = [cards[name] for name in sorted(cards)]
    return [card.stability for card in ordered], [card.difficulty for card in ordered], recalls


def assert_agrees_with_the_peer(log: Log, parameters: Parameters = DEFAULT_PARAMETERS) -> None:
    ours = fold_log(log, parameters)
    stability, difficulty, recalls = fold_with_peer(log, parameters)
    np.testing.assert_allclose(ours.stability, stability, rtol=1e-9)
    np.testing.assert_allclose(ours.difficulty, difficulty, rtol=1e-9)
    np.testing.assert_allclose(ours.recall, recalls, rtol=1e-9)


def random_histories(count: int) -> list[list[tuple[int, int]]]:
    chance = random.Random(2026)

    def gap() -> int:
        return chance.choice([0, 1, int(chance.expovariate(1 / 12)), int(chance.expovariate(1 / 400))])

    return [[(chance.randint(1, 4), gap()) for _ in range(chance.randint(1, 14))] for _ in range(count)]


# Beside the fsrs package


@pytest.mark.parametrize(
    "parameters", [DEFAULT_PARAMETERS, START_PARAMETERS, FASTER, LOWEST_PARAMETERS, HIGHEST_PARAMETERS]
)
def test_fold_agrees_with_the_fsrs_package_on_two_thousand_random_histories(parameters: Parameters) -> None:
    log = make_log(random_histories(2000))
    random.Random(7).shuffle(log)
    assert_agrees_with_the_peer(sorted(log, key=lambda row: row[2]), parameters)


@given(st.lists(histories, min_size=1, max_size=4), parameter_sets)
def test_fold_agrees_with_the_fsrs_package_whatever_the_parameters(
    several: list[list[tuple[int, int]]], parameters: Parameters
) -> None:
    assert_agrees_with_the_peer(make_log(several), parameters)


def test_intervals_are_those_of_the_fsrs_package() -> None:
    peer = fsrs.Scheduler(desired_retention=0.75, learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    stability = np.geomspace(0.001, 40000, 500)
    theirs = [peer._next_interval(stability=float(each)) for each in stability]
    assert interval(stability).tolist() == theirs


# fold


@given(histories)
def test_fold_of_a_history_equals_one_step_after_the_other(history: list[tuple[int, int]]) -> None:
    memory = first_memory(np.array([history[0][0]]))
    for rating, gap in history[1:]:
        memory = next_memory(memory, np.array([rating]), np.array([gap]))
    folded = fold_log(make_log([history]))
    assert (folded.stability, folded.difficulty) == memory


@given(logs, st.randoms(use_true_random=False))
def test_fold_does_not_care_how_cards_are_mixed(log: Log, chance: random.Random) -> None:
    """Each card's reviews stay in their order, whatever comes between them."""
    names = [card for card, _, _ in log]
    chance.shuffle(names)
    waiting = {name: iter([row for row in log if row[0] == name]) for name in names}
    mixed = [next(waiting[name]) for name in names]
    assert as_rows(fold_log(mixed)) == as_rows(fold_log(log)) == as_rows(fold_log(sorted(log, key=lambda row: row[0])))


@given(st.lists(histories, min_size=2, max_size=5))
def test_fold_of_many_cards_is_that_of_each_alone(several: list[list[tuple[int, int]]]) -> None:
    together = as_rows(fold_log(make_log(several)))
    alone = [as_rows(fold_log(make_log([history])))[1] for history in several]
    assert list(together.values()) == alone


@given(histories, st.data())
def test_recall_and_difficulties_of_a_review_are_those_of_the_fold_up_to_it(
    history: list[tuple[int, int]], data: st.DataObject
) -> None:
    log = make_log([history])
    cut = data.draw(st.integers(1, len(log)))
    before = fold_log(log[:cut])
    expected = recall(before.stability, np.array([row[2] for row in log[cut : cut + 1]]) - before.last_day)
    whole = fold_log(log)
    np.testing.assert_array_equal(whole.recall[cut : cut + 1], expected[: len(log) - cut])
    assert whole.difficulties[cut - 1] == before.difficulty[0]


def test_fold_gives_recall_and_difficulties_in_the_order_of_the_log_and_no_recall_of_first_reviews() -> None:
    log = [(2, 3, 0), (1, 3, 0), (2, 3, 4), (1, 1, 9)]
    expected = [np.nan, np.nan, *recall(np.array([DEFAULT_PARAMETERS[2]] * 2), np.array([4, 9]))]
    folded = fold_log(log)
    np.testing.assert_array_equal(folded.recall, expected)
    assert folded.difficulties[[3, 2]].tolist() == folded.difficulty.tolist()


def test_fold_names_the_cards_in_order_and_counts_reviews_and_lapses_but_no_lapse_of_a_first_review() -> None:
    log = [(30, 1, 5), (7, 1, 0), (7, 3, 1), (7, 1, 2), (7, 2, 3), (7, 1, 4), (30, 4, 5)]
    folded = fold_log(log)
    assert [each.tolist() for each in (folded.cards, folded.reps, folded.lapses, folded.last_day)] == [
        [7, 30],
        [5, 2],
        [2, 0],
        [4, 5],
    ]


def test_fold_of_nothing_is_nothing() -> None:
    assert [each.shape for each in fold_log([])] == [(0,)] * 8


def test_fold_of_nothing_has_the_shape_of_the_parameters() -> None:
    several = np.tile(np.array(DEFAULT_PARAMETERS)[:, np.newaxis, np.newaxis], (1, 3, 1))
    assert fold_log([], several).stability.shape == (3, 0)


@given(logs)
def test_a_day_before_the_last_one_counts_as_the_same_day(log: Log) -> None:
    latest: dict[int, int] = {}
    mended = []
    for card, rating, day in log:
        latest[card] = max(day, latest.get(card, day))
        mended.append((card, rating, latest[card]))
    assert as_rows(fold_log(log)) == as_rows(fold_log(mended))


def test_a_review_of_the_far_future_leaves_a_memory_that_later_ones_can_go_on_from() -> None:
    folded = fold_log([(1, 3, 0), (1, 3, 36500), (1, 3, 12)])
    assert (folded.last_day.tolist(), folded.reps.tolist()) == ([36500], [3])
    assert recall(folded.stability, np.array([12]) - folded.last_day).tolist() == [1.0]


@given(logs, parameter_sets)
def test_memories_stay_in_the_ranges_of_the_database(log: Log, parameters: Parameters) -> None:
    folded = fold_log(log, parameters)
    assert np.isfinite(folded.stability).all()
    assert (folded.stability > 0).all()
    assert ((folded.difficulty >= 1) & (folded.difficulty <= 10)).all()
    assert (interval(folded.stability, parameters=parameters) >= 1).all()


@given(logs, st.lists(parameter_sets, min_size=1, max_size=4))
def test_several_sets_of_parameters_at_once_are_each_alone(log: Log, several: list[Parameters]) -> None:
    together = fold_log(log, np.array(several).T[..., np.newaxis])
    for row, parameters in enumerate(several):
        alone = fold_log(log, parameters)
        for name in ("stability", "difficulty", "recall", "difficulties"):
            np.testing.assert_allclose(getattr(together, name)[row], getattr(alone, name), rtol=1e-12)
        for name in ("cards", "last_day", "reps", "lapses"):
            np.testing.assert_array_equal(getattr(together, name), getattr(alone, name))


# recall and interval


@given(st.floats(0.001, 36500), st.integers(0, 5000))
def test_recall_never_rises_and_stays_a_probability(stability: float, elapsed: int) -> None:
    now, later = recall(np.array([stability, stability]), np.array([elapsed, elapsed + 1]))
    assert 0 < later < now <= 1


@given(parameter_sets, st.floats(0.5, 1000))
def test_recall_after_as_many_days_as_the_stability_is_ninety_percent(parameters: Parameters, stability: float) -> None:
    assert recall(np.array([stability]), np.array([stability]), parameters) == pytest.approx(0.9)


def test_recall_on_an_earlier_day_is_that_of_the_same_day() -> None:
    assert recall(np.array([3.0]), np.array([-5])).tolist() == [1.0]


@given(parameter_sets, st.floats(0.3, 0.97), st.floats(100, 900))
def test_interval_is_the_inverse_of_recall(parameters: Parameters, retention: float, stability: float) -> None:
    days = interval(np.array([stability]), retention, parameters)
    before, after = (recall(np.array([stability]), days + off, parameters)[0] for off in (-0.5, 0.5))
    is_cut_off = days[0] in {1, scheduler.LONGEST_INTERVAL}
    assert is_cut_off or after - 1e-9 <= retention <= before + 1e-9


@pytest.mark.parametrize(("retention", "days"), [(0.97, 22), (0.95, 40), (0.90, 100), (0.85, 191), (0.75, 557)])
def test_interval_in_days_of_a_stability_of_a_hundred(retention: float, days: int) -> None:
    assert interval(np.array([100.0]), retention).tolist() == [days]


def test_interval_is_at_least_a_day_and_at_most_a_hundred_years() -> None:
    assert interval(np.array([0.001, 1e9])).tolist() == [1, scheduler.LONGEST_INTERVAL]


def test_first_intervals_grow_with_the_rating() -> None:
    assert interval(first_memory(np.array(list(Rating))).stability).tolist() == [1, 7, 13, 46]


@given(st.floats(0.01, 1000), st.floats(1, 10), st.integers(0, 400))
def test_a_better_rating_never_leaves_a_weaker_memory(stability: float, difficulty: float, elapsed: int) -> None:
    memory = Strength(np.full(4, stability), np.full(4, difficulty))
    after = next_memory(memory, np.array(list(Rating)), np.full(4, elapsed))
    assert all(worse <= better * (1 + 1e-12) for worse, better in pairwise(after.stability))
    assert all(harder >= easier for harder, easier in pairwise(after.difficulty))


# usable_parameters


@given(parameter_sets)
def test_parameters_in_range_are_used(parameters: tuple[float, ...]) -> None:
    assert usable_parameters(list(parameters)) == parameters


@pytest.mark.parametrize(
    "parameters",
    [
        None,
        (),
        DEFAULT_PARAMETERS[:-1],
        (*DEFAULT_PARAMETERS, 0.5),
        (0.0, *DEFAULT_PARAMETERS[1:]),
        (*DEFAULT_PARAMETERS[:-1], 0.9),
        (float("nan"), *DEFAULT_PARAMETERS[1:]),
        (float("inf"), *DEFAULT_PARAMETERS[1:]),
    ],
)
def test_parameters_that_cannot_be_used_give_way_to_those_to_start_with(parameters: Sequence[float] | None) -> None:
    assert usable_parameters(parameters) == START_PARAMETERS
    assert usable_parameters(START_PARAMETERS) == START_PARAMETERS


# rating_for


@pytest.mark.parametrize(
    ("is_correct", "confidence", "rating"),
    [
        (True, "", Rating.GOOD),
        (True, "sure", Rating.GOOD),
        (True, "unsure", Rating.HARD),
        (True, "guess", Rating.AGAIN),
        (False, "", Rating.AGAIN),
        (False, "sure", Rating.AGAIN),
        (False, "unsure", Rating.AGAIN),
        (False, "guess", Rating.AGAIN),
    ],
)
def test_rating_for_an_answer(is_correct: bool, confidence: str, rating: Rating) -> None:
    assert rating_for(is_correct=is_correct, confidence=confidence) == rating


def test_rating_for_refuses_an_unknown_confidence() -> None:
    with pytest.raises(ValueError, match="certain"):
        rating_for(is_correct=True, confidence="certain")


def test_ratings_of_the_models_are_those_of_the_scheduler() -> None:
    assert {(each.name, each.value) for each in models.Rating} == {(each.name, each.value) for each in Rating}
