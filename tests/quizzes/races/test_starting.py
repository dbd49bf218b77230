from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from quizzes import services
from quizzes.models import Attempt, Quiz
from tests.factories import NOW, make_blueprint, make_mock_question, make_question, make_quiz, make_user
from tests.quizzes.races.connections import Beside, InParallel

pytestmark = pytest.mark.postgres


def test_fifty_starts_of_a_practice_quiz_are_one_attempt(candidate: User, in_parallel: InParallel) -> None:
    for number in range(1, 6):
        make_question(f"MET-K{number}.1")
    quiz = make_quiz(author=candidate, question_count=3)
    started = in_parallel(50, lambda _: services.start_attempt(candidate=candidate, quiz=quiz, now=NOW).pk)
    assert set(started) == {Attempt.objects.get().pk}
    assert Attempt.objects.get().responses.count() == 3


def test_starts_of_a_mock_by_ten_candidates_are_ten_attempts(db: None, in_parallel: InParallel) -> None:
    for number in range(1, 9):
        make_mock_question(f"MET-K{number}.1")
    people = [make_user(f"person{number}") for number in range(10)]
    blueprint = make_blueprint(item_count=5, MET=100)

    def start(number: int) -> tuple[int, int]:
        quiz = services.shared_mock(blueprint=blueprint)
        attempt = services.start_attempt(candidate=people[number % 10], quiz=quiz, now=NOW)
        return attempt.candidate_id, attempt.pk

    started = in_parallel(50, start)
    assert len(set(started)) == Attempt.objects.count() == 10
    assert Quiz.objects.count() == 1


def test_a_start_beside_a_start_returns_the_same_attempt(candidate: User, beside: Beside) -> None:
    make_question("MET-K1.1")
    quiz = make_quiz(author=candidate, question_count=1)
    with transaction.atomic():
        first = services.start_attempt(candidate=candidate, quiz=quiz, now=NOW)
        second = beside.start(lambda: services.start_attempt(candidate=candidate, quiz=quiz, now=NOW))
        assert not second.done()
    assert second.result(10) == first


def test_a_start_on_postgresql_takes_a_hundred_questions_within_eleven_queries(
    candidate: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(1, 101):
        make_mock_question(f"MET-K{number}.1")
    quiz = services.shared_mock(blueprint=make_blueprint(MET=100))
    with django_assert_max_num_queries(11):
        started = services.start_attempt(candidate=candidate, quiz=quiz, now=NOW)
    assert started.responses.count() == 100
