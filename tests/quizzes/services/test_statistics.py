from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from questions.models import Question
from quizzes import services
from quizzes.models import Attempt, ItemStatistics
from tests.factories import NOW, make_attempt, make_question, make_user

HOUR = timedelta(hours=1)


def sit(candidate: User, answers: dict[Question, str], *, at: Any = NOW, finish: bool = True) -> Attempt:
    attempt = make_attempt(candidate, *answers, started_at=at)
    for position, label in enumerate(answers.values(), start=1):
        services.record_answer(
            attempt_code=attempt.code,
            candidate=candidate,
            position=position,
            key=uuid.uuid4(),
            sequence=1,
            label=label,
            now=at,
        )
    return services.finish_attempt(attempt=attempt, now=at) if finish else attempt


def row_of(question: Question) -> tuple[int, float, dict[str, int]]:
    statistics = ItemStatistics.objects.get(question=question)
    return statistics.n, statistics.facility, statistics.option_counts


@pytest.fixture
def questions(db: None) -> list[Question]:
    """The key of each is B."""
    return [make_question(f"MET-K{number}.1") for number in (1, 2, 3)]


@pytest.fixture
def people(db: None) -> list[User]:
    return [make_user(f"person{number}") for number in range(4)]


def test_statistics_agree_with_a_table_computed_by_hand(questions: list[Question], people: list[User]) -> None:
    """Marks of the first question 1, 1, 0, 0; rest shares 1, 0.5, 0.5, 0.

    Means 0.5 and 0.5; products 0.25 + 0 + 0 + 0.25 = 0.5; squares 1 and 0.5; correlation 0.5 / sqrt(0.5) = 0.7071.
    """
    first, second, third = questions
    sit(people[0], {first: "B", second: "B", third: "B"})
    sit(people[1], {first: "B", second: "A", third: "B"})
    sit(people[2], {first: "C", second: "B", third: "A"})
    sit(people[3], {first: "D", second: "A", third: "A"})
    assert services.compute_item_statistics(now=NOW) == 3
    statistics = first.statistics
    assert (statistics.n, statistics.facility, statistics.option_counts) == (4, 0.5, {"B": 2, "C": 1, "D": 1})
    assert round(statistics.point_biserial, 4) == 0.7071


def test_only_the_first_answer_of_a_candidate_counts(questions: list[Question], people: list[User]) -> None:
    sit(people[0], {questions[0]: "A"})
    sit(people[0], {questions[0]: "B"}, at=NOW + HOUR)
    services.compute_item_statistics(now=NOW + HOUR)
    assert row_of(questions[0]) == (1, 0.0, {"A": 1})


def test_the_first_answer_is_the_one_submitted_first(questions: list[Question], people: list[User]) -> None:
    sit(people[0], {questions[0]: "B"}, at=NOW + HOUR)
    sit(people[0], {questions[0]: "A"}, at=NOW)
    services.compute_item_statistics(now=NOW + HOUR)
    assert row_of(questions[0]) == (1, 0.0, {"A": 1})


def test_versions_are_counted_apart(questions: list[Question], people: list[User]) -> None:
    newer = make_question("MET-K1.1", code=questions[0].code, version=2, status="draft")
    sit(people[0], {questions[0]: "A"})
    sit(people[0], {newer: "B"}, at=NOW + HOUR)
    services.compute_item_statistics(now=NOW + HOUR)
    assert [row_of(question) for question in (questions[0], newer)] == [(1, 0.0, {"A": 1}), (1, 1.0, {"B": 1})]


def test_unanswered_questions_are_left_out(questions: list[Question], people: list[User]) -> None:
    sit(people[0], {questions[0]: "", questions[1]: "B"})
    assert services.compute_item_statistics(now=NOW) == 1
    assert not ItemStatistics.objects.filter(question=questions[0]).exists()


def test_attempts_in_progress_are_left_out(questions: list[Question], people: list[User]) -> None:
    sit(people[0], {questions[0]: "B"}, finish=False)
    assert services.compute_item_statistics(now=NOW) == 0


def test_computing_again_leaves_the_same_rows(questions: list[Question], people: list[User]) -> None:
    sit(people[0], {questions[0]: "B", questions[1]: "A"})
    counts = [services.compute_item_statistics(now=NOW + hours * HOUR) for hours in (0, 1)]
    assert (counts, ItemStatistics.objects.count(), row_of(questions[0])) == ([2, 2], 2, (1, 1.0, {"B": 1}))


def test_new_answers_change_the_row(questions: list[Question], people: list[User]) -> None:
    sit(people[0], {questions[0]: "B"})
    services.compute_item_statistics(now=NOW)
    sit(people[1], {questions[0]: "C"})
    services.compute_item_statistics(now=NOW + HOUR)
    assert row_of(questions[0]) == (2, 0.5, {"B": 1, "C": 1})


def test_rows_without_answers_any_more_are_deleted(questions: list[Question], people: list[User]) -> None:
    attempt = sit(people[0], {questions[0]: "B"})
    services.compute_item_statistics(now=NOW)
    attempt.delete()
    assert (services.compute_item_statistics(now=NOW + HOUR), ItemStatistics.objects.count()) == (0, 0)


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow_with_questions(
    questions: list[Question],
    people: list[User],
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    sit(people[0], dict.fromkeys(questions[:count], "B"))
    with django_assert_num_queries(3):
        services.compute_item_statistics(now=NOW)
