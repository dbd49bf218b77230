from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from competencies.models import Blueprint
from quizzes.assembly import Shortage
from quizzes.models import DrawRule
from quizzes.queries import count_practice_questions, pool, sealed_shortages
from reviews.models import Rating
from reviews.services import NewReview, record_reviews
from tests.factories import (
    COMPETENCIES,
    NOW,
    make_attempt,
    make_blueprint,
    make_competency,
    make_key,
    make_mock_question,
    make_question,
)

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("rule", "count"),
    [
        ({}, 4),
        ({"competencies": ["MET"]}, 3),
        ({"competencies": ["MET", "CUL"]}, 4),
        ({"statements": ["MET-K1"]}, 2),
        ({"objectives": ["MET-K1.2"]}, 1),
        ({"competencies": ["CUL"], "statements": ["MET-K1"]}, 0),
        ({"competencies": ["XXX"]}, 0),
        ({"unseen_first": True}, 4),
    ],
)
def test_count_practice_questions_follows_the_rule(db: None, rule: DrawRule, count: int) -> None:
    for objective in ("CUL-K1.1", "MET-K1.1", "MET-K1.2", "MET-K2.1"):
        make_question(objective)
    make_mock_question("MET-K1.1")
    make_question("MET-K1.1", status="retired")
    assert count_practice_questions(rule) == count


def test_count_practice_questions_stops_where_nobody_asks_for_more(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "COUNTED_AT_MOST", 2)
    for _ in range(3):
        make_question()
    assert count_practice_questions({}) == 2


def test_sealed_shortages_of_a_pool_that_is_large_enough(db: None) -> None:
    blueprint = make_blueprint(item_count=2, MET=50, CUL=50)
    make_mock_question("MET-K1.1")
    make_mock_question("CUL-K1.1")
    assert sealed_shortages(blueprint) == []


def test_sealed_shortages_count_published_sealed_questions_by_area(db: None) -> None:
    blueprint = make_blueprint(item_count=10, MET=60, CUL=30, STR=10)
    for number in (1, 2):
        make_mock_question(f"MET-K{number}.1")
        make_mock_question(f"CUL-K{number}.1", status="retired")
        make_question(f"CUL-K{number}.1")
    make_mock_question("STR-K1.1")
    assert sealed_shortages(blueprint) == [
        Shortage(COMPETENCIES["MET"], 2, 6),
        Shortage(COMPETENCIES["CUL"], 0, 3),
    ]


def test_sealed_shortages_add_up_the_competencies_of_a_merged_area(db: None) -> None:
    blueprint = make_blueprint(item_count=4, CUL=100)
    blueprint.areas.get().competencies.add(make_competency("ORG"))
    for objective in ("CUL-K1.1", "ORG-K1.1", "ORG-K2.1"):
        make_mock_question(objective)
    assert sealed_shortages(blueprint) == [Shortage(COMPETENCIES["CUL"], 3, 4)]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("each", "queries"), [(9, 3), (1, 4)])
def test_sealed_shortages_take_a_fixed_number_of_queries(
    db: None, django_assert_num_queries: DjangoAssertNumQueries, count: int, each: int, queries: int
) -> None:
    codes = list(COMPETENCIES)[:count]
    blueprint = make_blueprint(item_count=9, **dict.fromkeys(codes, 1))
    for code in codes:
        for number in range(1, each + 1):
            make_mock_question(f"{code}-K{number}.1")
    with django_assert_num_queries(queries):
        sealed_shortages(blueprint)


@pytest.mark.parametrize(("have", "missing"), [(0, True), (4, True), (5, False), (6, False)])
def test_sealed_shortages_end_with_the_last_needed_question(db: None, have: int, missing: bool) -> None:
    blueprint = make_blueprint(item_count=5, MET=100)
    for _ in range(have):
        make_mock_question("MET-K1.1")
    assert sealed_shortages(blueprint) == ([Shortage(COMPETENCIES["MET"], have, 5)] if missing else [])


def test_sealed_shortages_ignore_an_area_that_needs_nothing(db: None) -> None:
    blueprint = make_blueprint(item_count=1, MET=100, CUL=0)
    make_mock_question("MET-K1.1")
    assert sealed_shortages(blueprint) == []


