"""The exam room in a real browser: nothing chosen is lost, nothing is called saved that is not."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, Response, Route, expect

from accounts.models import User
from competencies.models import Blueprint
from quizzes.models import Attempt
from quizzes.services import finish_attempt, shared_mock, start_attempt
from tests.browser import WIDTHS, PageGuard
from tests.e2e.room import (
    FAILED_REQUEST,
    accept_dialogs,
    choose,
    expect_saved,
    expect_waiting,
    fail_answers,
    let_answers_through,
    make_exam,
    part,
    ready,
    saved_labels,
    stored,
)
from tests.factories import PASSWORD, make_blueprint, make_mock_question
from tests.services import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parent.parent.parent
SignIn = Callable[[Page, User], None]
NewPage = Callable[..., Page]


# The whole way


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


def test_keyboard_alone_is_enough(room: Page, attempt: Attempt) -> None:
    room.keyboard.press("b")
    room.keyboard.press("n")
    room.keyboard.press("4")
    room.keyboard.press("f")
    room.keyboard.press("n")
    room.keyboard.press("p")
    expect(part(room, "counter")).to_contain_text("Question 2 of 6")
    room.keyboard.press("?")
    expect(room.get_by_role("dialog", name="Keys")).to_be_visible()
    room.keyboard.press("a")
    room.keyboard.press("Escape")
    room.keyboard.press("p")
    room.keyboard.press("n")
    room.keyboard.press("Tab")
    room.keyboard.press("ArrowUp")
    expect_saved(room)
    assert saved_labels(attempt) == "AD...."
    room.keyboard.press("r")
    expect(part(room, "summary")).to_have_text("2 of 6 answered, 4 unanswered, 1 flagged.")
    room.keyboard.press("r")
    expect(part(room, "counter")).to_contain_text("Question 2 of 6")
    room.keyboard.press("r")
    end = room.get_by_role("button", name="End exam")
    end.focus()
    room.keyboard.press("Enter")
    room.keyboard.press("Tab")
    expect(room.get_by_role("dialog").get_by_role("button", name="End exam")).to_be_focused()
    room.keyboard.press("Enter")
    room.wait_for_url(f"**{attempt.get_absolute_url()}")


def test_single_keys_can_be_switched_off(room: Page, attempt: Attempt) -> None:
    room.get_by_role("button", name="Keys").click()
    room.get_by_label("Single keys are on").click()
    room.keyboard.press("Escape")
    room.keyboard.press("b")
    room.keyboard.press("n")
    room.reload()
    ready(room)
    room.keyboard.press("b")
    expect(part(room, "counter")).to_have_text("Question 1 of 6")
    expect(part(room, "status")).to_have_text("Nothing to save yet")
    assert saved_labels(attempt) == "......"


# Nothing is lost


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
    room.route("**/answers/", lambda route: held.append(route))
    choose(room, "A")
    wait_until(lambda: room.wait_for_timeout(50) or held, seconds=5)
    expect(part(room, "status")).to_have_text("Saving")
    assert len(stored(room)) == 1
    held[0].continue_()
    expect_saved(room)
    assert stored(room) == []


@pytest.mark.parametrize("status", [500, 429])
def test_server_error_is_tried_again(room: Page, attempt: Attempt, page_guard: PageGuard, status: int) -> None:
    page_guard.allow(FAILED_REQUEST)
    fail_answers(room, status)
    choose(room, "A")
    expect_waiting(room, 1)
    let_answers_through(room)
    expect_saved(room)
    assert saved_labels(attempt) == "C....."


def test_page_in_place_of_an_acknowledgement_is_no_acknowledgement(room: Page, attempt: Attempt) -> None:
    room.route("**/answers/", lambda route: route.fulfill(status=200, body="<p>Log in to this network</p>"))
    choose(room, "A")
    expect_waiting(room, 1)
    let_answers_through(room)
    expect_saved(room)


def test_acknowledgement_lost_on_the_way_is_one_answer(room: Page, attempt: Attempt, page_guard: PageGuard) -> None:
    page_guard.allow(FAILED_REQUEST)

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    room.route("**/answers/", lose_the_answer)
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
    room.get_by_role("button", name="Review").click()
    room.get_by_role("button", name="End exam").click()
    room.get_by_role("dialog").get_by_role("button", name="End exam").click()
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


def test_two_tabs_the_loser_is_told(room: Page, attempt: Attempt, page_guard: PageGuard) -> None:
    page_guard.allow("409")
    other = room.context.new_page()
    other.goto(room.url)
    ready(other)
    choose(other, "D")
    expect_saved(other)
    choose(room, "A")
    expect(part(room, "notes")).to_contain_text(
        "Question 1 was changed in another tab or on another device. It now shows what was saved there: D."
    )
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
    room.route("**/answers/", lambda route: route.fulfill(status=422, json={"error": "It is no answer."}))
    choose(room, "B")
    expect(part(room, "notes")).to_contain_text("Your last answer to question 1 was not saved. It is no answer.")
    expect(room.locator(".exam-question:visible input:checked")).to_have_value("C")
    assert stored(room) == []


def test_storage_holds_only_ids_and_choices(room: Page, attempt: Attempt) -> None:
    room.route("**/answers/", lambda route: None)
    choose(room, "A")
    room.keyboard.press("s")
    room.keyboard.press("b")
    room.keyboard.press("h")
    room.keyboard.press("Space")
    stem = attempt.responses.get(position=1).question.stem
    held = room.evaluate("Object.entries(localStorage)")
    assert {name.rpartition(":")[0]: json.loads(value) for name, value in held} == {
        f"exam-answer:{attempt.code}": {
            "sequence": 1,
            "position": 1,
            "label": "C",
            "is_flagged": False,
            "seconds": 0,
        },
        f"exam-marks:{attempt.code}": {"struck": ["A"], "lit": [[0, len(stem)]]},
    }


# The end


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
    assert attempt.deadline_at is not None
    assert abs((attempt.submitted_at - attempt.deadline_at).total_seconds()) <= 1
    assert saved_labels(attempt) == "A....."


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


def test_ending_waits_for_what_is_not_saved(room: Page, attempt: Attempt, page_guard: PageGuard) -> None:
    page_guard.allow(FAILED_REQUEST)
    fail_answers(room)
    choose(room, "A")
    expect_waiting(room, 1)
    room.keyboard.press("r")
    room.get_by_role("button", name="End exam").click()
    ending = room.get_by_role("dialog")
    ending.get_by_role("button", name="End exam").click()
    expect(ending).to_contain_text("1 answer could not be sent yet. We keep trying while time remains.")
    let_answers_through(room)
    room.wait_for_url(f"**{attempt.get_absolute_url()}")
    assert saved_labels(attempt) == "C....."


def test_ending_can_be_taken_back_while_it_waits(room: Page, attempt: Attempt, page_guard: PageGuard) -> None:
    page_guard.allow(FAILED_REQUEST)
    fail_answers(room)
    choose(room, "A")
    room.keyboard.press("r")
    room.get_by_role("button", name="End exam").click()
    ending = room.get_by_role("dialog")
    ending.get_by_role("button", name="End exam").click()
    expect(ending).to_contain_text("could not be sent yet")
    ending.get_by_role("button", name="Keep working").click()
    let_answers_through(room)
    expect_saved(room)
    room.wait_for_timeout(2_500)
    attempt.refresh_from_db()
    assert attempt.is_open


def test_offline_page_is_not_left_for_the_end(room: Page, attempt: Attempt, page_guard: PageGuard) -> None:
    page_guard.allow(FAILED_REQUEST)
    room.context.set_offline(True)
    room.keyboard.press("r")
    room.get_by_role("button", name="End exam").click()
    room.get_by_role("dialog").get_by_role("button", name="End exam").click()
    expect(room.get_by_role("dialog")).to_contain_text("The exam could not be handed in yet.")
    room.context.set_offline(False)
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
    assert stored(room) == []
    closed.get_by_role("link", name="See the result").click()
    room.wait_for_url(f"**{attempt.get_absolute_url()}")


def test_leftovers_of_a_closed_exam_are_told_and_removed(
    live_server: Any, room: Page, attempt: Attempt, page_guard: PageGuard
) -> None:
    page_guard.allow(FAILED_REQUEST)
    accept_dialogs(room)
    fail_answers(room)
    choose(room, "A")
    expect_waiting(room, 1)
    finish_attempt(attempt=attempt, now=timezone.now())
    room.goto(f"{live_server.url}/mock/")
    expect(room.get_by_text("1 answer did not reach us before the exam closed")).to_be_visible()
    assert stored(room) == []


# The clock


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
    room.evaluate("() => { const now = Date.now; Date.now = () => now() + 3_600_000 }")
    expect(room.locator("[data-digits]")).to_have_text(re.compile(r"^0:(19|20):"))


# What is sent, how much, and for whom


def test_no_byte_of_a_key_or_rationale_arrives(
    browser_page: Page, candidate: User, enter: Callable[[Page, Attempt], None], page_guard: PageGuard
) -> None:
    page_guard.allow("409")
    attempt = make_exam(candidate)
    bodies: list[bytes] = []
    browser_page.on("response", lambda response: bodies.append(body_of(response)))
    enter(browser_page, attempt)
    for letter in "ABCD":
        choose(browser_page, letter)
        browser_page.get_by_role("button", name="Next").click()
    expect_saved(browser_page)
    attempt.responses.update(sequence=9)
    choose(browser_page, "A")
    expect(part(browser_page, "notes")).to_be_visible()
    assert len(bodies) > 10
    assert [body for body in bodies if b"canary" in body] == []


def body_of(response: Response) -> bytes:
    return response.body() if response.request.method != "HEAD" else b""


def test_first_load_of_100_real_questions_is_at_most_100_kb(
    browser_page: Page, candidate: User, enter: Callable[[Page, Attempt], None]
) -> None:
    fixtures = ["references", "competencies", "blueprints"]
    for folder, pattern in (("objectives", "*/*.yaml"), ("questions", "*/mock.yaml")):
        fixtures += [str(path) for path in sorted((ROOT / "fixtures" / folder).glob(pattern))]
    call_command("loaddata", *fixtures, verbosity=0)
    quiz = shared_mock(blueprint=Blueprint.objects.get(code="six-areas"))
    attempt = start_attempt(candidate=candidate, quiz=quiz, now=timezone.now())
    weights: dict[str, int] = {}
    browser_page.on("response", lambda response: weights.update({response.url: len(gzip.compress(body_of(response)))}))
    enter(browser_page, attempt)
    browser_page.wait_for_load_state("networkidle")
    scripts = sum(weight for url, weight in weights.items() if "/js/exam-room/" in url)
    assert browser_page.locator(".exam-question").count() == 100
    assert sum(weights.values()) <= 100_000, weights
    assert scripts <= 40_000


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("width", list(WIDTHS))
def test_every_state_is_accessible(
    new_page: NewPage,
    candidate: User,
    enter: Callable[[Page, Attempt], None],
    axe: Callable[[Page], None],
    page_guard: PageGuard,
    width: str,
    color_scheme: str,
) -> None:
    page_guard.allow(FAILED_REQUEST)
    page = new_page(viewport=WIDTHS[width], color_scheme=color_scheme, reduced_motion="reduce")
    enter(page, make_exam(candidate, count=12))

    def check() -> None:
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

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


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_room_is_accessible_while_offline(
    new_page: NewPage,
    candidate: User,
    enter: Callable[[Page, Attempt], None],
    axe: Callable[[Page], None],
    page_guard: PageGuard,
    color_scheme: str,
) -> None:
    page_guard.allow(FAILED_REQUEST)
    page = new_page(viewport=WIDTHS["phone"], color_scheme=color_scheme, reduced_motion="reduce")
    enter(page, make_exam(candidate))
    page.context.set_offline(True)
    expect(part(page, "status")).to_have_text("Offline. Answers will wait here")
    expect(part(page, "announcement")).to_contain_text("You are offline.")
    axe(page)
    page.keyboard.press("a")
    page.keyboard.press("n")
    page.keyboard.press("b")
    expect_waiting(page, 2)
    axe(page)
    page.keyboard.press("r")
    page.get_by_role("button", name="End exam").click()
    page.get_by_role("dialog").get_by_role("button", name="End exam").click()
    expect(page.get_by_role("dialog")).to_contain_text("2 answers could not be sent yet.")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("width", list(WIDTHS))
def test_mock_pages_are_accessible(
    live_server: Any,
    new_page: NewPage,
    candidate: User,
    sign_in: SignIn,
    axe: Callable[[Page], None],
    width: str,
    color_scheme: str,
) -> None:
    make_blueprint("large", item_count=100, VOC=40, MET=60)
    finish_attempt(attempt=make_exam(candidate), now=timezone.now())
    make_exam(candidate)
    page = new_page(viewport=WIDTHS[width], color_scheme=color_scheme)
    sign_in(page, candidate)
    for address in ("/mock/", "/mock/large/start/", "/mock/small/start/"):
        page.goto(live_server.url + address)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


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


# Without a pointer


def test_full_mock_of_100_questions_by_keyboard_alone(
    live_server: Any, browser_page: Page, sign_in: SignIn, candidate: User
) -> None:
    make_blueprint("full", item_count=100, MET=100)
    for number in range(1, 101):
        make_mock_question(f"MET-K{number}.1")
    page = browser_page
    sign_in(page, candidate)
    page.goto(f"{live_server.url}/mock/full/start/")
    tab_to(page, "Start the exam")
    page.keyboard.press("Enter")
    ready(page)
    attempt = Attempt.objects.get()
    for number in range(99):
        page.keyboard.press("abcd"[number % 4])
        page.keyboard.press("n")
    expect(part(page, "counter")).to_have_text("Question 100 of 100")
    tab_to(page, "A")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Next")
    page.keyboard.press("Enter")
    expect(part(page, "summary")).to_have_text("100 of 100 answered, 0 unanswered, 0 flagged.")
    expect_saved(page)
    tab_to(page, "End exam")
    page.keyboard.press("Enter")
    tab_to(page, "End exam")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{attempt.get_absolute_url()}")
    attempt.refresh_from_db()
    chosen = [response.option_order.index(response.selected_label) for response in attempt.responses.all()]
    assert (attempt.state, chosen) == (Attempt.State.GRADED, [*(number % 4 for number in range(99)), 1])


def tab_to(page: Page, name: str) -> None:
    """By Tab alone, to the control that begins with this name; every stop on the way shows its focus."""
    look = """() => {
        const focused = document.activeElement;
        const shown = focused.matches('.option > input') ? focused.parentElement : focused;
        return [(focused.labels?.[0] ?? focused).innerText.trim(), getComputedStyle(shown).outlineStyle];
    }"""
    for _ in range(150):
        page.keyboard.press("Tab")
        text, outline = page.evaluate(look)
        assert outline != "none", text
        if re.match(rf"{name}\b", text):
            return
    pytest.fail(f"Tab does not lead to {name}.")


def test_without_scripts_the_room_says_so(
    live_server: Any, new_page: NewPage, candidate: User, sign_in: SignIn, attempt: Attempt
) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, candidate)
    page.goto(f"{live_server.url}/attempts/{attempt.code}/exam/")
    expect(page.get_by_text("The exam room needs JavaScript")).to_be_visible()
