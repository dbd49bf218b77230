from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from competencies.models import Blueprint
from questions.models import Question
from quizzes.assembly import Shortage
from quizzes.models import DrawRule, QuestionStatus
from quizzes.queries import count_practice_questions, pool, sealed_shortages
from quizzes.queries.statuses import Standing
from tests.factories import (
    COMPETENCIES,
    NOW,
    make_attempt,
    make_blueprint,
    make_competency,
    make_mock_question,
    make_question,
)


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


def test_area_shortages_of_a_part_of_an_exam_in_the_practice_pool(db: None) -> None:
    blueprint = make_blueprint(item_count=100, MET=60, CUL=40)
    for number in range(1, 7):
        make_question(f"MET-K{number}.1")
    make_mock_question("CUL-K1.1")
    shortages = pool.area_shortages(blueprint, Question.Pool.PRACTICE, wanted=10)
    assert shortages == [Shortage(COMPETENCIES["CUL"], 0, 4)]


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


# What a candidate's own answers narrow


def standing(**statuses: list[int]) -> Standing:
    """Seen are those with a status, and the pks given as `seen`."""
    seen = {pk: NOW for pks in statuses.values() for pk in pks}
    named: dict[int, set[QuestionStatus]] = {}
    for status in set(statuses) - {"seen"}:
        for pk in statuses[status]:
            named.setdefault(pk, set()).add(QuestionStatus(status))
    return Standing(seen, {pk: frozenset(own) for pk, own in named.items()})


@pytest.fixture
def five(db: None) -> list[int]:
    """Of MET but for the last one, of difficulty 1 to 5."""
    codes = ("MET-K1.1", "MET-K2.1", "MET-K3.1", "MET-K4.1", "CUL-K1.1")
    return [make_question(code, difficulty=step).pk for step, code in enumerate(codes, start=1)]


@pytest.mark.parametrize(
    ("rule", "places"),
    [
        ({"statuses": ["missed"]}, {0, 1}),
        ({"statuses": ["missed", "flagged"]}, {0, 1, 4}),
        ({"statuses": ["unsure"]}, set()),
        ({"statuses": ["unseen"]}, {3}),
        ({"statuses": ["unseen", "missed"]}, {0, 1, 3}),
        ({"statuses": ["missed"], "difficulties": [2, 3]}, {1}),
        ({"statuses": ["flagged"], "competencies": ["MET"]}, {1}),
        ({"difficulties": [4, 5]}, {3, 4}),
        ({"difficulties": [4, 5], "competencies": ["MET"]}, {3}),
    ],
)
def test_a_rule_is_counted_and_drawn_alike(
    candidate: User, five: list[int], monkeypatch: pytest.MonkeyPatch, rule: DrawRule, places: set[int]
) -> None:
    """Two are missed, of which one is flagged, so is the last; the third was right; the fourth was never seen."""
    own = standing(missed=[five[0], five[1]], flagged=[five[1], five[4]], seen=[five[2]])
    monkeypatch.setattr(pool, "standing_of", lambda *_, **__: own)
    drawn = pool.practice_pool(candidate, rule, wanted=5, rng=Random(1), at=NOW)
    assert {five.index(one.pk) for one in drawn} == places
    assert count_practice_questions(rule, own) == len(places)


def test_a_rule_with_statuses_needs_to_know_whose(db: None) -> None:
    with pytest.raises(ValueError, match="Whose statuses"):
        count_practice_questions({"statuses": ["missed"]})


def test_named_questions_come_in_their_published_version_whatever_else_the_rule_says(db: None) -> None:
    named = make_question("MET-K1.1", code="MET-K1.1-P1", version=2)
    make_question("MET-K1.1", code="MET-K1.1-P0", status="retired")
    make_mock_question("MET-K1.1", code="MET-K1.1-M1")
    make_question("MET-K2.1")
    rule: DrawRule = {
        "questions": ["MET-K1.1-P0", "MET-K1.1-P1", "MET-K1.1-M1"],
        "competencies": ["CUL"],
        "statuses": ["missed"],
    }
    assert list(pool.practice_source(rule).questions()) == [named]


def test_unseen_questions_are_counted_to_the_end_of_what_anybody_asks_for(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "COUNTED_AT_MOST", 3)
    pks = [make_question().pk for _ in range(6)]
    counts = [count_practice_questions({"statuses": ["unseen"]}, standing(seen=pks[:n])) for n in (0, 2, 3, 4, 6)]
    assert counts == [3, 3, 3, 2, 0]


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
    sampled = pool.practice_pool(candidate, {"unseen_first": True}, wanted=3, rng=Random(1), at=NOW)
    assert 3 <= len(sampled) < 20


def test_a_sample_keeps_to_the_rule(candidate: User, small_limits: None) -> None:
    fill(60)
    make_question("MET-K1.1", status="retired")
    rule: DrawRule = {"statements": ["MET-K1", "MET-K2"]}
    allowed = {pk for pk, *_ in pool.practice_source(rule).questions().values_list("pk")}
    drawn = {
        one.pk for seed in range(20) for one in pool.practice_pool(candidate, rule, wanted=1, rng=Random(seed), at=NOW)
    }
    assert (drawn <= allowed, len(drawn) > 20) == (True, True)


def test_every_question_of_a_large_pool_is_drawn_equally_often(candidate: User, small_limits: None) -> None:
    fill(30)
    drawn = Counter(
        one.pk for seed in range(400) for one in pool.practice_pool(candidate, {}, wanted=1, rng=Random(seed), at=NOW)
    )
    # 20 of the 60 keys a time: 133 expected, with a standard deviation below 10.
    assert (len(drawn), min(drawn.values()) > 85, max(drawn.values()) < 180) == (30, True, True)


def test_a_sample_that_is_too_small_is_followed_by_the_whole_pool(candidate: User, small_limits: None) -> None:
    fill(40)
    assert len(pool.practice_pool(candidate, {}, wanted=35, rng=Random(1), at=NOW)) == 40


def test_the_last_unseen_question_of_a_large_pool_is_found(candidate: User, small_limits: None) -> None:
    fill(30)
    *seen, unseen = pool.practice_source({}).questions().order_by("pk")
    make_attempt(candidate, *seen)
    read = pool.practice_pool(candidate, {"unseen_first": True}, wanted=1, rng=Random(1), at=NOW)
    assert [one.pk for one in read if one.last_seen_at is None] == [unseen.pk]


def test_areas_of_a_large_pool_are_filled_although_the_sample_is_short(candidate: User, small_limits: None) -> None:
    fill(40)
    blueprint = make_blueprint(item_count=36, MET=50, CUL=50)
    areas = pool.area_pools(blueprint, Question.Pool.MOCK, wanted=36, seen={}, rng=Random(1))
    assert [(area.needed, len(area.questions)) for area in areas] == [(18, 20), (18, 20)]


def test_unseen_and_hard_questions_of_a_large_pool_are_sampled(candidate: User, small_limits: None) -> None:
    fill(40)
    hard = [make_question(f"MET-K{number % 5 + 1}.1", difficulty=5) for number in range(20)]
    make_attempt(candidate, *hard[:8])
    rule: DrawRule = {"statuses": ["unseen"], "difficulties": [5]}
    drawn = [
        {one.pk for one in pool.practice_pool(candidate, rule, wanted=1, rng=Random(seed), at=NOW)}
        for seed in range(20)
    ]
    found = set[int]().union(*drawn)
    assert (found <= {question.pk for question in hard[8:]}, min(map(len, drawn)) < 12) == (True, True)
