from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.ability import GUESSING, Ability, Booleans, Floats, Item, Prior, prior_ability, updated
from quizzes.adaptive import (
    RANDOMESQUE,
    RATE_LIMIT,
    Choice,
    Integers,
    Pool,
    information,
    next_item,
    placement_quotas,
)

ABILITY = prior_ability(Prior(mean=0.0), 3)


def make_pool(size: int = 90, competencies: int = 3, variants: int = 2) -> Pool:
    """Items of the competencies in turn, difficulties spread evenly, two to an objective."""
    place = np.arange(size)
    competency = place % competencies
    objective = competency * 1000 + place // competencies // variants
    return Pool(competency, objective, np.linspace(-2, 2, size), np.ones(size))


def none(pool: Pool) -> Booleans:
    return np.zeros(len(pool), dtype=np.bool_)


def choose(
    pool: Pool,
    *,
    ability: Ability = ABILITY,
    quotas: list[int] | None = None,
    seen: Booleans | None = None,
    asked: Booleans | None = None,
    exposure: Floats | None = None,
    seed: int = 1,
    randomesque: int = RANDOMESQUE,
) -> Choice | None:
    return next_item(
        ability,
        pool,
        quotas=np.array(quotas or [5, 5, 5]),
        seen=none(pool) if seen is None else seen,
        asked=none(pool) if asked is None else asked,
        exposure=np.zeros(len(pool)) if exposure is None else exposure,
        seed=seed,
        randomesque=randomesque,
    )


def chosen(pool: Pool, **state: object) -> int:
    choice = choose(pool, **state)  # type: ignore[arg-type]
    assert choice is not None
    return choice.index


def marked(pool: Pool, *indices: int) -> Booleans:
    marks = none(pool)
    marks[list(indices)] = True
    return marks


@pytest.mark.parametrize(
    ("items", "competencies", "quotas"), [(30, 6, [5] * 6), (8, 3, [3, 3, 2]), (2, 3, [1, 1, 0]), (0, 2, [0, 0])]
)
def test_placement_quotas_are_as_equal_as_can_be(items: int, competencies: int, quotas: list[int]) -> None:
    assert placement_quotas(items, competencies).tolist() == quotas


@pytest.mark.parametrize(("items", "competencies"), [(-1, 6), (30, 0)])
def test_placement_quotas_refuse_what_cannot_be(items: int, competencies: int) -> None:
    with pytest.raises(ValueError, match=r"^A placement test needs a competency, and no fewer items than none\.$"):
        placement_quotas(items, competencies)


@pytest.mark.parametrize("theta", [-1.3, 0.0, 2.1])
def test_information_follows_the_formula(theta: float) -> None:
    known = 1 / (1 + math.exp(-1.2 * (theta - 0.4)))
    expected = GUESSING + (1 - GUESSING) * known
    slope = (1 - GUESSING) * 1.2 * known * (1 - known)
    found = information(np.array(theta), np.array([0.4]), np.array([1.2]))
    assert found.tolist() == pytest.approx([slope**2 / (expected * (1 - expected))])


def test_information_is_finite_where_nothing_is_learned() -> None:
    found = information(np.array(0.0), np.array([-900.0, 900.0]), np.ones(2))
    assert found.tolist() == pytest.approx([0.0, 0.0], abs=1e-9)


def test_next_item_takes_the_most_informative_of_the_competency() -> None:
    pool = make_pool()
    of_one = np.flatnonzero(pool.competency == 1)
    best = of_one[information(np.array(0.0), pool.difficulty[of_one], np.ones(len(of_one))).argmax()]
    assert chosen(pool, quotas=[0, 1, 0], randomesque=1) == best


def test_next_item_takes_one_of_the_eight_most_informative() -> None:
    pool = make_pool()
    of_one = np.flatnonzero(pool.competency == 1)
    informative = information(np.array(0.0), pool.difficulty[of_one], np.ones(len(of_one)))
    best = of_one[np.argsort(-informative)[:8]]
    assert {chosen(pool, quotas=[0, 1, 0], seed=seed) for seed in range(200)} == set(best.tolist())


def test_next_item_draws_the_competency_from_the_slots_left() -> None:
    pool = make_pool()
    counts = np.bincount([chosen(pool, quotas=[6, 3, 0], seed=seed) % 3 for seed in range(600)], minlength=3)
    assert counts[2] == 0
    assert counts[0] / 600 == pytest.approx(2 / 3, abs=0.06)


