"""A result in a real browser: one tap says why, the counts follow, and the page holds still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from quizzes.models import Attempt, Feedback, Response
from quizzes.services import finish_attempt
from tests.factories import make_attempt, make_question, make_quiz

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def attempt(candidate: User) -> Attempt:
    """Eight questions with everything that a result shows: half of them sure and wrong."""
    now = timezone.now()
    questions = [make_question(f"{code}-K{n}.1") for code in ("MET", "CUL") for n in range(1, 5)]
    quiz = make_quiz(author=candidate, question_count=8, feedback=Feedback.AT_END)
    attempt = make_attempt(candidate, *questions, quiz=quiz, started_at=now - timedelta(minutes=9))
    for position in range(1, 9):
        Response.objects.filter(attempt=attempt, position=position).update(
            selected_label="BD"[position % 2], confidence="sure", seconds=20 * position
        )
    return finish_attempt(attempt=attempt, now=now)


def test_reason_takes_one_key_press_and_keeps_the_place(
    live_server: Any, browser_page: Page, sign_in: Callable[[Page, User], None], candidate: User, attempt: Attempt
) -> None:
    sign_in(browser_page, candidate)
    browser_page.goto(f"{live_server.url}/attempts/{attempt.code}/")
    browser_page.wait_for_load_state()
    expect(browser_page.locator("#reasons")).to_contain_text("4 wrong. Why, you have not said yet.")
    height = browser_page.evaluate("document.documentElement.scrollHeight")

    browser_page.locator("#reason-1-misread").press("Enter")

    expect(browser_page.locator("#reason-1-misread")).to_have_attribute("aria-pressed", "true")
    expect(browser_page.locator("#reason-1-misread")).to_be_focused()
    expect(browser_page.locator("#reasons")).to_contain_text("4 wrong: 1 misread, 3 not said yet.")
    assert browser_page.evaluate("document.documentElement.scrollHeight") == height
    assert attempt.responses.get(position=1).miss_reason == "misread"


@pytest.mark.parametrize("path", ["", "questions/?show=sure-wrong"])
def test_full_result_is_accessible(
    live_server: Any,
    browser_page: Page,
    sign_in: Callable[[Page, User], None],
    candidate: User,
    attempt: Attempt,
    axe_in_all_looks: Callable[[Page], None],
    path: str,
) -> None:
    sign_in(browser_page, candidate)
    browser_page.goto(f"{live_server.url}/attempts/{attempt.code}/{path}")
    axe_in_all_looks(browser_page)
