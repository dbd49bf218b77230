"""The exam room in a real browser: the whole way, and its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from quizzes.models import Attempt
from quizzes.services import finish_attempt
from tests.browser import PageGuard
from tests.e2e.room import (
    CHANGED_ELSEWHERE,
    FAILED_REQUEST,
    accept_dialogs,
    choose,
    end_exam,
    expect_saved,
    expect_waiting,
    fail_answers,
    hand_in,
    let_answers_through,
    lose_the_answer,
    make_clock_doubt,
    part,
    ready,
    saved_labels,
    settle_answers_with,
    stored,
)
from tests.factories import make_blueprint, make_mock_question
from tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[[Page, User], None]


def test_candidate_sits_a_mock_exam(
    live_server: Any, browser_page: Page, sign_in: SignIn, candidate: User, page_guard: PageGuard
) -> None:
    make_blueprint("small", item_count=3, MET=100)
    for number in range(1, 4):
        make_mock_question(f"MET-K{number}.1")
    page = browser_page
    sign_in(page, candidate)
    page.goto(f"{live_server.url}/mock/")
    page.get_by_role("link", name="Prepare to start").click()
    page.get_by_role("button", name="Start the exam").click()
    ready(page)
    attempt = Attempt.objects.get()

    expect(part(page, "counter")).to_have_text("Question 1 of 3")
    expect(part(page, "status")).to_have_text("Nothing to save yet")
    choose(page, "B")
    expect_saved(page)
    page.get_by_role("button", name="Flag", exact=True).click()
    expect(page.get_by_text("Flagged").first).to_be_visible()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Navigator").click()
    navigator = page.get_by_role("dialog", name="Navigator")
    expect(navigator.get_by_role("button", name="Question 1 Answered Flagged")).to_be_visible()
    navigator.locator("label", has_text="Unanswered").click()
    expect(navigator.locator("li:visible")).to_have_count(2)
    navigator.get_by_role("button", name="Question 3 Unanswered").click()
    expect(part(page, "counter")).to_have_text("Question 3 of 3")
    choose(page, "C")
    page.get_by_role("button", name="Next").click()

    expect(page.get_by_role("heading", name="Review")).to_be_visible()
    expect(part(page, "summary")).to_have_text("2 of 3 answered, 1 unanswered, 1 flagged.")
    page.get_by_role("button", name="End exam").click()
    ending = page.get_by_role("dialog", name="End the exam?")
    expect(ending).to_contain_text("1 question is unanswered and will count as wrong. 1 question is flagged.")
    ending.get_by_role("button", name="End exam").click()
    page.wait_for_url(f"**{attempt.get_absolute_url()}")

    attempt.refresh_from_db()
    first, second, third = attempt.responses.order_by("position")
    assert attempt.state == Attempt.State.GRADED
    assert (first.selected_label, first.is_flagged) == (first.option_order[1], True)
    assert (second.selected_label, second.is_correct) == ("", False)
    assert third.selected_label == third.option_order[2]
    assert stored(page) == []


# The clock of the page's time on questions jumps; what the server says about the time left corrects the other one.
JUMPING = """
  const now = performance.now.bind(performance);
  let jumped = 0;
  performance.now = () => now() + jumped;
  window.jump = (seconds) => (jumped += seconds * 1000);
