"""Highlights, notes and the pop-overs of terms in a browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from accounts.models import User
from study.models import Highlight, Note
from tests.factories import make_objective, make_term

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "One needle and one thread.\n\nOne **needle** more: their churn rose."
# From within the word "needle" of the second paragraph to within "more".
SELECT = """() => {
  const strong = document.querySelector("[data-study-text] strong");
  getSelection().setBaseAndExtent(strong.firstChild, 2, strong.nextSibling, 3);
}"""


@pytest.fixture
def page(live_server: Any, browser_page: Page, sign_in: Callable[[Page, User], None], candidate: User) -> Page:
    make_objective("MET-K1.1", study_text=TEXT)
    make_term("Churn", "MET-K1.1", definition="Who leaves.")
    sign_in(browser_page, candidate)
    browser_page.goto(f"{live_server.url}/study/objectives/MET-K1.1/")
    browser_page.wait_for_selector("[data-can-highlight][data-terms]")
    return browser_page


def test_a_passage_is_highlighted_by_keyboard_and_let_go(page: Page, axe: Callable[[Page], None]) -> None:
    page.evaluate(SELECT)
    button = page.get_by_role("button", name="Highlight", exact=True)
    expect(button).to_be_visible()
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-highlight-outcome]")).to_have_text("Highlighted")
    expect(page.locator("[data-highlight-outcome]")).to_be_focused()
    expect(page.locator("mark")).to_have_text(["needle", " more"])
    kept = Highlight.objects.get()
    assert (kept.passage, kept.occurrence) == ("needle more", 1)
    page.get_by_text("Your highlights").click()
    axe(page)
    page.get_by_role("button", name="Remove needle more").press("Enter")
    expect(page.locator("mark")).to_have_count(0)
    assert Highlight.objects.count() == 0


def test_the_second_of_two_like_passages_is_meant(page: Page) -> None:
    page.evaluate("""() => getSelection().selectAllChildren(document.querySelector("[data-study-text] strong"))""")
    page.get_by_role("button", name="Highlight", exact=True).click()
    expect(page.locator("strong > mark")).to_have_text("needle")
    assert (Highlight.objects.get().passage, Highlight.objects.get().occurrence) == ("needle", 2)


def test_a_note_says_saved_only_while_it_is(page: Page, page_guard: Any) -> None:
    page.get_by_text("Your note", exact=True).click()
    status = page.locator("[data-note-status]")
    field = page.get_by_label("Your note on MET-K1.1")
    field.fill("Mine")
    page.get_by_role("button", name="Save note").click()
    expect(status).to_have_text("Saved")
    field.press("End")
    field.type("!")
    expect(status).to_have_text("")
    page_guard.allow("ERR_INTERNET_DISCONNECTED|htmx:")
    page.context.set_offline(True)
    page.get_by_role("button", name="Save note").click()
    expect(status).to_contain_text("Not saved: no connection.")
    assert Note.objects.get().text == "Mine"


def test_a_note_tells_what_was_typed_while_it_was_saved(page: Page) -> None:
    held: list[Any] = []
    page.route("**/note/", lambda route: held.append(route))
    page.get_by_text("Your note", exact=True).click()
    field = page.get_by_label("Your note on MET-K1.1")
    field.fill("Mine")
    with page.expect_request("**/note/"):
        page.get_by_role("button", name="Save note").click()
    field.press("End")
    field.type(", all")
    held[0].continue_()
    expect(page.locator("[data-note-status]")).to_have_text("Saved, without what you have typed since. Save again.")
    expect(field).to_have_value("Mine, all")


def test_a_note_is_saved_when_it_is_left_but_not_when_it_is_left_empty(page: Page) -> None:
    page.get_by_text("Your note", exact=True).click()
    field, status = page.get_by_label("Your note on MET-K1.1"), page.locator("[data-note-status]")
    sent: list[str] = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.post_data_json["text"]))
    field.fill("Mine")
    field.blur()
    expect(status).to_have_text("Saved")
    for text in ("", "Mine", "Mine, all"):
        field.fill(text)
        field.blur()
    expect(status).to_have_text("Saved")
    assert (sent, Note.objects.get().text) == (["Mine", "Mine, all"], "Mine, all")


def test_a_note_survives_the_end_of_the_session(page: Page) -> None:
    page.get_by_text("Your note", exact=True).click()
    page.get_by_label("Your note on MET-K1.1").fill("Mine")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Save note").click()
    expect(page.locator("[data-note-status]")).to_contain_text("Not saved: you are signed out.")
    expect(page.get_by_label("Your note on MET-K1.1")).to_have_value("Mine")


def test_a_term_explains_itself_on_hover_and_focus_until_escape(page: Page, axe: Callable[[Page], None]) -> None:
    term = page.locator("a.term")
    card = page.locator(".term-card")
    expect(term).to_have_accessible_description("Who leaves.")
    term.hover()
    expect(card).to_be_visible()
    card.hover()
    axe(page)
    expect(card).to_be_visible()
    page.mouse.move(1, 1)
    expect(card).to_be_hidden()
    # By keyboard: from the link before it in the page.
    page.locator("#bookmark").focus()
    page.keyboard.press("Tab")
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(term).to_be_focused()


def test_the_first_tap_explains_and_the_second_leads_on(
    live_server: Any, new_page: Callable[..., Page], page: Page
) -> None:
    phone = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    phone.goto(f"{live_server.url}/study/objectives/MET-K1.1/")
    phone.wait_for_selector("[data-terms]")
    phone.locator("a.term").tap()
    expect(phone.locator(".term-card")).to_be_visible()
    phone.locator("a.term").tap()
    phone.wait_for_url("**/study/glossary/churn/")
