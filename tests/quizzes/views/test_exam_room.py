from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from quizzes.models import Attempt
from quizzes.services import finish_attempt
from tests.factories import NOW, make_attempt, make_mock_attempt, make_question

SetClock = Callable[[datetime], None]


@pytest.fixture(autouse=True)
def _during_the_exam(set_clock: SetClock) -> None:
    set_clock(NOW + timedelta(minutes=1))


@pytest.fixture
def attempt(candidate: User) -> Attempt:
    return make_mock_attempt(candidate)


def url(attempt: Attempt) -> str:
    return reverse("quizzes:exam-room", args=[attempt.code])


def test_room_holds_every_question_with_its_state(candidate_client: Client, attempt: Attempt) -> None:
    attempt.responses.filter(position=1).update(selected_label="D", sequence=4, is_flagged=True)
    response = candidate_client.get(url(attempt))
    room = response.context["room"]
    first = room.questions[0]
    assert response.status_code == 200
    assert [question.position for question in room.questions] == [1, 2, 3, 4, 5, 6]
    assert [(option.letter, option.label) for option in first.options] == [
        ("A", "C"),
        ("B", "A"),
        ("C", "D"),
        ("D", "B"),
    ]
    assert [option.label for option in first.options if option.is_chosen] == ["D"]
    assert (first.sequence, first.is_flagged) == (4, True)


def test_room_opens_at_the_first_unanswered_question(candidate_client: Client, attempt: Attempt) -> None:
    attempt.responses.filter(position__in=[1, 3]).update(selected_label="D", sequence=1)
    html = candidate_client.get(url(attempt)).content.decode()
    shown = [tag for tag in re.findall(r'<section class="exam-question"[^>]*>', html) if "hidden" not in tag]
    assert [re.findall(r'data-position="(\d+)"', tag) for tag in shown] == [["2"]]


def test_room_tells_the_servers_time_left(candidate_client: Client, attempt: Attempt) -> None:
    response = candidate_client.get(url(attempt))
    assert response.headers["Remaining-Seconds"] == str(3 * 3600 - 60)
    assert 'data-remaining-seconds="10740"' in response.content.decode()
    assert "2:59:00" in response.content.decode()


def test_head_tells_the_time_left_alone(candidate_client: Client, attempt: Attempt) -> None:
    response = candidate_client.head(url(attempt))
    assert (response.status_code, response.headers["Remaining-Seconds"], response.content) == (200, "10740", b"")


def test_head_tells_a_stranger_apart_from_a_page_that_is_not_ours(outsider_client: Client, attempt: Attempt) -> None:
    response = outsider_client.head(url(attempt))
    assert (response.status_code, response.headers["Remaining-Seconds"]) == (404, "")


@pytest.mark.parametrize("compression", ["", "gzip"])
def test_no_byte_of_a_key_or_rationale_is_sent(candidate_client: Client, attempt: Attempt, compression: str) -> None:
    response = candidate_client.get(url(attempt), headers={"accept-encoding": compression})
    body = gzip.decompress(response.content) if compression else response.content
    assert b"canary" not in body
    assert b"Option D of 6" in body


def test_page_does_not_depend_on_the_keys(candidate_client: Client, attempt: Attempt) -> None:
    def body() -> bytes:
        html = candidate_client.get(url(attempt)).content
        return re.sub(rb'(csrfmiddlewaretoken" value=|"x-csrftoken": )"[^"]+"', b"", html)

    before = body()
    for response in attempt.responses.select_related("question"):
        response.question.key = "C"
        response.question.save(update_fields=["key"])
    assert body() == before


def test_room_is_stored_nowhere(candidate_client: Client, attempt: Attempt) -> None:
    assert candidate_client.get(url(attempt)).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("count", [1, 3, 40])
def test_queries_do_not_grow_with_the_exam(
    candidate_client: Client, candidate: User, count: int, django_assert_max_num_queries: Any
) -> None:
    attempt = make_mock_attempt(candidate, count=count)
    with django_assert_max_num_queries(5):
        candidate_client.get(url(attempt))


def test_exam_without_a_time_limit_has_no_clock(candidate_client: Client, candidate: User) -> None:
    attempt = make_mock_attempt(candidate, deadline_at=None)
    response = candidate_client.get(url(attempt))
    assert response.headers["Remaining-Seconds"] == ""
    assert 'data-remaining-seconds=""' in response.content.decode()