"""


def test_every_second_in_front_of_a_question_is_counted_once(
    browser_page: Page, attempt: Attempt, enter: Callable[[Page, Attempt], None]
) -> None:
    page = browser_page
    page.add_init_script(JUMPING)
    enter(page, attempt)
    page.evaluate("jump(100)")
    choose(page, "A")
    expect_saved(page)
    page.evaluate("jump(100)")
    page.get_by_role("button", name="Next").click()
    page.evaluate("jump(300)")
    page.reload()
    ready(page)
    expect(part(page, "counter")).to_have_text("Question 2 of 6")
    page.evaluate("jump(300)")
    page.get_by_role("button", name="Review").click()
    page.evaluate("jump(300)")
    assert attempt.answers.count() == 1
    end_exam(page)
    page.wait_for_url(f"**{attempt.get_absolute_url()}")
    first, second, *others = attempt.responses.values_list("seconds", flat=True)
    assert (first in range(200, 250), second in range(600, 650), others) == (True, True, [0] * 4)


def test_ending_waits_for_what_is_not_saved(room: Page, attempt: Attempt, page_guard: PageGuard) -> None:
    page_guard.allow(FAILED_REQUEST)
    fail_answers(room)
    choose(room, "A")
    expect_waiting(room, 1)
    hand_in(room)
    ending = room.get_by_role("dialog")
    expect(ending).to_contain_text("1 answer could not be sent yet. We keep trying while time remains.")
    let_answers_through(room)
    room.wait_for_url(f"**{attempt.get_absolute_url()}")
    assert saved_labels(attempt) == "C....."


def test_ending_can_be_taken_back_while_it_waits(room: Page, attempt: Attempt, page_guard: PageGuard) -> None:
    page_guard.allow(FAILED_REQUEST)
    fail_answers(room)
    choose(room, "A")
    hand_in(room)
    ending = room.get_by_role("dialog")
    expect(ending).to_contain_text("could not be sent yet")
    ending.get_by_role("button", name="Keep working").click()
    let_answers_through(room)
    expect_saved(room)
    room.wait_for_timeout(2_500)
    attempt.refresh_from_db()
    assert attempt.is_open


@pytest.mark.parametrize(("status", "note"), [(409, CHANGED_ELSEWHERE), (422, "was not saved. It is no answer.")])
def test_ending_stops_where_an_answer_turned_out_not_to_count(
    room: Page, attempt: Attempt, page_guard: PageGuard, status: int, note: str
) -> None:
    page_guard.allow(FAILED_REQUEST)
    fail_answers(room)
    choose(room, "A")
    expect_waiting(room, 1)
    hand_in(room)
    expect(room.get_by_role("dialog")).to_contain_text("1 answer could not be sent yet.")
    settle_answers_with(room, status)
    expect(part(room, "notes")).to_contain_text(note)
    expect(room.get_by_role("dialog")).to_be_hidden()
    expect(room.get_by_role("button", name="Understood")).to_be_focused()
    expect(part(room, "announcement")).to_contain_text(note)
    attempt.refresh_from_db()
    assert attempt.is_open
    end_exam(room)
    room.wait_for_url(f"**{attempt.get_absolute_url()}")


def test_offline_page_is_not_left_for_the_end(room: Page, attempt: Attempt, page_guard: PageGuard) -> None:
    page_guard.allow(FAILED_REQUEST)
    room.context.set_offline(True)
    hand_in(room)
    expect(room.get_by_role("dialog")).to_contain_text("The exam could not be handed in yet.")
    room.context.set_offline(False)
    room.wait_for_url(f"**{attempt.get_absolute_url()}")


def test_ending_takes_a_page_of_a_proxy_for_none_of_ours(room: Page, attempt: Attempt, page_guard: PageGuard) -> None:
    page_guard.allow(FAILED_REQUEST)
    room.route("**/exam/", lambda route: route.fulfill(status=404, body="down"), times=1)
    hand_in(room)
    expect(room.get_by_role("dialog")).to_contain_text("could not be handed in yet. We keep trying while time remains.")
    room.wait_for_url(f"**{attempt.get_absolute_url()}")


def test_ending_says_that_one_is_signed_out(
    room: Page, attempt: Attempt, candidate: User, sign_in: SignIn, page_guard: PageGuard
) -> None:
    """Also when no answer waits, so that nothing else on the page has found out."""
    page_guard.allow(FAILED_REQUEST)
    Session.objects.all().delete()
    hand_in(room)
    expect(room.get_by_role("dialog")).to_contain_text(
        "The exam could not be handed in yet. Sign in again in another tab; we keep trying here."
    )
    sign_in(room, candidate)
    room.wait_for_url(f"**{attempt.get_absolute_url()}")


def test_answers_too_late_are_named(room: Page, attempt: Attempt, page_guard: PageGuard) -> None:
    page_guard.allow(FAILED_REQUEST)
    room.context.set_offline(True)
    choose(room, "A")
    room.get_by_role("button", name="Next").click()
    choose(room, "B")
    expect_waiting(room, 2)
    finish_attempt(attempt=attempt, now=timezone.now())
    room.context.set_offline(False)
    closed = room.get_by_role("dialog", name="The exam is closed")
    expect(closed).to_contain_text("2 answers did not reach us before the end and cannot be counted: questions 1, 2.")
    expect(part(room, "status")).to_have_text("The exam is closed")
    assert stored(room) == []
    closed.get_by_role("link", name="See the result").click()
    room.wait_for_url(f"**{attempt.get_absolute_url()}")


def test_answers_that_arrived_unknown_to_the_room_are_not_called_lost(
    room: Page, attempt: Attempt, page_guard: PageGuard
) -> None:
    page_guard.allow(FAILED_REQUEST)
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if route.request.post_data_json["position"] == 1:
            held.append(route)
        else:
            lose_the_answer(route)

    room.route("**/answers/", hold_the_first)
    choose(room, "A")
    room.get_by_role("button", name="Next").click()
    choose(room, "B")
    expect_waiting(room, 2)
    finish_attempt(attempt=attempt, now=timezone.now())
    room.route("**/answers/", lambda route: route.continue_())
    held[0].continue_()
    closed = room.get_by_role("dialog", name="The exam is closed")
    expect(closed).to_contain_text("1 answer did not reach us before the end and cannot be counted: question 1.")
    assert (saved_labels(attempt), stored(room)) == (".A....", [])


def test_sleeper_learns_of_a_closed_exam_only_what_the_server_says(
    room: Page, attempt: Attempt, page_guard: PageGuard
) -> None:
    """The clock asked and was told that the exam is closed; whether the last answer counts is another question."""
    page_guard.allow(FAILED_REQUEST)
    room.route("**/answers/", lose_the_answer)
    choose(room, "A")
    expect_waiting(room, 1)
    fail_answers(room)
    finish_attempt(attempt=attempt, now=timezone.now())
    make_clock_doubt(room)
    closed = room.get_by_role("dialog", name="The exam is closed")
    expect(closed).to_contain_text(
        "We are asking whether your last answer arrived before the end. That did not work yet. We keep trying."
    )
    expect(closed.get_by_role("link", name="See the result")).to_be_focused()
    let_answers_through(room)
    room.evaluate("dispatchEvent(new Event('online'))")
    room.wait_for_url(f"**{attempt.get_absolute_url()}")
    assert stored(room) == []


@pytest.mark.parametrize(("arrives", "told"), [(False, True), (True, False)])
def test_leftovers_of_a_closed_exam_are_told_where_the_server_has_not_got_them(
    live_server: Any, room: Page, attempt: Attempt, page_guard: PageGuard, arrives: bool, told: bool
) -> None:
    page_guard.allow(FAILED_REQUEST)
    accept_dialogs(room)
    fail_answers(room)
    if arrives:
        room.route("**/answers/", lose_the_answer, times=1)
    choose(room, "A")
    expect_waiting(room, 1)
    finish_attempt(attempt=attempt, now=timezone.now())
    with room.expect_response("**/answers/"):
        room.goto(f"{live_server.url}/mock/")
    lost = room.get_by_text("1 answer did not reach us before the exam closed")
    expect(lost).to_be_hidden()
    assert len(stored(room)) == 1
    let_answers_through(room)
    room.reload()
    wait_until(lambda: stored(room) == [] or room.wait_for_timeout(50), seconds=10)
    expect(lost).to_be_visible(visible=told)


def test_without_scripts_the_room_says_so(
    live_server: Any, new_page: Callable[..., Page], candidate: User, sign_in: SignIn, attempt: Attempt
) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, candidate)
    page.goto(f"{live_server.url}/attempts/{attempt.code}/exam/")
    expect(page.get_by_text("The exam room needs JavaScript")).to_be_visible()
