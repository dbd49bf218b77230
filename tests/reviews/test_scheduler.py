from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta

import fsrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews import models, scheduler
from reviews.scheduler import Memory, Rating, Review, State, fold, interval, rating_for, retrievability, review

FIRST_DAY = date(2026, 3, 2)
PEER = fsrs.Scheduler(desired_retention=0.75, learning_steps=(), relearning_steps=(), enable_fuzzing=False)

histories = st.lists(st.tuples(st.sampled_from(list(Rating)), st.integers(0, 400)), min_size=1, max_size=30)


def make_reviews(history: list[tuple[int, int]]) -> list[Review]:
    """From ratings, each with the days since the one before."""
    on, reviews = FIRST_DAY, []
    for rating, gap in history:
        on += timedelta(days=gap)
        reviews.append(Review(rating, on))
    return reviews


def fold_with_peer(reviews: list[Review]) -> fsrs.Card:
    card = fsrs.Card(card_id=1)
    for each in reviews:
        noon = datetime.combine(each.on, time(12), UTC)
        card, _ = PEER.review_card(card, fsrs.Rating(each.rating), noon)
    return card


def agree(reviews: list[Review]) -> bool:
    ours, theirs = fold(reviews), fold_with_peer(reviews)
    on = reviews[-1].on + timedelta(days=17)
    return (
        ours.stability == pytest.approx(theirs.stability, rel=1e-9)
        and ours.difficulty == pytest.approx(theirs.difficulty, rel=1e-9)
        and retrievability(ours, on)
        == pytest.approx(PEER.get_card_retrievability(theirs, datetime.combine(on, time(12), UTC)), rel=1e-9)
        and ours.due_on == theirs.due.date()
        and ours.state == theirs.state
    )


@given(histories)
def test_fold_agrees_with_the_fsrs_package(history: list[tuple[int, int]]) -> None:
    assert agree(make_reviews(history))


def test_fold_agrees_with_the_fsrs_package_on_a_thousand_random_histories() -> None:
    chance = random.Random(2026)
    disagreeing = [
        history
        for history in (
            [(chance.randint(1, 4), int(chance.expovariate(1 / 12))) for _ in range(chance.randint(1, 12))]
            for _ in range(1000)
        )
        if not agree(make_reviews(history))
    ]
    assert disagreeing == []


@pytest.mark.parametrize(
    ("rating", "days"), [(Rating.AGAIN, 1), (Rating.HARD, 7), (Rating.GOOD, 13), (Rating.EASY, 46)]
)
def test_review_of_a_new_objective_sets_the_first_interval(rating: Rating, days: int) -> None:
    assert review(None, rating, FIRST_DAY).due_on == FIRST_DAY + timedelta(days=days)


def test_review_counts_reps_and_lapses_but_no_lapse_of_the_first_review() -> None:
    memory = fold([Review(rating, FIRST_DAY + timedelta(days=n)) for n, rating in enumerate([1, 3, 1, 2, 1])])
    assert (memory.reps, memory.lapses, memory.state) == (5, 2, State.REVIEW)


def test_review_dated_before_the_last_one_counts_as_the_same_day() -> None:
    memory = review(None, Rating.GOOD, FIRST_DAY)
    assert review(memory, Rating.GOOD, FIRST_DAY - timedelta(days=3)) == review(memory, Rating.GOOD, FIRST_DAY)


@pytest.mark.parametrize("rating", [0, 5])
def test_review_refuses_an_unknown_rating(rating: int) -> None:
    with pytest.raises(ValueError, match=str(rating)):
        review(None, rating, FIRST_DAY)


def test_fold_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="begins with a review"):
        fold([])


@given(histories)
def test_memory_stays_in_the_ranges_of_the_database(history: list[tuple[int, int]]) -> None:
    memory = fold(make_reviews(history))
    assert memory.stability > 0
    assert 1 <= memory.difficulty <= 10
    assert memory.due_on > memory.last_reviewed_on


@given(st.floats(0.001, 36500), st.integers(0, 5000))
def test_retrievability_never_rises_and_stays_a_probability(stability: float, elapsed: int) -> None:
    memory = Memory(stability, 5.0, State.REVIEW, FIRST_DAY, FIRST_DAY, reps=1, lapses=0)
    now = retrievability(memory, FIRST_DAY + timedelta(days=elapsed))
    later = retrievability(memory, FIRST_DAY + timedelta(days=elapsed + 1))
    assert 0 < later < now <= 1


def test_retrievability_after_as_many_days_as_the_stability_is_ninety_percent() -> None:
    memory = Memory(30.0, 5.0, State.REVIEW, FIRST_DAY, FIRST_DAY, reps=1, lapses=0)
    assert retrievability(memory, FIRST_DAY + timedelta(days=30)) == pytest.approx(0.9)


@pytest.mark.parametrize(("retention", "days"), [(0.97, 22), (0.95, 40), (0.90, 100), (0.85, 191), (0.75, 557)])
def test_interval_in_days_of_a_stability_of_a_hundred(retention: float, days: int) -> None:
    assert interval(100.0, retention) == days


def test_interval_is_at_least_a_day_and_at_most_a_hundred_years() -> None:
    assert (interval(0.001), interval(1e9)) == (1, scheduler.LONGEST_INTERVAL)


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


def test_ratings_and_states_of_the_models_are_those_of_the_scheduler() -> None:
    assert {(each.name, each.value) for each in models.Rating} == {(each.name, each.value) for each in Rating}
    assert {(each.name, each.value) for each in models.Card.State} == {(each.name, each.value) for each in State}
