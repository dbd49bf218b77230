"""What a test does in the exam room, and what it reads there."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from quizzes.models import Attempt
from tests.factories import make_mock_attempt

FAILED_REQUEST = "Failed to load resource"


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
    page.route("**/answers/", lambda route: route.fulfill(status=status, body="down"))


def let_answers_through(page: Page) -> None:
    page.unroute("**/answers/")


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
