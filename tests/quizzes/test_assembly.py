from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from quizzes.assembly import AreaPool, PoolQuestion, Shortage, draw_by_area, draw_practice, shuffle_options
from tests.factories import NOW

SEEDS = st.integers(0, 2**32)
MOMENTS = st.none() | st.integers(1, 5).map(lambda days: NOW - timedelta(days=days))


@st.composite
def pools(draw: st.DrawFn) -> list[PoolQuestion]:
    rows = draw(st.lists(st.tuples(st.integers(1, 6), MOMENTS), max_size=30))
    return [PoolQuestion(pk, objective, seen) for pk, (objective, seen) in enumerate(rows, start=1)]


def unseen(*pks: int, objective: int | None = None) -> list[PoolQuestion]:
    return [PoolQuestion(pk, objective or pk) for pk in pks]


def test_draw_practice_takes_unseen_questions_first() -> None:
    pool = [PoolQuestion(1, 1, NOW), *unseen(2, 3), PoolQuestion(4, 4, NOW)]
    assert sorted(draw_practice(pool, 2, unseen_first=True, rng=Random(1))) == [2, 3]


def test_draw_practice_then_takes_those_seen_longest_ago() -> None:
    pool = [PoolQuestion(pk, pk, NOW - timedelta(days=pk)) for pk in (1, 2, 3, 4)] + unseen(5)
    assert sorted(draw_practice(pool, 3, unseen_first=True, rng=Random(1))) == [3, 4, 5]


def test_draw_practice_does_not_look_at_what_was_seen_unless_asked() -> None:
    pool = [PoolQuestion(1, 1, NOW), *unseen(2)]
    drawn = Counter(draw_practice(pool, 1, unseen_first=False, rng=Random(seed))[0] for seed in range(200))
    assert drawn.keys() == {1, 2}


def test_draw_practice_spreads_over_objectives() -> None:
    pool = [*unseen(*range(1, 20), objective=100), *unseen(20, objective=200), *unseen(21, objective=300)]
    objectives = {question.pk: question.objective_id for question in pool}
    drawn = draw_practice(pool, 3, unseen_first=True, rng=Random(5))
    assert sorted(objectives[pk] for pk in drawn) == [100, 200, 300]


def test_draw_practice_prefers_an_unseen_variant_to_a_spread() -> None:
    pool = [*unseen(1, 2, objective=100), PoolQuestion(3, 200, NOW)]
    assert sorted(draw_practice(pool, 2, unseen_first=True, rng=Random(5))) == [1, 2]


def test_draw_practice_reaches_every_question() -> None:
    drawn = {
        pk for seed in range(300) for pk in draw_practice(unseen(*range(10)), 3, unseen_first=True, rng=Random(seed))
    }
    assert drawn == set(range(10))


def test_draw_practice_puts_new_questions_anywhere_in_the_quiz() -> None:
    pool = [*unseen(1), PoolQuestion(2, 2, NOW), PoolQuestion(3, 3, NOW)]
    places = {draw_practice(pool, 3, unseen_first=True, rng=Random(seed)).index(1) for seed in range(100)}
    assert places == {0, 1, 2}


@given(pools(), st.integers(0, 40), st.booleans(), SEEDS)
def test_draw_practice_takes_as_many_as_there_are_and_none_twice(
    pool: list[PoolQuestion], count: int, unseen_first: bool, seed: int
) -> None:
    drawn = draw_practice(pool, count, unseen_first=unseen_first, rng=Random(seed))
    assert len(drawn) == len(set(drawn)) == min(count, len(pool))


@given(pools(), st.integers(0, 30), SEEDS)
def test_draw_practice_leaves_nothing_fresher_than_what_it_takes(
    pool: list[PoolQuestion], count: int, seed: int
) -> None:
    drawn = set(draw_practice(pool, count, unseen_first=True, rng=Random(seed)))
    ages = {True: [], False: []}
    for question in pool:
        ages[question.pk in drawn].append(question.last_seen_at.timestamp() if question.last_seen_at else 0.0)
    assert max(ages[True], default=0.0) <= min(ages[False], default=float("inf"))


@given(pools(), st.integers(0, 30), SEEDS)
def test_draw_practice_is_as_even_over_objectives_as_the_pool_allows(
    pool: list[PoolQuestion], count: int, seed: int
) -> None:
    drawn = set(draw_practice(pool, count, unseen_first=False, rng=Random(seed)))
    taken = Counter(question.objective_id for question in pool if question.pk in drawn)
    left = Counter(question.objective_id for question in pool if question.pk not in drawn)
    # Whoever has one left over has given at least one less than the most generous.
    assert [taken[objective] >= max(taken.values(), default=0) - 1 for objective in left] == [True] * len(left)


@given(pools(), st.integers(0, 30), SEEDS)
def test_draw_practice_depends_on_the_seed_alone(pool: list[PoolQuestion], count: int, seed: int) -> None:
    other_order = draw_practice(pool[::-1], count, unseen_first=True, rng=Random(seed))
    assert draw_practice(pool, count, unseen_first=True, rng=Random(seed)) == other_order


def test_draw_by_area_takes_what_each_area_needs() -> None:
    areas = [AreaPool("Culture", 2, unseen(1, 2, 3)), AreaPool("Metrics", 3, unseen(4, 5, 6, 7))]
    draw = draw_by_area(areas, Random(1))
    assert (sum(pk <= 3 for pk in draw.question_ids), sum(pk >= 4 for pk in draw.question_ids)) == (2, 3)


def test_draw_by_area_takes_unseen_questions_first() -> None:
    areas = [AreaPool("Culture", 2, [PoolQuestion(1, 1, NOW), *unseen(2, 3)])]
    assert sorted(draw_by_area(areas, Random(1)).question_ids) == [2, 3]


def test_draw_by_area_mixes_the_areas() -> None:
    areas = [AreaPool("Culture", 20, unseen(*range(1, 21))), AreaPool("Metrics", 20, unseen(*range(21, 41)))]
    drawn = draw_by_area(areas, Random(1)).question_ids
    assert (sorted(drawn), drawn[:20] == sorted(drawn)[:20]) == (list(range(1, 41)), False)


def test_draw_by_area_names_every_shortage_and_fills_none() -> None:
    areas = [
        AreaPool("Culture", 2, unseen(1)),
        AreaPool("Metrics", 3, unseen(4, 5, 6, 7)),
        AreaPool("Strategy", 1, []),
    ]
    draw = draw_by_area(areas, Random(1))
    assert (draw.question_ids, draw.shortages) == ([], [Shortage("Culture", 1, 2), Shortage("Strategy", 0, 1)])


def test_shortage_names_area_and_numbers() -> None:
    sentence = "The sealed pool has 14 of 22 questions for Customer Insights and Understanding."
    assert Shortage("Customer Insights and Understanding", 14, 22).sentence() == sentence


def test_shuffle_options_keeps_every_label() -> None:
    assert {"".join(sorted(shuffle_options("ABCD", Random(seed)))) for seed in range(50)} == {"ABCD"}


def test_shuffle_options_puts_a_label_anywhere_equally_often() -> None:
    """Chi-square of the key's place over 10,000 draws; 11.34 is its 99 % point at three degrees of freedom."""
    places = Counter(shuffle_options("ABCD", Random(seed)).index("B") for seed in range(10_000))
    assert sum((places[place] - 2500) ** 2 / 2500 for place in range(4)) < 11.34
