"""The exam room, entered: `room` is its page with the open `attempt` of six questions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from accounts.models import User
from quizzes.models import Attempt
from tests.e2e.room import make_exam, ready


@pytest.fixture
def attempt(candidate: User) -> Attempt:
    return make_exam(candidate)


@pytest.fixture
def enter(live_server: Any, sign_in: Callable[[Page, User], None], candidate: User) -> Callable[[Page, Attempt], None]:
    """enter(page, attempt): signed in, in the exam room, ready."""

    def run(page: Page, attempt: Attempt) -> None:
        sign_in(page, candidate)
        page.goto(f"{live_server.url}/attempts/{attempt.code}/exam/")
        ready(page)

    return run


@pytest.fixture
def room(browser_page: Page, attempt: Attempt, enter: Callable[[Page, Attempt], None]) -> Page:
    enter(browser_page, attempt)
    return browser_page
