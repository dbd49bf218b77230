from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from questions.models import Question
from reviews.models import ReviewLog
from tests.factories import NOW, make_question
from tests.reviews.builders import make_due_card, review

pytestmark = pytest.mark.usefixtures("at")


def url(log: ReviewLog) -> str:
    return reverse("reviews:review-detail", args=[log.source])


def answered(candidate: User, question: Question | None = None, **fields: Any) -> ReviewLog:
    return review(candidate, question or make_question(), is_from_review=True, **fields)


def test_review_detail_of_a_right_answer(candidate: User, candidate_client: Client) -> None:
    log = answered(candidate)
    response = candidate_client.get(url(log))
    assert (response.context["is_correct"], response.context["days_away"]) == (True, 13)
    page = response.text
    assert [option["rationale"] in page for option in log.question.options] == [True] * 4
    assert "Comes back on Sunday 15 March, in 13 days." in page
    assert "Reichheld, F. F. (2003). The One Number You Need to Grow." in page
    assert f'href="{log.objective.get_absolute_url()}"' in page


def test_review_detail_of_a_wrong_answer_names_the_key_by_its_place(candidate: User, candidate_client: Client) -> None:
    response = candidate_client.get(url(answered(candidate, selected_label="A", rating=1)))
    options = response.context["options"]
    [letter] = [option["letter"] for option in options if option["is_key"]]
    assert [option["label"] for option in options if option["is_chosen"]] == ["A"]
    assert f"Not this time: {letter} is the key" in response.text
    assert "Comes back on Tuesday 3 March, tomorrow." in response.text


@pytest.mark.parametrize(
    ("label", "rating", "reason"),
    [
        ("A", 1, "It was missed, so it comes back sooner than before, with another question where there is one."),
        ("B", 1, "A right guess may be luck, so it comes back as soon as if it had been missed."),
        ("B", 2, "You were right but not sure, so it comes back sooner than it would have."),
        ("B", 3, "You knew it, so it rests until your chance of still knowing it has fallen to about 75 %."),
    ],
)
def test_review_detail_says_why_it_comes_back_then(
    candidate: User, candidate_client: Client, label: str, rating: int, reason: str
) -> None:
    response = candidate_client.get(url(answered(candidate, selected_label=label, rating=rating)))
    assert response.context["reason"] == reason


def test_review_detail_leads_to_the_next_review_or_to_the_list(candidate: User, candidate_client: Client) -> None:
    log = answered(candidate)
    assert f'href="{reverse("reviews:review-next")}"' not in candidate_client.get(url(log)).text
    make_due_card(candidate, make_question("MET-K2.1"))
    page = candidate_client.get(url(log)).text
    assert (f'href="{reverse("reviews:review-next")}"' in page, "1 left" in page) == (True, True)


def test_review_detail_shows_the_version_that_was_answered(candidate: User, candidate_client: Client) -> None:
    question = make_question(stem="The old words?")
    log = answered(candidate, question)
    Question.objects.filter(pk=question.pk).update(status=Question.Status.RETIRED)
    make_question(code=question.code, version=2, stem="The new words?")
    assert "The old words?" in candidate_client.get(url(log)).text


def test_review_detail_of_a_review_seen_later_counts_the_days_from_then(
    candidate: User, candidate_client: Client, at: Callable[[datetime], None]
) -> None:
    log = answered(candidate)
    at(NOW + timedelta(days=13))
    page = candidate_client.get(url(log)).text
    assert "Comes back on Sunday 15 March." in page


def test_review_detail_of_a_quiz_response_is_not_found(candidate: User, candidate_client: Client) -> None:
    """A quiz may withhold its rationales until the due date; its responses are logged under their own codes."""
    log = review(candidate, make_question())
    assert candidate_client.get(url(log)).status_code == 404


def test_review_detail_of_somebody_else_is_not_found(other_candidate: User, candidate_client: Client) -> None:
    assert candidate_client.get(url(answered(other_candidate))).status_code == 404


def test_review_detail_of_an_unknown_review_is_not_found(candidate_client: Client) -> None:
    address = reverse("reviews:review-detail", args=[uuid.uuid4()])
    assert candidate_client.get(address).status_code == 404


def test_review_detail_sends_anonymous_visitors_to_sign_in(client: Client, candidate: User) -> None:
    address = url(answered(candidate))
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={address}")


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_review_detail_refuses_other_methods(candidate: User, candidate_client: Client, method: str) -> None:
    assert getattr(candidate_client, method)(url(answered(candidate))).status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_review_detail_takes_the_same_queries_however_much_is_due(
    candidate: User, candidate_client: Client, count: int, django_assert_num_queries: Any
) -> None:
    log = answered(candidate)
    for number in range(2, count + 2):
        make_due_card(candidate, make_question(f"MET-K{number}.1"))
    # Session, person, the review, its references, its terms, the card, what is left.
    with django_assert_num_queries(7):
        candidate_client.get(url(log))
