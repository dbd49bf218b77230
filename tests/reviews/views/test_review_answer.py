from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from kombu.exceptions import OperationalError

from accounts.models import User
from questions.models import Question
from reviews import tasks
from reviews.forms import Ticket
from reviews.models import Card, ReviewLog, Schedule
from reviews.services import undo_review
from tests.factories import NOW, TODAY, make_question
from tests.reviews.builders import make_due_card

URL = reverse("reviews:review-answer")
NEXT = reverse("reviews:review-next")
BEFORE = NOW - timedelta(minutes=1)
pytestmark = pytest.mark.usefixtures("at")


@pytest.fixture
def question(candidate: User) -> Question:
    """Due for the candidate."""
    question = make_question()
    make_due_card(candidate, question)
    return question


def make_ticket(candidate: User, question: Question, *, asked_at: datetime = NOW) -> Ticket:
    return Ticket(uuid.uuid4(), question.pk, asked_at)


def form(candidate: User, ticket: Ticket, **fields: str) -> dict[str, str]:
    return {"ticket": ticket.signed_for(candidate), "label": "B", **fields}


def sentences(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_review_answer_writes_the_review_and_shows_the_feedback(
    candidate: User, candidate_client: Client, question: Question
) -> None:
    ticket = make_ticket(candidate, question, asked_at=NOW - timedelta(seconds=40))
    response = candidate_client.post(URL, form(candidate, ticket, confidence="unsure"))
    assert response.status_code == 302
    assert response["Location"] == reverse("reviews:review-detail", args=[ticket.source])
    log = ReviewLog.objects.get()
    assert (log.source, log.question, log.selected_label, log.rating, log.seconds) == (
        ticket.source,
        question,
        "B",
        2,
        40,
    )
    assert Card.objects.get().last_reviewed_on == TODAY


@pytest.mark.parametrize("query", ["", "?ahead=1"])
def test_review_answer_goes_on_as_it_came(
    candidate: User, candidate_client: Client, question: Question, query: str
) -> None:
    ticket = make_ticket(candidate, question)
    first = candidate_client.post(URL + query, form(candidate, ticket))
    assert first["Location"] == reverse("reviews:review-detail", args=[ticket.source]) + query
    again = candidate_client.post(URL + query, form(candidate, make_ticket(candidate, question, asked_at=BEFORE)))
    assert again["Location"] == NEXT + query


def test_review_answer_without_an_option_keeps_kind_and_way(
    candidate: User, candidate_client: Client, question: Question
) -> None:
    Card.objects.update(stability=500.0)
    response = candidate_client.post(f"{URL}?ahead=1", form(candidate, make_ticket(candidate, question), label=""))
    assert (response.context["title"], response.context["left"]) == ("Ahead", 0)
    assert f'action="{URL}?ahead=1"' in response.text


def test_review_answer_posted_twice_is_one_review(
    candidate: User, candidate_client: Client, question: Question
) -> None:
    ticket = make_ticket(candidate, question)
    first = candidate_client.post(URL, form(candidate, ticket, label="B"))
    second = candidate_client.post(URL, form(candidate, ticket, label="A"))
    assert first["Location"] == second["Location"]
    assert [log.selected_label for log in ReviewLog.objects.all()] == ["B"]


def test_review_answer_rebuilds_the_schedule(
    candidate: User, candidate_client: Client, question: Question, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        candidate_client.post(URL, form(candidate, make_ticket(candidate, question)))
    assert Schedule.objects.get().as_of_log_id == ReviewLog.objects.get().pk


@pytest.mark.parametrize(("minutes", "seconds"), [(1, 60), (30, 1800), (31, 0), (-1, 0)])
def test_review_answer_knows_no_time_of_a_question_left_open(
    candidate: User, candidate_client: Client, question: Question, minutes: int, seconds: int
) -> None:
    ticket = make_ticket(candidate, question, asked_at=NOW - timedelta(minutes=minutes))
    candidate_client.post(URL, form(candidate, ticket))
    assert ReviewLog.objects.get().seconds == seconds


@pytest.mark.parametrize(
    ("label", "sentence"),
    [
        ("", "Choose an option, then check it."),
        ("E", "That is no option of this question. Choose one of the four."),
        ("AB", "That is no option of this question. Choose one of the four."),
        ("\x00", "That is no option of this question. Choose one of the four."),
    ],
)
def test_review_answer_without_an_option_asks_the_same_question_again(
    candidate: User, candidate_client: Client, question: Question, label: str, sentence: str
) -> None:
    ticket = make_ticket(candidate, question)
    response = candidate_client.post(URL, form(candidate, ticket, label=label, confidence="guess"))
    assert response.status_code == 200
    assert response.context["form"].errors["label"] == [sentence]
    assert response.context["confidence"] == "guess"
    assert (question.stem in response.text, question.options[1]["rationale"] in response.text) == (True, False)
    assert ticket.signed_for(candidate).rpartition(":")[0].partition(":")[0] in response.text
    assert ReviewLog.objects.count() == 0


def test_review_answer_refuses_an_unknown_confidence_and_keeps_the_choice(
    candidate: User, candidate_client: Client, question: Question
) -> None:
    response = candidate_client.post(URL, form(candidate, make_ticket(candidate, question), confidence="certain"))
    assert response.status_code == 200
    assert [option["is_chosen"] for option in response.context["options"] if option["label"] == "B"] == [True]


@pytest.mark.parametrize("ticket", ["", "forged", "a:b:c", "x" * 600])
def test_review_answer_with_a_forged_ticket_leads_to_the_next_question(
    candidate_client: Client, question: Question, ticket: str
) -> None:
    response = candidate_client.post(URL, {"ticket": ticket, "label": "B"})
    assert (response.status_code, response["Location"]) == (302, NEXT)
    assert sentences(response) == ["That question could not be read any more. This is the one whose turn it is."]
    assert ReviewLog.objects.count() == 0


def test_review_answer_with_the_ticket_of_somebody_else_is_refused(
    candidate: User, other_candidate: User, candidate_client: Client, question: Question
) -> None:
    ticket = make_ticket(other_candidate, question)
    response = candidate_client.post(URL, form(other_candidate, ticket))
    assert (response["Location"], ReviewLog.objects.count()) == (NEXT, 0)


def test_review_answer_to_an_objective_answered_meanwhile_says_so(
    candidate: User, candidate_client: Client, question: Question
) -> None:
    """Two tabs, each with a ticket of its own."""
    here, there = make_ticket(candidate, question, asked_at=BEFORE), make_ticket(candidate, question, asked_at=BEFORE)
    candidate_client.post(URL, form(candidate, here))
    response = candidate_client.post(URL, form(candidate, there))
    assert (response["Location"], ReviewLog.objects.count()) == (NEXT, 1)
    assert sentences(response) == [
        "You answered a question on that objective in the meantime. This one was not counted."
    ]


def test_review_answer_undone_and_posted_again_stays_undone(
    candidate: User, candidate_client: Client, question: Question
) -> None:
    ticket = make_ticket(candidate, question)
    candidate_client.post(URL, form(candidate, ticket))
    undo_review(candidate=candidate, source=ticket.source, now=NOW)
    candidate_client.post(URL, form(candidate, ticket))
    assert ReviewLog.objects.standing().count() == 0


def test_review_answer_to_a_question_replaced_meanwhile_says_so(
    candidate: User, candidate_client: Client, question: Question
) -> None:
    Question.objects.update(status=Question.Status.RETIRED)
    response = candidate_client.post(URL, form(candidate, make_ticket(candidate, question)))
    assert sentences(response) == ["That question was replaced in the meantime. Your answer was not counted."]


def test_review_answer_takes_fourteen_queries(
    candidate: User, candidate_client: Client, question: Question, django_assert_num_queries: Any
) -> None:
    """Of which two open and close the transaction."""
    data = form(candidate, make_ticket(candidate, question))
    with django_assert_num_queries(14):
        candidate_client.post(URL, data)


def test_review_answer_is_saved_while_the_broker_is_away(
    candidate: User,
    candidate_client: Client,
    question: Question,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("Connection refused")

    monkeypatch.setattr(tasks.build_schedule, "apply_async", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        response = candidate_client.post(URL, form(candidate, make_ticket(candidate, question)))
    assert (response.status_code, ReviewLog.objects.count(), Schedule.objects.count()) == (302, 1, 0)


def test_review_answer_sends_anonymous_visitors_to_sign_in(client: Client, db: None) -> None:
    response = client.post(URL)
    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={URL}%3Funsent")


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_review_answer_refuses_other_methods(candidate_client: Client, method: str) -> None:
    assert getattr(candidate_client, method)(URL).status_code == 405


def test_review_answer_without_csrf_token_is_refused(candidate: User, question: Question) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(candidate)
    assert client.post(URL, form(candidate, make_ticket(candidate, question))).status_code == 403
