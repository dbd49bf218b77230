"""The clock of the exam room, and what happens at zero."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from quizzes.models import Attempt
from tests.browser import PageGuard
from tests.e2e.room import (
    CHANGED_ELSEWHERE,
    FAILED_REQUEST,
    choose,
    expect_saved,
    expect_waiting,
    fail_answers,
    make_clock_doubt,
    make_exam,
    part,
    saved_labels,
    settle_answers_with,
)

pytestmark = pytest.mark.django_db(transaction=True)
NewPage = Callable[..., Page]


def test_exam_submits_itself_at_zero(
    browser_page: Page, candidate: User, enter: Callable[[Page, Attempt], None]
) -> None:
    attempt = make_exam(candidate, seconds=8)
    enter(browser_page, attempt)
    choose(browser_page, "B")
    browser_page.get_by_role("button", name="Navigator").click()
    browser_page.wait_for_url(f"**{attempt.get_absolute_url()}", timeout=20_000)
    attempt.refresh_from_db()
    assert attempt.state == Attempt.State.GRADED
    assert attempt.submitted_at is not None
    assert attempt.submitted_at == attempt.deadline_at
    expect(browser_page.get_by_role("main")).to_contain_text("closed when time was up")
    assert saved_labels(attempt) == "A....."


def test_time_given_meanwhile_is_not_taken_away_at_zero(room: Page, attempt: Attempt) -> None:
    """A coordinator moved the due date after the page was last told how long it has."""

    def with_a_second_left(route: Route) -> None:
        response = route.fetch()
        body = re.sub(r'data-remaining-seconds="\d+"', 'data-remaining-seconds="1"', response.text())
        route.fulfill(response=response, body=body)

    room.route("**/exam/", with_a_second_left, times=1)
    room.keyboard.press("n")
    room.reload()
    expect(part(room, "counter")).to_have_text("Question 2 of 6")
    expect(room.locator("[data-digits]")).to_have_text(re.compile(r"^2:5\d:"))
    expect(part(room, "counter")).to_have_text("Question 2 of 6")
    attempt.refresh_from_db()
    assert attempt.is_open


def test_last_answers_are_sent_at_zero(
    browser_page: Page, candidate: User, enter: Callable[[Page, Attempt], None], page_guard: PageGuard
) -> None:
    page_guard.allow(FAILED_REQUEST)
    attempt = make_exam(candidate, seconds=8)
    enter(browser_page, attempt)
    browser_page.context.set_offline(True)
    choose(browser_page, "B")
    expect(browser_page.get_by_role("dialog", name="Time is over")).to_be_visible(timeout=15_000)
    expect(browser_page.locator(".exam-question:visible input").first).to_be_disabled()
    expect(browser_page.get_by_role("dialog")).to_contain_text("1 answer could not be sent yet.")
    browser_page.context.set_offline(False)
    browser_page.wait_for_url(f"**{attempt.get_absolute_url()}", timeout=20_000)
    assert saved_labels(attempt) == "A....."


def test_hidden_clock_returns_at_five_minutes(
    browser_page: Page, candidate: User, enter: Callable[[Page, Attempt], None]
) -> None:
    enter(browser_page, make_exam(candidate, seconds=304))
    digits = browser_page.locator("[data-digits]")
    browser_page.get_by_role("button", name="Hide clock").click()
    expect(digits).to_be_hidden()
    expect(digits).to_be_visible(timeout=10_000)
    expect(part(browser_page, "announcement")).to_have_text("5 minutes left.")
    expect(browser_page.get_by_text("Last 5 minutes")).to_be_visible()


@pytest.mark.parametrize("offset", [-86_400_000, 86_400_000])
def test_wrong_clock_of_the_computer_changes_nothing(
    new_page: NewPage, candidate: User, enter: Callable[[Page, Attempt], None], offset: int
) -> None:
    page = new_page()
    page.add_init_script(f"const now = Date.now; Date.now = () => now() + {offset}")
    attempt = make_exam(candidate, seconds=3600)
    enter(page, attempt)
    choose(page, "A")
    expect_saved(page)
    minutes, seconds = map(int, page.locator("[data-digits]").inner_text().split(":")[1:])
    assert attempt.deadline_at is not None
    assert abs(minutes * 60 + seconds - (attempt.deadline_at - timezone.now()).total_seconds()) <= 2


def test_clock_set_during_the_exam_asks_the_server(room: Page, attempt: Attempt) -> None:
    Attempt.objects.update(deadline_at=timezone.now() + timedelta(minutes=20))
    make_clock_doubt(room)
    expect(room.locator("[data-digits]")).to_have_text(re.compile(r"^0:(19|20):"))


def test_computer_that_wakes_before_its_network_asks_until_it_is_told(
    room: Page, attempt: Attempt, page_guard: PageGuard
) -> None:
    page_guard.allow(FAILED_REQUEST)
    Attempt.objects.update(deadline_at=timezone.now() + timedelta(minutes=20))
    room.route("**/exam/", lambda route: route.fulfill(status=503), times=1)
    make_clock_doubt(room)
    expect(room.locator("[data-digits]")).to_have_text(re.compile(r"^0:(19|20):"))


def test_loser_of_a_conflict_at_zero_is_told_with_the_result(
    room: Page, attempt: Attempt, page_guard: PageGuard
) -> None:
    page_guard.allow(FAILED_REQUEST)
    fail_answers(room)
    choose(room, "A")
    expect_waiting(room, 1)
    Attempt.objects.update(deadline_at=timezone.now() + timedelta(seconds=1))
    make_clock_doubt(room)
    ending = room.get_by_role("dialog")
    expect(ending).to_contain_text("Time is over")
    settle_answers_with(room, 409)
    expect(ending).to_contain_text(CHANGED_ELSEWHERE)
    ending.locator(":is(a, button):visible", has_text="See the result").click()
    room.wait_for_url(f"**{attempt.get_absolute_url()}")
