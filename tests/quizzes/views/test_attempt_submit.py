from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from accounts.models import User
from quizzes.models import Attempt, Feedback, Response
from reviews.models import ReviewLog, Schedule
from tests.factories import NOW, make_attempt, make_mock_attempt, make_question, make_quiz

SetClock = Callable[[datetime], None]


@pytest.fixture(autouse=True)
def _clock(set_clock: SetClock) -> None:
    set_clock(NOW)


@pytest.fixture
def attempt(candidate: User) -> Attempt:
    """Three questions: right, wrong and flagged, unanswered."""
    return answered(candidate, ["B", "D", ""])


def answered(candidate: User, labels: list[str], **fields: Any) -> Attempt:
    questions = [make_question(f"MET-K{number}.1") for number, _ in enumerate(labels, start=1)]
    quiz = make_quiz(author=candidate, question_count=len(labels), feedback=Feedback.AT_END)
    attempt = make_attempt(candidate, *questions, quiz=quiz, **fields)
    for position, label in enumerate(labels, start=1):
        Response.objects.filter(attempt=attempt, position=position).update(
            selected_label=label, answered_at=NOW if label else None, is_flagged=position == 2
        )
    return attempt


def url_of(attempt: Attempt) -> str:
    return f"/attempts/{attempt.code}/submit/"


def texts_of(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_page_says_what_is_unanswered_and_finishes_nothing(candidate_client: Client, attempt: Attempt) -> None:
    response = candidate_client.get(url_of(attempt))
    body = response.content.decode()
    assert "1 question is unanswered" in body
    assert "1 question is flagged." in body
    assert [place.state for place in response.context["places"]] == ["answered", "answered", "open"]
    assert response.context["back_href"] == f"/attempts/{attempt.code}/questions/3/"
    attempt.refresh_from_db()
    assert attempt.state == "in_progress"


def test_page_with_every_question_answered_says_so(candidate_client: Client, candidate: User) -> None:
    body = candidate_client.get(url_of(answered(candidate, ["B", "C"]))).content.decode()
    assert "All 2 questions are answered." in body


def test_timed_page_shows_the_servers_time_left(candidate_client: Client, candidate: User) -> None:
    attempt = answered(candidate, ["B"], deadline_at=NOW + timedelta(minutes=2, seconds=5))
    body = candidate_client.get(url_of(attempt)).content.decode()
    assert 'data-countdown="125"' in body
    assert "<span data-countdown-text>02:05</span>" in body


def test_page_tells_nothing_about_right_and_wrong(candidate_client: Client, attempt: Attempt) -> None:
    body = candidate_client.get(url_of(attempt)).content.decode()
    assert [word for word in ("place-right", "place-wrong", "Rationale", ">Right") if word in body] == []


def test_post_finishes_grades_and_tells_the_reviews(candidate_client: Client, attempt: Attempt) -> None:
    response = candidate_client.post(url_of(attempt))
    attempt.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, f"/attempts/{attempt.code}/")
    assert (attempt.state, attempt.submitted_at, attempt.raw_score) == ("graded", NOW, 1)
    assert ReviewLog.objects.count() == 2


