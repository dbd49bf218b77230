from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from cohorts.models import Cohort
from quizzes.models import Attempt, Response
from tests.factories import NOW, make_assignment, make_attempt, make_mock_attempt, make_question, make_quiz

URL = "/attempts/"


def finished(candidate: User, **fields: Any) -> Attempt:
    quiz = make_quiz(author=candidate, title=fields.pop("title", "Practice quiz"), question_count=1)
    state = {"state": "graded", "submitted_at": NOW, "raw_score": 1}
    return make_attempt(candidate, make_question(), quiz=quiz, **{**state, **fields})


def test_list_shows_the_newest_first_with_kind_date_and_score(
    candidate_client: Client, candidate: User, cohort: Cohort
) -> None:
    finished(candidate, title="Oldest", started_at=NOW - timedelta(days=2))
    assignment = make_assignment(cohort)
    finished(candidate, title="Given", started_at=NOW - timedelta(days=1), assignment=assignment, raw_score=0)
    make_mock_attempt(candidate, count=2)
    body = candidate_client.get(URL).content.decode()
    titles = re.findall(r'class="attempt-title" href="[^"]+">([^<]+)<', body)
    assert titles[1:] == ["Given", "Oldest"]
    kinds = re.findall(r'class="attempt-state[^>]*>([^,]+), started <time[^>]*>([^<]+)<', body)
    assert kinds == [
        ("Mock exam", "2 Mar 2026, 12:00"),
        ("Assigned quiz", "1 Mar 2026, 12:00"),
        ("Practice quiz", "28 Feb 2026, 12:00"),
    ]
    assert re.findall(r'attempt-percent">([^<]+)<', body) == ["0 %", "100 %"]


def test_list_offers_to_resume_an_open_quiz(candidate_client: Client, candidate: User) -> None:
    attempt = make_attempt(candidate, make_question(), make_question("MET-K2.1"))
    Response.objects.filter(attempt=attempt, position=1).update(selected_label="B")
    body = candidate_client.get(URL).content.decode()
    assert f'<a class="button button-secondary" href="/attempts/{attempt.code}/">' in body
    assert "1 of 2 answered" in body


@pytest.mark.parametrize(("seconds_left", "label"), [(1, "Resume"), (0, "Result")])
def test_list_offers_to_resume_while_there_is_time_left(
    candidate_client: Client,
    candidate: User,
    set_clock: Callable[[datetime], None],
    seconds_left: int,
    label: str,
) -> None:
    attempt = make_mock_attempt(candidate)
    assert attempt.deadline_at is not None
    set_clock(attempt.deadline_at - timedelta(seconds=seconds_left))
    body = candidate_client.get(URL).content.decode()
    assert re.findall(rf'href="/attempts/{attempt.code}/"><span>([^<]+)<', body) == [label]
    assert ("Time is up" in body) is (label == "Result")


def test_list_shows_nothing_of_others(candidate_client: Client, other_candidate: User) -> None:
    finished(other_candidate, title="Canary")
    body = candidate_client.get(URL).content.decode()
    assert "Canary" not in body
    assert "No quiz yet" in body


def test_list_is_paged(candidate_client: Client, candidate: User) -> None:
    for number in range(21):
        finished(candidate, started_at=NOW - timedelta(hours=number))
    assert len(candidate_client.get(URL).context["page"]) == 20
    assert len(candidate_client.get(URL, {"page": 2}).context["page"]) == 1


def test_list_is_narrowed_to_a_kind(candidate_client: Client, candidate: User, cohort: Cohort) -> None:
    finished(candidate, title="Own")
    finished(candidate, title="Given", assignment=make_assignment(cohort))
    make_mock_attempt(candidate, count=2)
    response = candidate_client.get(URL, {"kind": "assigned"})
    assert [attempt.quiz.title for attempt in response.context["page"]] == ["Given"]
    assert [(tab["label"], tab["count"], tab["is_current"]) for tab in response.context["tabs"]] == [
        ("All", 3, False),
        ("Practice", 1, False),
        ("Mock exams", 1, False),
        ("Assigned", 1, True),
    ]


def test_kind_without_attempts_says_so(candidate_client: Client, candidate: User) -> None:
    finished(candidate)
    assert "None of this kind yet" in candidate_client.get(URL, {"kind": "mock"}).content.decode()


def test_one_kind_needs_no_choice(candidate_client: Client, candidate: User) -> None:
    finished(candidate)
    assert candidate_client.get(URL).context["tabs"] == []


@pytest.mark.parametrize("kind", ["exam", "\x00", "k" * 3000])
def test_unknown_kind_shows_everything_and_says_so(candidate_client: Client, candidate: User, kind: str) -> None:
    finished(candidate)
    response = candidate_client.get(URL, {"kind": kind})
    assert len(response.context["page"]) == 1
    assert "There is no such filter. Here is everything." in response.content.decode()


def test_pages_keep_the_kind(candidate_client: Client, candidate: User) -> None:
    for number in range(21):
        finished(candidate, started_at=NOW - timedelta(hours=number))
    body = candidate_client.get(URL, {"kind": "practice"}).content.decode()
    assert 'href="?kind=practice&amp;page=2"' in body


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "\x00", "9" * 400])
def test_forged_page_shows_a_page_that_exists(candidate_client: Client, candidate: User, page: str) -> None:
    finished(candidate)
    response = candidate_client.get(URL, {"page": page, "sort": "password", "kind": "'"})
    assert (response.status_code, response.context["page"].number) == (200, 1)


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_the_same_queries_whatever_there_is(
    candidate_client: Client, candidate: User, django_assert_num_queries: Any, rows: int
) -> None:
    for number in range(rows):
        finished(candidate, started_at=NOW - timedelta(hours=number))
    with django_assert_num_queries(5):
        candidate_client.get(URL)


def test_anonymous_is_sent_to_sign_in(client: Client, db: None) -> None:
    assert client.get(URL)["Location"] == "/accounts/login/?next=/attempts/"


def test_other_methods_are_refused(candidate_client: Client) -> None:
    assert candidate_client.post(URL).status_code == 405
