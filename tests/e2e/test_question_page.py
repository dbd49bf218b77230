"""What can be done with a checked question, in a real browser: flag, note, report, break."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from quizzes.models import Attempt, ItemStatistics
from quizzes.services import check_response, pause_attempt
from study.models import Note
from tests.browser import WIDTHS
from tests.factories import make_attempt, make_question

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def attempt(candidate: User) -> Attempt:
    """Three questions against the clock; the first is checked, and wrong, and others were asked it before."""
    now = timezone.now()
    questions = [make_question(f"MET-K{number}.1") for number in (1, 2, 3)]
    shares = {label: {"count": 10, "share": 0.25} for label in "ABCD"}
    ItemStatistics.objects.create(question=questions[0], n=40, facility=0.25, option_statistics=shares, computed_at=now)
    attempt = make_attempt(candidate, *questions, started_at=now, deadline_at=now + timedelta(minutes=30))
    check_response(response=attempt.responses.get(position=1), label="C", now=now)
    return attempt


@pytest.fixture
def visit(live_server: Any, sign_in: Callable[[Page, User], None], candidate: User) -> Callable[[Page, str], None]:
    def run(page: Page, path: str) -> None:
        sign_in(page, candidate)
        page.goto(live_server.url + path)

    return run


def url_of(attempt: Attempt, position: int = 1) -> str:
    return f"/attempts/{attempt.code}/questions/{position}/"


def test_flag_is_set_in_place_and_keeps_the_focus(
    browser_page: Page, visit: Callable[[Page, str], None], attempt: Attempt
) -> None:
    visit(browser_page, url_of(attempt))
    browser_page.get_by_role("button", name="Flag question 1").click()
    expect(browser_page.get_by_role("button", name="Remove flag from question 1")).to_be_focused()
    expect(browser_page.get_by_role("link", name=re.compile("wrong, flagged"))).to_be_visible()
    expect(browser_page.get_by_text("1 of 3 answered, 1 flagged")).to_be_visible()
    browser_page.get_by_role("button", name="Remove flag from question 1").click()
    expect(browser_page.get_by_role("button", name="Flag question 1")).to_be_focused()
    assert attempt.responses.get(position=1).is_flagged is False


def test_next_question_takes_the_place_of_this_one_and_back_returns(
    browser_page: Page, visit: Callable[[Page, str], None], attempt: Attempt
) -> None:
    visit(browser_page, url_of(attempt))
    browser_page.evaluate("window.isSamePage = true")
    wrong = re.compile("^1.*wrong$")
    for way, place, focused in (
        ("Next question", 2, "h1"),
        ("Skip", 3, "h1"),
        ("Previous", 2, "h1"),
        (wrong, 1, "#verdict"),
    ):
        browser_page.get_by_role("link", name=way, exact=True).click()
        expect(browser_page.locator(focused)).to_be_focused()
        expect(browser_page.get_by_role("heading", level=1)).to_have_text(f"Question {place} of 3")
        expect(browser_page).to_have_title(re.compile(f"^Question {place} of 3 ·"))
        expect(browser_page).to_have_url(re.compile(url_of(attempt, place)))
    assert browser_page.evaluate("window.isSamePage") is True
    browser_page.go_back()
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Question 2 of 3")
    expect(browser_page.locator("[name=label]")).to_have_count(4)


def test_note_is_kept_when_one_goes_on_without_saving(
    browser_page: Page, visit: Callable[[Page, str], None], attempt: Attempt
) -> None:
    visit(browser_page, url_of(attempt))
    browser_page.get_by_text("Your note", exact=True).click()
    browser_page.get_by_label("Your note on MET-K1.1").fill("Ratios, not sums")
    with browser_page.expect_response("**/note/"):
        browser_page.get_by_role("link", name="Next question").click()
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Question 2 of 3")
    assert Note.objects.get().text == "Ratios, not sums"


def test_flag_works_without_javascript(
    new_page: Callable[..., Page], visit: Callable[[Page, str], None], attempt: Attempt
) -> None:
    page = new_page(java_script_enabled=False)
    visit(page, url_of(attempt))
    page.get_by_role("button", name="Flag question 1").click()
    expect(page.get_by_role("button", name="Remove flag from question 1")).to_be_visible()


def test_flag_that_did_not_arrive_says_so(
    browser_page: Page, visit: Callable[[Page, str], None], attempt: Attempt, page_guard: Any
) -> None:
    page_guard.allow("ERR_INTERNET_DISCONNECTED|htmx:(sendError|afterRequest)")
    visit(browser_page, url_of(attempt))
    browser_page.context.set_offline(True)
    browser_page.get_by_role("button", name="Flag question 1").click()
    expect(browser_page.get_by_text("Not sent. Check your connection, then try again.")).to_be_visible()


def test_note_is_saved_while_the_question_stays(
    browser_page: Page, visit: Callable[[Page, str], None], attempt: Attempt
) -> None:
    visit(browser_page, url_of(attempt))
    browser_page.get_by_text("Your note", exact=True).click()
    note = browser_page.get_by_label("Your note on MET-K1.1")
    # The letters are keys of the page, except in a text.
    note.press_sequentially("npa")
    browser_page.get_by_role("button", name="Save note").click()
    expect(browser_page.get_by_text("Saved", exact=True)).to_be_visible()
    assert (note.input_value(), Note.objects.get().text) == ("npa", "npa")


def test_break_keeps_the_time_left(browser_page: Page, visit: Callable[[Page, str], None], attempt: Attempt) -> None:
    visit(browser_page, url_of(attempt, 2))
    browser_page.get_by_role("button", name="Pause").click()
    expect(browser_page.get_by_role("heading", name="Paused")).to_be_visible()
    expect(browser_page.get_by_text("Stem")).to_have_count(0)
    Attempt.objects.update(
        paused_at=timezone.now() - timedelta(hours=3), deadline_at=timezone.now() - timedelta(hours=2)
    )
    browser_page.get_by_role("button", name="Resume").click()
    expect(browser_page.get_by_role("timer")).to_have_text(re.compile(r"(59:5\d|1:00:00)"))
    expect(browser_page.get_by_role("heading", name="Question 2 of 3")).to_be_visible()


def test_clock_of_another_tab_ends_nothing_that_is_paused(
    browser_page: Page, visit: Callable[[Page, str], None], attempt: Attempt
) -> None:
    Attempt.objects.update(deadline_at=timezone.now() + timedelta(seconds=4))
    visit(browser_page, url_of(attempt, 2))
    pause_attempt(attempt=attempt, now=timezone.now())
    expect(browser_page.get_by_role("heading", name="Paused")).to_be_visible(timeout=20_000)
    assert Attempt.objects.get().is_open is True


def test_pages_are_accessible(
    new_page: Callable[..., Page],
    visit: Callable[[Page, str], None],
    attempt: Attempt,
    axe_in_all_looks: Callable[[Page], None],
) -> None:
    page = new_page(viewport=WIDTHS["phone"], reduced_motion="reduce")
    visit(page, url_of(attempt))
    page.get_by_text("Your note", exact=True).click()
    axe_in_all_looks(page)
    page.get_by_role("link", name="Report a problem").click()
    page.wait_for_load_state()
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    axe_in_all_looks(page)
    visit(page, url_of(attempt))
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("heading", name="Paused")).to_be_visible()
    axe_in_all_looks(page)
