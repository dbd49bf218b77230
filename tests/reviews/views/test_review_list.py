from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from questions.models import Question
from reviews.models import SpecialDays
from tests.factories import NOW, TODAY, make_question, make_study_plan
from tests.reviews.builders import make_due_card, make_schedule, review

URL = reverse("reviews:review-list")
NEXT = reverse("reviews:review-next")
AHEAD = f"{NEXT}?ahead=1"
pytestmark = pytest.mark.usefixtures("at")


def links(page: str) -> list[str]:
    """Which questions the page leads to."""
    return [address for address in (NEXT, AHEAD) if f'href="{address}"' in page]


def due(candidate: User, *codes: str) -> None:
    for code in codes:
        make_due_card(candidate, make_question(code), days_ago=60)


def test_review_list_says_what_today_holds_by_competency(candidate: User, candidate_client: Client) -> None:
    due(candidate, "MET-K1.1", "CUL-K1.1", "MET-K2.1")
    make_question("MET-K3.1")
    response = candidate_client.get(URL)
    rows = [(row.competency.code, row.reviews, row.new) for row in response.context["session"].competencies]
    assert rows == [("CUL", 1, 0), ("MET", 2, 1)]
    page = response.text
    assert "4 objectives today" in page
    assert "one question on each. Stop any time: what you answered counts." in page
    assert (links(page), "Start" in page, "Today so far" in page) == ([NEXT], True, False)


def test_review_list_goes_on_where_it_was_left(candidate: User, candidate_client: Client) -> None:
    due(candidate, "MET-K1.1")
    right = review(candidate, make_question("MET-K2.1"), is_from_review=True, at=NOW - timedelta(minutes=9))
    missed = review(
        candidate,
        make_question("MET-K3.1"),
        is_from_review=True,
        selected_label="A",
        rating=1,
        at=NOW - timedelta(minutes=8),
    )
    review(candidate, make_question("MET-K4.1"), at=NOW - timedelta(minutes=7))
    response = candidate_client.get(URL)
    page = response.text
    assert "2 objectives left today" in page
    assert ("Go on" in page, ">Again</th>" in page) == (True, True)
    assert [answered.source for answered in response.context["answered"]] == [missed.source, right.source]
    assert "<strong>2 answered here</strong>: 1 right, 1 missed. 1 comes once more at the end of today." in page
    assert "3 in all today, with quizzes and exams." in page
    assert f'href="{reverse("reviews:review-detail", args=[right.source])}"' in page


def test_review_list_of_a_beginner_starts_and_asks_for_the_exam_date(candidate_client: Client, db: None) -> None:
    make_question()
    page = candidate_client.get(URL).text
    assert ("1 objective today" in page, links(page)) == (True, [NEXT])
    assert "You have no study plan yet" in page
    assert f'href="{reverse("reviews:plan")}"' in page


@pytest.mark.parametrize(
    ("days", "found"), [(None, ["Set your exam date"]), (-3, ["Your exam date has passed."]), (30, [])]
)
def test_review_list_asks_for_a_date_that_is_missing_or_over(
    candidate: User, candidate_client: Client, days: int | None, found: list[str]
) -> None:
    make_question()
    make_study_plan(candidate, exam_on=None if days is None else TODAY + timedelta(days=days))
    page = candidate_client.get(URL).text
    sentences = ["You have no study plan yet", "Set your exam date", "Your exam date has passed."]
    assert [sentence for sentence in sentences if sentence in page] == found


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"exam_on": TODAY}, "Your exam is today"),
        ({"minutes_by_weekday": [0] * 7}, "Your plan has no minutes"),
        ({"minutes_by_weekday": [0, 20, 20, 20, 20, 20, 20]}, "A day off"),
        ({"minutes_by_weekday": [1] * 7}, "Not enough time today"),
    ],
)
def test_review_list_of_a_day_without_a_session_says_why(
    candidate: User, candidate_client: Client, fields: dict[str, Any], title: str
) -> None:
    make_question()
    make_study_plan(candidate, **fields)
    page = candidate_client.get(URL).text
    assert (f"<h1>{title}</h1>" in page, links(page)) == (True, [AHEAD])


