from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from quizzes.models import Attempt, Feedback
from tests.factories import NOW, make_attempt, make_objective, make_question, make_quiz

URL = "/answered/"


@pytest.fixture(autouse=True)
def _clock(set_clock: Callable[[datetime], None]) -> None:
    set_clock(NOW)


def sat(candidate: User, *questions: Any, label: str = "B") -> Attempt:
    quiz = make_quiz(author=candidate, feedback=Feedback.AT_END)
    attempt = make_attempt(candidate, *questions, quiz=quiz, state=Attempt.State.GRADED, submitted_at=NOW, raw_score=0)
    for response in attempt.responses.all():
        attempt.responses.filter(pk=response.pk).update(
            selected_label=label,
            is_correct=label == "B",
            answered_at=NOW - timedelta(minutes=response.position),
        )
    return attempt


def stems_of(response: Any) -> list[str]:
    return [row.stem for row in response.context["rows"]]


def test_list_shows_stem_mark_and_objective_and_leads_to_the_explanation(
    candidate_client: Client, candidate: User
) -> None:
    attempt = sat(candidate, make_question("MET-K1.1", stem="What **is** it?"))
    response = candidate_client.get(URL)
    body = response.content.decode()
    assert stems_of(response) == ["What is it?"]
    assert f'<a href="/attempts/{attempt.code}/questions/1/">What is it?</a>' in body
    assert '<a href="/study/objectives/MET-K1.1/">Explain MET-K1.1</a>' in body
    assert re.findall(r"badge badge-(\w+)", body) == ["success"]
    led = candidate_client.get(f"/attempts/{attempt.code}/questions/1/", follow=True)
    assert "Rationale B" in led.content.decode()


def test_list_says_what_was_wrong(candidate_client: Client, candidate: User) -> None:
    sat(candidate, make_question(), label="A")
    assert re.findall(r"badge badge-(\w+)", candidate_client.get(URL).content.decode()) == ["error"]


def test_stem_is_shortened_between_words_and_escaped(candidate_client: Client, candidate: User) -> None:
    sat(candidate, make_question(stem=f"<b>Long</b> {'word ' * 80}"))
    response = candidate_client.get(URL)
    assert stems_of(response)[0].endswith("word …")
    assert len(stems_of(response)[0]) < 205
    assert "<b>Long" not in response.content.decode()


def test_filter_shows_one_objective(candidate_client: Client, candidate: User) -> None:
    sat(candidate, make_question("MET-K1.1", stem="One?"), make_question("CUL-T1.1", stem="Two?"))
    response = candidate_client.get(URL, {"objective": "CUL-T1.1"})
    assert stems_of(response) == ["Two?"]
    assert '<a href="/study/objectives/CUL-T1.1/">Objective CUL-T1.1</a>' in response.content.decode()


def test_filter_without_an_answer_offers_to_be_asked(candidate_client: Client) -> None:
    make_objective("MET-K1.1")
    body = candidate_client.get(URL, {"objective": "MET-K1.1"}).content.decode()
    assert "No answered question on this objective" in body
    assert 'href="/practice/?objectives=MET-K1.1"' in body


def test_list_without_an_answer_says_what_will_stand_here(candidate_client: Client) -> None:
    assert "No answered question yet" in candidate_client.get(URL).content.decode()


@pytest.mark.parametrize("forged", ["MET-K9.9", "\x00", "x" * 3000, "' OR 1=1"])
def test_forged_objective_shows_all_and_says_so(candidate_client: Client, candidate: User, forged: str) -> None:
    sat(candidate, make_question(stem="One?"))
    response = candidate_client.get(URL, {"objective": forged})
    assert stems_of(response) == ["One?"]
    assert "Here are all your answers." in response.content.decode()


def test_list_is_paged_and_keeps_its_filter(candidate_client: Client, candidate: User) -> None:
    sat(candidate, *(make_question("MET-K1.1") for _ in range(26)))
    first = candidate_client.get(URL, {"objective": "MET-K1.1"})
    assert len(stems_of(first)) == 25
    assert 'href="?objective=MET-K1.1&amp;page=2"' in first.content.decode()
    assert len(stems_of(candidate_client.get(URL, {"page": 2}))) == 1


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "\x00", "9" * 400])
def test_forged_page_shows_a_page_that_exists(candidate_client: Client, candidate: User, page: str) -> None:
    sat(candidate, make_question(stem="One?"))
    assert stems_of(candidate_client.get(URL, {"page": page})) == ["One?"]


def test_list_shows_nothing_of_others(candidate_client: Client, other_candidate: User) -> None:
    sat(other_candidate, make_question(stem="Canary?"))
    assert "Canary" not in candidate_client.get(URL).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_the_same_queries_whatever_there_is(
    candidate_client: Client, candidate: User, django_assert_num_queries: Any, rows: int
) -> None:
    sat(candidate, *(make_question("MET-K1.1") for _ in range(rows)))
    # Session, person, how many, one page.
    with django_assert_num_queries(4):
        candidate_client.get(URL)
    # And the objective.
    with django_assert_num_queries(5):
        candidate_client.get(URL, {"objective": "MET-K1.1"})


def test_anonymous_is_sent_to_sign_in(client: Client, db: None) -> None:
    assert client.get(URL)["Location"] == "/accounts/login/?next=/answered/"


def test_other_methods_are_refused(candidate_client: Client) -> None:
    assert candidate_client.post(URL).status_code == 405
