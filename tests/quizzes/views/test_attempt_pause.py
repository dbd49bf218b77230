from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from accounts.models import User
from quizzes.models import Attempt, Feedback
from quizzes.services import pause_attempt
from tests.factories import NOW, make_attempt, make_mock_attempt, make_question

SetClock = Callable[[datetime], None]
HTMX = {"HX-Request": "true"}
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _clock(set_clock: SetClock) -> None:
    set_clock(NOW)


@pytest.fixture
def attempt(candidate: User) -> Attempt:
    """Three questions in twenty minutes."""
    questions = [make_question(f"MET-K{number}.1") for number in (1, 2, 3)]
    return make_attempt(candidate, *questions, deadline_at=NOW + 20 * MINUTE)


@pytest.fixture
def paused(attempt: Attempt) -> Attempt:
    return pause_attempt(attempt=attempt, now=NOW)


def url_of(attempt: Attempt, verb: str = "pause") -> str:
    return f"/attempts/{attempt.code}/{verb}/"


def question_of(attempt: Attempt, position: int = 1) -> str:
    return f"/attempts/{attempt.code}/questions/{position}/"


def texts_of(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_timed_practice_quiz_offers_a_pause(candidate_client: Client, attempt: Attempt) -> None:
    assert f'action="{url_of(attempt)}"' in candidate_client.get(question_of(attempt)).content.decode()


def test_quiz_without_a_clock_offers_none(candidate_client: Client, attempt: Attempt) -> None:
    Attempt.objects.update(deadline_at=None)
    assert "/pause/" not in candidate_client.get(question_of(attempt)).content.decode()


def test_pause_leads_back_to_its_question_which_is_not_shown(candidate_client: Client, attempt: Attempt) -> None:
    response = candidate_client.post(url_of(attempt), {"position": "2"}, follow=True)
    body = response.content.decode()
    assert response.redirect_chain == [(question_of(attempt, 2), 302)]
    assert "<h1>Paused</h1>" in body
    assert "20:00" in body
    assert ("Stem" in body, "Option" in body, "data-countdown" in body) == (False, False, False)


def test_resume_shows_the_question_with_the_same_time_left(
    candidate_client: Client, paused: Attempt, set_clock: SetClock
) -> None:
    set_clock(NOW + 300 * MINUTE)
    response = candidate_client.post(url_of(paused, "resume"), {"position": "3"}, follow=True)
    assert response.redirect_chain == [(question_of(paused, 3), 302)]
    page = response.context["page"]
    assert (page.question.position, page.remaining_seconds) == (3, 1200)


@pytest.mark.parametrize("verb", ["pause", "resume"])
@pytest.mark.parametrize("position", ["", "0", "4", "x", "\x00", "9" * 4000])
def test_unknown_place_leads_to_where_the_quiz_goes_on(
    candidate_client: Client, attempt: Attempt, verb: str, position: str
) -> None:
    response = candidate_client.post(url_of(attempt, verb), {"position": position})
    assert (response.status_code, response["Location"]) == (302, f"/attempts/{attempt.code}/")


@pytest.mark.parametrize("feedback", [Feedback.AFTER_EACH, Feedback.AT_END])
@pytest.mark.parametrize("label", ["B", ""])
def test_paused_quiz_refuses_an_answer_with_a_sentence(
    candidate_client: Client, paused: Attempt, feedback: str, label: str
) -> None:
    Attempt.objects.update(feedback=feedback)
    response = candidate_client.post(question_of(paused), {"label": label})
    assert (response.status_code, response["Location"]) == (302, question_of(paused))
    assert texts_of(response) == ["This quiz is paused. Resume it, then answer."]
    assert paused.responses.exclude(selected_label="").count() == 0


def test_paused_question_is_opened_as_a_page_by_htmx(candidate_client: Client, paused: Attempt) -> None:
    response = candidate_client.get(question_of(paused), headers=HTMX)
    assert (response["HX-Redirect"], response.content) == (question_of(paused), b"")


def test_paused_page_takes_three_queries_whatever_the_number_of_questions(
    candidate_client: Client, candidate: User, django_assert_num_queries: Any
) -> None:
    for count in (1, 3):
        questions = [make_question(f"ORG-K{number}.1") for number in range(1, count + 1)]
        attempt = make_attempt(candidate, *questions, deadline_at=NOW + MINUTE)
        pause_attempt(attempt=attempt, now=NOW)
        with django_assert_num_queries(4):
            candidate_client.get(question_of(attempt))


def test_paused_quiz_says_so_long_after_its_old_deadline(
    candidate_client: Client, paused: Attempt, set_clock: SetClock
) -> None:
    set_clock(NOW + 9999 * MINUTE)
    response = candidate_client.get(f"/attempts/{paused.code}/", follow=True)
    assert "<h1>Paused</h1>" in response.content.decode()
    assert Attempt.objects.get().is_open is True


def test_paused_quiz_can_be_finished(candidate_client: Client, paused: Attempt) -> None:
    page = candidate_client.get(f"/attempts/{paused.code}/submit/").content.decode()
    assert "data-countdown" not in page
    candidate_client.post(f"/attempts/{paused.code}/submit/")
    assert (Attempt.objects.get().state, Attempt.objects.get().paused_at) == (Attempt.State.GRADED, None)


def test_clock_that_ran_out_in_another_tab_does_not_finish_a_paused_quiz(
    candidate_client: Client, paused: Attempt, set_clock: SetClock
) -> None:
    set_clock(NOW + 21 * MINUTE)
    response = candidate_client.post(f"/attempts/{paused.code}/submit/", {"time_up": "1"})
    assert response["Location"] == f"/attempts/{paused.code}/"
    assert Attempt.objects.get().is_paused is True


def test_clock_that_ran_out_finishes_a_quiz_that_is_not_paused(
    candidate_client: Client, attempt: Attempt, set_clock: SetClock
) -> None:
    set_clock(NOW + 20 * MINUTE)
    candidate_client.post(f"/attempts/{attempt.code}/submit/", {"time_up": "1"})
    assert Attempt.objects.get().state == Attempt.State.GRADED


def test_mock_exam_refuses_a_pause_with_a_sentence(candidate_client: Client, candidate: User) -> None:
    attempt = make_mock_attempt(candidate)
    response = candidate_client.post(url_of(attempt))
    assert texts_of(response) == ["Only a timed practice quiz that nobody assigned can be paused."]
    assert Attempt.objects.get().paused_at is None


def test_feedback_of_a_checked_question_is_not_shown_either(candidate_client: Client, attempt: Attempt) -> None:
    candidate_client.post(question_of(attempt), {"label": "B"})
    candidate_client.post(url_of(attempt), {"position": "1"})
    body = candidate_client.get(question_of(attempt)).content.decode()
    assert ("Rationale" in body, "is the key" in body) == (False, False)
    report = candidate_client.get(f"{question_of(attempt)}problem/")
    assert (report.status_code, report["Location"]) == (302, question_of(attempt))


@pytest.mark.parametrize("verb", ["pause", "resume"])
def test_visitors_strangers_and_get_come_to_nothing(
    client: Client, candidate_client: Client, other_client: Client, attempt: Attempt, verb: str
) -> None:
    assert client.post(url_of(attempt, verb))["Location"].startswith("/accounts/login/")
    assert other_client.post(url_of(attempt, verb)).status_code == 404
    assert candidate_client.get(url_of(attempt, verb)).status_code == 405
    assert Attempt.objects.get().paused_at is None