def test_an_edition_without_areas_has_no_shortage_to_name(db: None) -> None:
    bare = Blueprint.objects.create(code="bare", name="Bare", position=9, item_count=10, minutes=60)
    assert sealed_shortages(bare) == []


def test_last_seen_knows_attempts_and_reviews(candidate: User, other_candidate: User) -> None:
    answered, reviewed, both, foreign = (make_question(f"MET-K{number}.1") for number in (1, 2, 3, 4))
    make_attempt(candidate, answered, both, started_at=NOW - 2 * DAY)
    make_attempt(candidate, answered, started_at=NOW - 3 * DAY)
    make_attempt(other_candidate, foreign)
    record_reviews(
        candidate=candidate,
        reviews=[
            NewReview(
                objective_id=question.objective_id,
                question_id=question.pk,
                source=make_key(),  # type: ignore[arg-type]
                selected_label="B",
                rating=Rating.GOOD,
                seconds=10,
                reviewed_at=NOW - DAY,
            )
            for question in (reviewed, both)
        ],
    )
    assert pool.last_seen(candidate) == {
        answered.pk: NOW - 2 * DAY,
        reviewed.pk: NOW - DAY,
        both.pk: NOW - DAY,
    }


def test_last_seen_names_the_published_version(candidate: User) -> None:
    old = make_question("MET-K1.1", status="retired")
    gone = make_question("MET-K2.1", status="retired")
    new = make_question("MET-K1.1", code=old.code, version=2)
    make_attempt(candidate, old, gone)
    assert pool.last_seen(candidate) == {new.pk: NOW}


# Pools too large to be read whole


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "LISTED_AT_MOST", 10)
    monkeypatch.setattr(pool, "FEWEST_KEYS", 20)
    monkeypatch.setattr(pool, "KEYS_PER_QUESTION", 1)


def fill(count: int) -> None:
    for number in range(count):
        make_question(f"MET-K{number % 5 + 1}.1")
        make_mock_question(f"{['MET', 'CUL'][number % 2]}-K{number % 5 + 1}.1")


def test_a_large_pool_is_sampled(candidate: User, small_limits: None) -> None:
    fill(40)
    sampled = pool.practice_pool(candidate, {"unseen_first": True}, wanted=3, rng=Random(1))
    assert 3 <= len(sampled) < 20


def test_a_sample_keeps_to_the_rule(candidate: User, small_limits: None) -> None:
    fill(60)
    make_question("MET-K1.1", status="retired")
    rule: DrawRule = {"statements": ["MET-K1", "MET-K2"]}
    allowed = {pk for pk, *_ in pool.practice_source(rule).questions().values_list("pk")}
    drawn = {one.pk for seed in range(20) for one in pool.practice_pool(candidate, rule, wanted=1, rng=Random(seed))}
    assert (drawn <= allowed, len(drawn) > 20) == (True, True)


def test_every_question_of_a_large_pool_is_drawn_equally_often(candidate: User, small_limits: None) -> None:
    fill(30)
    drawn = Counter(
        one.pk for seed in range(400) for one in pool.practice_pool(candidate, {}, wanted=1, rng=Random(seed))
    )
    # 20 of the 60 keys a time: 133 expected, with a standard deviation below 10.
    assert (len(drawn), min(drawn.values()) > 85, max(drawn.values()) < 180) == (30, True, True)


def test_a_sample_that_is_too_small_is_followed_by_the_whole_pool(candidate: User, small_limits: None) -> None:
    fill(40)
    assert len(pool.practice_pool(candidate, {}, wanted=35, rng=Random(1))) == 40


def test_the_last_unseen_question_of_a_large_pool_is_found(candidate: User, small_limits: None) -> None:
    fill(30)
    *seen, unseen = pool.practice_source({}).questions().order_by("pk")
    make_attempt(candidate, *seen)
    read = pool.practice_pool(candidate, {"unseen_first": True}, wanted=1, rng=Random(1))
    assert [one.pk for one in read if one.last_seen_at is None] == [unseen.pk]


def test_areas_of_a_large_pool_are_filled_although_the_sample_is_short(candidate: User, small_limits: None) -> None:
    fill(40)
    blueprint = make_blueprint(item_count=36, MET=50, CUL=50)
    areas = pool.area_pools(blueprint, candidate, Random(1))
    assert [(area.needed, len(area.questions)) for area in areas] == [(18, 20), (18, 20)]
