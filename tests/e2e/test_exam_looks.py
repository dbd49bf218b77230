"""The exam room for everybody: no axe violation in any state, at 400 percent, in forced colors, without motion."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from quizzes.models import Attempt
from quizzes.services import finish_attempt
from tests.browser import SETTLE, WIDTHS, PageGuard, rules_broken
from tests.e2e.room import FAILED_REQUEST, choose, expect_saved, expect_waiting, hand_in, make_exam, part
from tests.factories import make_blueprint

pytestmark = pytest.mark.django_db(transaction=True)
# The bar cuts the last option's button.
HEIGHT_THAT_CUTS = """() => {
    const buttons = document.querySelectorAll(".exam-question:not([hidden]) .option-strike");
    const shown = Math.round([...buttons].at(-1).getBoundingClientRect().top + 8);
    return shown + document.querySelector(".exam-bar").offsetHeight;
}"""
SignIn = Callable[[Page, User], None]
NewPage = Callable[..., Page]


def test_bar_takes_no_target_from_a_button(
    new_page: NewPage, candidate: User, enter: Callable[[Page, Attempt], None]
) -> None:
    page = new_page(viewport=WIDTHS["phone"])
    enter(page, make_exam(candidate))
    height = page.evaluate(HEIGHT_THAT_CUTS)
    assert 416 < height < 844  # lower than that the bar does not stay
    page.set_viewport_size({"width": 390, "height": height})
    page.evaluate(SETTLE, 390)
    assert rules_broken(page, {"runOnly": ["target-size"]}) == []


def test_every_state_is_accessible(
    new_page: NewPage,
    candidate: User,
    enter: Callable[[Page, Attempt], None],
    axe_in_all_looks: Callable[[Page], None],
    page_guard: PageGuard,
) -> None:
    page_guard.allow(FAILED_REQUEST)
    page = new_page(viewport=WIDTHS["desktop"], reduced_motion="reduce")
    enter(page, make_exam(candidate, count=12))
    check = partial(axe_in_all_looks, page)
    check()
    choose(page, "B")
    page.get_by_role("button", name="Flag", exact=True).click()
    page.keyboard.press("s")
    page.keyboard.press("a")
    page.keyboard.press("h")
    page.keyboard.press("Space")
    check()
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    check()
    page.get_by_role("button", name="Navigator").click()
    check()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    check()
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    check()
    page.get_by_role("button", name="End exam").click()
    check()
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    Session.objects.all().delete()
    choose(page, "C")
    expect(page.get_by_role("alert")).to_be_visible()
    check()


def test_room_is_accessible_while_offline(
    room: Page, axe: Callable[[Page], None], axe_in_all_looks: Callable[[Page], None], page_guard: PageGuard
) -> None:
    page_guard.allow(FAILED_REQUEST)
    page = room
    page.context.set_offline(True)
    expect(part(page, "status")).to_have_text("Offline. Answers will wait here")
    expect(part(page, "announcement")).to_contain_text("You are offline.")
    axe(page)
    page.keyboard.press("a")
    page.keyboard.press("n")
    page.keyboard.press("b")
    expect_waiting(page, 2)
    axe_in_all_looks(page)
    hand_in(page)
    expect(page.get_by_role("dialog")).to_contain_text("2 answers could not be sent yet.")
    axe_in_all_looks(page)


def test_mock_pages_are_accessible(
    live_server: Any, new_page: NewPage, candidate: User, sign_in: SignIn, axe_in_all_looks: Callable[[Page], None]
) -> None:
    make_blueprint("large", item_count=100, VOC=40, MET=60)
    finish_attempt(attempt=make_exam(candidate), now=timezone.now())
    make_exam(candidate)
    page = new_page(viewport=WIDTHS["desktop"])
    sign_in(page, candidate)
    for address in ("/mock/", "/mock/large/start/", "/mock/small/start/"):
        page.goto(live_server.url + address)
        axe_in_all_looks(page)


def test_room_is_usable_at_400_percent(room: Page) -> None:
    """1280 x 1024 zoomed to 400 %: one column, nothing stays in the way, nothing scrolls sideways."""
    room.set_viewport_size({"width": 320, "height": 256})
    assert fits(room)
    choose(room, "D")
    expect_saved(room)
    for name in ("Strike out option A", "Flag", "Highlight", "Navigator", "Review", "Next"):
        button = room.get_by_role("button", name=name, exact=True)
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
        assert min(box["width"], box["height"]) >= 44
    for key in ("h", "?"):
        room.keyboard.press(key)
        dialog = room.get_by_role("dialog")
        assert dialog.evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth")
        dialog.get_by_role("button", name="Close").click()
    room.keyboard.press("r")
    assert fits(room)
    room.get_by_role("button", name="End exam").click()
    room.get_by_role("dialog").get_by_role("button", name="Keep working").click()


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_forced_colors_keep_every_state_apart(room: Page) -> None:
    """Chosen, struck out, flagged, pressed and highlighted differ by more than a colour of ours."""
    room.emulate_media(forced_colors="active", reduced_motion="reduce")
    for key in ("s", "a", "b", "f", "h", "Space", "Escape"):
        room.keyboard.press(key)
    letters = room.locator(".exam-question:visible .option-letter")
    background = "element => getComputedStyle(element).backgroundColor"
    assert letters.nth(1).evaluate(background) != letters.nth(2).evaluate(background)
    struck_text = room.locator(".exam-question:visible .option-struck .option-text")
    assert struck_text.evaluate("element => getComputedStyle(element).textDecorationLine") == "line-through"
    assert part(room, "flag").evaluate("element => getComputedStyle(element).borderTopWidth") == "2px"
    mark = room.locator(".exam-question:visible mark")
    assert mark.evaluate(background) != room.locator("body").evaluate(background)
    assert mark.evaluate("element => getComputedStyle(element).textDecorationLine") == "underline"


def test_nothing_moves_by_itself_where_less_motion_is_wanted(room: Page) -> None:
    room.emulate_media(reduced_motion="reduce")
    for key in ("s", "a", "b", "f", "h", "Escape", "r", "r", "?"):
        room.keyboard.press(key)
    running = "document.getAnimations().filter(each => each.effect.getComputedTiming().endTime > 1).length"
    assert room.evaluate(running) == 0
