from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from offline.forms import TakenTicket
from offline.services import ANSWERED_ALREADY
from questions.models import Question
from quizzes.models import Attempt, Response
from quizzes.services import check_response, finish_attempt
from reviews.models import Card, ReviewLog, Schedule
from tests.factories import make_question
from tests.offline.builders import ANSWERS, answer_to, results, send, take_along

pytestmark = pytest.mark.django_db


@pytest.fixture
def taken(candidate_client: Client) -> list[dict[str, Any]]:
    """Three questions to review."""
    for number in range(1, 4):
        make_question(f"MET-K{number}.1")
    return take_along(candidate_client)


@pytest.fixture
def practiced(candidate_client: Client) -> list[dict[str, Any]]:
    """Ten questions of a practice quiz."""
    for number in range(1, 11):
        make_question(f"MET-K{number}.1")
    return take_along(candidate_client, kind="practice")


def moment(minutes: int) -> str:
    return (timezone.now() + timedelta(minutes=minutes)).isoformat()


# Reviews


def test_answers_become_reviews(
    candidate: User,
    candidate_client: Client,
    taken: list[dict[str, Any]],
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    first, second, _ = taken
    with django_capture_on_commit_callbacks(execute=True):
        response = send(
            candidate_client, candidate, answer_to(first), answer_to(second, label="C", confidence="", seconds=7)
        )
    written = {str(log.source): log for log in ReviewLog.objects.all()}

    assert (response.status_code, results(response)) == (200, {first["source"]: "", second["source"]: ""})
    assert {source: (log.selected_label, log.rating, log.seconds) for source, log in written.items()} == {
        first["source"]: ("B", 3, 20),
        second["source"]: ("C", 1, 7),
    }
    assert {log.is_from_review for log in written.values()} == {True}
    assert Card.objects.for_candidate(candidate).count() == 2
    assert Schedule.objects.get(candidate=candidate).as_of_log_id == ReviewLog.objects.latest("pk").pk


def test_answers_sent_again_are_one(candidate: User, candidate_client: Client, taken: list[dict[str, Any]]) -> None:
    answer = answer_to(taken[0])
    send(candidate_client, candidate, answer)
    again = send(candidate_client, candidate, answer, answer)

    assert results(again) == {answer["source"]: ""}
    assert list(ReviewLog.objects.values_list("selected_label", flat=True)) == ["B"]


def test_other_answer_to_a_review_is_refused(
    candidate: User, candidate_client: Client, taken: list[dict[str, Any]]
) -> None:
    answer = answer_to(taken[0])
    send(candidate_client, candidate, answer)
    otherwise = send(candidate_client, candidate, {**answer, "label": "D"}, answer_to(taken[1]))

    assert results(otherwise) == {taken[0]["source"]: ANSWERED_ALREADY, taken[1]["source"]: ""}
    assert list(ReviewLog.objects.values_list("selected_label", flat=True)) == ["B", "B"]


def test_bad_answer_spoils_no_other(candidate: User, candidate_client: Client, taken: list[dict[str, Any]]) -> None:
    good, bad = answer_to(taken[0]), answer_to(taken[1], label="E")
    told = results(send(candidate_client, candidate, bad, good))

    assert told[good["source"]] == ""
    assert told[bad["source"]] == "That is no option of the question, so the answer was not counted."
    assert ReviewLog.objects.count() == 1


def test_moment_of_an_answer_lies_between_taking_along_and_now(
    candidate: User, candidate_client: Client, taken: list[dict[str, Any]]
) -> None:
    early, late, _ = taken
    send(
        candidate_client,
        candidate,
        answer_to(early, answered_at="1999-01-01T00:00:00Z"),
        answer_to(late, answered_at="2999-01-01T00:00:00Z"),
    )
    ticket = TakenTicket.read(early["ticket"], candidate)
    first, last = ReviewLog.objects.order_by("reviewed_at")

    assert ticket is not None
    assert first.reviewed_at == ticket.prepared_at
    assert (str(last.source), last.reviewed_at <= timezone.now()) == (late["source"], True)


def test_log_has_them_in_the_order_of_answering(candidate: User, candidate_client: Client) -> None:
    questions = [make_question(f"MET-K{number}.1") for number in range(1, 4)]
    prepared_at = timezone.now() - timedelta(hours=2)
    rows = []
    for question, minutes in zip(questions, (-30, -90, -60), strict=True):
        ticket = TakenTicket(uuid.uuid4(), question.pk, False, prepared_at)
        row = {"source": str(ticket.source), "ticket": ticket.signed_for(candidate), "key": "B"}
        rows.append(answer_to(row, answered_at=moment(minutes)))
    send(candidate_client, candidate, *rows)

    logged = [str(source) for source in ReviewLog.objects.order_by("pk").values_list("source", flat=True)]
    assert logged == [rows[1]["source"], rows[2]["source"], rows[0]["source"]]


def test_version_that_was_replaced_counts_as_it_was_asked(
    candidate: User, candidate_client: Client, taken: list[dict[str, Any]]
) -> None:
    Question.objects.update(status=Question.Status.RETIRED)

    assert results(send(candidate_client, candidate, answer_to(taken[0]))) == {taken[0]["source"]: ""}
    assert ReviewLog.objects.count() == 1


def test_set_is_taken_for_fourteen_days(candidate: User, candidate_client: Client) -> None:
    question = make_question()
    told = {}
    for days in (13, 15):
        ticket = TakenTicket(uuid.uuid4(), question.pk, False, timezone.now() - timedelta(days=days))
        row = {"source": str(ticket.source), "ticket": ticket.signed_for(candidate), "key": "B"}
        told[days] = results(send(candidate_client, candidate, answer_to(row)))[row["source"]]

    assert told == {13: "", 15: "That set was taken along more than 14 days ago, so the answer was not counted."}


def test_question_nobody_took_along_is_refused(candidate: User, candidate_client: Client) -> None:
    question = make_question()
    source = uuid.uuid4()
    answer = answer_to({"source": str(source), "ticket": f'["{source}",{question.pk},false]', "key": "B"})

    assert results(send(candidate_client, candidate, answer)) == {
        str(source): "That question was not taken along by you, so the answer was not counted."
    }
    assert ReviewLog.objects.count() == 0


def test_ticket_of_another_question_is_refused(
    candidate: User, candidate_client: Client, taken: list[dict[str, Any]]
) -> None:
    mixed = answer_to({**taken[0], "ticket": taken[1]["ticket"]})

    assert "not taken along by you" in results(send(candidate_client, candidate, mixed))[taken[0]["source"]]
    assert ReviewLog.objects.count() == 0


# People


def test_answers_of_somebody_else_are_not_taken(
    candidate: User, other_candidate: User, other_client: Client, taken: list[dict[str, Any]]
) -> None:
    """Neither as what they are nor under one's own name."""
    theirs = send(other_client, candidate, answer_to(taken[0]))
    renamed = send(other_client, other_candidate, answer_to(taken[0]))

    assert theirs.status_code == 409
    assert "not taken along by you" in results(renamed)[taken[0]["source"]]
    assert ReviewLog.objects.count() == 0


def test_list_of_no_answers_tells_whose_browser_it_is(
    candidate: User, candidate_client: Client, other_client: Client
) -> None:
    own, others = send(candidate_client, candidate), send(other_client, candidate)

    assert (own.status_code, results(own), others.status_code) == (200, {}, 409)


def test_visitor_is_told_to_sign_in(client: Client, candidate: User, taken: list[dict[str, Any]]) -> None:
    response = send(client, candidate, answer_to(taken[0]))

    assert (response.status_code, json.loads(response.content)) == (401, {"error": "Sign in to send your answers."})


def test_answers_cannot_be_read(candidate_client: Client) -> None:
    assert candidate_client.get(ANSWERS).status_code == 405


# Practice


def test_answers_to_a_practice_quiz_are_its_answers(
    candidate: User, candidate_client: Client, practiced: list[dict[str, Any]]
) -> None:
    send(candidate_client, candidate, answer_to(practiced[0]), answer_to(practiced[1], label="A", confidence="guess"))
    attempt = Attempt.objects.get()
    first, second = attempt.responses.exclude(checked_at=None).order_by("position")

    assert (first.is_correct, first.confidence, first.seconds) == (True, "sure", 20)
    assert (second.is_correct, second.confidence) == (False, "guess")
    assert attempt.is_open
    assert ReviewLog.objects.count() == 2


def test_complete_practice_quiz_is_finished(
    candidate: User, candidate_client: Client, practiced: list[dict[str, Any]]
) -> None:
    send(candidate_client, candidate, *map(answer_to, practiced))
    again = send(candidate_client, candidate, *map(answer_to, practiced))
    attempt = Attempt.objects.get()

    assert (attempt.state, attempt.raw_score) == (Attempt.State.GRADED, 10)
    assert set(results(again).values()) == {""}


def test_practice_quiz_finished_elsewhere_takes_no_answer(
    candidate: User, candidate_client: Client, practiced: list[dict[str, Any]]
) -> None:
    finish_attempt(attempt=Attempt.objects.get(), now=timezone.now())
    told = results(send(candidate_client, candidate, answer_to(practiced[0])))

    assert told == {practiced[0]["source"]: "That quiz was finished in the meantime, so your answer was not counted."}


@pytest.mark.parametrize(("label", "told"), [("B", ""), ("D", ANSWERED_ALREADY)])
def test_practice_question_checked_online_meanwhile_keeps_that_answer(
    candidate: User, candidate_client: Client, practiced: list[dict[str, Any]], label: str, told: str
) -> None:
    response = Response.objects.get(code=practiced[0]["source"])
    check_response(response=response, label="B", now=timezone.now())

    assert results(send(candidate_client, candidate, answer_to(practiced[0], label=label))) == {
        practiced[0]["source"]: told
    }
    response.refresh_from_db()
    assert response.selected_label == "B"


def test_practice_quiz_that_is_gone_is_said(
    candidate: User, candidate_client: Client, practiced: list[dict[str, Any]]
) -> None:
    Attempt.objects.all().delete()
    told = results(send(candidate_client, candidate, answer_to(practiced[0])))

    assert told == {practiced[0]["source"]: "That quiz is no longer there, so your answer was not counted."}


# Whatever is sent


ODD: list[Any] = [
    None,
    [],
    {},
    True,
    -1,
    10**30,
    1.5,
    "",
    "\x00",
    "💥",
    "\ud800:half:a character",
    "9" * 5000,
    "2026-01-01",
    "2026-13-01T00:00:00Z",
]


@pytest.mark.parametrize("field", ["ticket", "label", "confidence", "seconds", "answered_at"])
def test_every_field_takes_anything(
    candidate: User, candidate_client: Client, taken: list[dict[str, Any]], field: str
) -> None:
    for value in ODD:
        response = send(candidate_client, candidate, answer_to(taken[0], **{field: value}))
        assert (value, response.status_code) == (value, 200)
    refused = field not in ("confidence", "seconds")

    assert ReviewLog.objects.count() == (0 if refused else 1)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "null",
        "{",
        "[" * 10_000,
        '{"candidate": NaN}',
        '{"candidate": 1, "answers": []}',
        '{"candidate": "", "answers": {}}',
        '{"candidate": "", "answers": [1]}',
        '{"candidate": "", "answers": [{"source": "\\u0000"}]}',
        '{"candidate": "", "answers": [], "more": 1}',
        json.dumps({"candidate": "", "answers": [{"source": str(uuid.uuid4())}] * 51}),
        json.dumps({"candidate": "x" * 70_000, "answers": []}),
    ],
)
def test_what_is_no_list_of_answers_is_refused(candidate_client: Client, body: str) -> None:
    response = candidate_client.post(ANSWERS, body, content_type="application/json")

    assert (response.status_code, list(response.json())) == (422, ["error"])


def test_other_kinds_of_content_are_refused(candidate_client: Client) -> None:
    assert candidate_client.post(ANSWERS, {"candidate": "", "answers": ""}).status_code == 422


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_reviews(
    candidate: User,
    candidate_client: Client,
    taken: list[dict[str, Any]],
    django_assert_num_queries: Callable[[int], object],
    count: int,
) -> None:
    with django_assert_num_queries(14):
        send(candidate_client, candidate, *map(answer_to, taken[:count]))