def test_post_has_the_schedule_rebuilt(
    candidate_client: Client, candidate: User, attempt: Attempt, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        candidate_client.post(url_of(attempt))
    assert Schedule.objects.get().as_of_log_id == ReviewLog.objects.latest("pk").pk


def test_post_twice_changes_nothing(candidate_client: Client, attempt: Attempt, set_clock: SetClock) -> None:
    candidate_client.post(url_of(attempt))
    set_clock(NOW + timedelta(minutes=5))
    response = candidate_client.post(url_of(attempt))
    attempt.refresh_from_db()
    assert (response["Location"], attempt.submitted_at) == (f"/attempts/{attempt.code}/", NOW)
    assert ReviewLog.objects.count() == 2
    assert texts_of(response) == []


def seconds_of(attempt: Attempt) -> list[int]:
    return list(attempt.responses.values_list("seconds", flat=True))


def test_post_takes_along_how_long_questions_were_read(candidate_client: Client, attempt: Attempt) -> None:
    candidate_client.post(url_of(attempt), {"times": "1:0:12 3:0:40"})
    assert seconds_of(attempt) == [12, 0, 40]


@pytest.mark.parametrize(
    "times", ["1:0", "1:0:-5", "1:0:2;", "1:0:1.5", "1:0:٣", "\x00", "1:0:12\x00", "1:0:1 " * 2000, "1:0:" + "9" * 10]
)
def test_times_that_nobody_can_read_do_not_keep_from_finishing(
    candidate_client: Client, attempt: Attempt, times: str
) -> None:
    candidate_client.post(url_of(attempt), {"times": times})
    attempt.refresh_from_db()
    assert (attempt.state, seconds_of(attempt)) == ("graded", [0, 0, 0])


@pytest.mark.parametrize(("offset", "seconds"), [(9, 12), (10, 0)])
def test_times_come_within_the_grace_or_not_at_all(
    candidate_client: Client, candidate: User, set_clock: SetClock, offset: int, seconds: int
) -> None:
    attempt = answered(candidate, ["B"], deadline_at=NOW)
    set_clock(NOW + timedelta(seconds=offset))
    candidate_client.post(url_of(attempt), {"times": "1:0:12"})
    assert seconds_of(attempt) == [seconds]


@pytest.mark.parametrize("offset", [-1, 0, 9, 10, 11])
def test_recorded_finish_is_never_after_the_deadline(
    candidate_client: Client, candidate: User, set_clock: SetClock, offset: int
) -> None:
    attempt = answered(candidate, ["B"], deadline_at=NOW)
    set_clock(NOW + timedelta(seconds=offset))
    response = candidate_client.post(url_of(attempt))
    attempt.refresh_from_db()
    assert attempt.submitted_at == NOW + timedelta(seconds=min(offset, 0))
    told = ["Time was up on 2 March, 12:00. The quiz was closed with the answers saved by then."]
    assert texts_of(response) == (told if offset >= 0 else [])


def test_visit_after_the_end_closes_and_leads_to_the_result(
    candidate_client: Client, candidate: User, set_clock: SetClock
) -> None:
    attempt = answered(candidate, ["B"], deadline_at=NOW)
    set_clock(NOW + timedelta(days=2))
    response = candidate_client.get(url_of(attempt))
    attempt.refresh_from_db()
    assert (response["Location"], attempt.submitted_at) == (f"/attempts/{attempt.code}/", NOW)


def test_mock_exam_leads_back_to_its_room(candidate_client: Client, candidate: User) -> None:
    attempt = make_mock_attempt(candidate)
    assert candidate_client.get(url_of(attempt)).context["back_href"] == f"/attempts/{attempt.code}/exam/"


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_the_same_queries_whatever_the_number_of_questions(
    candidate_client: Client, candidate: User, django_assert_num_queries: Any, count: int
) -> None:
    attempt = answered(candidate, ["B"] * count)
    with django_assert_num_queries(4):
        candidate_client.get(url_of(attempt))


def test_somebody_elses_attempt_is_not_found(
    other_client: Client, coordinator_client: Client, attempt: Attempt
) -> None:
    for client in (other_client, coordinator_client):
        assert client.get(url_of(attempt)).status_code == 404
        assert client.post(url_of(attempt)).status_code == 404
    attempt.refresh_from_db()
    assert attempt.state == "in_progress"


def test_unknown_attempt_is_not_found(candidate_client: Client) -> None:
    assert candidate_client.post(f"/attempts/{UUID(int=0)}/submit/").status_code == 404


def test_anonymous_is_sent_to_sign_in(client: Client, attempt: Attempt) -> None:
    assert client.post(url_of(attempt))["Location"] == f"/accounts/login/?next={url_of(attempt)}%3Funsent"
    attempt.refresh_from_db()
    assert attempt.state == "in_progress"


def test_other_methods_are_refused(candidate_client: Client, attempt: Attempt) -> None:
    assert candidate_client.delete(url_of(attempt)).status_code == 405
