"""A stem that fills the screen of the exam room: it says that the options stand below."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from quizzes.models import Attempt
from tests.e2e.room import part

pytestmark = pytest.mark.django_db(transaction=True)

# An observer of ours hears no earlier than those of the page.
OBSERVED = "new Promise(heard => new IntersectionObserver(heard).observe(document.body))"


@pytest.fixture
def attempt(attempt: Attempt) -> Attempt:
    question = attempt.responses.get(position=1).question
    question.stem = "\n\n".join(["One of many."] * 40)
    question.save(update_fields=["stem"])
    return attempt


def test_options_below_are_pointed_at_until_one_was_in_sight(room: Page) -> None:
    hint = part(room, "more-below")
    expect(hint).to_be_visible()
    room.keyboard.press("s")
    expect(part(room, "hint")).to_be_visible()
    expect(hint).to_be_hidden()
    room.keyboard.press("n")
    expect(part(room, "counter")).to_have_text("Question 2 of 6")
    room.evaluate(OBSERVED)
    expect(hint).to_be_hidden()
    room.keyboard.press("p")
    expect(hint).to_be_visible()
    room.keyboard.press("r")
    expect(hint).to_be_hidden()
    room.keyboard.press("r")
    expect(hint).to_be_visible()
    room.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(hint).to_be_hidden()
    room.keyboard.press("n")
    room.keyboard.press("p")
    expect(part(room, "counter")).to_have_text("Question 1 of 6")
    room.evaluate(OBSERVED)
    expect(hint).to_be_hidden()
