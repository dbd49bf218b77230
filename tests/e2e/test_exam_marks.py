"""Strikes and highlights in the exam room: aids of the person, kept in the browser, without effect on the exam."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from quizzes.models import Attempt
from quizzes.services import finish_attempt
from tests.browser import PageGuard
from tests.e2e.room import choose, expect_saved, part, ready, saved_labels

pytestmark = pytest.mark.django_db(transaction=True)

STEM = """A bank **calls** back. Half of the calls are late.

| Cause | Calls |
|---|---|
| Queue | 40 |
| Fault | 2 |

- What does it *do* first?
"""
SELECT = """([from, to]) => {
    const stem = document.querySelector('.exam-question:not([hidden]) [data-stem]');
    const at = text => {
        const walker = document.createTreeWalker(stem, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            const place = walker.currentNode.data.indexOf(text);
            if (place >= 0) return [walker.currentNode, place];
        }
    };
    const [first, start] = at(from), [last, end] = at(to);
    getSelection().setBaseAndExtent(first, start, last, end + to.length);
}"""
PLACES = """() => [...document.querySelectorAll('.exam-question:not([hidden]) *:not(mark)')].map(element => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return [x, y + scrollY, width, height].map(Math.round).join(' ');
})"""


@pytest.fixture
def attempt(attempt: Attempt) -> Attempt:
    question = attempt.responses.get(position=1).question
    question.stem = STEM
    question.save(update_fields=["stem"])
    return attempt


def strike_button(page: Page, letter: str) -> Locator:
    return page.get_by_role("button", name=f"Strike out option {letter}")


def struck(page: Page) -> list[str]:
    return page.locator(".exam-question:visible .option-struck .option-letter").all_text_contents()


def marked(page: Page) -> list[str]:
    return page.locator(".exam-question:visible mark").all_text_contents()


def kept(page: Page) -> dict[str, Any]:
    names = page.evaluate("Object.entries(localStorage).filter(([name]) => name.startsWith('exam-marks:'))")
    return {name: json.loads(value) for name, value in names}


# Strikes


def test_option_struck_out_by_its_button_stays_choosable(room: Page, attempt: Attempt) -> None:
    strike_button(room, "A").click()
    expect(strike_button(room, "A")).to_have_attribute("aria-pressed", "true")
    expect(room.get_by_role("radio", name="A Option C of 1 (struck out)")).to_be_visible()
    strike_button(room, "B").click()
    strike_button(room, "B").click()
    assert struck(room) == ["A"]
    strike_button(room, "D").click()
    choose(room, "A")
    expect_saved(room)
    assert struck(room) == ["D"]
    expect(strike_button(room, "A")).to_be_hidden()
    assert list(attempt.answers.values_list("label", "is_flagged")) == [("C", False)]


def test_s_strikes_out_the_option_in_focus_or_the_one_named_next(room: Page, attempt: Attempt) -> None:
    room.keyboard.press("s")
    expect(part(room, "announcement")).to_have_text("Strike out A, B, C or D?")
    expect(part(room, "hint")).to_be_visible()
    room.keyboard.press("3")
    expect(part(room, "announcement")).to_have_text("Option C is struck out.")
    expect(part(room, "hint")).to_be_hidden()
    room.keyboard.press("n")
    room.keyboard.press("p")
    # The table scrolls by keyboard, so it has the focus first.
    room.keyboard.press("Tab")
    room.keyboard.press("Tab")
    expect(room.get_by_role("radio", name="A Option C of 1")).to_be_focused()
    room.keyboard.press("s")
    assert struck(room) == ["A", "C"]
    # With the chosen option in focus, which is never struck out, it asks.
    room.keyboard.press("b")
    room.keyboard.press("s")
    room.keyboard.press("a")
    expect(part(room, "announcement")).to_have_text("Option A is back.")
    room.keyboard.press("s")
    room.keyboard.press("b")
    expect(part(room, "announcement")).to_have_text("B is your answer, so it is not struck out.")
    room.keyboard.press("s")
    room.keyboard.press("Escape")
    room.keyboard.press("d")
    expect_saved(room)
    assert (struck(room), saved_labels(attempt)) == (["C"], "B.....")


def test_any_other_key_calls_the_strike_off_and_does_what_it_does(room: Page) -> None:
    room.keyboard.press("s")
    room.keyboard.press("n")
    expect(part(room, "counter")).to_have_text("Question 2 of 6")
    expect(part(room, "hint")).to_be_hidden()
    room.keyboard.press("b")
    expect_saved(room)
    assert struck(room) == []


# Highlights


def test_selected_text_is_highlighted_through_all_markup_and_nothing_moves(room: Page) -> None:
    before = room.evaluate(PLACES)
    room.evaluate(SELECT, ["calls", "Queue"])
    room.keyboard.press("h")
    expect(part(room, "announcement")).to_have_text("Highlighted.")
    assert marked(room) == ["calls", " back. Half of the calls are late.", "Cause", "Calls", "Queue"]
    room.evaluate(SELECT, ["What", "first"])
    room.get_by_role("button", name="Highlight").click()
    assert marked(room)[5:] == ["What does it ", "do", " first"]
    assert room.evaluate(PLACES) == before
    # Selected again, a part of it is taken back.
    room.evaluate(SELECT, ["Half", "late."])
    room.keyboard.press("h")
    expect(part(room, "announcement")).to_have_text("Highlight removed.")
    assert marked(room) == ["calls", " back. ", "Cause", "Calls", "Queue", "What does it ", "do", " first"]
    # Pressed, it is removed whole, however many elements it covers.
    room.locator("mark", has_text="What").click()
    assert marked(room) == ["calls", " back. ", "Cause", "Calls", "Queue"]
    assert room.evaluate(PLACES) == before


def test_selection_outside_the_question_is_no_highlight(room: Page) -> None:
    room.evaluate("getSelection().selectAllChildren(document.querySelector('.exam-header'))")
    room.keyboard.press("h")
    expect(room.get_by_role("dialog", name="Highlight")).to_be_visible()
    assert marked(room) == []


def test_sentences_are_highlighted_by_keyboard_alone(room: Page) -> None:
    room.keyboard.press("h")
    dialog = room.get_by_role("dialog", name="Highlight")
    assert dialog.locator("label").all_text_contents() == [
        "A bank calls back.",
        "Half of the calls are late.",
        "Cause, Calls",
        "Queue, 40",
        "Fault, 2",
        "What does it do first?",
    ]
    room.keyboard.press("Space")
    for _ in range(3):
        room.keyboard.press("Tab")
    room.keyboard.press("Space")
    room.keyboard.press("Escape")
    assert marked(room) == ["A bank ", "calls", " back.", "Queue", "40"]
    room.evaluate(SELECT, ["Half", "are"])
    room.keyboard.press("h")
    room.keyboard.press("h")
    expect(dialog.get_by_label("A bank calls back.")).to_be_checked()
    assert dialog.get_by_label("Half of the calls").evaluate("box => [box.checked, box.indeterminate]") == [False, True]
    room.keyboard.press("Space")
    room.keyboard.press("Escape")
    assert marked(room) == ["Half of the calls are", "Queue", "40"]
    room.keyboard.press("h")
    dialog.get_by_role("button", name="Clear all").press("Enter")
    room.keyboard.press("Escape")
    assert (marked(room), kept(room)) == ([], {})


# Before the clock starts


def test_screen_can_be_tried_and_nothing_of_it_is_kept_or_sent(live_server: Any, room: Page) -> None:
    sent: list[str] = []
    room.on("request", lambda request: sent.append(request.method) if request.method != "GET" else None)
    room.goto(f"{live_server.url}/mock/small/start/")
    strike_button(room, "D").click()
    room.get_by_role("button", name="Highlight").press("Enter")
    room.keyboard.press("Space")
    room.keyboard.press("Escape")
    room.get_by_role("button", name="Flag").press("Enter")
    room.get_by_role("radio", name="A The answer you choose").check()
    expect(strike_button(room, "A")).to_be_hidden()
    expect(strike_button(room, "D")).to_have_attribute("aria-pressed", "true")
    expect(room.get_by_role("button", name="Flag")).to_have_attribute("aria-pressed", "true")
    expect(room.locator("mark")).to_have_text("You sit a mock exam.")
    # Who is signed in is kept on every page (fresh-token.js).
    assert (sent, room.evaluate("Object.keys(localStorage)")) == ([], ["person"])


# Where they are kept


def test_strikes_and_highlights_survive_a_reload_and_a_closed_tab(room: Page, attempt: Attempt) -> None:
    strike_button(room, "D").click()
    room.evaluate(SELECT, ["Half", "late."])
    room.keyboard.press("h")
    room.reload()
    ready(room)
    assert (struck(room), marked(room)) == (["D"], ["Half of the calls are late."])
    again = room.context.new_page()
    again.goto(room.url)
    room.close()
    ready(again)
    assert (struck(again), marked(again)) == (["D"], ["Half of the calls are late."])
    # Labels as in the bank, and places in the text: no word of the question.
    assert kept(again) == {f"exam-marks:{attempt.code}:1": {"struck": ["B"], "lit": [[19, 46]]}}


def test_strikes_and_highlights_go_when_the_exam_is_handed_in(room: Page, attempt: Attempt) -> None:
    strike_button(room, "A").click()
    room.keyboard.press("r")
    room.get_by_role("button", name="End exam").click()
    room.get_by_role("dialog").get_by_role("button", name="End exam").click()
    room.wait_for_url(f"**{attempt.get_absolute_url()}")
    assert kept(room) == {}


def test_strikes_and_highlights_go_when_the_exam_was_closed_elsewhere(
    room: Page, attempt: Attempt, page_guard: PageGuard
) -> None:
    page_guard.allow("410")
    strike_button(room, "A").click()
    finish_attempt(attempt=attempt, now=timezone.now())
    choose(room, "B")
    expect(room.get_by_role("dialog", name="The exam is closed")).to_be_visible()
    assert kept(room) == {}


def test_strikes_and_highlights_of_a_closed_exam_go_with_a_visit_of_the_mock_exams(
    live_server: Any, room: Page, attempt: Attempt
) -> None:
    strike_button(room, "A").click()
    finish_attempt(attempt=attempt, now=timezone.now())
    room.goto(f"{live_server.url}/mock/")
    room.wait_for_function("Object.keys(localStorage).every(name => !name.startsWith('exam-marks:'))")
    assert kept(room) == {}
