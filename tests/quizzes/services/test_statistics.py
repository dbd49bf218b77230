from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from questions.models import Question
from quizzes import services
from quizzes.item_analysis import analyse_form
from quizzes.models import Attempt, FormStatistics, ItemStatistics, Quiz, QuizQuestion
from reviews.models import ReviewLog
from tests.factories import NOW, make_attempt, make_blueprint, make_question, make_quiz, make_user

HOUR = timedelta(hours=1)


def sit(
    candidate: User, answers: dict[Question, str], *, at: Any = NOW, finish: bool = True, quiz: Quiz | None = None
) -> Attempt:
    attempt = make_attempt(candidate, *answers, started_at=at, quiz=quiz)
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
    return statistics.n, statistics.facility, counts(statistics)


def counts(statistics: ItemStatistics) -> dict[str, int]:
    """Of the options that anybody chose."""
    return {label: option["count"] for label, option in statistics.option_statistics.items() if option["count"]}


@pytest.fixture
def questions(db: None) -> list[Question]:
    """The key of each is B."""
    return [make_question(f"MET-K{number}.1") for number in (1, 2, 3)]


@pytest.fixture
def people(db: None) -> list[User]:
    return [make_user(f"person{number}") for number in range(4)]


def test_statistics_agree_with_a_table_computed_by_hand(people: list[User]) -> None:
    """Twenty-one questions; the first is right, right, wrong, wrong, and 20, 10, 10 and 0 of the others are.

    Every other question has facility 0.5, so that the rest scores are 0.5, 0, 0, -0.5. Means of the mark 0.5, of the
    rest 0; products 0.25 + 0 + 0 + 0.25 = 0.5; squares 1 and 0.5; correlation 0.5 / sqrt(0.5) = 0.7071. Sorted, marks
    and rests are the same, so that the efficiency is 100. One of each end: 1 - 0.
    """
    first, *others = [make_question(f"MET-K{number}.1") for number in range(1, 22)]
    for person, label, right in zip(people, "BBCD", (others, others[:10], others[10:], []), strict=True):
        sit(person, {first: label, **{other: "B" if other in right else "A" for other in others}})
    assert services.compute_item_statistics(now=NOW) == 21
    statistics = first.statistics
    assert (statistics.n, statistics.facility, counts(statistics)) == (4, 0.5, {"B": 2, "C": 1, "D": 1})
    assert (statistics.discrimination_n, statistics.discrimination) == (4, 0.707107)
    assert (statistics.efficiency, statistics.upper_lower, statistics.median_seconds) == (100, 1, None)
    assert statistics.option_statistics["D"] == {
        "count": 1,
        "share": 0.25,
        "discrimination": -0.816497,
        "top_share": 0,
    }


def test_a_median_of_the_seconds_is_kept(questions: list[Question], people: list[User]) -> None:
    for person, seconds in zip(people, (10, 20, 60, 0), strict=True):
        attempt = sit(person, {questions[0]: "B"})
        attempt.responses.update(seconds=seconds)
    services.compute_item_statistics(now=NOW)
    assert ItemStatistics.objects.get().median_seconds == 20


def test_flags_are_kept_by_code(questions: list[Question]) -> None:
    """Fifty guesses: one in five is right."""
    make_blueprint(MET=100)
    for number in range(50):
        sit(make_user(f"guesser{number}"), {questions[0]: "BACDA"[number % 5]})
    services.compute_item_statistics(now=NOW)
    assert ItemStatistics.objects.get().flags == ["chance"]


def test_few_answers_raise_no_flag_and_have_no_discrimination(questions: list[Question], people: list[User]) -> None:
    for person in people:
        sit(person, dict.fromkeys(questions, "A"))
    services.compute_item_statistics(now=NOW)
    rows = ItemStatistics.objects.values_list("flags", "discrimination_n", "discrimination", "efficiency")
    assert list(rows) == [([], 0, None, None)] * 3


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


def test_a_question_left_unanswered_was_seen(questions: list[Question], people: list[User]) -> None:
    sit(people[0], {questions[0]: ""})
    sit(people[0], {questions[0]: "B"}, at=NOW + HOUR)
    assert services.compute_item_statistics(now=NOW + HOUR) == 0