def test_review_list_in_the_night_after_the_exam_does_not_call_it_today(
    candidate: User, candidate_client: Client, at: Callable[[datetime], None]
) -> None:
    make_question()
    make_study_plan(candidate, exam_on=TODAY)
    at(NOW + timedelta(hours=14))
    assert "<h1>Your exam was yesterday</h1>" in candidate_client.get(URL).text


def test_review_list_of_a_mock_day_leads_to_the_mock_exam(candidate: User, candidate_client: Client) -> None:
    make_question()
    plan = make_study_plan(candidate)
    SpecialDays.objects.create(plan=plan, kind="mock", starts_on=TODAY, ends_on=TODAY)
    review(candidate, make_question("MET-K2.1"), rating=1, is_from_review=True)
    page = candidate_client.get(URL).text
    assert "<h1>Today is for a mock exam</h1>" in page
    assert f'href="{reverse("quizzes:mock")}"' in page
    assert ("Once more what you missed" in page, links(page)) == (True, [NEXT, AHEAD])


def test_review_list_of_an_empty_bank_leads_to_the_study_pages(candidate_client: Client, db: None) -> None:
    page = candidate_client.get(URL).text
    assert "<h1>No questions yet</h1>" in page
    assert f'href="{reverse("study:competency-list")}"' in page
    assert links(page) == []


def test_review_list_when_it_is_over_tells_what_comes_next(candidate: User, candidate_client: Client) -> None:
    review(candidate, make_question("MET-K1.1"), is_from_review=True)
    make_due_card(candidate, make_question("MET-K2.1"), days_ago=1, stability=50.0)
    make_schedule(candidate, 5, 0, 0, 10)
    response = candidate_client.get(URL)
    page = response.text
    assert "<h1>Done for today</h1>" in page
    assert "<strong>Thursday 5 March</strong>: 10 reviews and 2 new objectives, about 10 minutes." in page
    assert links(page) == [AHEAD]


def test_review_list_when_everything_was_asked_offers_nothing_more(candidate: User, candidate_client: Client) -> None:
    review(candidate, make_question())
    page = candidate_client.get(URL).text
    assert ("<h1>Everything was asked today</h1>" in page, links(page)) == (True, [])


def test_review_list_shows_nothing_of_somebody_else(candidate_client: Client, other_candidate: User) -> None:
    question = make_question()
    review(other_candidate, question, is_from_review=True)
    response = candidate_client.get(URL)
    session = response.context["session"]
    assert (session.new, session.answered, response.context["answered"]) == (1, 0, [])


def test_review_list_says_which_objectives_are_skipped_without_a_question(
    candidate: User, candidate_client: Client
) -> None:
    make_question("MET-K1.1")
    make_due_card(candidate, make_question("MET-K2.1", status=Question.Status.RETIRED))
    make_due_card(candidate, make_question("MET-K3.1", pool=Question.Pool.MOCK))
    response = candidate_client.get(URL)
    assert [objective.code for objective in response.context["session"].unaskable] == ["MET-K2.1", "MET-K3.1"]
    assert "2 objectives you have met have no published practice question at the moment." in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_review_list_takes_the_same_queries_however_long(
    candidate: User, candidate_client: Client, count: int, django_assert_num_queries: Any
) -> None:
    make_study_plan(candidate)
    for number in range(1, count + 1):
        due(candidate, f"MET-K{number}.1")
        make_due_card(candidate, make_question(f"CUL-K{number}.1", status=Question.Status.RETIRED))
        review(candidate, make_question(f"VOC-K{number}.1"), is_from_review=True)
    # Session, person, seven for the state of the candidate, competencies, what is skipped, what was answered.
    with django_assert_num_queries(12):
        candidate_client.get(URL)


def test_review_list_sends_anonymous_visitors_to_sign_in(client: Client, db: None) -> None:
    response = client.get(URL)
    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={URL}")


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_review_list_refuses_other_methods(candidate_client: Client, method: str) -> None:
    assert getattr(candidate_client, method)(URL).status_code == 405