def test_room_names_the_extra_time_that_its_clock_includes(candidate_client: Client, candidate: User) -> None:
    candidate.extra_time_percent = 25
    candidate.save(update_fields=["extra_time_percent"])
    attempt = make_mock_attempt(candidate, deadline_at=NOW + timedelta(minutes=225))
    response = candidate_client.get(url(attempt))
    assert response.context["room"].extra_time_percent == 25
    assert "Includes your 25 % extra time" in response.content.decode()


@pytest.mark.parametrize(
    ("percent", "minutes"),
    [
        pytest.param(0, 180, id="has none"),
        pytest.param(25, 180, id="was granted after the start"),
        pytest.param(50, 200, id="ends before, with its assignment"),
        pytest.param(25, None, id="has no time limit"),
    ],
)
def test_room_names_no_extra_time_where_the_exam(
    candidate_client: Client, candidate: User, percent: int, minutes: int | None
) -> None:
    candidate.extra_time_percent = percent
    candidate.save(update_fields=["extra_time_percent"])
    deadline = None if minutes is None else NOW + timedelta(minutes=minutes)
    response = candidate_client.get(url(make_mock_attempt(candidate, deadline_at=deadline)))
    assert response.context["room"].extra_time_percent == 0
    assert "extra time" not in response.content.decode()


def test_in_the_grace_the_room_is_open_at_zero(candidate_client: Client, attempt: Attempt, set_clock: SetClock) -> None:
    assert attempt.deadline_at is not None
    set_clock(attempt.deadline_at + timedelta(seconds=9))
    response = candidate_client.get(url(attempt))
    assert (response.status_code, response.headers["Remaining-Seconds"]) == (200, "0")


def test_overdue_exam_is_closed_by_the_visit(candidate_client: Client, attempt: Attempt, set_clock: SetClock) -> None:
    assert attempt.deadline_at is not None
    set_clock(attempt.deadline_at + timedelta(seconds=10))
    response = candidate_client.get(url(attempt))
    attempt.refresh_from_db()
    assert (response.status_code, response.headers["Location"]) == (302, attempt.get_absolute_url())
    assert (attempt.state, attempt.submitted_at) == ("graded", attempt.deadline_at)


def test_finished_exam_leads_to_its_result(candidate_client: Client, attempt: Attempt) -> None:
    finish_attempt(attempt=attempt, now=NOW)
    response = candidate_client.get(url(attempt))
    assert (response.status_code, response.headers["Location"]) == (302, attempt.get_absolute_url())


def test_practice_quiz_leads_to_its_own_page(candidate_client: Client, candidate: User) -> None:
    practice = make_attempt(candidate, make_question())
    response = candidate_client.get(url(practice))
    assert (response.status_code, response.headers["Location"]) == (302, practice.get_absolute_url())


def test_anonymous_visitor_signs_in_and_comes_back(client: Client, attempt: Attempt) -> None:
    response = client.get(url(attempt))
    assert (response.status_code, response.headers["Location"]) == (
        302,
        f"{reverse('account_login')}?next={url(attempt)}",
    )


@pytest.mark.parametrize("person", ["other_client", "coordinator_client", "outsider_client", "admin_client"])
def test_someone_elses_exam_is_404(request: pytest.FixtureRequest, attempt: Attempt, person: str) -> None:
    assert request.getfixturevalue(person).get(url(attempt)).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_other_methods_are_405(candidate_client: Client, attempt: Attempt, method: str) -> None:
    assert getattr(candidate_client, method)(url(attempt)).status_code == 405


def test_markdown_of_content_is_sanitised(candidate_client: Client, candidate: User) -> None:
    attempt = make_mock_attempt(candidate, count=1)
    question = attempt.responses.get().question
    question.stem = "A **bold** claim <script>alert(1)</script>"
    question.options[0]["text"] = "<img src=x onerror=alert(1)> *so*"
    question.save(update_fields=["stem", "options"])
    html = candidate_client.get(url(attempt)).content.decode()
    assert "<strong>bold</strong>" in html
    assert "<em>so</em>" in html
    assert "<script>alert" not in html
    assert "<img" not in html
