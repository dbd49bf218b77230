from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from quizzes.models import Attempt, Feedback, Quiz
from tests.factories import COMPETENCIES, NOW, make_blueprint, make_mock_question, make_question

URL = "/practice/short-mock/"


@pytest.fixture(autouse=True)
def _clock(set_clock: Callable[[datetime], None]) -> None:
    set_clock(NOW)


@pytest.fixture
def bank(db: None) -> None:
    make_blueprint(item_count=20, MET=40, CUL=60)
    for competency in ("MET", "CUL"):
        for number in range(1, 8):
            make_question(f"{competency}-K{number}.1")
            make_mock_question(f"{competency}-K{number}.1")


def form(size: str = "half", code: str = "") -> dict[str, str]:
    return {"code": code or str(uuid4()), "size": size}


def said(response: HttpResponse) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("size", "title", "counts", "minutes"),
    [
        ("mini", "Mini mock: 5 questions", {"MET": 2, "CUL": 3}, 45),
        ("half", "Half mock: 10 questions", {"MET": 4, "CUL": 6}, 90),
    ],
)
def test_a_part_of_the_exam_has_its_weights_and_its_pace(
    candidate_client: Client, bank: None, size: str, title: str, counts: dict[str, int], minutes: int
) -> None:
    response = candidate_client.post(URL, form(size))
    attempt = Attempt.objects.select_related("quiz").get()
    assert response["Location"] == f"/attempts/{attempt.code}/questions/1/"
    assert (attempt.quiz.title, attempt.quiz.kind, attempt.feedback, attempt.deadline_at) == (
        title, Quiz.Kind.PRACTICE, Feedback.AT_END, NOW + timedelta(minutes=minutes),
    )  # fmt: skip
    codes = attempt.responses.values_list("question__objective__statement__competency__code", flat=True)
    assert Counter(codes) == counts


def test_it_never_draws_a_sealed_question(candidate_client: Client, bank: None) -> None:
    candidate_client.post(URL, form())
    assert set(Attempt.objects.get().responses.values_list("question__pool", flat=True)) == {"practice"}


def test_extra_time_is_added(candidate_client: Client, candidate: User, bank: None) -> None:
    candidate.extra_time_percent = 50
    candidate.save()
    candidate_client.post(URL, form("mini"))
    assert Attempt.objects.get().deadline_at == NOW + timedelta(minutes=68)


def test_twice_with_one_key_is_one_quiz(candidate_client: Client, bank: None) -> None:
    data = form()
    assert candidate_client.post(URL, data)["Location"] == candidate_client.post(URL, data)["Location"]
    assert (Quiz.objects.count(), Attempt.objects.count()) == (1, 1)


def test_what_the_practice_pool_lacks_is_said(candidate_client: Client, db: None) -> None:
    make_blueprint(item_count=8, MET=50, CUL=50)
    for number in range(1, 8):
        make_question(f"MET-K{number}.1")
    response = candidate_client.post(URL, form())
    assert response["Location"] == "/practice/"
    assert said(response) == [f"The practice pool has 0 of 2 questions for {COMPETENCIES['CUL']}."]
    assert Attempt.objects.count() == 0


@pytest.mark.parametrize(("field", "value"), [("size", "whole"), ("size", "\x00"), ("size", ""), ("code", "no-uuid")])
def test_bad_input_starts_nothing(candidate_client: Client, bank: None, field: str, value: str) -> None:
    response = candidate_client.post(URL, {**form(), field: value})
    assert (response["Location"], said(response)) == ("/practice/", ["That could not be started. Choose again."])
    assert Attempt.objects.count() == 0


def test_without_an_edition_nothing_starts(candidate_client: Client) -> None:
    make_question()
    assert candidate_client.post(URL, form())["Location"] == "/practice/"
    assert Attempt.objects.count() == 0


def test_an_edition_too_short_to_cut_starts_nothing(candidate_client: Client) -> None:
    make_blueprint(item_count=3, MET=100)
    make_question()
    assert candidate_client.post(URL, form("mini"))["Location"] == "/practice/"
    assert Attempt.objects.count() == 0


def test_a_key_of_somebody_else_gives_nothing_of_theirs(
    candidate_client: Client, other_client: Client, bank: None
) -> None:
    data = form()
    other_client.post(URL, data)
    assert candidate_client.post(URL, data)["Location"] == "/practice/"
    assert Attempt.objects.count() == 1


def test_anonymous_is_sent_to_sign_in(client: Client, db: None) -> None:
    assert client.post(URL, form())["Location"] == f"/accounts/login/?next={URL}%3Funsent"


def test_other_methods_are_refused(candidate_client: Client) -> None:
    assert candidate_client.get(URL).status_code == 405
