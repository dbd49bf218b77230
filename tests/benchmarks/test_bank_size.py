"""What a page costs in a bank of 100 and of 100,000 questions, in one SQLite file and one run."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from statistics import median
from time import process_time

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from questions.models import Question
from quizzes.models import Answer, Attempt, Quiz, Response
from tests.factories import COMPETENCIES, make_blueprint, make_objective, make_options, make_question

SMALL, LARGE = 100, 100_000
MOST = 2.0
ROUNDS = 12
BLOCKS = 3
MOCK_QUESTIONS = 24
OPTIONS = make_options("of a length that an option has with its rationale in a bank that people study from " * 4)


def fill(count: int) -> None:
    """Up to so many questions, every other one sealed, over six competencies of fifteen objectives each."""
    objectives = [make_objective(f"{code}-K{number}.1") for code in COMPETENCIES for number in range(1, 16)]
    assert [objective.pk - objectives[0].pk for objective in objectives] == list(range(90))
    pattern = Question.objects.first() or make_question("CUL-K1.1", options=OPTIONS)
    # Written by the database itself: a hundred thousand objects would take longer than everything that is measured.
    values = {
        **{field.column: field.column for field in Question._meta.concrete_fields if not field.primary_key},
        "code": "'Q' || i",
        "objective_id": f"{objectives[0].pk} + i / 2 % 6 * 15 + i / 12 % 15",
        "pool": "CASE i % 2 WHEN 1 THEN 'practice' ELSE 'mock' END",
    }
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE numbers(i) AS (SELECT %s UNION ALL SELECT i + 1 FROM numbers WHERE i < %s) "
            f"INSERT INTO questions_question ({', '.join(values)}) "
            f"SELECT {', '.join(values.values())} FROM numbers, questions_question WHERE id = %s",
            [Question.objects.count(), count - 1, pattern.pk],
        )
    assert Question.objects.count() == count


def measured(action: Callable[[], float]) -> float:
    """Milliseconds of processor time, SQLite's included: the median of the quietest block."""
    return min(median(action() for _ in range(ROUNDS)) for _ in range(BLOCKS)) * 1000


def timed(client: Client, method: str, address: str, status: int, **data: object) -> float:
    start = process_time()
    response = getattr(client, method)(address, data)
    taken = process_time() - start
    assert response.status_code == status
    return taken


def read_builder(client: Client) -> float:
    return timed(client, "get", reverse("quizzes:practice"), 200)


def start_practice(client: Client) -> float:
    return timed(
        client,
        "post",
        reverse("quizzes:practice"),
        302,
        code=uuid.uuid4(),
        question_count=10,
        unseen_first="on",
        feedback="after_each",
    )


def start_practice_of_one_competency(client: Client) -> float:
    return timed(
        client,
        "post",
        reverse("quizzes:practice"),
        302,
        code=uuid.uuid4(),
        question_count=5,
        unseen_first="on",
        feedback="at_end",
        competencies="MET",
    )


def start_practice_of_unseen_medium_ones(client: Client) -> float:
    taken = timed(
        client,
        "post",
        reverse("quizzes:practice"),
        302,
        code=uuid.uuid4(),
        question_count=5,
        unseen_first="on",
        feedback="at_end",
        statuses="unseen",
        levels="medium",
    )
    # A small bank would soon hold nothing unseen.
    _forget_attempts(Quiz.Kind.PRACTICE)
    return taken


def count_unseen_medium_ones(client: Client) -> float:
    start = process_time()
    query = {"statuses": "unseen", "levels": "medium"}
    response = client.get(reverse("quizzes:practice-count"), query, headers={"HX-Request": "true"})
    taken = process_time() - start
    assert response.status_code == 200
    return taken


def start_daily_ten(client: Client) -> float:
    taken = timed(client, "post", reverse("quizzes:daily-ten-start"), 302)
    _forget_attempts(Quiz.Kind.PRACTICE)
    Quiz.objects.filter(daily_on__isnull=False).delete()
    return taken


def start_half_mock(client: Client) -> float:
    return timed(client, "post", reverse("quizzes:short-mock-start"), 302, code=uuid.uuid4(), size="half")


def read_mock(client: Client) -> float:
    return timed(client, "get", reverse("quizzes:mock"), 200)


def start_mock(client: Client) -> float:
    taken = timed(client, "post", reverse("quizzes:mock-start", args=["six-areas"]), 302)
    _forget_attempts(Quiz.Kind.MOCK)
    return taken


def _forget_attempts(*kinds: str) -> None:
    attempts = Attempt.objects.filter(quiz__kind__in=kinds)
    for model in (Answer, Response):
        model.objects.filter(attempt__in=attempts)._raw_delete("default")
    attempts._raw_delete("default")


PAGES = (
    read_builder,
    start_practice,
    start_practice_of_one_competency,
    start_practice_of_unseen_medium_ones,
    count_unseen_medium_ones,
    start_daily_ten,
    start_half_mock,
    read_mock,
    start_mock,
)


@pytest.fixture
def costs(candidate: User, candidate_client: Client) -> dict[str, tuple[float, float]]:
    make_blueprint("six-areas", item_count=MOCK_QUESTIONS)
    make_blueprint("five-areas", item_count=MOCK_QUESTIONS)
    costs: dict[str, list[float]] = {page.__name__: [] for page in PAGES}
    for count in (SMALL, LARGE):
        fill(count)
        for page in PAGES:
            page(candidate_client)
            costs[page.__name__].append(measured(lambda page=page: page(candidate_client)))  # type: ignore[misc]
            # Each page begins with the history that the others had.
            _forget_attempts(*Quiz.Kind)
    return {name: (small, large) for name, (small, large) in costs.items()}


@pytest.mark.django_db
def test_pages_cost_the_same_in_a_bank_of_any_size(costs: dict[str, tuple[float, float]]) -> None:
    for name, (small, large) in costs.items():
        print(f"{name}: {small:.1f} ms, {large:.1f} ms, ratio {large / small:.2f}")
    assert {name: large <= MOST * small for name, (small, large) in costs.items()} == dict.fromkeys(costs, True)
    assert connection.vendor == "sqlite"
