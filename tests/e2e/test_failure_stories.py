"""Public stories of exams that lost answers, retold in this exam room with the other ending.

Five are issues of Artemis (github.com/ls1intum/Artemis), the best public record of such failures; the numbers are
theirs. What two connections do to each other on the server is in tests/quizzes/races/.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from accounts.models import User
from quizzes.models import Attempt
from tests.browser import PageGuard
from tests.e2e.room import (
    FAILED_REQUEST,
    accept_dialogs,
    choose,
    end_exam,
    expect_saved,
    expect_waiting,
    fail_answers,
    hand_in,
    let_answers_through,
    make_exam,
    part,
    ready,
    saved_labels,
    stored,
)

pytestmark = pytest.mark.django_db(transaction=True)


def checked_labels(page: Page) -> list[str]:
    return page.locator(".exam-question input:checked").evaluate_all("boxes => boxes.map(box => box.value)")


def test_artemis_12948_answer_shown_after_a_reload_is_still_sent(
    room: Page, attempt: Attempt, page_guard: PageGuard
) -> None:
    """Saving failed and the page was reloaded. Artemis then showed the answer from the browser's storage, but held it
    for saved, so that it was never sent. Here it is shown as not saved, and sent once the server takes it."""
    page_guard.allow(FAILED_REQUEST)
    accept_dialogs(room)
    fail_answers(room)
    choose(room, "A")
    expect_waiting(room, 1)
    room.reload()
    ready(room)
    assert checked_labels(room) == ["C"]
    expect_waiting(room, 1)
    assert saved_labels(attempt) == "......"
    let_answers_through(room)
    expect_saved(room)
    assert (saved_labels(attempt), stored(room)) == ("C.....", [])


def test_artemis_1770_ticks_stand_after_a_reload(room: Page, attempt: Attempt, page_guard: PageGuard) -> None:
    """Ticks of multiple-choice questions were gone after a reload. Here they stand: those the server has, the one that
    was on its way, and a choice that was changed."""
    page_guard.allow(FAILED_REQUEST)
    accept_dialogs(room)
    for letter in "AB":
        choose(room, letter)
        room.get_by_role("button", name="Next").click()
    choose(room, "C")
    choose(room, "D")
    expect_saved(room)
    fail_answers(room)
    room.get_by_role("button", name="Next").click()
    choose(room, "C")
    expect_waiting(room, 1)
    room.reload()
    ready(room)
    assert checked_labels(room) == ["C", "A", "B", "D"]
    let_answers_through(room)
    expect_saved(room)
    assert saved_labels(attempt) == "CABD.."


def test_artemis_1903_handed_in_on_one_device_is_closed_on_the_other(
    room: Page,
    attempt: Attempt,
    candidate: User,
    new_page: Callable[..., Page],
    enter: Callable[[Page, Attempt], None],
    page_guard: PageGuard,
) -> None:
    """Handed in on one browser, the exam could still be edited on another. Here the other one's next answer is refused;
    it is told so, takes no more, and leads to the result."""
    page_guard.allow("410")
    other = new_page()
    enter(other, attempt)
    choose(room, "A")
    expect_saved(room)
    hand_in(room)
    room.wait_for_url(f"**{attempt.get_absolute_url()}")
    choose(other, "B")
    closed = other.get_by_role("dialog", name="The exam is closed")
    expect(closed).to_contain_text("1 answer did not reach us before the end and cannot be counted: question 1.")
    expect(part(other, "status")).to_have_text("The exam is closed")
    other.keyboard.press("Escape")
    expect(closed).to_be_visible()
    expect(other.locator(".exam-question:visible input").first).to_be_disabled()
    closed.get_by_role("link", name="See the result").click()
    other.wait_for_url(f"**{attempt.get_absolute_url()}")
    attempt.refresh_from_db()
    assert (attempt.state, saved_labels(attempt), attempt.answers.count()) == ("graded", "C.....", 1)


def test_artemis_1797_saving_and_handing_in_work_again_after_an_outage(
    room: Page, attempt: Attempt, page_guard: PageGuard
) -> None:
    """After the network had been away, the button to save stayed locked. Here what was chosen meanwhile is sent, the
    next answer is saved as ever, and the exam can be handed in."""
    page_guard.allow(FAILED_REQUEST)
    room.context.set_offline(True)
    choose(room, "A")
    expect_waiting(room, 1)
    room.context.set_offline(False)
    expect_saved(room)
    room.get_by_role("button", name="Next").click()
    choose(room, "B")
    expect_saved(room)
    hand_in(room)
    room.wait_for_url(f"**{attempt.get_absolute_url()}")
    attempt.refresh_from_db()
    assert (attempt.state, saved_labels(attempt)) == ("graded", "CA....")


def test_artemis_2795_exam_can_be_handed_in_after_a_reload_of_the_last_page(room: Page, attempt: Attempt) -> None:
    """Whoever reloaded the last page could no longer hand in. Here the review screen is open again after the reload,
    and ends the exam."""
    choose(room, "A")
    expect_saved(room)
    room.get_by_role("button", name="Review").click()
    room.reload()
    ready(room)
    expect(part(room, "counter")).to_have_text("Review")
    expect(part(room, "summary")).to_have_text("1 of 6 answered, 5 unanswered, 0 flagged.")
    end_exam(room)
    room.wait_for_url(f"**{attempt.get_absolute_url()}")
    attempt.refresh_from_db()
    assert (attempt.state, saved_labels(attempt)) == ("graded", "C.....")


def test_twenty_answers_given_offline_outlive_the_closed_tab(
    browser_page: Page, candidate: User, enter: Callable[[Page, Attempt], None], page_guard: PageGuard
) -> None:
    """The network is lost, twenty answers are given, the tab is closed. Opened again with the network back, the room
    sends all twenty."""
    page_guard.allow(FAILED_REQUEST)
    attempt = make_exam(candidate, count=20)
    enter(browser_page, attempt)
    address, context = browser_page.url, browser_page.context
    context.set_offline(True)
    for number in range(20):
        browser_page.keyboard.press("abcd"[number % 4])
        browser_page.keyboard.press("n")
    expect_waiting(browser_page, 20)
    assert saved_labels(attempt) == "." * 20
    browser_page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    ready(again)
    expect_saved(again)
    assert saved_labels(attempt) == "CADB" * 5
    assert (stored(again), attempt.answers.count()) == ([], 20)


def test_session_that_ends_during_the_exam_loses_no_answer_and_no_place(
    live_server: Any,
    room: Page,
    attempt: Attempt,
    candidate: User,
    sign_in: Callable[[Page, User], None],
    page_guard: PageGuard,
) -> None:
    """The session ends while somebody works on. The page is not left, keeps every answer, and says what to do;
    signed in again anywhere in this browser, it sends them."""
    page_guard.allow(FAILED_REQUEST)
    Session.objects.all().delete()
    for key in "anbnc":
        room.keyboard.press(key)
    expect(room.get_by_role("alert")).to_contain_text("You are signed out.")
    expect_waiting(room, 3)
    sign_in(room, candidate)
    room.evaluate("dispatchEvent(new Event('focus'))")
    expect_saved(room)
    expect(part(room, "counter")).to_have_text("Question 3 of 6")
    assert saved_labels(attempt) == "CAD..."
