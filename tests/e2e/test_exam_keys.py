"""The exam room without a pointer."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from quizzes.models import Attempt
from tests.e2e.room import expect_saved, part, ready, saved_labels
from tests.factories import make_blueprint, make_mock_question

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[[Page, User], None]


def test_keyboard_alone_is_enough(room: Page, attempt: Attempt) -> None:
    room.keyboard.press("b")
    room.keyboard.press("n")
    room.keyboard.press("4")
    room.keyboard.press("f")
    room.keyboard.press("n")
    room.keyboard.press("p")
    expect(part(room, "counter")).to_contain_text("Question 2 of 6")
    room.keyboard.press("?")
    expect(room.get_by_role("dialog", name="Keys")).to_be_visible()
    room.keyboard.press("a")
    room.keyboard.press("Escape")
    room.keyboard.press("p")
    room.keyboard.press("n")
    room.keyboard.press("Tab")
    room.keyboard.press("ArrowUp")
    expect_saved(room)
    assert saved_labels(attempt) == "AD...."
    room.keyboard.press("r")
    expect(part(room, "summary")).to_have_text("2 of 6 answered, 4 unanswered, 1 flagged.")
    room.keyboard.press("r")
    expect(part(room, "counter")).to_contain_text("Question 2 of 6")
    room.keyboard.press("r")
    end = room.get_by_role("button", name="End exam")
    end.focus()
    room.keyboard.press("Enter")
    room.keyboard.press("Tab")
    expect(room.get_by_role("dialog").get_by_role("button", name="End exam")).to_be_focused()
    room.keyboard.press("Enter")
    room.wait_for_url(f"**{attempt.get_absolute_url()}")


def test_single_keys_can_be_switched_off(room: Page, attempt: Attempt) -> None:
    room.get_by_role("button", name="Keys").click()
    room.get_by_label("Single keys are on").click()
    room.keyboard.press("Escape")
    room.keyboard.press("b")
    room.keyboard.press("n")
    room.reload()
    ready(room)
    room.keyboard.press("b")
    expect(part(room, "counter")).to_have_text("Question 1 of 6")
    expect(part(room, "status")).to_have_text("Nothing to save yet")
    assert saved_labels(attempt) == "......"


def test_full_mock_of_100_questions_by_keyboard_alone(
    live_server: Any, browser_page: Page, sign_in: SignIn, candidate: User
) -> None:
    make_blueprint("full", item_count=100, MET=100)
    for number in range(1, 101):
        make_mock_question(f"MET-K{number}.1")
    page = browser_page
    sign_in(page, candidate)
    page.goto(f"{live_server.url}/mock/full/start/")
    tab_to(page, "Start the exam")
    page.keyboard.press("Enter")
    ready(page)
    attempt = Attempt.objects.get()
    for number in range(99):
        page.keyboard.press("abcd"[number % 4])
        page.keyboard.press("n")
    expect(part(page, "counter")).to_have_text("Question 100 of 100")
    tab_to(page, "A")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Next")
    page.keyboard.press("Enter")
    expect(part(page, "summary")).to_have_text("100 of 100 answered, 0 unanswered, 0 flagged.")
    expect_saved(page)
    tab_to(page, "End exam")
    page.keyboard.press("Enter")
    tab_to(page, "End exam")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{attempt.get_absolute_url()}")
    attempt.refresh_from_db()
    chosen = [response.option_order.index(response.selected_label) for response in attempt.responses.all()]
    assert (attempt.state, chosen) == (Attempt.State.GRADED, [*(number % 4 for number in range(99)), 1])


def tab_to(page: Page, name: str) -> None:
    """By Tab alone, to the control that begins with this name; every stop on the way shows its focus."""
    look = """() => {
        const focused = document.activeElement;
        const shown = focused.matches('.option > input') ? focused.parentElement : focused;
        return [(focused.labels?.[0] ?? focused).innerText.trim(), getComputedStyle(shown).outlineStyle];
    }"""
    for _ in range(150):
        page.keyboard.press("Tab")
        text, outline = page.evaluate(look)
        assert outline != "none", text
        if re.match(rf"{name}\b", text):
            return
    pytest.fail(f"Tab does not lead to {name}.")
