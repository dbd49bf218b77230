"""The placement test on a phone: with fingers, with keys, without JavaScript, in two tabs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from quizzes.models import Attempt
from quizzes.services import answer_placement, finish_placement, start_placement
from tests.browser import WIDTHS
from tests.factories import COMPETENCIES, make_question

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Page, User], None]
NewPage = Callable[..., Page]
Visit = Callable[[Page, str], None]
PHONE = {"viewport": WIDTHS["phone"], "has_touch": True}


@pytest.fixture(autouse=True)
def _bank(db: None) -> None:
    for code in COMPETENCIES:
        for number in range(1, 7):
            make_question(f"{code}-K{number}.1", difficulty=min(number, 5))


@pytest.fixture
def visit(live_server: Any, sign_in: SignIn, candidate: User) -> Visit:
    def run(page: Page, path: str) -> None:
        sign_in(page, candidate)
        page.goto(live_server.url + path)

    return run


def sit(candidate: User, count: int) -> Attempt:
    attempt = start_placement(candidate=candidate, now=timezone.now())
    for position in range(1, count + 1):
        label = "ABC"[position % 3]
        attempt = answer_placement(attempt=attempt, position=position, label=label, key=uuid4(), now=timezone.now())
    return attempt


def number_of(page: Page) -> Any:
    return page.get_by_role("heading", level=1)


def test_from_practice_to_the_result(new_page: NewPage, visit: Visit) -> None:
    page = new_page(**PHONE)
    visit(page, "/practice/")
    page.get_by_role("link", name="Placement test").tap()
    page.get_by_role("button", name="Start", exact=True).tap()
    for number in range(1, 31):
        expect(number_of(page)).to_have_text(f"Question {number} of 30")
        if number % 5 == 0:
            page.get_by_role("button", name="I do not know").tap()
            continue
        page.locator(".option").nth(number % 4).tap()
        page.get_by_role("button", name=re.compile("^Answer")).tap()
    expect(page.get_by_role("heading", name="Where you stand")).to_be_visible()
    expect(page.locator(".intervals > li")).to_have_count(6)
    page.get_by_role("link", name="Practice these").tap()
    expect(page.locator(".competency-chip input:checked")).to_have_count(2)
    attempt = Attempt.objects.get()
    assert (attempt.state, attempt.question_count) == ("graded", 30)
    assert attempt.responses.filter(selected_label="").count() == 6


def test_keys_choose_and_answer(browser_page: Page, visit: Visit, candidate: User) -> None:
    attempt = sit(candidate, 0)
    visit(browser_page, f"/attempts/{attempt.code}/")
    browser_page.get_by_role("button", name="Strike out option D").click()
    expect(browser_page.locator(".option-struck .option-letter")).to_have_text(["D"])
    browser_page.keyboard.press("c")
    browser_page.keyboard.press("Enter")
    expect(number_of(browser_page)).to_have_text("Question 2 of 30")
    expect(browser_page.locator(".option-strike")).to_have_count(4)
    expect(browser_page.locator(".option-struck")).to_have_count(0)
    first = attempt.responses.get(position=1)
    assert first.selected_label == first.option_order[2]


def test_everything_works_without_javascript(new_page: NewPage, visit: Visit, candidate: User) -> None:
    page = new_page(java_script_enabled=False, **PHONE)
    attempt = sit(candidate, 11)
    visit(page, "/placement/")
    page.get_by_role("link", name="Resume").tap()
    page.get_by_role("button", name="Answer", exact=True).tap()
    expect(page.locator(".error-summary")).to_contain_text("Choose an option, or press “I do not know”.")
    expect(page.get_by_text("Finish now")).to_have_count(0)
    page.locator(".option").nth(1).tap()
    page.get_by_role("button", name="Answer", exact=True).tap()
    expect(number_of(page)).to_have_text("Question 13 of 30")
    page.get_by_text("Finish now").tap()
    page.get_by_role("button", name="Finish and see the result").tap()
    expect(page.get_by_text("A rough first picture")).to_be_visible()
    attempt.refresh_from_db()
    assert attempt.question_count == 12


def test_reload_and_a_second_tab_show_the_same_question(new_page: NewPage, visit: Visit, candidate: User) -> None:
    page = new_page(**PHONE)
    attempt = sit(candidate, 3)
    visit(page, f"/attempts/{attempt.code}/placement/")
    stem = page.locator("#stem").inner_text()
    page.reload()
    expect(page.locator("#stem")).to_have_text(stem)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator("#stem")).to_have_text(stem)
    page.locator(".option").nth(0).tap()
    page.get_by_role("button", name="Answer", exact=True).tap()
    expect(number_of(page)).to_have_text("Question 5 of 30")
    other.locator(".option").nth(1).tap()
    other.get_by_role("button", name="Answer", exact=True).tap()
    expect(other.locator(".messages")).to_contain_text("This question is answered already, and that answer stands.")
    expect(number_of(other)).to_have_text("Question 5 of 30")
    page.go_back()
    assert attempt.responses.count() == 5


def test_every_page_is_accessible_and_fits(
    new_page: NewPage, visit: Visit, candidate: User, axe_in_all_looks: Callable[[Page], None]
) -> None:
    page = new_page(viewport=WIDTHS["desktop"])

    def look(path: str) -> None:
        visit(page, path)
        axe_in_all_looks(page)

    look("/placement/")
    attempt = sit(candidate, 13)
    look("/placement/")
    look(f"/attempts/{attempt.code}/placement/")
    finish_placement(attempt=attempt, now=timezone.now())
    look(f"/attempts/{attempt.code}/")
    look("/placement/")


def test_pages_fit_at_320_pixels(new_page: NewPage, visit: Visit, candidate: User) -> None:
    """What a page is at 400 % zoom."""
    attempt = sit(candidate, 30)
    page = new_page(viewport={"width": 320, "height": 256})
    for path in ("/placement/", f"/attempts/{attempt.code}/"):
        visit(page, path)
        for table in page.get_by_text("Show as a table").all():
            table.click()
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (path, wider) == (path, 0)
