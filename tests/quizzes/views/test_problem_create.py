from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from accounts.models import User
from cohorts.models import Cohort
from questions.models import ProblemReport
from quizzes.models import Attempt, Feedback
from quizzes.services import check_response, finish_attempt
from tests.factories import NOW, make_assignment, make_attempt, make_mock_attempt, make_question, make_quiz

SetClock = Callable[[datetime], None]
TEXT = "Option C is right as well, because it asks for both."


@pytest.fixture(autouse=True)
def _clock(set_clock: SetClock) -> None:
    set_clock(NOW)


@pytest.fixture
def attempt(candidate: User) -> Attempt:
    """The first of two questions is checked."""
    attempt = make_attempt(candidate, make_question("MET-K1.1"), make_question("MET-K2.1"))
    check_response(response=attempt.responses.get(position=1), label="B", now=NOW)
    return attempt


def url_of(attempt: Attempt, position: int = 1) -> str:
    return f"/attempts/{attempt.code}/questions/{position}/problem/"


def report(**fields: str) -> dict[str, str]:
    return {"code": str(uuid.uuid4()), "kind": "ambiguous", "text": TEXT, **fields}


def errors_of(response: Any) -> list[str]:
    return [error for errors in response.context["form"].errors.values() for error in errors]


def test_page_shows_the_question_and_asks_what_is_wrong(candidate_client: Client, attempt: Attempt) -> None:
    response = candidate_client.get(url_of(attempt))
    assert response.status_code == 200
    assert attempt.responses.get(position=1).question.stem in response.content.decode()
    assert response.context["back_href"] == f"/attempts/{attempt.code}/questions/1/"


def test_page_takes_the_same_queries_whatever_was_reported_before(
    candidate_client: Client, attempt: Attempt, django_assert_num_queries: Any
) -> None:
    for _ in range(2):
        with django_assert_num_queries(4):
            candidate_client.get(url_of(attempt))
        candidate_client.post(url_of(attempt), report())


def test_report_is_kept_and_leads_back_to_the_question(
    candidate_client: Client, candidate: User, attempt: Attempt
) -> None:
    response = candidate_client.post(url_of(attempt), report())
    kept = ProblemReport.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/attempts/{attempt.code}/questions/1/")
    assert [str(each) for each in get_messages(response.wsgi_request)] == [
        "Thank you. An admin reads your report; the answer appears among your reports."
    ]
    assert (kept.question, kept.reporter, kept.kind, kept.text, kept.reported_at) == (
        attempt.responses.get(position=1).question, candidate, "ambiguous", TEXT, NOW,
    )  # fmt: skip


def test_form_sent_twice_is_one_report(candidate_client: Client, attempt: Attempt) -> None:
    sent = report()
    for _ in range(2):
        assert candidate_client.post(url_of(attempt), sent).status_code == 302
    assert ProblemReport.objects.count() == 1


def test_page_tells_of_an_earlier_report(candidate_client: Client, attempt: Attempt) -> None:
    candidate_client.post(url_of(attempt), report())
    assert (
        "You reported this question on 2 March 2026; it waits" in candidate_client.get(url_of(attempt)).content.decode()
    )


def test_finished_mock_exam_leads_back_to_its_review(candidate_client: Client, candidate: User) -> None:
    attempt = finish_attempt(attempt=make_mock_attempt(candidate), now=NOW)
    response = candidate_client.post(url_of(attempt, 3), report())
    assert response["Location"].startswith(f"/attempts/{attempt.code}/questions/?")
    assert ProblemReport.objects.get().question == attempt.responses.get(position=3).question


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": ""}, "Choose what is wrong."),
        ({"kind": "nonsense"}, "Choose one of the kinds that are listed."),
        ({"text": ""}, "Describe the problem in a sentence or two."),
        ({"text": "Too short"}, "Describe the problem in at least 10 characters."),
        ({"text": "a" * 2001}, "Keep it to at most 2,000 characters."),
        ({"text": "With a \x00 in it"}, "Null characters are not allowed."),
        ({"code": ""}, "This form is incomplete. Open it again from the question."),
        ({"code": "\x00"}, "This form is incomplete. Open it again from the question."),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(
    candidate_client: Client, attempt: Attempt, changes: dict[str, str], sentence: str
) -> None:
    sent = report(**changes)
    response = candidate_client.post(url_of(attempt), sent)
    assert (response.status_code, errors_of(response)) == (200, [sentence])
    assert (response.context["form"]["text"].value(), ProblemReport.objects.count()) == (sent["text"], 0)


def test_twenty_first_report_of_a_day_gets_a_sentence(
    candidate_client: Client, candidate: User, attempt: Attempt, set_clock: SetClock
) -> None:
    question = attempt.responses.get(position=1).question
    ProblemReport.objects.bulk_create(
        ProblemReport(question=question, reporter=candidate, kind="key", text=TEXT, reported_at=NOW) for _ in range(20)
    )
    response = candidate_client.post(url_of(attempt), report())
    assert errors_of(response) == ["You sent 20 reports within a day, which is the most. Wait a day."]
    assert TEXT in response.content.decode()
    set_clock(NOW + timedelta(days=1))
    assert candidate_client.post(url_of(attempt), report()).status_code == 302


# Only once the rationale may be read


def test_open_question_cannot_be_reported(candidate_client: Client, attempt: Attempt) -> None:
    assert candidate_client.get(url_of(attempt, 2)).status_code == 404
    assert candidate_client.post(url_of(attempt, 2), report()).status_code == 404


def test_running_exam_cannot_be_reported(candidate_client: Client, candidate: User) -> None:
    attempt = make_mock_attempt(candidate)
    assert candidate_client.get(url_of(attempt)).status_code == 404


def test_assigned_quiz_can_be_reported_from_its_due_date_on(
    candidate_client: Client, candidate: User, cohort: Cohort, set_clock: SetClock
) -> None:
    quiz = make_quiz(author=cohort.coordinator, feedback=Feedback.AFTER_DUE, question_count=1)
    assignment = make_assignment(cohort, quiz)
    attempt = make_attempt(candidate, make_question(), quiz=quiz, assignment=assignment)
    finish_attempt(attempt=attempt, now=NOW)
    before = candidate_client.get(url_of(attempt)).status_code
    set_clock(assignment.due_at)
    assert (before, candidate_client.get(url_of(attempt)).status_code) == (404, 200)


def test_visitors_strangers_and_other_methods_come_to_nothing(
    client: Client, candidate_client: Client, other_client: Client, attempt: Attempt
) -> None:
    assert client.get(url_of(attempt))["Location"].startswith("/accounts/login/")
    assert other_client.post(url_of(attempt), report()).status_code == 404
    assert candidate_client.put(url_of(attempt)).status_code == 405
    assert ProblemReport.objects.count() == 0
