"""Practice that is explained at the end: answers are saved, and the question left with them or not."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import User
from quizzes.models import Answer, Attempt, Feedback
from reviews.models import ReviewLog
from tests.factories import NOW
from tests.quizzes.views.question_page import HTMX, SECRETS, choice, start, texts_of, url_of


@pytest.fixture(autouse=True)
def _clock(set_clock: Callable[[datetime], None]) -> None:
    set_clock(NOW)


@pytest.fixture
def late(candidate: User) -> Attempt:
    """With feedback at the end."""
    return start(candidate, feedback=Feedback.AT_END)


# Saved by leaving


def test_save_leads_to_the_next_question_and_tells_nothing(candidate_client: Client, late: Attempt) -> None:
    response = candidate_client.post(url_of(late), choice("D", confidence="guess"), follow=True)
    assert response.redirect_chain == [(url_of(late, 2), 302)]
    assert [word for word in SECRETS if word in response.content.decode()] == []
    stored = late.responses.get(position=1)
    assert (stored.selected_label, stored.confidence, stored.is_correct, stored.checked_at) == (
        "D", "guess", None, None,
    )  # fmt: skip
    assert ReviewLog.objects.count() == 0


def test_saved_answer_is_shown_again_and_can_be_changed(candidate_client: Client, late: Attempt) -> None:
    candidate_client.post(url_of(late), choice("D"))
    response = candidate_client.get(url_of(late))
    assert [option.label for option in response.context["page"].question.options if option.is_chosen] == ["D"]
    assert response.context["form"].initial["sequence"] == 2
    candidate_client.post(url_of(late), choice("A", sequence=2))
    assert late.responses.get(position=1).selected_label == "A"


def test_save_without_a_choice_skips(candidate_client: Client, late: Attempt) -> None:
    response = candidate_client.post(url_of(late), choice("", is_flagged="on"))
    assert response["Location"] == url_of(late, 2)
    stored = late.responses.get(position=1)
    assert (stored.selected_label, stored.is_flagged) == ("", True)


def test_save_of_the_last_question_leads_to_the_way_out(candidate_client: Client, late: Attempt) -> None:
    response = candidate_client.post(url_of(late, 3), choice())
    assert response["Location"] == f"/attempts/{late.code}/submit/"


def test_htmx_gets_the_next_question_in_one_round_trip(candidate_client: Client, late: Attempt) -> None:
    response = candidate_client.post(url_of(late), choice(), headers=HTMX)
    body = response.content.decode().strip()
    assert (response.status_code, response["HX-Push-Url"]) == (200, url_of(late, 2))
    assert body.startswith('<div class="asked" id="asked"')
    assert re.findall(r"(Question \d|\d of 3 answered)<?", body)[:2] == ["Question 2", "1 of 3 answered"]
    assert late.responses.get(position=1).selected_label == "B"


def test_htmx_is_led_to_the_end_behind_the_last_question(candidate_client: Client, late: Attempt) -> None:
    response = candidate_client.post(url_of(late, 3), choice(), headers=HTMX)
    assert (response.status_code, response["HX-Redirect"]) == (200, f"/attempts/{late.code}/submit/")


def test_save_twice_with_one_key_is_one_answer(candidate_client: Client, late: Attempt) -> None:
    data = choice("D")
    first, second = candidate_client.post(url_of(late), data), candidate_client.post(url_of(late), data)
    assert first["Location"] == second["Location"] == url_of(late, 2)
    assert Answer.objects.count() == 1


def test_save_from_an_older_page_keeps_the_newer_answer_and_says_so(candidate_client: Client, late: Attempt) -> None:
    candidate_client.post(url_of(late), choice("D", sequence=1))
    response = candidate_client.post(url_of(late), choice("A", sequence=1))
    assert response["Location"] == url_of(late)
    assert texts_of(response) == ["This question was answered elsewhere in the meantime. The newer answer is kept."]
    assert late.responses.get(position=1).selected_label == "D"


def test_save_with_the_key_of_another_answer_is_refused_with_a_sentence(
    candidate_client: Client, late: Attempt
) -> None:
    key = str(uuid4())
    candidate_client.post(url_of(late, 1), choice("D", key=key))
    response = candidate_client.post(url_of(late, 2), choice("A", key=key))
    assert texts_of(response) == ["This answer's key was used for another answer. Choose the option again."]
    assert late.responses.get(position=2).selected_label == ""


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"label": "E"}, "That is no option of this question."),
        ({"key": "no-uuid"}, "Open the question again to answer it."),
        ({"key": ""}, "Open the question again to answer it."),
        ({"sequence": "0"}, "Open the question again to answer it."),
        ({"sequence": "9" * 300}, "Open the question again to answer it."),
        ({"sequence": ""}, "Open the question again to answer it."),
    ],
)
def test_save_refuses_with_a_sentence(
    candidate_client: Client, late: Attempt, data: dict[str, str], sentence: str
) -> None:
    response = candidate_client.post(url_of(late), {**choice(), **data})
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert Answer.objects.count() == 0


# Saved without leaving, as static/js/question-save.js does


def stay(client: Client, attempt: Attempt, label: str = "B", **fields: Any) -> Any:
    return client.post(url_of(attempt), choice(label, stays="1", **fields), headers=HTMX)


def test_save_that_stays_answers_with_the_place_the_tally_and_the_progress(
    candidate_client: Client, late: Attempt
) -> None:
    response = stay(candidate_client, late, "D", is_flagged="on", confidence="guess")
    body = response.content.decode()
    assert re.findall(r'<(\w+)[^>]* id="([^"]+)"[^>]*hx-swap-oob="true"', body) == [
        ("li", "place-1"), ("p", "places-tally"), ("progress", "answered"),
    ]  # fmt: skip
    assert re.findall(r"answered, flagged|1 of 3 answered, 1 flagged", body) == [
        "answered, flagged", "1 of 3 answered, 1 flagged",
    ]  # fmt: skip
    assert "Stem" not in body
    stored = late.responses.get(position=1)
    assert (stored.selected_label, stored.is_flagged, stored.confidence, stored.sequence) == ("D", True, "guess", 1)


def test_save_that_stays_comes_twice_as_one_answer(candidate_client: Client, late: Attempt) -> None:
    key = str(uuid4())
    answers = [stay(candidate_client, late, "D", key=key) for _ in range(2)]
    assert [("HX-Redirect" in answer.headers, answer.status_code) for answer in answers] == [(False, 200)] * 2
    assert (Answer.objects.count(), late.responses.get(position=1).seconds) == (1, 7)


def test_answer_that_is_taken_is_named_in_a_header(candidate_client: Client, late: Attempt) -> None:
    keys = [str(uuid4()) for _ in range(3)]
    answers = [
        stay(candidate_client, late, "D", key=keys[0]),
        candidate_client.post(url_of(late, 2), choice(key=keys[1]), headers=HTMX),
        candidate_client.post(url_of(late, 3), choice(key=keys[2]), headers=HTMX),
        stay(candidate_client, late, "A"),
    ]
    assert [answer.headers.get("Answer-Key") for answer in answers] == [*keys, None]


def test_save_that_stays_within_the_grace_counts_and_leaves_the_end_to_the_clock(
    candidate_client: Client, candidate: User, set_clock: Callable[[datetime], None]
) -> None:
    attempt = start(candidate, feedback=Feedback.AT_END, deadline_at=NOW)
    set_clock(NOW + timedelta(seconds=5))
    response = stay(candidate_client, attempt, "D")
    attempt.refresh_from_db()
    assert ("HX-Redirect" in response.headers, attempt.is_open) == (False, True)
    assert attempt.responses.get(position=1).selected_label == "D"


def test_save_that_stays_takes_the_same_queries_whatever_the_number_of_questions(
    candidate_client: Client, candidate: User, django_assert_num_queries: Any
) -> None:
    for count in (1, 3, 9):
        attempt = start(candidate, count, feedback=Feedback.AT_END)
        with django_assert_num_queries(9):
            stay(candidate_client, attempt)


def test_save_that_stays_is_refused_by_its_status_alone(candidate_client: Client, late: Attempt) -> None:
    response = stay(candidate_client, late, "E")
    assert (response.status_code, Answer.objects.count()) == (422, 0)


def test_save_that_stays_from_an_older_page_leads_to_the_newer_answer_and_says_so(
    candidate_client: Client, late: Attempt
) -> None:
    candidate_client.post(url_of(late), choice("D"))
    response = stay(candidate_client, late, "A")
    assert response["HX-Redirect"] == url_of(late)
    assert texts_of(response) == ["This question was answered elsewhere in the meantime. The newer answer is kept."]


def test_save_that_stays_in_a_finished_quiz_leads_to_the_result_and_says_so(
    candidate_client: Client, late: Attempt
) -> None:
    Attempt.objects.update(state="graded", submitted_at=NOW, raw_score=0)
    response = stay(candidate_client, late)
    assert response["HX-Redirect"] == f"/attempts/{late.code}/"
    assert texts_of(response) == ["This quiz is finished; answers are no longer taken."]


def test_learning_mode_is_checked_and_nothing_stays(candidate_client: Client, candidate: User) -> None:
    attempt = start(candidate)
    body = stay(candidate_client, attempt).content.decode()
    assert body.strip().startswith('<div class="asked" id="asked"')
    assert attempt.responses.get(position=1).is_correct is True
