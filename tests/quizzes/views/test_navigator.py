"""A question that takes another's place brings of the navigator what the page does not show yet."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.models import User
from quizzes.models import Attempt, Feedback
from tests.quizzes.views.question_page import HTMX, choice, start, url_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt(candidate: User) -> Attempt:
    return start(candidate, 4)


def shows(marks: str) -> dict[str, str]:
    return {**HTMX, "Places-Shown": marks}


def told(body: str) -> list[tuple[str, str]]:
    """Position and words of the places that are swapped out of turn."""
    return re.findall(r'<li id="place-(\d+)" hx-swap-oob="true">.*?<span class="visually-hidden">, ([^<]*)<', body)


def test_page_says_what_its_navigator_shows(candidate_client: Client, attempt: Attempt) -> None:
    candidate_client.post(url_of(attempt, 1), choice("B"))
    candidate_client.post(url_of(attempt, 2), choice("C", is_flagged="on"))
    body = candidate_client.get(url_of(attempt, 3)).content.decode()
    assert re.findall(r'data-marks="([^"]*)"', body) == ["rW.o"]


def test_next_question_brings_the_place_that_was_left_and_its_own(candidate_client: Client, attempt: Attempt) -> None:
    body = candidate_client.get(url_of(attempt, 2), headers=shows(".ooo")).content.decode()
    assert told(body) == [("1", "not answered"), ("2", "not answered")]
    assert re.findall(r'href="[^"]*/questions/(\d)/" aria-current="page"', body) == ["2"]


def test_verdict_brings_its_own_place(candidate_client: Client, attempt: Attempt) -> None:
    body = candidate_client.post(url_of(attempt), choice("B"), headers=shows(".ooo")).content.decode()
    assert told(body) == [("1", "right")]


def test_answer_explained_at_the_end_brings_its_place_with_the_next(candidate_client: Client, candidate: User) -> None:
    attempt = start(candidate, feedback=Feedback.AT_END)
    body = candidate_client.post(url_of(attempt), choice("B"), headers=shows(".oo")).content.decode()
    assert told(body) == [("1", "answered"), ("2", "not answered")]


def test_what_another_tab_changed_is_brought_too(candidate_client: Client, attempt: Attempt) -> None:
    candidate_client.post(url_of(attempt, 4), choice("C"))
    body = candidate_client.get(url_of(attempt, 2), headers=shows(".ooo")).content.decode()
    assert told(body) == [("1", "not answered"), ("2", "not answered"), ("4", "wrong")]


@pytest.mark.parametrize("headers", [HTMX, shows(""), shows(".oo"), shows(".oooo")], ids=str)
def test_all_of_it_comes_where_it_is_not_known_what_is_shown(
    candidate_client: Client, attempt: Attempt, headers: dict[str, str]
) -> None:
    body = candidate_client.get(url_of(attempt, 2), headers=headers).content.decode()
    assert (body.count('<nav id="places"'), body.count('<li id="place-'), told(body)) == (1, 4, [])
    assert re.findall(r'id="([\w-]+)"[^>]* hx-swap-oob="true"', body) == ["places", "places-tally", "ways"]


def test_unknown_marks_bring_every_place(candidate_client: Client, attempt: Attempt) -> None:
    body = candidate_client.get(url_of(attempt, 2), headers=shows("\xff<x>")).content.decode()
    assert [position for position, _ in told(body)] == ["1", "2", "3", "4"]
