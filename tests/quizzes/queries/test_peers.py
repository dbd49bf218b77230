from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from questions.models import Question
from quizzes.models import Attempt, Feedback, ItemStatistics
from quizzes.queries.peers import PeerChoices, peer_choices
from quizzes.services import check_response, finish_attempt
from tests.factories import NOW, make_attempt, make_question, make_quiz

COUNTS = {"A": 6, "B": 31, "C": 20, "D": 0}


def make_statistics(question: Question, n: int = 57) -> None:
    shares = {
        label: {"count": count, "share": count / 57, "discrimination": None, "top_share": None}
        for label, count in COUNTS.items()
    }
    ItemStatistics.objects.create(question=question, n=n, facility=31 / 57, option_statistics=shares, computed_at=NOW)


@pytest.fixture
def question(db: None) -> Question:
    return make_question()


def test_shares_are_percent_of_the_first_answers(question: Question) -> None:
    make_statistics(question)
    assert peer_choices(question) == PeerChoices(57, {"A": 11, "B": 54, "C": 35, "D": 0})


@pytest.mark.parametrize(("n", "is_told"), [(19, False), (20, True)])
def test_fewer_than_twenty_answers_tell_nothing(question: Question, n: int, is_told: bool) -> None:
    make_statistics(question, n)
    assert (peer_choices(question) is not None) is is_told


def test_question_without_statistics_tells_nothing(question: Question) -> None:
    assert peer_choices(question) is None


# On the page


def body_of(client: Client, attempt: Attempt) -> str:
    return client.get(f"/attempts/{attempt.code}/questions/1/", follow=True).content.decode()


@pytest.mark.parametrize("feedback", [Feedback.AFTER_EACH, Feedback.AT_END])
def test_no_share_before_the_rationales(
    candidate_client: Client, candidate: User, question: Question, feedback: str
) -> None:
    make_statistics(question)
    quiz = make_quiz(author=candidate, feedback=feedback, question_count=1)
    body = body_of(candidate_client, make_attempt(candidate, question, quiz=quiz))
    assert [word for word in ("first answers", "option-share", "54 %") if word in body] == []


def test_every_option_has_its_share_after_the_check(
    candidate_client: Client, candidate: User, question: Question
) -> None:
    make_statistics(question)
    attempt = make_attempt(candidate, question)
    check_response(response=attempt.responses.get(), label="B", now=NOW)
    body = body_of(candidate_client, attempt)
    assert [body.count(f">{percent} % of 57 first answers<") for percent in (11, 54, 35, 0)] == [1, 1, 1, 1]


def test_every_option_has_its_share_in_the_review(
    candidate_client: Client, candidate: User, question: Question
) -> None:
    make_statistics(question)
    quiz = make_quiz(author=candidate, feedback=Feedback.AT_END, question_count=1)
    body = body_of(candidate_client, finish_attempt(attempt=make_attempt(candidate, question, quiz=quiz), now=NOW))
    assert body.count('class="option-share"') == 4


def test_checked_page_with_few_answers_has_no_share(
    candidate_client: Client, candidate: User, question: Question
) -> None:
    make_statistics(question, 19)
    attempt = make_attempt(candidate, question)
    check_response(response=attempt.responses.get(), label="B", now=NOW)
    assert "option-share" not in body_of(candidate_client, attempt)
