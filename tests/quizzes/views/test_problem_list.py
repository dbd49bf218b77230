from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from questions.models import ProblemReport, Question
from questions.queries import unread_answers
from quizzes.services import finish_attempt
from tests.factories import NOW, make_mock_attempt, make_question

SetClock = Callable[[datetime], None]
URL = "/questions/problems/"


@pytest.fixture(autouse=True)
def _clock(set_clock: SetClock) -> None:
    set_clock(NOW)


def make_report(reporter: User, *, question: Question | None = None, **fields: Any) -> ProblemReport:
    return ProblemReport.objects.create(
        **{
            "question": question or make_question(),
            "reporter": reporter,
            "kind": "wording",
            "text": "There is a word missing.",
            "reported_at": NOW - timedelta(days=2),
            **fields,
        }
    )


def answered(reporter: User, **fields: Any) -> ProblemReport:
    return make_report(reporter, **{"answer": "Thank you, it is there now.", "answered_at": NOW, **fields})


def test_page_without_reports_says_what_will_appear(candidate_client: Client, candidate: User) -> None:
    assert "No reports yet" in candidate_client.get(URL).content.decode()


def test_page_shows_each_report_with_its_state(candidate_client: Client, candidate: User) -> None:
    make_report(candidate, kind="key", reported_at=NOW)
    answered(candidate, seen_at=NOW)
    rows = candidate_client.get(URL).context["rows"]
    assert [(row.kind, row.answered_at, row.is_new, row.answer) for row in rows] == [
        ("The key is wrong", None, False, ""),
        ("A mistake in the wording", NOW, False, "Thank you, it is there now."),
    ]


def test_page_shows_neither_options_nor_rationales(candidate_client: Client, candidate: User) -> None:
    make_report(candidate)
    body = candidate_client.get(URL).content.decode()
    assert [word for word in ("Option A", "Rationale") if word in body] == []


def test_answer_is_new_until_it_is_shown(candidate_client: Client, candidate: User) -> None:
    answered(candidate)
    make_report(candidate)
    assert unread_answers(candidate) == 1
    first = candidate_client.get(URL).content.decode()
    again = candidate_client.get(URL).content.decode()
    assert ["There is a new answer." in body for body in (first, again)] == [True, False]
    assert (unread_answers(candidate), ProblemReport.objects.filter(seen_at=NOW).count()) == (0, 1)


def test_head_shows_nothing_and_so_reads_nothing(candidate_client: Client, candidate: User) -> None:
    answered(candidate)
    candidate_client.head(URL)
    assert unread_answers(candidate) == 1


def test_answers_of_other_people_are_not_counted(
    candidate_client: Client, candidate: User, other_candidate: User
) -> None:
    answered(other_candidate)
    assert (unread_answers(candidate), candidate_client.get(URL).context["rows"]) == (0, [])
    assert unread_answers(other_candidate) == 1


def test_report_of_a_question_that_a_running_exam_asks_again_is_held_back(
    candidate_client: Client, candidate: User
) -> None:
    attempt = make_mock_attempt(candidate)
    question = attempt.responses.get(position=1).question
    answered(candidate, question=question, text="I chose canary B.", answer="B is the canary.")
    body = candidate_client.get(URL).content.decode()
    assert [word for word in ("canary", question.stem) if word in body] == []
    assert unread_answers(candidate) == 1
    finish_attempt(attempt=attempt, now=NOW)
    assert "B is the canary." in candidate_client.get(URL).content.decode()


def test_page_takes_the_same_queries_for_one_and_three_reports(
    candidate_client: Client, candidate: User, django_assert_num_queries: Any
) -> None:
    for number in (1, 2):
        for _ in range(number):
            answered(candidate, seen_at=NOW)
        with django_assert_num_queries(5):
            candidate_client.get(URL)


def test_twenty_stand_on_a_page(candidate_client: Client, candidate: User) -> None:
    question = make_question()
    for _ in range(21):
        make_report(candidate, question=question)
    assert [len(candidate_client.get(URL, {"page": page}).context["rows"]) for page in ("1", "2", "x")] == [20, 1, 20]


def test_visitors_are_sent_to_sign_in_and_posts_refused(client: Client, candidate_client: Client) -> None:
    assert client.get(URL)["Location"].startswith("/accounts/login/")
    assert candidate_client.post(URL).status_code == 405
