"""What a test does in the exam room, and what it reads there."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from quizzes.models import Attempt
from tests.factories import make_mock_attempt
from tests.routing import intercept

FAILED_REQUEST = "Failed to load resource"
CHANGED_ELSEWHERE = "Question 1 was changed in another tab or on another device. It now shows what was chosen there: D."


def make_exam(candidate: User, *, seconds: int = 3 * 3600, count: int = 6) -> Attempt:
    now = timezone.now()
    return make_mock_attempt(candidate, count=count, started_at=now, deadline_at=now + timedelta(seconds=seconds))


def ready(page: Page) -> None:
    page.wait_for_selector("body[data-ready]")


def choose(page: Page, letter: str) -> None:
    page.locator(".exam-question:visible .option", has_text=re.compile(rf"^\s*{letter}\b")).click()


def part(page: Page, name: str) -> Any:
    return page.locator(f"[data-part={name}]")


def expect_saved(page: Page) -> None:
    expect(part(page, "status")).to_have_text("Saved")


def expect_waiting(page: Page, count: int) -> None:
    words = "1 answer" if count == 1 else f"{count} answers"
    expect(part(page, "status")).to_contain_text(f"Not saved yet: {words} waiting, trying again")


def saved_labels(attempt: Attempt) -> str:
    """One label per question, with a dot for an unanswered one."""
    return "".join(
        label or "." for label in attempt.responses.order_by("position").values_list("selected_label", flat=True)
    )


def stored(page: Page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('exam-answer:'))")


def fail_answers(page: Page, status: int = 503) -> None:
    intercept(page, "**/answers/", lambda route: route.fulfill(status=status, body="down"))


def let_answers_through(page: Page) -> None:
    page.unroute("**/answers/")


def settle_answers_with(page: Page, status: int) -> None:
    """As another device's later choice of D does (409), or an answer that the server cannot take (422)."""
    state = {"sequence": 9, "label": "B", "is_flagged": False, "remaining_seconds": None}
    intercept(
        page, "**/answers/", lambda route: route.fulfill(status=status, json={"error": "It is no answer.", **state})
    )
    page.evaluate("dispatchEvent(new Event('online'))")


def make_clock_doubt(page: Page) -> None:
    """As if the computer had slept: the page asks the server for the time left."""
    page.evaluate("() => { const now = Date.now; Date.now = () => now() + 3_600_000 }")


def lose_the_answer(route: Route) -> None:
    """It arrives, and nobody here learns of it."""
    route.fetch()
    route.abort()


def accept_dialogs(page: Page) -> None:
    """Leaving with unsaved answers asks first; the person leaves all the same."""
    page.on("dialog", lambda dialog: dialog.accept())


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="Review").click()
    end_exam(page)


def end_exam(page: Page) -> None:
    """From the review screen; what is not saved yet keeps the dialog open."""
    page.get_by_role("button", name="End exam").click()
    page.get_by_role("dialog", name="End the exam?").get_by_role("button", name="End exam").click()
