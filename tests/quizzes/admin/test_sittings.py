from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from questions.models import Question
from quizzes import services
from quizzes.models import Attempt, QuizQuestion
from tests.factories import NOW, make_assignment, make_attempt, make_cohort, make_question, make_quiz, make_user

MODELS = ("quiz", "assignment", "attempt")


def make_history(number: int) -> dict[str, int]:
    """One row of everything, by somebody else each time."""
    person = make_user(f"person{number}")
    question = make_question("MET-K1.1")
    quiz = make_quiz(author=person, question_count=1, title=f"Quiz {number}")
    QuizQuestion.objects.create(quiz=quiz, question=question, position=1)
    assignment = make_assignment(make_cohort(person), quiz)
    attempt = make_attempt(person, question, quiz=quiz)
    services.check_response(response=attempt.responses.get(), label="B", now=NOW)
    services.finish_attempt(attempt=attempt, now=NOW)
    return {
        "quiz": quiz.pk,
        "assignment": assignment.pk,
        "attempt": attempt.pk,
    }


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_a_fixed_number_of_queries(
    admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries, model: str, count: int
) -> None:
    for number in range(count):
        make_history(number)
    queries = {"quiz": 7, "assignment": 6, "attempt": 6}[model]
    with django_assert_num_queries(queries):
        response = admin_client.get(reverse(f"admin:quizzes_{model}_changelist"))
    assert (response.status_code, response.context["cl"].result_count) == (200, count)


@pytest.mark.parametrize("model", MODELS)
def test_a_row_can_be_looked_at(admin_client: Client, model: str) -> None:
    pk = make_history(1)[model]
    assert admin_client.get(reverse(f"admin:quizzes_{model}_change", args=[pk])).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_nothing_can_be_changed_added_or_deleted(admin_client: Client, model: str) -> None:
    pk = make_history(1)[model]
    answers = [
        admin_client.post(reverse(f"admin:quizzes_{model}_change", args=[pk]), {"title": "Changed"}),
        admin_client.get(reverse(f"admin:quizzes_{model}_add")),
        admin_client.post(reverse(f"admin:quizzes_{model}_delete", args=[pk]), {"post": "yes"}),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]


@pytest.mark.parametrize("model", MODELS)
def test_people_who_are_no_admins_are_kept_out(
    candidate_client: Client, coordinator_client: Client, model: str
) -> None:
    address = reverse(f"admin:quizzes_{model}_changelist")
    to_sign_in = f"{reverse('admin:login')}?next={address}"
    assert [client.get(address).url for client in (candidate_client, coordinator_client)] == [to_sign_in] * 2


@pytest.mark.parametrize("count", [1, 3])
def test_an_attempt_shows_its_responses_and_answers_at_a_fixed_number_of_queries(
    admin_client: Client, candidate: User, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    attempt = make_attempt(candidate, *(make_question(f"MET-K{number}.1") for number in range(count)))
    for response in attempt.responses.all():
        services.check_response(response=response, label="B", now=NOW)
    address = reverse("admin:quizzes_attempt_change", args=[attempt.pk])
    # The first visit of a process also reads the content types.
    admin_client.get(address)
    with django_assert_num_queries(7):
        page = admin_client.get(address).content.decode()
    links = [
        reverse("admin:questions_question_change", args=[pk]) for pk in Question.objects.values_list("pk", flat=True)
    ]
    assert [link in page for link in links] == [True] * count


def test_an_attempt_shows_its_score(admin_client: Client) -> None:
    make_history(1)
    page = admin_client.get(reverse("admin:quizzes_attempt_changelist")).content.decode()
    assert page.count("1 of 1 (100 %)") == 1


def found(client: Client, model: str, **query: str) -> list[str]:
    response = client.get(reverse(f"admin:quizzes_{model}_changelist"), query)
    return [str(row) for row in response.context["cl"].result_list]


def test_attempts_are_found_by_candidate_quiz_and_code(admin_client: Client) -> None:
    make_history(1)
    make_history(2)
    attempt = Attempt.objects.get(quiz__title="Quiz 2")
    for words in ("person2@example.com", "Quiz 2", str(attempt.code)):
        assert found(admin_client, "attempt", q=words) == [str(attempt)]


@pytest.mark.parametrize("words", ["1", "not-a-uuid", "%", "'"])
def test_odd_searches_find_nothing_and_break_nothing(admin_client: Client, words: str) -> None:
    assert [found(admin_client, model, q=words) for model in MODELS] == [[]] * 3
