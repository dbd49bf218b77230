from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from accounts.models import User
from quizzes.models import Answer, Attempt, Feedback, Response
from quizzes.queries.integrity import broken_rules
from quizzes.services import check_response, finish_attempt
from tests.factories import NOW, make_attempt, make_question, make_quiz

SetClock = Callable[[datetime], None]
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _clock(set_clock: SetClock) -> None:
    set_clock(NOW)


@pytest.fixture
def attempt(candidate: User) -> Attempt:
    """Three questions, the first is checked."""
    attempt = make_attempt(candidate, *(make_question(f"MET-K{number}.1") for number in (1, 2, 3)))
    check_response(response=attempt.responses.get(position=1), label="B", now=NOW)
    return attempt


@pytest.fixture
def finished(candidate: User) -> Attempt:
    quiz = make_quiz(author=candidate, feedback=Feedback.AT_END, question_count=1)
    return finish_attempt(attempt=make_attempt(candidate, make_question(), quiz=quiz), now=NOW)


def url_of(attempt: Attempt, position: int = 1) -> str:
    return f"/attempts/{attempt.code}/questions/{position}/flag/"


def is_flagged(attempt: Attempt, position: int = 1) -> bool:
    return Response.objects.get(attempt=attempt, position=position).is_flagged


def texts_of(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_flag_of_a_checked_question_is_set_and_taken_off(candidate_client: Client, attempt: Attempt) -> None:
    response = candidate_client.post(url_of(attempt), {"is_flagged": "yes"})
    assert (response.status_code, response["Location"]) == (302, f"/attempts/{attempt.code}/questions/1/")
    assert is_flagged(attempt) is True
    candidate_client.post(url_of(attempt), {"is_flagged": "no"})
    assert is_flagged(attempt) is False


def test_flag_sent_twice_stays(candidate_client: Client, attempt: Attempt) -> None:
    for _ in range(2):
        candidate_client.post(url_of(attempt), {"is_flagged": "yes"})
    assert is_flagged(attempt) is True


def test_flag_of_a_finished_quiz_leads_back_to_where_it_was_set(candidate_client: Client, finished: Attempt) -> None:
    back = f"/attempts/{finished.code}/questions/?show=wrong#question-1"
    response = candidate_client.post(url_of(finished), {"is_flagged": "yes", "next": back})
    assert (response["Location"], is_flagged(finished)) == (back, True)


@pytest.mark.parametrize("address", ["https://example.org/", "//example.org", "javascript:alert(1)", "/" + "a" * 600])
def test_flag_leads_to_no_other_site(candidate_client: Client, finished: Attempt, address: str) -> None:
    response = candidate_client.post(url_of(finished), {"is_flagged": "yes", "next": address})
    assert response["Location"] == f"/attempts/{finished.code}/questions/1/"


def test_flag_is_no_answer_and_breaks_no_rule(candidate_client: Client, attempt: Attempt, finished: Attempt) -> None:
    before = Answer.objects.count()
    for each in (attempt, finished):
        candidate_client.post(url_of(each), {"is_flagged": "yes"})
    rules = dict(broken_rules(now=NOW, sample=1))
    assert (Answer.objects.count(), rules["responses that differ from their newest answer"]) == (before, 0)


def test_htmx_gets_the_button_and_what_the_navigator_says(candidate_client: Client, attempt: Attempt) -> None:
    response = candidate_client.post(url_of(attempt), {"is_flagged": "yes"}, headers=HTMX)
    body = response.content.decode()
    assert response.status_code == 200
    assert 'name="is_flagged" value="no"' in body
    assert 'id="place-1" hx-swap-oob="true"' in body
    assert ", right, flagged</span>" in body
    assert "1 of 3 answered, 1 flagged" in body
    assert "Rationale" not in body


def test_htmx_gets_the_button_alone_when_the_quiz_is_over(candidate_client: Client, finished: Attempt) -> None:
    body = candidate_client.post(url_of(finished), {"is_flagged": "yes"}, headers=HTMX).content.decode()
    assert (body.count("<form"), body.count("<li")) == (1, 0)


def test_open_question_is_flagged_with_its_answer_only(candidate_client: Client, attempt: Attempt) -> None:
    response = candidate_client.post(url_of(attempt, 2), {"is_flagged": "yes"})
    assert response["Location"] == f"/attempts/{attempt.code}/questions/2/"
    assert (texts_of(response), is_flagged(attempt, 2)) == (["Set the flag together with your answer."], False)


@pytest.mark.parametrize("value", ["", "\x00", "maybe", "9" * 4000])
def test_unknown_value_gets_a_sentence(candidate_client: Client, attempt: Attempt, value: str) -> None:
    response = candidate_client.post(url_of(attempt), {"is_flagged": value})
    assert (response.status_code, texts_of(response)) == (302, ["Open the question again to flag it."])
    assert is_flagged(attempt) is False


def test_visitors_are_sent_to_sign_in(client: Client, attempt: Attempt) -> None:
    assert client.post(url_of(attempt), {"is_flagged": "yes"})["Location"].startswith("/accounts/login/")


def test_get_is_refused(candidate_client: Client, attempt: Attempt) -> None:
    assert candidate_client.get(url_of(attempt)).status_code == 405


def test_other_peoples_questions_are_not_there(other_client: Client, attempt: Attempt) -> None:
    assert other_client.post(url_of(attempt), {"is_flagged": "yes"}).status_code == 404
    assert is_flagged(attempt) is False
