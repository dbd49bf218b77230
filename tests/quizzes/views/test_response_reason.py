from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from cohorts.models import Cohort
from quizzes.models import Attempt, Feedback, Response
from quizzes.services import check_response, finish_attempt
from tests.factories import NOW, make_assignment, make_attempt, make_question, make_quiz

SetClock = Callable[[datetime], None]
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _clock(set_clock: SetClock) -> None:
    set_clock(NOW)


def sat(candidate: User, labels: str = "BD-", feedback: str = Feedback.AT_END, **fields: Any) -> Attempt:
    """Right, wrong, unanswered."""
    questions = [make_question(f"MET-K{number}.1") for number, _ in enumerate(labels, start=1)]
    quiz = fields.pop("quiz", None) or make_quiz(author=candidate, question_count=3, feedback=feedback)
    attempt = make_attempt(candidate, *questions, quiz=quiz, **fields)
    for position, label in enumerate(labels.replace("-", " "), start=1):
        Response.objects.filter(attempt=attempt, position=position).update(selected_label=label.strip())
    return attempt


@pytest.fixture
def attempt(candidate: User) -> Attempt:
    return finish_attempt(attempt=sat(candidate), now=NOW)


def url_of(attempt: Attempt, position: int = 2) -> str:
    return f"/attempts/{attempt.code}/questions/{position}/reason/"


def reason_of(attempt: Attempt, position: int = 2) -> str:
    return Response.objects.get(attempt=attempt, position=position).miss_reason


@pytest.mark.parametrize("reason", Response.MissReason.values)
def test_reason_is_kept_and_leads_back(candidate_client: Client, attempt: Attempt, reason: str) -> None:
    response = candidate_client.post(url_of(attempt), {"reason": reason})
    assert response["Location"] == f"/attempts/{attempt.code}/questions/?page=1#question-2"
    assert reason_of(attempt) == reason


def test_reason_is_taken_back(candidate_client: Client, attempt: Attempt) -> None:
    candidate_client.post(url_of(attempt), {"reason": "misread"})
    candidate_client.post(url_of(attempt), {"reason": ""})
    assert reason_of(attempt) == ""


def test_form_leads_back_to_the_page_it_stood_on(candidate_client: Client, attempt: Attempt) -> None:
    data = {"reason": "misread", "next": "/attempts/?kind=practice"}
    assert candidate_client.post(url_of(attempt), data)["Location"] == "/attempts/?kind=practice"


@pytest.mark.parametrize(
    "href", ["https://example.org/", "//example.org", "javascript:alert(1)", "\x00", "/" + "x" * 600]
)
def test_form_leads_to_no_other_site(candidate_client: Client, attempt: Attempt, href: str) -> None:
    response = candidate_client.post(url_of(attempt), {"reason": "misread", "next": href})
    assert response["Location"] == f"/attempts/{attempt.code}/questions/?page=1#question-2"


def test_htmx_gets_the_form_again_with_its_choice(candidate_client: Client, attempt: Attempt) -> None:
    response = candidate_client.post(url_of(attempt), {"reason": "misread"}, headers=HTMX)
    body = response.content.decode()
    assert re.findall(r'id="([\w-]+)" value="(\w*)" aria-pressed="(\w+)"', body) == [
        ("reason-2-knowledge", "knowledge", "false"),
        ("reason-2-misread", "", "true"),
        ("reason-2-reasoning", "reasoning", "false"),
        ("reason-2-time", "time", "false"),
    ]
    assert "<html" not in body
    assert json.loads(response["HX-Trigger"]) == {"miss-reason-said": {}}


@pytest.mark.parametrize("reason", ["laziness", "\x00", "x" * 3000, "Misread"])
def test_unknown_reason_is_refused_with_a_sentence(candidate_client: Client, attempt: Attempt, reason: str) -> None:
    sentence = "That is no reason of ours. Choose one of the four."
    plain = candidate_client.post(url_of(attempt), {"reason": reason}, follow=True)
    part = candidate_client.post(url_of(attempt), {"reason": reason}, headers=HTMX)
    assert sentence in plain.content.decode()
    assert sentence in part.content.decode()
    assert reason_of(attempt) == ""


def test_unanswered_question_has_a_reason_too(candidate_client: Client, attempt: Attempt) -> None:
    candidate_client.post(url_of(attempt, 3), {"reason": "time"})
    assert reason_of(attempt, 3) == "time"


def test_right_answer_has_no_reason(candidate_client: Client, attempt: Attempt) -> None:
    assert candidate_client.post(url_of(attempt, 1), {"reason": "misread"}).status_code == 404


def test_checked_question_of_an_open_quiz_has_a_reason(candidate_client: Client, candidate: User) -> None:
    attempt = sat(candidate, "--", feedback=Feedback.AFTER_EACH)
    check_response(response=Response.objects.get(attempt=attempt, position=1), label="D", now=NOW)
    candidate_client.post(url_of(attempt, 1), {"reason": "reasoning"})
    assert reason_of(attempt, 1) == "reasoning"
    assert candidate_client.post(url_of(attempt, 2), {"reason": "reasoning"}).status_code == 404


@pytest.mark.parametrize(("offset", "status"), [(-1, 404), (0, 302)])
def test_reason_waits_for_the_due_date(
    candidate_client: Client, candidate: User, cohort: Cohort, set_clock: SetClock, offset: int, status: int
) -> None:
    quiz = make_quiz(author=cohort.coordinator, feedback=Feedback.AFTER_DUE)
    attempt = finish_attempt(attempt=sat(candidate, quiz=quiz, assignment=make_assignment(cohort, quiz)), now=NOW)
    set_clock(NOW + timedelta(days=7, seconds=offset))
    # Right and wrong look the same.
    assert candidate_client.post(url_of(attempt, 1), {"reason": "misread"}).status_code == 404
    assert candidate_client.post(url_of(attempt, 2), {"reason": "misread"}).status_code == status


def test_open_exam_has_no_reasons(candidate_client: Client, candidate: User) -> None:
    assert candidate_client.post(url_of(sat(candidate)), {"reason": "misread"}).status_code == 404


def test_somebody_elses_answer_is_not_found(other_client: Client, coordinator_client: Client, attempt: Attempt) -> None:
    for client in (other_client, coordinator_client):
        assert client.post(url_of(attempt), {"reason": "misread"}).status_code == 404
    assert reason_of(attempt) == ""


def test_unknown_position_is_not_found(candidate_client: Client, attempt: Attempt) -> None:
    assert candidate_client.post(url_of(attempt, 99), {"reason": "misread"}).status_code == 404


def test_anonymous_is_sent_to_sign_in(client: Client, attempt: Attempt) -> None:
    assert client.post(url_of(attempt))["Location"] == f"/accounts/login/?next={url_of(attempt)}%3Funsent"


def test_other_methods_are_refused(candidate_client: Client, attempt: Attempt) -> None:
    assert candidate_client.get(url_of(attempt)).status_code == 405
