from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from accounts.models import User
from cohorts.models import Cohort
from quizzes.models import Attempt, Feedback
from tests.factories import NOW, make_assignment, make_attempt, make_mock_attempt, make_question, make_quiz

FINISHED = {"state": "graded", "submitted_at": NOW, "raw_score": 1}


@pytest.fixture(autouse=True)
def _clock(set_clock: Callable[[datetime], None]) -> None:
    set_clock(NOW)


@pytest.fixture
def attempt(candidate: User) -> Attempt:
    """Two of MET, feedback at the end, twelve minutes."""
    rule = {"competencies": ["MET"]}
    quiz = make_quiz(
        author=candidate, title="Practice: MET", rule=rule, question_count=2, feedback=Feedback.AT_END,
        time_limit_minutes=12,
    )  # fmt: skip
    return make_attempt(candidate, make_question("MET-K1.1"), make_question("MET-K2.1"), quiz=quiz, **FINISHED)


def url_of(attempt: Attempt) -> str:
    return f"/attempts/{attempt.code}/repeat/"


def form() -> dict[str, Any]:
    return {"code": str(uuid4())}


def test_repeat_starts_another_quiz_by_the_same_choice_with_new_questions(
    candidate_client: Client, attempt: Attempt
) -> None:
    new = {make_question("MET-K3.1").pk, make_question("MET-K4.1").pk}
    response = candidate_client.post(url_of(attempt), form())
    again = Attempt.objects.select_related("quiz").get(state="in_progress")
    assert response["Location"] == f"/attempts/{again.code}/questions/1/"
    assert (again.quiz.title, again.feedback, again.quiz.time_limit_minutes) == ("Practice: MET", "at_end", 12)
    assert set(again.responses.values_list("question", flat=True)) == new


def test_repeat_twice_with_one_key_is_one_quiz(candidate_client: Client, attempt: Attempt) -> None:
    data = form()
    first, second = candidate_client.post(url_of(attempt), data), candidate_client.post(url_of(attempt), data)
    assert first["Location"] == second["Location"]
    assert Attempt.objects.count() == 2


def test_repeat_without_enough_questions_says_so(candidate_client: Client, attempt: Attempt) -> None:
    attempt.responses.get(position=1).question.__class__.objects.update(status="retired")
    response = candidate_client.post(url_of(attempt), form())
    assert response["Location"] == f"/attempts/{attempt.code}/"
    assert [str(message) for message in get_messages(response.wsgi_request)] == [
        "No question matches this choice. Choose more competencies."
    ]


def test_repeat_of_an_open_attempt_leads_back_into_it(candidate_client: Client, candidate: User) -> None:
    attempt = make_attempt(candidate, make_question())
    assert candidate_client.post(url_of(attempt), form())["Location"] == f"/attempts/{attempt.code}/"
    assert Attempt.objects.count() == 1


def test_repeat_of_an_assignment_or_a_mock_exam_starts_nothing(
    candidate_client: Client, candidate: User, cohort: Cohort
) -> None:
    assigned = make_attempt(candidate, make_question(), assignment=make_assignment(cohort), **FINISHED)
    mock = make_mock_attempt(candidate, **FINISHED)
    for attempt in (assigned, mock):
        assert candidate_client.post(url_of(attempt), form())["Location"] == f"/attempts/{attempt.code}/"
    assert Attempt.objects.count() == 2


@pytest.mark.parametrize("code", ["", "no-uuid", "\x00"])
def test_repeat_without_a_key_starts_nothing(candidate_client: Client, attempt: Attempt, code: str) -> None:
    assert candidate_client.post(url_of(attempt), {"code": code})["Location"] == f"/attempts/{attempt.code}/"
    assert Attempt.objects.count() == 1


def test_somebody_elses_attempt_is_not_found(other_client: Client, attempt: Attempt) -> None:
    assert other_client.post(url_of(attempt), form()).status_code == 404


def test_anonymous_is_sent_to_sign_in(client: Client, attempt: Attempt) -> None:
    assert client.post(url_of(attempt), form())["Location"] == f"/accounts/login/?next={url_of(attempt)}"


def test_other_methods_are_refused(candidate_client: Client, attempt: Attempt) -> None:
    assert candidate_client.get(url_of(attempt)).status_code == 405
