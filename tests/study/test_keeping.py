"""Highlights, notes and the pop-overs of terms in a browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from competencies.models import Objective
from study.models import Highlight, Note
from tests.browser import PageGuard
from tests.factories import PASSWORD, make_objective, make_term
from tests.routing import Held

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


def test_a_note_stands_close_to_the_highlights_and_fills_the_column(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_text("Your note", exact=True).click()
    measure = "selector => document.querySelector(selector).getBoundingClientRect().toJSON()"
    highlights, note, field, panel = (
        page.evaluate(measure, selector) for selector in (".study-text", "#note", "#note textarea", ".reading-next")
    )
    assert (field["width"], round(note["top"] - highlights["bottom"])) == (panel["width"], 8)


def test_a_note_tells_what_was_typed_while_it_was_saved(page: Page) -> None:
    held = Held(page, "**/note/")
    page.get_by_text("Your note", exact=True).click()
    field = page.get_by_label("Your note on MET-K1.1")
    field.fill("Mine")
    page.get_by_role("button", name="Save note").click()
    held.wait()
    field.press("End")
    field.type(", all")
    held.let_go()
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


def test_a_note_changed_elsewhere_is_shown_beside_what_is_typed_here(
    page: Page, axe_in_all_looks: Callable[[Page], None]
) -> None:
    page.get_by_text("Your note", exact=True).click()
    field, status = page.get_by_label("Your note on MET-K1.1"), page.locator("[data-note-status]")
    save, instead = page.get_by_role("button", name="Save note"), page.get_by_role("button", name="Save yours")
    newer = page.get_by_role("group", name="Saved elsewhere")
    for text in ("Mine", "Mine, twice"):
        field.fill(text)
        expect(status).to_have_text("")
        save.click()
        expect(status).to_have_text("Saved")
    assert Note.objects.get().text == "Mine, twice"

    for theirs in ("Theirs", "Theirs, twice"):
        Note.objects.update(text=theirs)
        field.fill("Mine, all")
        (save if theirs == "Theirs" else instead).click()
        expect(newer).to_contain_text(theirs)
        expect(newer).to_be_focused()
        expect(status).to_have_text("This note was changed elsewhere. Yours is not saved.")
        expect(save).to_be_hidden()
        assert (field.input_value(), Note.objects.get().text) == ("Mine, all", theirs)
    axe_in_all_looks(page)
    instead.press("Enter")
    expect(status).to_have_text("Saved")
    expect(save).to_be_focused()
    expect(newer).to_have_count(0)
    assert (field.input_value(), Note.objects.get().text) == ("Mine, all", "Mine, all")


def test_a_note_that_is_left_takes_the_place_of_nothing(page: Page) -> None:
    page.get_by_text("Your note", exact=True).click()
    field = page.get_by_label("Your note on MET-K1.1")
    Note.objects.create(
        candidate=User.objects.get(), objective=Objective.objects.get(), text="Theirs", updated_at=timezone.now()
    )
    sent: list[str] = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.post_data_json["text"]))
    field.fill("Mine")
    page.locator("#bookmark").focus()
    expect(page.get_by_role("group", name="Saved elsewhere")).to_contain_text("Theirs")
    expect(page.locator("#bookmark")).to_be_focused()
    # Nor is it sent again each time that it is left.
    field.fill("Mine, all")
    page.locator("#bookmark").focus()
    expect(page.locator("[data-note-status]")).to_contain_text("Yours is not saved.")
    page.get_by_role("button", name="Save yours").click()
    expect(page.locator("[data-note-status]")).to_have_text("Saved")
    assert (sent, Note.objects.get().text) == (["Mine", "Mine, all"], "Mine, all")


def test_without_a_script_a_refused_note_is_a_page_with_both(
    live_server: Any,
    new_page: Callable[..., Page],
    sign_in: Callable[[Page, User], None],
    page: Page,
    axe_in_all_looks: Callable[[Page], None],
) -> None:
    plain = new_page(java_script_enabled=False)
    sign_in(plain, User.objects.get())
    for each in (plain, page):
        each.goto(f"{live_server.url}/study/objectives/MET-K1.1/")
        each.get_by_text("Your note", exact=True).click()
        each.get_by_label("Your note on MET-K1.1").fill("Mine")
    Note.objects.create(
        candidate=User.objects.get(), objective=Objective.objects.get(), text="Theirs", updated_at=timezone.now()
    )
    # The same page, by the way that htmx does not see, because only a script can judge it.
    page.evaluate("document.querySelector('[data-note]').submit()")
    page.wait_for_url("**/note/")
    axe_in_all_looks(page)

    plain.get_by_role("button", name="Save note").click()
    expect(plain.get_by_text("This note was changed elsewhere.")).to_be_visible()
    expect(plain.get_by_role("group", name="Saved elsewhere")).to_contain_text("Theirs")
    expect(plain.get_by_role("button", name="Save note")).to_be_hidden()
    plain.get_by_role("button", name="Save yours").click()
    expect(plain.get_by_text("Your note is saved.")).to_be_visible()
    expect(plain.get_by_label("Your note on MET-K1.1")).to_have_value("Mine")


def test_a_link_waits_for_the_note_to_arrive(page: Page) -> None:
    held = Held(page, "**/note/")
    page.get_by_text("Your note", exact=True).click()
    page.get_by_label("Your note on MET-K1.1").fill("Mine")
    page.get_by_role("link", name="your notebook").click()
    held.let_go()
    page.wait_for_url("**/study/notebook/")
    expect(page.get_by_text("Mine", exact=True)).to_be_visible()


def test_a_link_leads_away_from_a_note_that_was_refused_only_when_it_is_pressed_again(page: Page) -> None:
    page.get_by_text("Your note", exact=True).click()
    field = page.get_by_label("Your note on MET-K1.1")
    field.fill("Mine")
    Note.objects.create(
        candidate=User.objects.get(), objective=Objective.objects.get(), text="Theirs", updated_at=timezone.now()
    )
    page.get_by_role("link", name="Ask me about this").click()
    expect(page.get_by_role("group", name="Saved elsewhere")).to_contain_text("Theirs")
    expect(field).to_have_value("Mine")
    page.get_by_role("link", name="Ask me about this").click()
    page.wait_for_url("**/practice/**")
    assert Note.objects.get().text == "Theirs"


def sign_in_by_the_form(page: Page, email: str = "carla@example.com") -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_note_survives_the_end_of_the_session(page: Page, page_guard: PageGuard) -> None:
    page_guard.allow("401")
    page.get_by_text("Your note", exact=True).click()
    page.get_by_label("Your note on MET-K1.1").fill("Mine")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Save note").click()
    expect(page.locator("[data-note-status]")).to_contain_text("Not saved: you are signed out.")
    expect(page.get_by_label("Your note on MET-K1.1")).to_have_value("Mine")

    # As the line says. Signing in has changed the token that this page was opened with.
    other = page.context.new_page()
    other.goto(page.url.replace("/study/objectives/MET-K1.1/", "/accounts/login/"))
    sign_in_by_the_form(other)
    other.wait_for_url("**/today/")
    page.get_by_role("button", name="Save note").click()
    expect(page.locator("[data-note-status]")).to_have_text("Saved")
    assert Note.objects.get().text == "Mine"


def test_a_note_is_not_saved_as_somebody_elses(page: Page, other_candidate: User, page_guard: PageGuard) -> None:
    """Who has signed in on this browser since, in another tab."""
    page_guard.allow("403")
    page.get_by_text("Your note", exact=True).click()
    page.get_by_label("Your note on MET-K1.1").fill("Mine")
    other = page.context.new_page()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    other.goto(page.url.replace("/study/objectives/MET-K1.1/", "/accounts/login/"))
    sign_in_by_the_form(other, other_candidate.email)
    other.wait_for_url("**/today/")
    page.get_by_role("button", name="Save note").click()
    expect(page.locator("[data-note-status]")).to_contain_text("Not saved.")
    expect(page.get_by_label("Your note on MET-K1.1")).to_have_value("Mine")
    assert Note.objects.count() == 0


def test_a_button_opens_the_sign_in_page_after_the_end_of_the_session(page: Page, page_guard: PageGuard) -> None:
    page_guard.allow("401")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Bookmark").click()
    page.wait_for_url("**/accounts/login/?next=/study/objectives/MET-K1.1/%3Funsent")
    sign_in_by_the_form(page)
    page.wait_for_url("**/study/objectives/MET-K1.1/")
    expect(page.get_by_text("You were signed out, so your last step was not saved.")).to_be_visible()


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
