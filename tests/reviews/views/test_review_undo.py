from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from accounts.models import User
from questions.models import Question
from reviews.models import Card, ReviewLog, Schedule
from tests.factories import NOW, make_question
from tests.reviews.builders import cards_of, review

NEXT = reverse("reviews:review-next")
pytestmark = pytest.mark.usefixtures("at")


def url(log: ReviewLog) -> str:
    return reverse("reviews:review-undo", args=[log.source])


def detail(log: ReviewLog) -> str:
    return reverse("reviews:review-detail", args=[log.source])


def answered(candidate: User, question: Question | None = None, **fields: Any) -> ReviewLog:
    return review(candidate, question or make_question(), is_from_review=True, **fields)


def sentences(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_review_undo_puts_the_objective_back_where_it_was(candidate: User, candidate_client: Client) -> None:
    question = make_question()
    review(candidate, question, at=NOW - timedelta(days=200))
    before = cards_of(candidate)
    log = answered(candidate, question, selected_label="A", rating=1)
    response = candidate_client.post(url(log))
    assert (response.status_code, response["Location"]) == (302, NEXT)
    assert sentences(response) == ["Your answer is undone. MET-K1.1 is where it was before."]
    assert cards_of(candidate) == before
    assert candidate_client.get(NEXT).context["title"] == "Review"


def test_review_undo_of_a_first_answer_makes_it_new_again(candidate: User, candidate_client: Client) -> None:
    candidate_client.post(url(answered(candidate)))
    assert Card.objects.count() == 0
    assert candidate_client.get(NEXT).context["title"] == "New"


def test_review_undo_asks_another_variant_next(candidate: User, candidate_client: Client) -> None:
    """The key of the first was shown."""
    first, second = make_question(), make_question()
    candidate_client.post(url(answered(candidate, first)))
    assert candidate_client.get(NEXT).context["stem"] == second.stem


def test_review_undo_twice_undoes_once(candidate: User, candidate_client: Client) -> None:
    older = answered(candidate, at=NOW - timedelta(minutes=5))
    log = answered(candidate, make_question("MET-K2.1"))
    places = [candidate_client.post(url(log))["Location"] for _ in range(2)]
    assert places == [NEXT, NEXT]
    assert list(ReviewLog.objects.standing()) == [older]


def test_review_undo_rebuilds_the_schedule(
    candidate: User, candidate_client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    log = answered(candidate)
    with django_capture_on_commit_callbacks(execute=True):
        candidate_client.post(url(log))
    assert Schedule.objects.get().as_of_log_id == ReviewLog.objects.get(undoes=log).pk


def test_review_undo_goes_on_beyond_the_session_for_who_does(candidate: User, candidate_client: Client) -> None:
    log = answered(candidate)
    assert candidate_client.post(f"{url(log)}?ahead=1")["Location"] == f"{NEXT}?ahead=1"


def test_review_undo_of_an_older_answer_is_refused(candidate: User, candidate_client: Client) -> None:
    log = answered(candidate, at=NOW - timedelta(minutes=5))
    answered(candidate, make_question("MET-K2.1"))
    response = candidate_client.post(url(log))
    assert response["Location"] == detail(log)
    assert sentences(response) == ["Only the last answer can be undone, and you have answered another question since."]
    assert ReviewLog.objects.standing().count() == 2


def test_review_undo_on_another_day_is_refused(
    candidate: User, candidate_client: Client, at: Callable[[datetime], None]
) -> None:
    log = answered(candidate)
    at(NOW + timedelta(days=1))
    response = candidate_client.post(url(log))
    assert (response["Location"], sentences(response)) == (detail(log), ["Only an answer of today can be undone."])


def test_review_undo_of_a_quiz_response_is_not_found(candidate: User, candidate_client: Client) -> None:
    assert candidate_client.post(url(review(candidate, make_question()))).status_code == 404


def test_review_undo_of_somebody_else_is_not_found(other_candidate: User, candidate_client: Client) -> None:
    log = answered(other_candidate)
    assert candidate_client.post(url(log)).status_code == 404
    assert ReviewLog.objects.count() == 1


def test_review_undo_of_an_unknown_review_is_not_found(candidate_client: Client) -> None:
    assert candidate_client.post(reverse("reviews:review-undo", args=[uuid.uuid4()])).status_code == 404


def test_review_undo_sends_anonymous_visitors_to_sign_in(client: Client, candidate: User) -> None:
    address = url(answered(candidate))
    response = client.post(address)
    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={address}%3Funsent")


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_review_undo_refuses_other_methods(candidate: User, candidate_client: Client, method: str) -> None:
    assert getattr(candidate_client, method)(url(answered(candidate))).status_code == 405


def test_review_undo_without_csrf_token_is_refused(candidate: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(candidate)
    assert client.post(url(answered(candidate))).status_code == 403
