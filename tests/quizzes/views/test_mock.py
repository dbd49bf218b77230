from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from quizzes.models import Attempt
from quizzes.services import finish_attempt
from tests.factories import NOW, make_attempt, make_blueprint, make_mock_attempt, make_mock_question, make_question

SetClock = Callable[[datetime], None]
URL = "/mock/"


@pytest.fixture(autouse=True)
def _clock(set_clock: SetClock) -> None:
    set_clock(NOW + timedelta(minutes=1))


def test_editions_show_questions_minutes_and_weights(candidate_client: Client) -> None:
    make_blueprint("six-areas", MET=60, CUL=40)
    edition = candidate_client.get(URL).context["editions"][0]
    assert (edition.blueprint.item_count, edition.minutes, edition.extra_minutes) == (100, 180, 0)
    assert [(area.name, area.weight, area.bar) for area in edition.areas] == [
        ("Metrics, Measurement, and ROI", 60, 100),
        ("Customer-Centric Culture", 40, 66),
    ]


def test_extra_time_of_the_person_is_shown(candidate_client: Client, candidate: User) -> None:
    make_blueprint()
    candidate.extra_time_percent = 25
    candidate.save(update_fields=["extra_time_percent"])
    response = candidate_client.get(URL)
    assert (response.context["editions"][0].minutes, response.context["editions"][0].extra_minutes) == (225, 45)
    assert "180 and your 25 % extra time" in response.content.decode()


def test_edition_that_the_pool_fills_leads_to_its_start(candidate_client: Client) -> None:
    make_blueprint("small", item_count=2, MET=100)
    make_mock_question()
    make_mock_question()
    assert reverse("quizzes:mock-start", args=["small"]) in candidate_client.get(URL).content.decode()


def test_edition_that_the_pool_cannot_fill_says_so(candidate_client: Client) -> None:
    make_blueprint("small", item_count=3, MET=100)
    make_mock_question()
    make_question()
    html = candidate_client.get(URL).content.decode()
    assert "The sealed pool has 1 of 3 questions for Metrics, Measurement, and ROI." in html
    assert reverse("quizzes:mock-start", args=["small"]) not in html


def test_open_mock_is_resumed(candidate_client: Client, candidate: User) -> None:
    attempt = make_mock_attempt(candidate)
    response = candidate_client.get(URL)
    html = response.content.decode()
    assert response.context["open_attempts"] == [attempt]
    assert reverse("quizzes:exam-room", args=[attempt.code]) in html
    assert reverse("quizzes:mock-start", args=["small"]) not in html


def test_overdue_mock_is_closed_and_told(candidate_client: Client, candidate: User, set_clock: SetClock) -> None:
    attempt = make_mock_attempt(candidate)
    assert attempt.deadline_at is not None
    set_clock(attempt.deadline_at + timedelta(seconds=10))
    response = candidate_client.get(URL)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.submitted_at) == ("graded", attempt.deadline_at)
    assert response.context["open_attempts"] == []
    assert "Time was up" in response.content.decode()


def test_past_mocks_show_their_scores(candidate_client: Client, candidate: User) -> None:
    attempt = make_mock_attempt(candidate, count=3)
    attempt.responses.filter(position__lte=2).update(selected_label="B", answered_at=NOW)
    finish_attempt(attempt=attempt, now=NOW)
    html = candidate_client.get(URL).content.decode()
    assert "67 %" in html
    assert "2 of 3" in html
    assert "Not yet" in html
    assert attempt.get_absolute_url() in html


def test_only_own_mocks_are_listed(candidate_client: Client, candidate: User, other_candidate: User) -> None:
    finish_attempt(attempt=make_attempt(candidate, make_question()), now=NOW)
    finish_attempt(attempt=make_mock_attempt(other_candidate), now=NOW)
    response = candidate_client.get(URL)
    assert list(response.context["past_attempts"]) == []
    assert response.context["open_attempts"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_list(
    candidate_client: Client, candidate: User, count: int, django_assert_num_queries: Any
) -> None:
    attempts = [make_mock_attempt(candidate, state=Attempt.State.GRADED, submitted_at=NOW) for _ in range(count)]
    Attempt.objects.update(raw_score=3)
    with django_assert_num_queries(9):
        assert len(candidate_client.get(URL).context["past_attempts"]) == len(attempts)


def test_page_without_editions_says_so(candidate_client: Client) -> None:
    assert "No edition yet" in candidate_client.get(URL).content.decode()


def test_anonymous_visitor_signs_in_and_comes_back(client: Client, db: None) -> None:
    response = client.get(URL)
    assert (response.status_code, response.headers["Location"]) == (302, f"{reverse('account_login')}?next={URL}")


def test_other_methods_are_405(candidate_client: Client) -> None:
    assert candidate_client.post(URL).status_code == 405
