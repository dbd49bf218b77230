from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import IntegrityError
from django.test import Client

from accounts.models import User
from questions.models import Question
from quizzes.models import Attempt, Feedback, Quiz
from quizzes.services import finish_attempt
from tests.factories import NOW, TODAY, make_attempt, make_blueprint, make_question, make_quiz

URL = "/practice/daily/"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _clock(set_clock: Callable[[datetime], None]) -> None:
    set_clock(NOW)


@pytest.fixture
def bank(db: None) -> None:
    """Nine of each, of which three tenths and seven tenths are asked."""
    make_blueprint(MET=30, CUL=70)
    for competency in ("MET", "CUL"):
        for number in range(1, 10):
            make_question(f"{competency}-K{number}.1")


def test_ten_questions_at_the_weights_of_the_exam(candidate_client: Client, candidate: User, bank: None) -> None:
    response = candidate_client.post(URL)
    attempt = Attempt.objects.select_related("quiz").get()
    assert response["Location"] == f"/attempts/{attempt.code}/"
    quiz = attempt.quiz
    assert (quiz.title, quiz.daily_on, quiz.author, quiz.feedback) == (
        "Daily ten, 2 March", TODAY, candidate, Feedback.AFTER_EACH,
    )  # fmt: skip
    codes = attempt.responses.values_list("question__objective__statement__competency__code", flat=True)
    assert Counter(codes) == {"MET": 3, "CUL": 7}


def test_new_questions_come_first(candidate_client: Client, candidate: User, bank: None) -> None:
    seen = Question.objects.filter(objective__code__in=["MET-K1.1", "MET-K2.1", "CUL-K1.1", "CUL-K2.1"])
    make_attempt(candidate, *seen, state="graded", submitted_at=NOW)
    candidate_client.post(URL)
    drawn = Attempt.objects.get(state="in_progress").responses.values_list("question", flat=True)
    assert set(drawn) & {question.pk for question in seen} == set()


def test_every_start_of_a_day_leads_to_the_same_ten(candidate_client: Client, bank: None) -> None:
    first = candidate_client.post(URL)["Location"]
    assert candidate_client.post(URL)["Location"] == first
    finish_attempt(attempt=Attempt.objects.get(), now=NOW)
    assert candidate_client.post(URL)["Location"] == first
    assert (Quiz.objects.count(), Attempt.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("zone", "hours", "on"),
    [
        ("UTC", 15.9, date(2026, 3, 2)),
        ("UTC", 16, date(2026, 3, 3)),
        ("America/New_York", 20, date(2026, 3, 2)),
        ("Asia/Tokyo", 7, date(2026, 3, 3)),
    ],
)
def test_the_day_ends_at_four_where_the_candidate_is(
    candidate_client: Client, candidate: User, bank: None, set_clock: Callable[[datetime], None],
    zone: str, hours: float, on: date,
) -> None:  # fmt: skip
    candidate.time_zone = zone
    candidate.save()
    set_clock(NOW + hours * HOUR)
    candidate_client.post(URL)
    assert Quiz.objects.get().daily_on == on


def test_tomorrow_has_ten_of_its_own(
    candidate_client: Client, bank: None, set_clock: Callable[[datetime], None]
) -> None:
    first = candidate_client.post(URL)["Location"]
    set_clock(NOW + 24 * HOUR)
    assert candidate_client.post(URL)["Location"] != first
    assert sorted(Quiz.objects.values_list("daily_on", flat=True)) == [TODAY, TODAY + timedelta(days=1)]


def test_the_database_holds_one_a_day(candidate: User) -> None:
    make_quiz(author=candidate, daily_on=TODAY)
    with pytest.raises(IntegrityError):
        make_quiz(author=candidate, daily_on=TODAY)


def test_two_candidates_have_ten_each(candidate_client: Client, other_client: Client, bank: None) -> None:
    candidate_client.post(URL)
    other_client.post(URL)
    assert (Quiz.objects.count(), Attempt.objects.count()) == (2, 2)


def test_a_bank_that_cannot_fill_every_area_gives_what_it_has(candidate_client: Client, db: None) -> None:
    make_blueprint(MET=50, STR=50)
    for number in range(1, 5):
        make_question(f"MET-K{number}.1")
    candidate_client.post(URL)
    assert Attempt.objects.get().question_count == 4


def test_an_empty_bank_is_said(candidate_client: Client) -> None:
    response = candidate_client.post(URL)
    assert response["Location"] == "/practice/"
    assert [str(message) for message in get_messages(response.wsgi_request)] == [
        "The bank has no practice question yet."
    ]


def test_anonymous_is_sent_to_sign_in(client: Client, db: None) -> None:
    assert client.post(URL)["Location"] == f"/accounts/login/?next={URL}%3Funsent"


def test_other_methods_are_refused(candidate_client: Client) -> None:
    assert candidate_client.get(URL).status_code == 405