@pytest.mark.parametrize(("reviewed_at", "count"), [(NOW - HOUR, 0), (NOW + HOUR, 1)])
def test_a_question_met_in_a_review_before_was_seen(
    questions: list[Question], people: list[User], reviewed_at: Any, count: int
) -> None:
    sit(people[0], {questions[0]: "B"})
    sit(people[1], {questions[1]: "B"})
    ReviewLog.objects.create(
        candidate=people[0],
        objective=questions[0].objective,
        question=questions[0],
        rating=3,
        is_from_review=True,
        study_day=reviewed_at.date(),
        reviewed_at=reviewed_at,
    )
    services.compute_item_statistics(now=NOW)
    assert ItemStatistics.objects.filter(question=questions[0]).count() == count
    assert ItemStatistics.objects.filter(question=questions[1]).count() == 1


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
    # Answers, keys, the first edition, the rows, and which rows there are.
    with django_assert_num_queries(5):
        services.compute_item_statistics(now=NOW)


# Fixed forms


@pytest.fixture
def form(questions: list[Question], people: list[User]) -> Quiz:
    quiz = make_quiz(author=people[0], question_count=3, title="Chosen")
    QuizQuestion.objects.bulk_create(
        QuizQuestion(quiz=quiz, question=question, position=place) for place, question in enumerate(questions, start=1)
    )
    return quiz


def sit_form(person: User, questions: list[Question], labels: str, quiz: Quiz, *, at: Any = NOW) -> Attempt:
    answers = {question: "" if label == "-" else label for question, label in zip(questions, labels, strict=True)}
    return sit(person, answers, at=at, quiz=quiz)


def form_row(quiz: Quiz) -> tuple[int, int, float, float, float | None, float | None]:
    row = FormStatistics.objects.get(quiz=quiz)
    return row.n, row.items, row.mean, row.sd, row.alpha, row.sem


def expected_form(*marks: list[int]) -> tuple[Any, ...]:
    form = analyse_form(np.array(marks, dtype=float))
    return form.n, form.items, form.mean, form.sd, form.alpha, form.sem


def test_a_form_is_analysed(questions: list[Question], people: list[User], form: Quiz) -> None:
    for person, labels in zip(people, ("BBB", "BBA", "BAA", "AAA"), strict=True):
        sit_form(person, questions, labels, form)
    assert services.compute_form_statistics(now=NOW) == 1
    assert form_row(form) == expected_form([1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0])


def test_of_each_candidate_the_first_complete_attempt_counts(
    questions: list[Question], people: list[User], form: Quiz
) -> None:
    sit_form(people[0], questions, "B-B", form)
    sit_form(people[0], questions, "AAB", form, at=NOW + HOUR)
    sit_form(people[0], questions, "BBB", form, at=NOW + 2 * HOUR)
    sit_form(people[1], questions, "BBA", form)
    services.compute_form_statistics(now=NOW)
    assert form_row(form)[:3] == (2, 3, 50.0)


def test_only_attempts_at_the_questions_of_now_count(questions: list[Question], people: list[User], form: Quiz) -> None:
    sit_form(people[0], questions, "BBB", form)
    sit_form(people[1], questions[:2], "BA", form, at=NOW + HOUR)
    services.compute_form_statistics(now=NOW)
    assert form_row(form)[:3] == (1, 2, 50.0)


def test_quizzes_without_chosen_questions_are_no_forms(questions: list[Question], people: list[User]) -> None:
    sit(people[0], dict.fromkeys(questions, "B"))
    assert services.compute_form_statistics(now=NOW) == 0


def test_forms_computed_again_leave_the_same_row_and_go_with_their_attempts(
    questions: list[Question], people: list[User], form: Quiz
) -> None:
    attempt = sit_form(people[0], questions, "BBA", form)
    for _ in range(2):
        services.compute_form_statistics(now=NOW)
    assert FormStatistics.objects.count() == 1
    attempt.delete()
    assert (services.compute_form_statistics(now=NOW), FormStatistics.objects.count()) == (0, 0)


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow_with_forms(
    questions: list[Question], people: list[User], django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for number in range(count):
        quiz = make_quiz(author=people[0], question_count=1, title=f"Quiz {number}")
        QuizQuestion.objects.create(quiz=quiz, question=questions[0], position=1)
        sit(people[number], {questions[0]: "B"}, quiz=quiz)
    with django_assert_num_queries(3):
        services.compute_form_statistics(now=NOW)
