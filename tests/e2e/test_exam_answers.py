"""Nothing chosen in the exam room is lost, nothing is called saved that is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from quizzes.models import Attempt
from tests.browser import PageGuard
from tests.e2e.room import (
    CHANGED_ELSEWHERE,
    FAILED_REQUEST,
    accept_dialogs,
    choose,
    expect_saved,
    expect_waiting,
    fail_answers,
    hand_in,
    let_answers_through,
    lose_the_answer,
    part,
    ready,
    saved_labels,
    stored,
)
from tests.factories import PASSWORD
from tests.processes import wait_until
from tests.routing import intercept

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[[Page, User], None]


def test_reload_keeps_answers_and_place(room: Page, attempt: Attempt) -> None:
    choose(room, "A")
    room.get_by_role("button", name="Next").click()
    choose(room, "D")
    expect_saved(room)
    room.reload()
    ready(room)
    expect(part(room, "counter")).to_have_text("Question 2 of 6")
    expect(room.locator(".exam-question:visible input:checked")).to_have_value("B")
    expect_saved(room)
    assert saved_labels(attempt) == "CB...."


def test_browser_opened_again_resumes_at_the_first_unanswered(live_server: Any, room: Page, attempt: Attempt) -> None:
    choose(room, "A")
    expect_saved(room)
    again = room.context.new_page()
    room.close()
    again.goto(f"{live_server.url}/mock/")
    again.get_by_role("link", name="Resume").click()
    ready(again)
    expect(part(again, "counter")).to_have_text("Question 2 of 6")


def test_answers_given_offline_arrive_after_reload(room: Page, attempt: Attempt, page_guard: PageGuard) -> None:
    page_guard.allow(FAILED_REQUEST)
    accept_dialogs(room)
    room.context.set_offline(True)
    for letter in "ABC":
        choose(room, letter)
        room.get_by_role("button", name="Next").click()
    expect_waiting(room, 3)
    assert len(stored(room)) == 3
    assert saved_labels(attempt) == "......"
    fail_answers(room)
    room.context.set_offline(False)
    room.reload()
    ready(room)
    expect_waiting(room, 3)
    let_answers_through(room)
    room.evaluate("dispatchEvent(new Event('online'))")
    expect_saved(room)
    assert saved_labels(attempt) == "CAD..."
    assert stored(room) == []


def test_connection_state_tells_the_failure_within_two_seconds(
    room: Page, attempt: Attempt, page_guard: PageGuard
) -> None:
    page_guard.allow(FAILED_REQUEST)
    room.context.set_offline(True)
    choose(room, "A")
    expect(part(room, "status")).to_contain_text("Not saved yet: 1 answer waiting", timeout=2_000)
    expect(part(room, "announcement")).to_contain_text("not being saved")
    room.context.set_offline(False)
    expect_saved(room)
    expect(part(room, "announcement")).to_have_text("All answers are saved again.")


def test_never_saved_while_the_server_has_not_answered(room: Page, attempt: Attempt) -> None:
    held: list[Route] = []
    intercept(room, "**/answers/", lambda route: held.append(route))
    choose(room, "A")
    wait_until(lambda: room.wait_for_timeout(50) or held, seconds=5)
    expect(part(room, "status")).to_have_text("Saving")
    assert len(stored(room)) == 1
    held[0].continue_()
    expect_saved(room)
    assert stored(room) == []


@pytest.mark.parametrize("status", [500, 429, 403, 404])
def test_error_page_is_no_word_about_who_is_signed_in_and_tried_again(
    room: Page, attempt: Attempt, page_guard: PageGuard, status: int
) -> None:
    page_guard.allow(FAILED_REQUEST)
    fail_answers(room, status)
    choose(room, "A")
    expect_waiting(room, 1)
    expect(part(room, "sign-in")).to_be_hidden()
    let_answers_through(room)
    expect_saved(room)
    assert saved_labels(attempt) == "C....."


def test_cookies_deleted_during_the_exam_mean_signed_out(room: Page, attempt: Attempt, page_guard: PageGuard) -> None:
    """Then the token is missed before the session is."""
    page_guard.allow("403")
    room.context.clear_cookies()
    choose(room, "A")
    expect(room.get_by_role("alert")).to_contain_text("You are signed out.")
    expect_waiting(room, 1)


def test_full_storage_is_told_aloud_too(room: Page, attempt: Attempt, page_guard: PageGuard) -> None:
    page_guard.allow(FAILED_REQUEST)
    room.evaluate("() => { Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') } }")
    fail_answers(room)
    choose(room, "A")
    expect(part(room, "status")).to_contain_text("Keep this tab open")
    expect(part(room, "announcement")).to_have_text(
        "Your answers are not being saved at the moment. Keep this tab open; we keep trying."
    )


def test_page_in_place_of_an_acknowledgement_is_no_acknowledgement(room: Page, attempt: Attempt) -> None:
    intercept(room, "**/answers/", lambda route: route.fulfill(status=200, body="<p>Log in to this network</p>"))
    choose(room, "A")
    expect_waiting(room, 1)
    let_answers_through(room)
    expect_saved(room)


def test_acknowledgement_lost_on_the_way_is_one_answer(room: Page, attempt: Attempt, page_guard: PageGuard) -> None:
    page_guard.allow(FAILED_REQUEST)
    intercept(room, "**/answers/", lose_the_answer)
    choose(room, "A")
    expect_waiting(room, 1)
    let_answers_through(room)
    expect_saved(room)
    assert list(attempt.answers.values_list("label", "sequence")) == [("C", 1)]


def test_changes_while_offline_arrive_in_order(room: Page, attempt: Attempt, page_guard: PageGuard) -> None:
    page_guard.allow(FAILED_REQUEST)
    room.context.set_offline(True)
    for letter in "ABD":
        choose(room, letter)
    expect_waiting(room, 1)
    room.context.set_offline(False)
    expect_saved(room)
    assert list(attempt.answers.values_list("label", "sequence")) == [("C", 1), ("A", 2), ("B", 3)]


def test_signing_in_again_elsewhere_brings_the_answers(
    live_server: Any, room: Page, attempt: Attempt, candidate: User, page_guard: PageGuard
) -> None:
    page_guard.allow(FAILED_REQUEST)
    Session.objects.all().delete()
    choose(room, "A")
    expect(room.get_by_role("alert")).to_contain_text("You are signed out.")
    expect_waiting(room, 1)
    with room.context.expect_page() as opened:
        room.get_by_role("link", name="Sign in again in another tab").click()
    other = opened.value
    other.get_by_label("Email").fill(candidate.email)
    other.get_by_label("Password", exact=True).fill(PASSWORD)
    other.get_by_role("button", name="Sign in", exact=True).click()
    other.wait_for_url("**/mock/")
    room.bring_to_front()
    room.get_by_role("button", name="Next").click()
    choose(room, "B")
    expect_saved(room)
    expect(room.get_by_text("You are signed out.")).to_be_hidden()
    assert saved_labels(attempt) == "CA...."
    # The new session has a new token; the exam can be ended with it.
    hand_in(room)
    room.wait_for_url(f"**{attempt.get_absolute_url()}")
    attempt.refresh_from_db()
    assert attempt.state == Attempt.State.GRADED


def test_someone_else_signed_in_gets_none_of_the_answers(
    room: Page, attempt: Attempt, other_candidate: User, candidate: User, sign_in: SignIn, page_guard: PageGuard
) -> None:
    page_guard.allow(FAILED_REQUEST)
    sign_in(room, other_candidate)
    choose(room, "A")
    expect(room.get_by_role("alert")).to_contain_text("You are signed in as somebody else.")
    sign_in(room, candidate)
    expect_saved(room)
    assert saved_labels(attempt) == "C....."


def test_two_tabs_the_other_is_told_at_once(room: Page, attempt: Attempt) -> None:
    other = room.context.new_page()
    other.goto(room.url)
    ready(other)
    choose(other, "D")
    expect_saved(other)
    expect(part(room, "notes")).to_contain_text(CHANGED_ELSEWHERE)
    expect(room.locator(".exam-question:visible input:checked")).to_have_value("B")
    choose(room, "A")
    expect_saved(room)
    expect(part(other, "notes")).to_contain_text("It now shows what was chosen there: A.")
    assert saved_labels(attempt) == "C....."


def test_answers_of_a_closed_tab_are_sent_by_the_one_that_stays(room: Page, attempt: Attempt) -> None:
    other = room.context.new_page()
    other.goto(room.url)
    ready(other)
    fail_answers(other)
    other.keyboard.press("n")
    choose(other, "D")
    expect_waiting(other, 1)
    accept_dialogs(other)
    other.close()
    hand_in(room)
    room.wait_for_url(f"**{attempt.get_absolute_url()}")
    assert (saved_labels(attempt), stored(room)) == (".B....", [])


def test_two_devices_the_loser_is_told(
    room: Page,
    attempt: Attempt,
    new_page: Callable[..., Page],
    enter: Callable[[Page, Attempt], None],
    page_guard: PageGuard,
) -> None:
    page_guard.allow("409")
    other = new_page()
    enter(other, attempt)
    choose(other, "D")
    expect_saved(other)
    choose(room, "A")
    expect(part(room, "notes")).to_contain_text(CHANGED_ELSEWHERE)
    expect(room.locator(".exam-question:visible input:checked")).to_have_value("B")
    assert saved_labels(attempt) == "B....."
    choose(room, "A")
    expect_saved(room)
    expect(part(room, "notes")).to_be_hidden()
    assert saved_labels(attempt) == "C....."


def test_refused_answer_goes_back_to_what_is_saved(room: Page, attempt: Attempt, page_guard: PageGuard) -> None:
    page_guard.allow("422")
    choose(room, "A")
    expect_saved(room)
    intercept(room, "**/answers/", lambda route: route.fulfill(status=422, json={"error": "It is no answer."}))
    choose(room, "B")
    expect(part(room, "notes")).to_contain_text("Your last answer to question 1 was not saved. It is no answer.")
    expect(room.locator(".exam-question:visible input:checked")).to_have_value("C")
    assert stored(room) == []


def test_storage_holds_only_ids_and_choices(room: Page, attempt: Attempt) -> None:
    intercept(room, "**/answers/", lambda route: None)
    choose(room, "A")
    room.keyboard.press("s")
    room.keyboard.press("b")
    room.keyboard.press("h")
    room.keyboard.press("Space")
    stem = attempt.responses.get(position=1).question.stem
    held = dict(room.evaluate("Object.entries(localStorage)"))
    assert held.pop("person") == str(attempt.candidate.code)
    assert {name.rpartition(":")[0]: json.loads(value) for name, value in held.items()} == {
        f"exam-answer:{attempt.code}": {
            "sequence": 1,
            "position": 1,
            "label": "C",
            "is_flagged": False,
            "seconds": 0,
        },
        f"exam-marks:{attempt.code}": {"struck": ["A"], "lit": [[0, len(stem)]]},
    }
