from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from quizzes.models import Attempt, Response, StatusReset
from reviews.models import Card, ReviewLog
from tests.factories import NOW, make_attempt, make_question, make_quiz
from tests.reviews.builders import review

URL = "/practice/reset/"
UNDO = "/practice/reset/undo/"
CONFIRMED = {"is_confirmed": "on"}
REFUSED = "That reset is taken back already, or its day is over."
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _clock(set_clock: Callable[[datetime], None]) -> None:
    set_clock(NOW)


@pytest.fixture
def seen(candidate: User) -> Attempt:
    """Two questions, one answered wrong and flagged; yesterday."""
    quiz = make_quiz(author=candidate, question_count=2)
    questions = [make_question("MET-K1.1"), make_question("MET-K2.1")]
    attempt = make_attempt(
        candidate, *questions, quiz=quiz, state="graded", started_at=NOW - DAY, submitted_at=NOW - DAY, raw_score=0
    )
    attempt.responses.filter(position=1).update(
        selected_label="A", answered_at=NOW - DAY, is_correct=False, is_flagged=True, sequence=1
    )
    return attempt


def said(response: HttpResponse) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]  # type: ignore[attr-defined]


def undo_of(reset: StatusReset) -> dict[str, str]:
    return {"reset_at": reset.reset_at.isoformat()}


def take_back(client: Client) -> HttpResponse:
    """By the form of the page."""
    [reset_at] = re.findall(r'name="reset_at" value="([^"]+)"', client.get(URL).content.decode())
    response: HttpResponse = client.post(UNDO, {"reset_at": reset_at})
    return response


def test_page_says_how_much_counts_as_seen(candidate_client: Client, seen: Attempt) -> None:
    response = candidate_client.get(URL)
    assert (response.status_code, response.context["seen"]) == (200, 2)
    assert StatusReset.objects.count() == 0


def test_page_without_anything_seen_says_so(candidate_client: Client) -> None:
    assert "Nothing to reset" in candidate_client.get(URL).content.decode()


def test_reset_makes_every_question_unseen(candidate_client: Client, candidate: User, seen: Attempt) -> None:
    response = candidate_client.post(URL, CONFIRMED)
    assert (response["Location"], said(response)) == (URL, ["Every question counts as not seen from now on."])
    reset = StatusReset.objects.get()
    assert (reset.candidate, reset.reset_at) == (candidate, NOW)
    boxes = candidate_client.get("/practice/").context["status_choices"]
    assert {box.code: box.note for box in boxes} == {"unseen": "2", "missed": "0", "unsure": "0", "flagged": "0"}


def test_reset_keeps_results_reviews_and_memory(candidate_client: Client, candidate: User, seen: Attempt) -> None:
    review(candidate, seen.responses.first().question, at=NOW - DAY, is_from_review=True)  # type: ignore[union-attr]

    def kept() -> list[list[Any]]:
        return [list(model.objects.values()) for model in (Attempt, Response, ReviewLog, Card)]  # type: ignore[attr-defined]

    before = kept()
    candidate_client.post(URL, CONFIRMED)
    assert kept() == before


def test_reset_without_the_tick_is_refused_with_a_sentence(candidate_client: Client, seen: Attempt) -> None:
    for data in ({}, {"is_confirmed": ""}, {"is_confirmed": "false"}):
        response = candidate_client.post(URL, data)
        assert response.status_code == 200
        assert "Tick the box to confirm the reset." in response.content.decode()
    assert StatusReset.objects.count() == 0


def test_reset_twice_is_one(candidate_client: Client, seen: Attempt) -> None:
    candidate_client.post(URL, CONFIRMED)
    response = candidate_client.post(URL, CONFIRMED)
    assert said(response)[-1] == "There is nothing to reset: no question was seen since the last reset."
    assert StatusReset.objects.count() == 1


def test_undo_puts_everything_back(candidate_client: Client, seen: Attempt) -> None:
    candidate_client.post(URL, CONFIRMED)
    assert "Take the reset back" in candidate_client.get(URL).content.decode()
    response = take_back(candidate_client)
    assert said(response)[-1] == "The reset is taken back. Your questions are as they were."
    boxes = candidate_client.get("/practice/").context["status_choices"]
    assert {box.code: box.note for box in boxes} == {"unseen": "0", "missed": "1", "unsure": "0", "flagged": "1"}


def test_undo_takes_the_newest_back_and_none_of_an_earlier_day(
    candidate_client: Client, candidate: User, seen: Attempt
) -> None:
    earlier = StatusReset.objects.create(candidate=candidate, reset_at=NOW - 2 * DAY)
    StatusReset.objects.create(candidate=candidate, reset_at=NOW)
    take_back(candidate_client)
    assert list(StatusReset.objects.all()) == [earlier]
    assert said(candidate_client.post(UNDO, undo_of(earlier)))[-1] == REFUSED
    assert list(StatusReset.objects.all()) == [earlier]


def test_undo_pressed_twice_takes_no_earlier_reset_of_the_day_back(
    candidate_client: Client, candidate: User, seen: Attempt
) -> None:
    earlier = StatusReset.objects.create(candidate=candidate, reset_at=NOW - timedelta(hours=1))
    newest = StatusReset.objects.create(candidate=candidate, reset_at=NOW)
    responses = [candidate_client.post(UNDO, undo_of(newest)) for _ in range(2)]
    assert said(responses[1])[-1] == REFUSED
    assert list(StatusReset.objects.all()) == [earlier]


@pytest.mark.parametrize("reset_at", ["", "\x00", "now", "9" * 400, "0001-01-01T00:00:00+14:00"])
def test_undo_of_what_is_no_moment_changes_nothing(
    candidate_client: Client, candidate: User, seen: Attempt, reset_at: str
) -> None:
    StatusReset.objects.create(candidate=candidate, reset_at=NOW)
    assert said(candidate_client.post(UNDO, {"reset_at": reset_at}))[-1] == REFUSED
    assert StatusReset.objects.count() == 1


def test_undo_takes_nothing_of_somebody_else_back(
    candidate_client: Client, other_candidate: User, seen: Attempt
) -> None:
    candidate_client.post(UNDO, undo_of(StatusReset.objects.create(candidate=other_candidate, reset_at=NOW)))
    assert StatusReset.objects.count() == 1


def test_only_what_came_after_the_reset_is_seen(candidate_client: Client, candidate: User, seen: Attempt) -> None:
    fresh = make_question("MET-K3.1")
    make_attempt(candidate, fresh, started_at=NOW)
    StatusReset.objects.create(candidate=candidate, reset_at=NOW - timedelta(hours=1))
    assert candidate_client.get("/practice/", {"statuses": "unseen"}).context["matching"].count == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_page_takes_the_same_queries_whatever_there_is(
    candidate_client: Client, candidate: User, django_assert_num_queries: Any, rows: int
) -> None:
    for number in range(rows):
        make_attempt(candidate, make_question(f"MET-K{number + 1}.1"))
        StatusReset.objects.create(candidate=candidate, reset_at=NOW - (number + 1) * DAY)
    with django_assert_num_queries(6):
        candidate_client.get(URL)


@pytest.mark.parametrize("url", [URL, UNDO])
def test_anonymous_is_sent_to_sign_in(client: Client, db: None, url: str) -> None:
    assert client.post(url, CONFIRMED)["Location"] == f"/accounts/login/?next={url}%3Funsent"


def test_other_methods_are_refused(candidate_client: Client) -> None:
    assert candidate_client.delete(URL).status_code == 405
    assert candidate_client.get(UNDO).status_code == 405