def test_next_item_is_none_when_every_quota_is_filled() -> None:
    pool = make_pool()
    assert (
        next_item(
            ABILITY,
            pool,
            quotas=np.zeros(3, dtype=np.int64),
            seen=none(pool),
            asked=none(pool),
            exposure=np.zeros(len(pool)),
            seed=1,
        )
        is None
    )


def test_next_item_leaves_what_was_seen() -> None:
    pool = make_pool(size=6, variants=1)
    assert chosen(pool, quotas=[1, 0, 0], seen=marked(pool, 0)) == 3


def test_next_item_leaves_other_variants_of_what_was_asked() -> None:
    pool = make_pool(size=9, variants=2)  # 0 and 3 are variants, 6 is of another objective
    assert {chosen(pool, quotas=[1, 0, 0], asked=marked(pool, 0), seed=seed) for seed in range(20)} == {6}


def test_next_item_passes_over_a_competency_without_items_left() -> None:
    pool = make_pool(size=6, variants=1)
    assert {chosen(pool, quotas=[9, 1, 0], seen=marked(pool, 0, 3), seed=seed) % 3 for seed in range(20)} == {1}


def test_next_item_is_none_when_everything_was_seen() -> None:
    pool = make_pool()
    assert choose(pool, seen=~none(pool)) is None


def test_next_item_bars_what_too_many_tests_have_shown() -> None:
    pool = make_pool(size=6, variants=1)
    exposure = np.array([RATE_LIMIT, 0, 0, 0.24, 0, 0])
    choices = {choose(pool, quotas=[1, 0, 0], exposure=exposure, seed=seed) for seed in range(20)}
    assert choices == {Choice(3, is_overexposed=False)}


def test_next_item_says_when_only_overexposed_ones_are_left() -> None:
    pool = make_pool(size=6, variants=1)
    exposure = np.array([0.5, 0, 0, 0.3, 0, 0])
    assert choose(pool, quotas=[1, 0, 0], exposure=exposure) == Choice(3, is_overexposed=True)


@given(st.integers(0, 2**32))
def test_a_test_fills_its_quotas_without_repeating_an_objective(seed: int) -> None:
    pool = make_pool()
    rng = np.random.default_rng(seed)
    ability, quotas, asked = ABILITY, np.array([5, 4, 3]), none(pool)
    order = []
    while choice := next_item(
        ability, pool, quotas=quotas, seen=none(pool), asked=asked, exposure=np.zeros(len(pool)), seed=seed
    ):
        order.append(choice.index)
        asked = asked | marked(pool, choice.index)
        quotas = quotas - (np.arange(3) == pool.competency[choice.index])
        item = Item(float(pool.difficulty[choice.index]))
        ability = updated(ability, int(pool.competency[choice.index]), item, bool(rng.random() < 0.6))
    assert np.bincount(pool.competency[order], minlength=3).tolist() == [5, 4, 3]
    assert len(set(pool.objective[order].tolist())) == 12


@given(st.integers(0, 2**32))
def test_the_same_seed_gives_the_same_item(seed: int) -> None:
    pool = make_pool()
    assert choose(pool, seed=seed) == choose(pool, seed=seed)


def test_next_item_refuses_quotas_of_other_competencies() -> None:
    for quotas in ([1, 1], [1, 1, -1]):
        with pytest.raises(ValueError, match=r"^Every competency needs a quota that is not negative\.$"):
            choose(make_pool(), quotas=quotas)


def test_next_item_refuses_marks_of_another_pool() -> None:
    with pytest.raises(ValueError, match=r"^What was seen, asked and shown must be given for each item of the pool\.$"):
        choose(make_pool(), seen=none(make_pool(size=3)))


def test_next_item_refuses_an_unknown_competency() -> None:
    with pytest.raises(ValueError, match=r"^An item is of a competency that is none of the 3\.$"):
        choose(make_pool(competencies=4))


def test_a_pool_refuses_unequal_lengths_and_what_is_no_number() -> None:
    zeros: Integers = np.zeros(2, dtype=np.int64)
    with pytest.raises(
        ValueError, match=r"^Every item needs a competency, an objective, a difficulty and a discrimination\.$"
    ):
        Pool(zeros, zeros, np.zeros(1), np.ones(2))
    with pytest.raises(ValueError, match=r"^Difficulties and discriminations must be finite numbers\.$"):
        Pool(zeros, zeros, np.array([0.0, math.nan]), np.ones(2))
