from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from quizzes.models import Attempt
from tests.factories import NOW, make_blueprint, make_mock_attempt, make_mock_question

SetClock = Callable[[datetime], None]
URL = "/mock/small/start/"


@pytest.fixture(autouse=True)
def _clock(set_clock: SetClock) -> None:
    set_clock(NOW)


@pytest.fixture
def sealed_pool(db: None) -> None:
    make_blueprint("small", item_count=4, MET=50, CUL=50)
    for objective in ("MET-K1.1", "MET-K2.1", "CUL-K1.1", "CUL-K2.1"):
        make_mock_question(objective)


@pytest.mark.usefixtures("sealed_pool")
def test_page_before_the_start_starts_nothing(candidate_client: Client) -> None:
    response = candidate_client.get(URL)
    assert response.status_code == 200
    assert f'<form method="post" action="{URL}"' in response.content.decode()
    assert Attempt.objects.count() == 0


@pytest.mark.usefixtures("sealed_pool")
def test_post_starts_the_exam(candidate_client: Client, candidate: User) -> None:
    response = candidate_client.post(URL)
    attempt = Attempt.objects.get()
    assert (response.status_code, response.headers["Location"]) == (
        302,
        reverse("quizzes:exam-room", args=[attempt.code]),
    )
    assert (attempt.candidate, attempt.question_count, attempt.started_at) == (candidate, 4, NOW)
    assert attempt.deadline_at == NOW + timedelta(minutes=180)


@pytest.mark.usefixtures("sealed_pool")
def test_extra_time_moves_the_deadline(candidate_client: Client, candidate: User) -> None:
    candidate.extra_time_percent = 50
    candidate.save(update_fields=["extra_time_percent"])
    candidate_client.post(URL)
    assert Attempt.objects.get().deadline_at == NOW + timedelta(minutes=270)


@pytest.mark.usefixtures("sealed_pool")
def test_second_start_leads_into_the_open_exam(candidate_client: Client) -> None:
    first, second = candidate_client.post(URL), candidate_client.post(URL)
    assert first.headers["Location"] == second.headers["Location"]
    assert Attempt.objects.count() == 1


def test_short_pool_refuses_the_start_with_a_sentence(candidate_client: Client) -> None:
    make_blueprint("small", item_count=2, MET=100)
    make_mock_question()
    response = candidate_client.post(URL, follow=True)
    assert response.redirect_chain == [("/mock/", 302)]
    assert [str(message) for message in response.context["messages"]] == [
        "The sealed pool has 1 of 2 questions for Metrics, Measurement, and ROI."
    ]
    assert Attempt.objects.count() == 0


def test_short_pool_has_no_start_button(candidate_client: Client) -> None:
    make_blueprint("small", item_count=2, MET=100)
    html = candidate_client.get(URL).content.decode()
    assert "The sealed pool has 0 of 2 questions for Metrics, Measurement, and ROI." in html
    assert f'action="{URL}"' not in html


def test_open_exam_is_resumed_instead(candidate_client: Client, candidate: User) -> None:
    attempt = make_mock_attempt(candidate)
    html = candidate_client.get(URL).content.decode()
    assert reverse("quizzes:exam-room", args=[attempt.code]) in html
    assert f'action="{URL}"' not in html


def test_start_of_100_questions_takes_at_most_15_queries(
    candidate_client: Client, other_client: Client, django_assert_max_num_queries: Any
) -> None:
    make_blueprint("small", item_count=100, MET=50, CUL=50)
    for number in range(50):
        make_mock_question(f"MET-K{number % 9 + 1}.1")
        make_mock_question(f"CUL-K{number % 9 + 1}.1")
    # The very first start makes the edition's one mock exam.
    other_client.post(URL)
    with django_assert_max_num_queries(15):
        candidate_client.post(URL)
    assert [attempt.question_count for attempt in Attempt.objects.all()] == [100, 100]


@pytest.mark.usefixtures("sealed_pool")
def test_start_without_token_is_forbidden(candidate: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(candidate)
    assert strict.post(URL).status_code == 403
    assert Attempt.objects.count() == 0


@pytest.mark.usefixtures("sealed_pool")
@pytest.mark.parametrize(("method", "mark"), [("get", ""), ("post", "%3Funsent")])
def test_anonymous_visitor_signs_in_first(client: Client, method: str, mark: str) -> None:
    response = getattr(client, method)(URL)
    assert (response.status_code, response.headers["Location"]) == (302, f"{reverse('account_login')}?next={URL}{mark}")


@pytest.mark.parametrize("method", ["get", "post"])
def test_unknown_edition_is_404(candidate_client: Client, method: str) -> None:
    assert getattr(candidate_client, method)("/mock/seven-areas/start/").status_code == 404


def test_other_methods_are_405(candidate_client: Client) -> None:
    assert candidate_client.put(URL).status_code == 405
