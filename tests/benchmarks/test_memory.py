"""The fold of a log beside the `fsrs` package and, where it can be installed, its binding in Rust; in one process each.

The binding computes in 32-bit numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from time import perf_counter
from types import ModuleType

import fsrs
import numpy as np
import pytest

from reviews import scheduler
from reviews.scheduler import Floats, Integers

REVIEWS = 1_000_000
# The peers are slower; their speed does not depend on how much there is.
PEER_REVIEWS = 40_000
GROWTH = (10_000, 100_000, 1_000_000)
LEAST_RATIO = 20
START = datetime(2026, 1, 5, 12, tzinfo=UTC)


def make_log(reviews: int) -> tuple[Integers, Integers, Integers]:
    """Card, rating and day of each review: ten a card on average, on growing gaps, as a log holds them."""
    chance = np.random.default_rng(2026)
    lengths = chance.geometric(0.1, reviews // 10)
    cards = np.repeat(np.arange(len(lengths)), lengths)
    gaps = chance.geometric(0.1, len(cards)) - 1
    days = np.cumsum(gaps) - np.repeat(np.cumsum(gaps)[np.cumsum(lengths) - lengths], lengths)
    order = np.argsort(days, kind="stable")
    ratings = chance.choice([1, 2, 3, 4], len(cards), p=[0.25, 0.15, 0.5, 0.1])
    return cards[order], ratings[order], days[order]


def speed(work: Callable[[], object], reviews: int) -> float:
    """Reviews a second, the best of three."""
    times = []
    for _ in range(3):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return reviews / min(times)


def fold_with_package(cards: Integers, ratings: Integers, days: Integers) -> Floats:
    peer = fsrs.Scheduler(desired_retention=0.75, learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    memories = {int(card): fsrs.Card(card_id=int(card)) for card in np.unique(cards)}
    for card, rating, day in zip(cards.tolist(), ratings.tolist(), days.tolist(), strict=True):
        memories[card], _ = peer.review_card(memories[card], fsrs.Rating(rating), START + timedelta(days=day))
    return np.array([memories[card].stability for card in sorted(memories)])


def fold_with_binding(binding: ModuleType, cards: Integers, ratings: Integers, days: Integers) -> Floats:
    """All histories in one call, the fastest way that it has; most of the time goes into making its objects."""
    histories: dict[int, list[object]] = {int(card): [] for card in np.unique(cards)}
    last: dict[int, int] = {}
    for card, rating, day in zip(cards.tolist(), ratings.tolist(), days.tolist(), strict=True):
        histories[card].append(binding.FSRSReview(rating, day - last.get(card, day)))
        last[card] = day
    items = [binding.FSRSItem(histories[card]) for card in sorted(histories)]
    states = binding.FSRS(list(scheduler.DEFAULT_PARAMETERS)).memory_state_batch(items)
    return np.array([state.stability for state in states])


def test_fold_of_a_million_reviews_beside_the_fsrs_package(capsys: pytest.CaptureFixture[str]) -> None:
    log, short = make_log(REVIEWS), make_log(PEER_REVIEWS)
    ours = speed(lambda: scheduler.fold(*log), len(log[0]))
    theirs = speed(lambda: fold_with_package(*short), len(short[0]))
    growth = [speed(partial(scheduler.fold, *make_log(size)), size) for size in GROWTH]
    with capsys.disabled():
        print(
            f"\nfold of {len(log[0]):,} reviews: {ours:,.0f} a second,"
            f" the fsrs package {theirs:,.0f}: {ours / theirs:.0f} times"
        )
        print(
            "as the log grows: "
            + ", ".join(f"{size:,}: {each:,.0f}" for size, each in zip(GROWTH, growth, strict=True))
        )
    np.testing.assert_allclose(scheduler.fold(*short).stability, fold_with_package(*short), rtol=1e-9)
    assert ours >= LEAST_RATIO * theirs


def test_fold_beside_the_binding_in_rust(capsys: pytest.CaptureFixture[str]) -> None:
    binding = pytest.importorskip("fsrs_rs_python", reason="The Rust binding is optional and not installed.")
    log, short = make_log(REVIEWS), make_log(PEER_REVIEWS)
    ours = speed(lambda: scheduler.fold(*log), len(log[0]))
    theirs = speed(lambda: fold_with_binding(binding, *short), len(short[0]))
    with capsys.disabled():
        print(f"\nfold: {ours:,.0f} reviews a second; Rust binding {theirs:,.0f}: {ours / theirs:.1f} times")
    # Same-day reviews aside, both follow one model; 32-bit numbers lose a little at every step.
    np.testing.assert_allclose(scheduler.fold(*short).stability, fold_with_binding(binding, *short), rtol=1e-3)
