from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from reviews import tasks
from reviews.models import Schedule
from reviews.services import build_schedule
from tests.factories import NOW, TODAY, make_blueprint, make_question, make_study_plan
from tests.reviews.builders import review

URL = reverse("reviews:schedule")
HTMX = {"HX-Request": "true"}
POLL = f'hx-get="{URL}" hx-trigger="every 2s"'
pytestmark = pytest.mark.usefixtures("at")


@pytest.fixture
def enqueued(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The candidates for whom a build was asked for."""
    calls: list[int] = []
    monkeypatch.setattr(tasks.build_schedule, "delay_on_commit", calls.append)
    return calls


def make_schedule(candidate: User, *, days: int | None = 20, questions: int = 3, **plan: Any) -> Schedule:
    make_blueprint()
    make_study_plan(candidate, exam_on=None if days is None else TODAY + timedelta(days=days), **plan)
    for number in range(1, questions + 1):
        make_question(f"MET-K{number}.1")
    return build_schedule(candidate=candidate, now=NOW)


def test_schedule_shows_each_day_to_the_exam(candidate: User, candidate_client: Client, enqueued: list[int]) -> None:
    make_schedule(candidate, questions=4)
    review(candidate, make_question("CUL-K1.1"), rating=1, at=NOW - timedelta(days=1))
    build_schedule(candidate=candidate, now=NOW)
    response = candidate_client.get(URL)
    context = response.context
    assert context["title"] == "20 days to your exam"
    assert [day["load"].on for day in context["named_days"]] == [TODAY + timedelta(days=n) for n in range(7)]
    assert sum(len(week.days) for week in context["later_weeks"]) == 13
    assert [objective.code for objective in context["named_days"][0]["new"]] == ["MET-K1.1"]
    assert [objective.code for objective in context["named_days"][0]["reviews"]] == ["CUL-K1.1"]
    assert (len(context["chart"].columns), context["chart"].is_dense, context["chart"].is_weekly) == (20, True, False)
    assert (context["recall_percent"] is not None, context["whole"].new) == (True, 4)
    assert (enqueued, POLL in response.text) == ([], False)


def test_schedule_leads_to_a_quiz_on_the_new_objectives_of_today(candidate: User, candidate_client: Client) -> None:
    make_schedule(candidate, questions=15, days=5)
    [address] = re.findall(r'href="(/practice/\?[^"]+)"', candidate_client.get(URL).text)
    new = Schedule.objects.get().days[0]["new"]
    assert address == f"{reverse('quizzes:practice')}?{'&amp;'.join(f'objectives={code}' for code in new)}"


def test_schedule_far_ahead_is_drawn_by_week(candidate: User, candidate_client: Client) -> None:
    make_schedule(candidate, days=60)
    chart = candidate_client.get(URL).context["chart"]
    assert (chart.is_weekly, len(chart.columns), chart.columns[0]["name"]) == (True, 9, "Week from 2 March")


def test_schedule_says_openly_what_does_not_fit(candidate: User, candidate_client: Client) -> None:
    make_schedule(candidate, days=1, questions=3, minutes_by_weekday=[2] * 7)
    response = candidate_client.get(URL)
    assert [objective.code for objective in response.context["dropped"]] == ["MET-K2.1", "MET-K3.1"]
    assert "2 objectives do not fit before your exam" in response.text


@pytest.mark.parametrize(
    ("days", "title"),
    [
        (1, "Your exam is tomorrow"),
        (0, "Your exam is today"),
        (-1, "Your next four weeks"),
        (None, "Your next four weeks"),
    ],
)
def test_schedule_close_to_after_or_without_an_exam(
    candidate: User, candidate_client: Client, days: int | None, title: str
) -> None:
    make_schedule(candidate, days=days)
    response = candidate_client.get(URL)
    assert (response.status_code, response.context["title"]) == (200, title)
    assert ("Your exam date has passed." in response.text) == (days == -1)


def test_schedule_says_when_no_weekday_has_minutes(candidate: User, candidate_client: Client) -> None:
    make_schedule(candidate, minutes_by_weekday=[0] * 7)
    assert "No minutes on any weekday" in candidate_client.get(URL).text


def test_schedule_of_a_beginner_leads_to_the_plan(candidate_client: Client, enqueued: list[int]) -> None:
    response = candidate_client.get(URL)
    assert ("No schedule yet" in response.text, POLL in response.text, enqueued) == (True, False, [])
    assert f'href="{reverse("reviews:plan")}"' in response.text


def test_schedule_without_a_plan_but_with_answers_is_built(
    candidate: User, candidate_client: Client, enqueued: list[int]
) -> None:
    review(candidate, make_question())
    response = candidate_client.get(URL)
    assert ("Your schedule is being built." in response.text, enqueued) == (True, [candidate.pk])


def test_schedule_older_than_the_log_stays_and_says_that_it_is_rebuilt(
    candidate: User, candidate_client: Client, enqueued: list[int]
) -> None:
    make_schedule(candidate)
    review(candidate, make_question("CUL-K1.1"))
    response = candidate_client.get(URL)
    assert ("Your schedule is being rebuilt." in response.text, POLL in response.text) == (True, True)
    assert (len(response.context["named_days"]), enqueued) == (7, [candidate.pk])


def test_schedule_of_yesterday_begins_today_and_is_rebuilt(
    candidate: User, candidate_client: Client, enqueued: list[int], at: Callable[[datetime], None]
) -> None:
    make_schedule(candidate)
    at(NOW + timedelta(days=1))
    response = candidate_client.get(URL)
    assert response.context["named_days"][0]["load"].on == TODAY + timedelta(days=1)
    assert (POLL in response.text, enqueued) == (True, [candidate.pk])


def test_schedule_polled_while_stale_says_nothing_and_asks_for_no_other_build(
    candidate: User, candidate_client: Client, enqueued: list[int]
) -> None:
    make_study_plan(candidate)
    response = candidate_client.get(URL, headers=HTMX)
    assert (response.status_code, response.content, enqueued) == (204, b"", [])


def test_schedule_polled_when_current_is_the_fragment_that_stops_asking(
    candidate: User, candidate_client: Client, enqueued: list[int]
) -> None:
    make_schedule(candidate)
    page = candidate_client.get(URL, headers=HTMX).text
    assert (page.strip().startswith('<div class="stack'), "<html" in page, POLL in page) == (True, False, False)
    assert enqueued == []


def test_schedule_rebuilt_after_the_visit_is_current(
    candidate: User, candidate_client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    make_study_plan(candidate)
    make_question()
    with django_capture_on_commit_callbacks(execute=True):
        candidate_client.get(URL)
    assert candidate_client.get(URL, headers=HTMX).status_code == 200


def test_schedule_shows_nothing_of_somebody_else(
    other_candidate: User, candidate_client: Client, enqueued: list[int]
) -> None:
    make_schedule(other_candidate)
    assert "No schedule yet" in candidate_client.get(URL).text


@pytest.mark.parametrize("count", [1, 3])
def test_schedule_takes_the_same_queries_however_long(
    candidate: User, candidate_client: Client, count: int, django_assert_num_queries: Any
) -> None:
    make_schedule(candidate, days=7 * count, questions=count)
    # Session, person, newest log row, plan, schedule, the objectives named.
    with django_assert_num_queries(6):
        candidate_client.get(URL)


def test_schedule_sends_anonymous_visitors_to_sign_in(client: Client, db: None) -> None:
    response = client.get(URL)
    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={URL}")


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_schedule_refuses_other_methods(candidate_client: Client, method: str) -> None:
    assert getattr(candidate_client, method)(URL).status_code == 405
