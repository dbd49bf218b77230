"""Between phone and desktop, and with large text: nothing off the screen, nothing over anything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from accounts.models import User
from tests.browser import SETTLE
from tests.e2e.room import make_exam
from tests.factories import COMPETENCIES, make_blueprint, make_question

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = ("/practice/", "/mock/", "/mock/six-areas/start/", "/today/", "/reviews/", "/progress/", "/study/", "/offline/")
TWICE = "document.documentElement.style.fontSize = '200%'"
# The words of the room's two bars and of the tab bar, by their own boxes: those that leave the screen, then the pairs
# that touch.
WORDS_IN_TROUBLE = """() => {
    const words = [...document.querySelectorAll(
        ".exam-counter, .exam-clock-digits, .exam-clock-toggle, .exam-bar button, .tab-bar > ul > li > *"
    )].filter(element => element.checkVisibility({visibilityProperty: true})).map(element => {
        const range = document.createRange();
        range.selectNodeContents(element);
        if (element.closest(".tab-bar")) range.setStartBefore(element.lastChild);
        return [element.textContent.trim(), range.getBoundingClientRect()];
    });
    const outside = words.filter(([_, box]) => box.left < 0 || box.right > innerWidth).map(([word]) => word);
    const touching = words.flatMap(([word, box], place) => words.slice(place + 1).filter(([_, other]) =>
        Math.min(box.right, other.right) > Math.max(box.left, other.left)
        && Math.min(box.bottom, other.bottom) > Math.max(box.top, other.top)
    ).map(([other]) => `${word} / ${other}`));
    return [words.length, outside, touching];
}"""


def test_room_keeps_every_control_on_the_screen(room: Page) -> None:
    for text, widths in {
        "100%": (390, 768, 820, 1024),
        "130%": (390, 768, 820, 1024, 1280),
        "200%": (320, 390, 1280),
    }.items():
        room.evaluate("text => document.documentElement.style.fontSize = text", text)
        for width in widths:
            room.set_viewport_size({"width": width, "height": 844})
            fits = room.evaluate(SETTLE, width)
            tools, outside, touching = room.evaluate(WORDS_IN_TROUBLE)
            assert (fits, tools >= 9, outside, touching) == (True, True, [], []), f"{text} at {width}"
            assert min(box["height"] for box in boxes(room)) >= 44


def boxes(page: Page) -> list[Any]:
    return [button.bounding_box() for button in page.locator(".exam-bar button:visible").all()]


def test_pages_hold_twice_the_text_on_a_phone(
    live_server: Any, new_page: Callable[..., Page], sign_in: Callable[[Page, User], None], candidate: User
) -> None:
    make_blueprint("six-areas")
    for code in COMPETENCIES:
        make_question(f"{code}-K1.1")
    make_exam(candidate)
    page = new_page(viewport={"width": 390, "height": 844})
    sign_in(page, candidate)
    found = {}
    for address in PAGES:
        page.goto(live_server.url + address)
        page.evaluate(TWICE)
        for width in (390, 320):
            page.set_viewport_size({"width": width, "height": 844})
            found[address, width] = [page.evaluate(SETTLE, width), page.evaluate(WORDS_IN_TROUBLE)[1:]]
    assert found == {(address, width): [True, [[], []]] for address in PAGES for width in (390, 320)}
