from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from questions.models import Question
from tests.factories import TODAY, make_objective, make_question
from tests.reviews.builders import make_due_card

URL = reverse("reviews:review-list")
pytestmark = pytest.mark.usefixtures("at")


def test_review_list_counts_what_is_due_by_competency(candidate: User, candidate_client: Client) -> None:
    for code in ("MET-K1.1", "CUL-K1.1", "MET-K2.1", "MET-K3.1"):
        make_due_card(candidate, make_question(code))
    make_due_card(candidate, make_question("MET-K4.1"), due_on=TODAY + timedelta(days=1))
    response = candidate_client.get(URL)
    due = response.context["due"]
    assert [(row.competency.code, row.due, row.minutes) for row in due.competencies] == [("CUL", 1, 1), ("MET", 3, 3)]
    assert (due.due, due.minutes) == (4, 3)
    assert "4 objectives are due" in response.text
    assert f'href="{reverse("reviews:review-next")}"' in response.text


def test_review_list_shows_nothing_of_somebody_else(
    candidate_client: Client, other_candidate: User, candidate: User
) -> None:
    make_due_card(other_candidate, make_question())
    response = candidate_client.get(URL)
    assert (response.context["due"].due, response.context["upcoming"]) == (0, None)


def test_review_list_tells_when_the_next_one_is_due(candidate: User, candidate_client: Client) -> None:
    for code, days in (("MET-K1.1", 3), ("MET-K2.1", 3), ("MET-K3.1", 9)):
        make_due_card(candidate, make_question(code), due_on=TODAY + timedelta(days=days))
    response = candidate_client.get(URL)
    assert (response.context["upcoming"].on, response.context["upcoming"].count) == (TODAY + timedelta(days=3), 2)
    assert "The next review is on Thursday 5 March" in response.text


def test_review_list_of_a_beginner_leads_to_practice(candidate_client: Client) -> None:
    response = candidate_client.get(URL)
    assert "Answer a few questions first" in response.text
    assert f'href="{reverse("quizzes:practice")}"' in response.text


def test_review_list_says_which_objectives_are_skipped_without_a_question(
    candidate: User, candidate_client: Client
) -> None:
    make_due_card(candidate, make_objective("MET-K1.1"))
    make_due_card(candidate, make_question("MET-K2.1", status=Question.Status.RETIRED))
    make_due_card(candidate, make_question("MET-K3.1", pool=Question.Pool.MOCK))
    response = candidate_client.get(URL)
    due = response.context["due"]
    assert (due.due, [objective.code for objective in due.without_question]) == (
        0,
        ["MET-K1.1", "MET-K2.1", "MET-K3.1"],
    )
    assert "3 due objectives have no published practice question at the moment." in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_review_list_takes_the_same_queries_however_long(
    candidate: User, candidate_client: Client, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(1, count + 1):
        make_due_card(candidate, make_question(f"MET-K{number}.1"))
    # Session, person, due cards, which of them can be asked.
    with django_assert_num_queries(4):
        candidate_client.get(URL)


def test_review_list_sends_anonymous_visitors_to_sign_in(client: Client, db: None) -> None:
    response = client.get(URL)
    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={URL}")


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_review_list_refuses_other_methods(candidate_client: Client, method: str) -> None:
    assert getattr(candidate_client, method)(URL).status_code == 405
