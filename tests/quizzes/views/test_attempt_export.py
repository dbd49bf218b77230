from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from cohorts.models import Cohort
from quizzes.models import Answer, Attempt, Feedback, Response
from quizzes.services import finish_attempt
from tests.factories import NOW, make_assignment, make_attempt, make_key, make_options, make_question, make_quiz

SetClock = Callable[[datetime], None]


@pytest.fixture(autouse=True)
def _clock(set_clock: SetClock) -> None:
    set_clock(NOW)


def sat(candidate: User, labels: str = "BD-", **fields: Any) -> Attempt:
    """The key is B, which stands third on the page."""
    questions = [
        make_question(f"MET-K{number}.1", code=f"MET-K{number}.1-P1", options=make_options("of all"))
        for number, _ in enumerate(labels, start=1)
    ]
    quiz = fields.pop("quiz", None) or make_quiz(author=candidate, title="Ten a day", feedback=Feedback.AT_END)
    attempt = make_attempt(candidate, *questions, quiz=quiz, **fields)
    for position, label in enumerate(labels.replace("-", " "), start=1):
        responses = Response.objects.filter(attempt=attempt, position=position)
        responses.update(selected_label=label.strip(), option_order="DCBA", seconds=40, confidence="sure")
    return attempt


@pytest.fixture
def attempt(candidate: User) -> Attempt:
    return finish_attempt(attempt=sat(candidate), now=NOW)


def url_of(attempt: Attempt) -> str:
    return f"/attempts/{attempt.code}/answers.csv"


def rows_of(client: Client, attempt: Attempt) -> list[dict[str, str]]:
    text = client.get(url_of(attempt)).content.decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def test_file_holds_every_answer_in_the_letters_of_the_page(candidate_client: Client, attempt: Attempt) -> None:
    Response.objects.filter(attempt=attempt, position=2).update(miss_reason="misread", is_flagged=True)
    rows = rows_of(candidate_client, attempt)
    assert rows[1] == {
        "position": "2",
        "question": "MET-K2.1-P1",
        "competency": "MET",
        "objective": "MET-K2.1",
        "answer": "A",
        "answer text": "Option D of all",
        "key": "C",
        "key text": "Option B of all",
        "correct": "no",
        "confidence": "sure",
        "seconds": "40",
        "changes": "0",
        "flagged": "yes",
        "reason": "misread",
    }
    assert [(row["answer"], row["correct"]) for row in rows] == [("C", "yes"), ("A", "no"), ("", "no")]


def test_changes_are_counted(candidate_client: Client, attempt: Attempt) -> None:
    response = Response.objects.get(attempt=attempt, position=2)
    for sequence, label in enumerate("ABD", start=1):
        Answer.objects.create(
            attempt=attempt, response=response, key=make_key(), sequence=sequence, label=label, answered_at=NOW
        )
    assert [row["changes"] for row in rows_of(candidate_client, attempt)] == ["0", "2", "0"]


def test_file_is_named_after_quiz_and_day(candidate_client: Client, attempt: Attempt) -> None:
    response = candidate_client.get(url_of(attempt))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="ten-a-day-2026-03-02.csv"'


def test_option_that_looks_like_a_formula_is_text(candidate_client: Client, candidate: User) -> None:
    attempt = sat(candidate, "B")
    question = attempt.responses.get().question
    question.options = [{**option, "text": "=1+1"} for option in question.options]
    question.save(update_fields=["options"])
    [row] = rows_of(candidate_client, finish_attempt(attempt=attempt, now=NOW))
    assert row["answer text"] == "'=1+1"


@pytest.mark.parametrize(("offset", "told"), [(-1, [""]), (0, ["C", "no", "yes"])])
def test_key_waits_for_the_due_date(
    candidate_client: Client, candidate: User, cohort: Cohort, set_clock: SetClock, offset: int, told: list[str]
) -> None:
    quiz = make_quiz(author=cohort.coordinator, feedback=Feedback.AFTER_DUE)
    attempt = finish_attempt(attempt=sat(candidate, quiz=quiz, assignment=make_assignment(cohort, quiz)), now=NOW)
    set_clock(NOW + timedelta(days=7, seconds=offset))
    rows = rows_of(candidate_client, attempt)
    assert sorted({row["key"] for row in rows} | {row["correct"] for row in rows}) == told
    assert [row["answer"] for row in rows] == ["C", "A", ""]


def test_open_attempt_has_no_file(candidate_client: Client, candidate: User) -> None:
    attempt = sat(candidate)
    assert candidate_client.get(url_of(attempt))["Location"] == f"/attempts/{attempt.code}/"


@pytest.mark.parametrize("labels", ["B", "BDB"])
def test_file_takes_the_same_queries_whatever_the_number_of_questions(
    candidate_client: Client, candidate: User, django_assert_num_queries: Any, labels: str
) -> None:
    attempt = finish_attempt(attempt=sat(candidate, labels), now=NOW)
    # Session, person, the attempt, its answers, its responses, the questions.
    with django_assert_num_queries(6):
        candidate_client.get(url_of(attempt))


def test_somebody_elses_file_is_not_found(other_client: Client, coordinator_client: Client, attempt: Attempt) -> None:
    for client in (other_client, coordinator_client):
        assert client.get(url_of(attempt)).status_code == 404


def test_anonymous_is_sent_to_sign_in(client: Client, attempt: Attempt) -> None:
    assert client.get(url_of(attempt))["Location"] == f"/accounts/login/?next={url_of(attempt)}"


def test_other_methods_are_refused(candidate_client: Client, attempt: Attempt) -> None:
    assert candidate_client.post(url_of(attempt)).status_code == 405
