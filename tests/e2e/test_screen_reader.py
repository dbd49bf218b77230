"""A mock exam as a screen reader meets it: docs/screen-reader.md, step by step, in Chromium's accessibility tree."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from quizzes.models import Attempt
from tests.e2e.room import expect_saved, part, ready
from tests.factories import make_blueprint, make_mock_question

pytestmark = pytest.mark.django_db(transaction=True)

GUIDE = Path(__file__).resolve().parent.parent.parent / "docs" / "screen-reader.md"
STEP = re.compile(r"^## (?P<name>[^\n]+)\n[^#]*?```yaml\n(?P<tree>.*?)```", re.MULTILINE | re.DOTALL)
STEPS = {step["name"]: step["tree"] for step in STEP.finditer(GUIDE.read_text(encoding="utf-8"))}
# Every text that the announcement ever had.
LISTEN = """() => {
    window.announced = [];
    const spoken = document.querySelector('[data-part=announcement]');
    new MutationObserver(() => spoken.textContent && announced.push(spoken.textContent))
        .observe(spoken, {childList: true, characterData: true, subtree: true});
}"""


class Walk:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.left = list(STEPS)

    def at(self, name: str) -> None:
        """The next step of the guide, whose tree is what the page holds now."""
        assert self.left.pop(0) == name
        expect(self.page.locator("body")).to_match_aria_snapshot(STEPS[name])

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)


def test_exam_reads_as_the_guide_says(
    live_server: Any, browser_page: Page, sign_in: Callable[[Page, User], None], candidate: User
) -> None:
    make_blueprint("small", item_count=2, MET=100)
    for number in (1, 2):
        make_mock_question(f"MET-K{number}.1", stem="Which measure fits? The bank has three.")
    page, walk = browser_page, Walk(browser_page)
    sign_in(page, candidate)
    page.goto(f"{live_server.url}/mock/small/start/")
    walk.at("Before the start")
    page.get_by_role("button", name="Start the exam").click()
    ready(page)
    attempt = settled(Attempt.objects.get())
    page.reload()
    ready(page)
    page.evaluate(LISTEN)
    walk.at("A question")

    walk.press("b", "f")
    expect_saved(page)
    walk.at("Chosen and flagged")
    walk.press("s", "c")
    walk.at("Struck out")
    walk.press("h", "Space")
    walk.at("Highlighting")
    walk.press("Escape")
    page.get_by_role("button", name="Hide clock").press("Enter")
    expect(page.get_by_role("timer")).to_have_count(0)
    walk.at("The clock, hidden")

    page.get_by_role("button", name="Navigator").press("Enter")
    walk.at("The navigator")
    current = page.get_by_role("dialog").get_by_role("button", name="Question 1")
    expect(current).to_be_focused()
    expect(current).to_have_attribute("aria-current", "true")
    walk.press("Escape", "n")
    expect(page.get_by_role("heading", name="Question 2 of 2")).to_be_focused()
    walk.press("r")
    expect(page.get_by_role("heading", name="Review")).to_be_focused()
    walk.at("Review")
    assert page.evaluate("announced") == ["Flagged", "Strike out A, B, C or D?", "Option C is struck out."]
    page.get_by_role("button", name="End exam").press("Enter")
    walk.at("Ending")
    page.get_by_role("dialog").get_by_role("button", name="End exam").press("Enter")
    page.wait_for_url(f"**{attempt.get_absolute_url()}")
    walk.at("The result")
    assert walk.left == []


def settled(attempt: Attempt) -> Attempt:
    """With options in a known order, each of which says where it stands."""
    attempt.responses.update(option_order="CADB")
    for response in attempt.responses.select_related("question"):
        for option in response.question.options:
            option["text"] = f"Option {option['label']} of {response.position}"
        response.question.save(update_fields=["options"])
    return attempt


def test_options_are_described_by_their_question(room: Page) -> None:
    stem = room.locator(".exam-question:visible [data-stem]").inner_text()
    expect(room.get_by_role("group", name="Options of question 1")).to_have_accessible_description(stem)


def test_few_things_speak_by_themselves_and_one_is_urgent(room: Page) -> None:
    live = room.locator("[aria-live], [role=status], [role=alert], [role=log], output")
    spoken = live.evaluate_all(
        "all => all.map(each => [each.getAttribute('role'), each.dataset.part ?? Object.keys(each.dataset)[0]])"
    )
    assert spoken == [
        ["status", "announcement"],
        ["alert", "sign-in"],
        ["status", "none"],
        ["status", "none"],
        ["status", "finish"],
    ]
    expect(room.get_by_role("alert")).to_have_count(0)


def test_time_is_announced_at_its_marks_only(room: Page) -> None:
    """The digits change each second and are no live region of their own."""
    expect(part(room, "clock").locator("[aria-live]")).to_have_count(0)
    expect(room.get_by_role("timer", name="Time left")).to_contain_text(re.compile(r"[23]:\d\d:\d\d"))
