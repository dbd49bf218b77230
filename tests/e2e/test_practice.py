"""Practice in a real browser: with the mouse, with keys alone, without JavaScript, against the clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from cohorts.models import Cohort
from quizzes.models import Attempt, Feedback, Response
from quizzes.services import check_response, finish_attempt, record_answer
from tests.browser import WIDTHS, PageGuard
from tests.factories import PASSWORD, make_assignment, make_attempt, make_question, make_quiz, make_term
from tests.processes import wait_until
from tests.routing import Held, intercept

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Page, User], None]
NewPage = Callable[..., Page]
QUESTION_1 = re.compile(r"/questions/1/$")
QUESTION_2 = re.compile(r"/questions/2/$")


@pytest.fixture
def bank(db: None) -> None:
    for code in ("CUL", "ORG", "VOC", "DES", "MET", "STR"):
        make_question(f"{code}-K1.1")
        make_question(f"{code}-T1.1")


def start(candidate: User, *, feedback: str = Feedback.AFTER_EACH, count: int = 3, **fields: Any) -> Attempt:
    """The options stand as C, B, A, D; the key is B."""
    questions = [make_question(f"MET-K{number}.1") for number in range(1, count + 1)]
    quiz = make_quiz(author=candidate, question_count=count, feedback=feedback)
    attempt = make_attempt(candidate, *questions, quiz=quiz, started_at=timezone.now(), **fields)
    Response.objects.filter(attempt=attempt).update(option_order="CBAD")
    return attempt


@pytest.fixture
def visit(live_server: Any, sign_in: SignIn, candidate: User) -> Callable[[Page, str], None]:
    def run(page: Page, path: str) -> None:
        sign_in(page, candidate)
        page.goto(live_server.url + path)

    return run


@pytest.mark.usefixtures("bank")
def test_builder_counts_while_choosing(
    browser_page: Page, visit: Callable[[Page, str], None], page_guard: PageGuard
) -> None:
    # The page is left while the number is being counted.
    page_guard.allow("htmx:(sendAbort|afterRequest)")
    visit(browser_page, "/practice/")
    expect(browser_page.locator("#matching")).to_have_text(re.compile(r"12\s+questions match"))
    browser_page.locator(".competency-chip", has_text="MET").click()
    expect(browser_page.locator("#matching")).to_have_text(re.compile(r"2\s+questions match"))
    browser_page.locator(".competency-chip", has_text="CUL").click()
    expect(browser_page.locator("#matching")).to_have_text(re.compile(r"4\s+questions match"))
    # With keys: into the statements of MET, which then stand for it.
    browser_page.get_by_text("Choose single statements").press("Enter")
    browser_page.locator(".statement-group summary", has_text="MET").press("Enter")
    browser_page.get_by_label("MET-K1").press("Space")
    expect(browser_page.locator("#matching")).to_have_text(re.compile(r"3\s+questions match"))
    browser_page.get_by_label("MET-K1").press("Space")
    expect(browser_page.locator("#matching")).to_have_text(re.compile(r"4\s+questions match"))
    browser_page.locator("#builder [name=question_count]").fill("40")
    browser_page.locator(".builder-start button").click()
    expect(browser_page.locator(".error-summary")).to_contain_text("Only 4 questions match this choice")
    expect(browser_page.locator("#builder [name=question_count]")).to_have_value("40")
    expect(browser_page.locator(".competency-chip input:checked")).to_have_count(2)


@pytest.mark.usefixtures("bank")
def test_builder_counts_again_what_going_back_restored(browser_page: Page, visit: Callable[[Page, str], None]) -> None:
    visit(browser_page, "/practice/")
    browser_page.locator(".competency-chip", has_text="CUL").click()
    expect(browser_page.locator("#matching")).to_have_text(re.compile(r"^\s*2\s+questions match"))
    browser_page.get_by_role("link", name="Count every question as not seen again").click()
    expect(browser_page).to_have_url(re.compile("/practice/reset/$"))
    browser_page.go_back()
    expect(browser_page.locator(".competency-chip input:checked")).to_have_count(1)
    expect(browser_page.locator("#matching")).to_have_text(re.compile(r"^\s*2\s+questions match"))


@pytest.mark.usefixtures("bank")
def test_preset_to_result_with_keys_alone(browser_page: Page, visit: Callable[[Page, str], None]) -> None:
    visit(browser_page, "/practice/")
    browser_page.get_by_role("button", name="Start Quick ten").press("Enter")
    expect(browser_page).to_have_url(QUESTION_1)
    browser_page.wait_for_load_state()
    key = Response.objects.get(position=1).option_order.index("B")
    browser_page.keyboard.press("abcd"[key])
    browser_page.keyboard.press("Enter")
    expect(browser_page.locator("#verdict")).to_be_focused()
    expect(browser_page.locator("#verdict")).to_have_text(re.compile(f"Right: {'ABCD'[key]} is the key"))
    expect(browser_page.locator(".option-rationale")).to_have_count(4)
    expect(browser_page).to_have_url(QUESTION_1)
    browser_page.keyboard.press("n")
    expect(browser_page).to_have_url(QUESTION_2)
    browser_page.wait_for_load_state()
    wrong = (Response.objects.get(position=2).option_order.index("B") + 1) % 4
    browser_page.keyboard.press(str(wrong + 1))
    browser_page.keyboard.press("Enter")
    expect(browser_page.locator("#verdict")).to_contain_text("Not this time")
    browser_page.get_by_role("link", name="Finish the quiz").press("Enter")
    expect(browser_page.locator(".notice-title")).to_have_text("8 questions are unanswered")
    browser_page.get_by_role("button", name="Finish and see the result").press("Enter")
    expect(browser_page.locator(".score-figure")).to_have_text(re.compile(r"1\s+of 10"))


def test_options_are_struck_out_until_the_question_is_checked(
    browser_page: Page, visit: Callable[[Page, str], None], candidate: User, axe: Callable[[Page], None]
) -> None:
    make_term("Rationale")
    attempt = start(candidate)
    visit(browser_page, f"/attempts/{attempt.code}/questions/1/")
    strike = {letter: browser_page.get_by_role("button", name=f"Strike out option {letter}") for letter in "ABCD"}
    struck = browser_page.locator(".option-struck .option-letter")
    strike["A"].click()
    expect(strike["A"]).to_have_attribute("aria-pressed", "true")
    strike["B"].click()
    strike["B"].click()
    browser_page.get_by_role("radio", name="C Option").focus()
    browser_page.keyboard.press("s")
    expect(browser_page.locator("[data-part=announcement]")).to_have_text("Option C is struck out.")
    # With an option in focus that is chosen, which is never struck out, the next key names one.
    browser_page.keyboard.press("b")
    browser_page.keyboard.press("s")
    expect(browser_page.locator("[data-part=hint]")).to_be_visible()
    expect(browser_page.locator("[data-part=announcement]")).to_have_text("Strike out A, B, C or D?")
    browser_page.keyboard.press("d")
    expect(browser_page.locator("[data-part=hint]")).to_be_hidden()
    expect(struck).to_have_text(["A", "C", "D"])
    axe(browser_page)
    # A new page, and a question put in its place.
    browser_page.reload()
    expect(struck).to_have_text(["A", "C", "D"])
    browser_page.get_by_role("button", name="Check").click()
    expect(browser_page.locator(".error-summary")).to_contain_text("Choose an option, then check it.")
    expect(struck).to_have_text(["A", "C", "D"])
    browser_page.get_by_role("radio", name=re.compile(r"^A Option C \d+ \(struck out\)$")).check()
    expect(struck).to_have_text(["C", "D"])
    expect(strike["A"]).to_be_hidden()
    browser_page.get_by_role("button", name="Check").click()
    expect(browser_page.locator("#verdict")).to_be_visible()
    expect(browser_page.locator(".option-strike")).to_have_count(0)
    browser_page.locator("a.term").hover()
    expect(browser_page.locator(".term-card")).to_be_visible()
    browser_page.get_by_role("link", name="Next question").click()
    expect(browser_page.get_by_role("heading", name="Question 2 of 3")).to_be_visible()
    expect(browser_page.locator(".option-strike")).to_have_count(4)
    expect(struck).to_have_count(0)


def test_keys_can_be_switched_off(browser_page: Page, visit: Callable[[Page, str], None], candidate: User) -> None:
    attempt = start(candidate)
    visit(browser_page, f"/attempts/{attempt.code}/questions/1/")
    browser_page.get_by_label("Keys on").uncheck()
    browser_page.keyboard.press("2")
    expect(browser_page.locator("[name=label]:checked")).to_have_count(0)
    browser_page.reload()
    expect(browser_page.get_by_label("Keys on")).not_to_be_checked()
    browser_page.get_by_label("Keys on").check()
    browser_page.keyboard.press("2")
    expect(browser_page.locator("[name=label]:checked")).to_have_value("B")


def test_keys_act_where_the_browser_keeps_nothing(
    browser_page: Page, visit: Callable[[Page, str], None], candidate: User
) -> None:
    page = browser_page
    page.add_init_script("Object.defineProperty(window, 'localStorage', {get: () => { throw new DOMException('no') }})")
    visit(page, f"/attempts/{start(candidate).code}/questions/1/")
    page.keyboard.press("2")
    expect(page.locator("[name=label]:checked")).to_have_value("B")
    page.get_by_label("Keys on").uncheck()
    page.keyboard.press("3")
    expect(page.locator("[name=label]:checked")).to_have_value("B")


def test_whole_quiz_works_without_javascript(
    new_page: NewPage, visit: Callable[[Page, str], None], candidate: User
) -> None:
    page = new_page(java_script_enabled=False)
    attempt = start(candidate, count=2)
    visit(page, f"/attempts/{attempt.code}/")
    expect(page).to_have_url(QUESTION_1)
    expect(page.locator(".option-strike, .option-hint:visible")).to_have_count(0)
    page.locator(".option").nth(1).click()
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#verdict")).to_contain_text("Right: B is the key")
    page.get_by_role("link", name="Next question").click()
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".error-summary")).to_contain_text("Choose an option, then check it.")
    page.locator(".option").nth(0).click()
    page.get_by_role("button", name="Check").click()
    page.get_by_role("button", name="See the result").click()
    expect(page.locator(".score-figure")).to_have_text(re.compile(r"1\s+of 2"))


def test_answers_at_the_end_can_be_changed_and_are_resumed(
    browser_page: Page, visit: Callable[[Page, str], None], candidate: User
) -> None:
    attempt = start(candidate, feedback=Feedback.AT_END)
    visit(browser_page, f"/attempts/{attempt.code}/questions/1/")
    browser_page.locator(".option").nth(0).click()
    expect(browser_page.locator("#places-tally")).to_have_text("1 of 3 answered")
    asked: list[str] = []
    browser_page.on("request", lambda request: "/questions/" in request.url and asked.append(request.method))
    browser_page.get_by_role("button", name="Save and next").click()
    expect(browser_page).to_have_url(QUESTION_2)
    expect(browser_page.get_by_role("heading", name="Question 2 of 3")).to_be_focused()
    expect(browser_page).to_have_title("Question 2 of 3 · CCXP Prep")
    assert asked == ["POST"]
    browser_page.go_back()
    expect(browser_page).to_have_url(QUESTION_1)
    expect(browser_page.get_by_role("heading", name="Question 1 of 3")).to_be_visible()
    browser_page.goto(browser_page.url.replace("/1/", "/2/"))
    browser_page.get_by_role("link", name="Previous").click()
    expect(browser_page.locator("[name=label]:checked")).to_have_value("C")
    browser_page.locator(".option").nth(1).click()
    browser_page.get_by_role("button", name="Save and next").click()
    expect(browser_page).to_have_url(QUESTION_2)
    assert attempt.responses.get(position=1).selected_label == "B"
    browser_page.goto(browser_page.url.partition("/attempts/")[0] + "/attempts/")
    browser_page.get_by_role("link", name="Resume").click()
    expect(browser_page).to_have_url(QUESTION_2)


def test_choice_explained_at_the_end_is_kept_whatever_leads_away(
    browser_page: Page, visit: Callable[[Page, str], None], candidate: User
) -> None:
    page = browser_page
    attempt = start(candidate, feedback=Feedback.AT_END, deadline_at=timezone.now() + timedelta(hours=2))
    visit(page, f"/attempts/{attempt.code}/questions/1/")
    heading, chosen = page.get_by_role("heading", level=1), page.locator("[name=label]:checked")
    # The save is slow: the place that is pressed meanwhile waits for it.
    held = Held(page, QUESTION_1)
    page.keyboard.press("1")
    page.locator(".place").nth(1).click()
    held.wait()
    expect(heading).to_have_text("Question 1 of 3")
    assert attempt.responses.get(position=1).selected_label == ""
    held.let_go()
    expect(heading).to_have_text("Question 2 of 3")
    expect(page.locator(".place-answered")).to_have_count(1)
    page.keyboard.press("2")
    page.get_by_label("Flag for later").check()
    page.get_by_role("link", name="Previous").click()
    expect(heading).to_have_text("Question 1 of 3")
    expect(chosen).to_have_value("C")
    expect(page.locator("#places-tally")).to_have_text("2 of 3 answered, 1 flagged")
    page.keyboard.press("2")
    page.get_by_role("button", name="Pause").click()
    expect(heading).to_have_text("Paused")
    page.get_by_role("button", name="Resume").click()
    expect(heading).to_have_text("Question 1 of 3")
    expect(chosen).to_have_value("B")
    page.wait_for_load_state()
    page.keyboard.press("3")
    page.reload()
    expect(chosen).to_have_value("A")
    page.keyboard.press("4")
    page.get_by_role("link", name="Finish the quiz").click()
    expect(heading).to_have_text("Finish the quiz?")
    expect(page.get_by_text("1 question is unanswered")).to_be_visible()
    assert list(attempt.responses.values_list("selected_label", "is_flagged")) == [
        ("D", False), ("B", True), ("", False),
    ]  # fmt: skip


def test_n_saves_and_goes_on_and_what_is_pressed_meanwhile_changes_nothing(
    browser_page: Page, visit: Callable[[Page, str], None], candidate: User
) -> None:
    page = browser_page
    attempt = start(candidate, feedback=Feedback.AT_END)
    visit(page, f"/attempts/{attempt.code}/questions/1/")
    heading = page.get_by_role("heading", level=1)
    page.keyboard.press("a")
    expect(page.locator("#places-tally")).to_have_text("1 of 3 answered")
    held = Held(page, QUESTION_1)
    page.keyboard.press("n")
    held.wait()
    expect(page.locator(".check")).to_be_disabled()
    page.keyboard.press("b")
    page.keyboard.press("n")
    expect(page.locator("[name=label]:checked")).to_have_value("C")
    assert len(held.routes) == 1
    held.let_go()
    expect(heading).to_have_text("Question 2 of 3")
    page.keyboard.press("b")
    page.keyboard.press("n")
    expect(heading).to_have_text("Question 3 of 3")
    assert list(attempt.responses.values_list("selected_label", flat=True)) == ["C", "B", ""]


def test_choice_that_was_not_saved_holds_the_question_and_goes_with_the_next_try(
    browser_page: Page, visit: Callable[[Page, str], None], candidate: User, page_guard: PageGuard
) -> None:
    page_guard.allow("net::ERR")
    page = browser_page
    attempt = start(candidate, feedback=Feedback.AT_END)
    visit(page, f"/attempts/{attempt.code}/questions/1/")
    heading = page.get_by_role("heading", level=1)
    page.context.set_offline(True)
    page.keyboard.press("2")
    expect(page.get_by_role("alert")).to_contain_text("Not sent.")
    page.locator(".place").nth(1).click()
    expect(heading).to_have_text("Question 1 of 3")
    page.context.set_offline(False)
    page.locator(".place").nth(1).click()
    expect(heading).to_have_text("Question 2 of 3")
    assert attempt.responses.get(position=1).selected_label == "B"


def test_choice_that_was_not_saved_never_wins_over_a_newer_one_from_elsewhere(
    browser_page: Page, visit: Callable[[Page, str], None], candidate: User, page_guard: PageGuard
) -> None:
    page_guard.allow("net::ERR|503")
    page = browser_page
    attempt = start(candidate, feedback=Feedback.AT_END)
    page.route(QUESTION_1, lambda route: refuse_posts(route, status=503))
    visit(page, f"/attempts/{attempt.code}/questions/1/")
    page.keyboard.press("3")
    expect(page.get_by_role("alert")).to_contain_text("Not sent.")
    elsewhere = {"attempt_code": attempt.code, "candidate": candidate, "position": 1, "now": timezone.now()}
    record_answer(**elsewhere, key=uuid4(), sequence=1, label="C")
    page.unroute(QUESTION_1)
    page.locator(".place").nth(1).click()
    expect(page.locator(".messages")).to_contain_text("This question was answered elsewhere in the meantime.")
    expect(page.locator("[name=label]:checked")).to_have_value("C")
    # The same where the page was opened anew since.
    page.wait_for_load_state()
    intercept(page, QUESTION_1, lambda route: refuse_posts(route, status=503))
    page.keyboard.press("3")
    expect(page.get_by_role("alert")).to_contain_text("Not sent.")
    record_answer(**elsewhere, key=uuid4(), sequence=2, label="D")
    page.unroute(QUESTION_1)
    page.reload()
    expect(page.locator(".messages")).to_contain_text("This question was answered elsewhere in the meantime.")
    expect(page.locator("[name=label]:checked")).to_have_value("D")
    assert list(attempt.answers.order_by("pk").values_list("label", flat=True)) == ["C", "D"]


def test_choice_whose_acknowledgement_was_lost_is_no_conflict_with_the_next(
    browser_page: Page, visit: Callable[[Page, str], None], candidate: User, page_guard: PageGuard
) -> None:
    page_guard.allow("net::ERR")
    page = browser_page
    attempt = start(candidate, feedback=Feedback.AT_END)
    visit(page, f"/attempts/{attempt.code}/questions/1/")
    answers: list[int] = []

    def lose(route: Route) -> None:
        """A portal answers with a page of its own, which is no acknowledgement; then ours arrives and is lost."""
        if answers:
            answers.append(route.fetch().status)
            route.abort()
        else:
            answers.append(0)
            refuse_posts(route, status=200)

    intercept(page, QUESTION_1, lose)
    page.keyboard.press("1")
    expect(page.get_by_role("alert")).to_contain_text("Not sent.")
    page.evaluate("dispatchEvent(new Event('online'))")
    wait_until(lambda: page.wait_for_timeout(20) or answers[1:], what="an answer to lose")
    assert (answers[1], attempt.responses.get(position=1).selected_label) == (200, "C")
    page.unroute(QUESTION_1)
    page.keyboard.press("3")
    page.get_by_role("button", name="Save and next").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 2 of 3")
    expect(page.locator(".messages")).to_have_count(0)
    assert attempt.responses.get(position=1).selected_label == "A"


def test_choice_that_was_not_saved_is_sent_from_every_page_of_the_quiz_and_the_end_waits_for_it(
    browser_page: Page, visit: Callable[[Page, str], None], candidate: User, page_guard: PageGuard
) -> None:
    page_guard.allow("503")
    page = browser_page
    attempt = start(candidate, feedback=Feedback.AT_END)
    page.route(QUESTION_1, lambda route: refuse_posts(route, status=503))
    visit(page, f"/attempts/{attempt.code}/questions/1/")
    page.keyboard.press("1")
    expect(page.get_by_role("alert")).to_contain_text("Not sent.")
    visit(page, f"/attempts/{attempt.code}/submit/")
    expect(page.get_by_role("alert")).to_contain_text("Not all of your answers have been sent yet.")
    page.get_by_role("button", name="Finish and see the result").click()
    expect(page.get_by_text("3 questions are unanswered")).to_be_visible()
    visit(page, f"/attempts/{attempt.code}/questions/2/")
    expect(page.get_by_role("alert")).to_be_visible()
    page.unroute(QUESTION_1)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#places-tally")).to_have_text("1 of 3 answered")
    expect(page.locator(".place[aria-current]")).to_have_text("2, not answered")
    expect(page.get_by_role("alert")).to_be_hidden()
    # At the end itself: what it says of the answers is then said anew.
    intercept(page, QUESTION_2, lambda route: refuse_posts(route, status=503))
    page.keyboard.press("2")
    expect(page.get_by_role("alert")).to_be_visible()
    visit(page, f"/attempts/{attempt.code}/submit/")
    expect(page.get_by_role("alert")).to_be_visible()
    page.unroute(QUESTION_2)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_text("1 question is unanswered")).to_be_visible()
    assert list(attempt.responses.values_list("selected_label", flat=True)) == ["C", "B", ""]


def refuse_posts(route: Route, *, status: int) -> None:
    if route.request.method == "POST":
        route.fulfill(status=status, body="<p>Sign in to this network.</p>", content_type="text/html")
    else:
        route.continue_()


def test_answer_of_a_portal_is_not_put_in_place_of_the_question(
    browser_page: Page, visit: Callable[[Page, str], None], candidate: User
) -> None:
    page = browser_page
    attempt = start(candidate)
    page.route(QUESTION_1, lambda route: refuse_posts(route, status=200))
    visit(page, f"/attempts/{attempt.code}/questions/1/")
    page.keyboard.press("2")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("alert")).to_contain_text("Not sent.")
    page.unroute(QUESTION_1)
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#verdict")).to_contain_text("Right")


def test_choice_after_the_session_ended_is_saved_after_signing_in_again(
    browser_page: Page, visit: Callable[[Page, str], None], candidate: User, page_guard: PageGuard
) -> None:
    page_guard.allow("401")
    page = browser_page
    attempt = start(candidate, feedback=Feedback.AT_END)
    visit(page, f"/attempts/{attempt.code}/questions/1/")
    Session.objects.all().delete()
    page.keyboard.press("2")
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=/attempts/"))
    page.get_by_label("Email").fill(candidate.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(QUESTION_1)
    expect(page.locator("#places-tally")).to_have_text("1 of 3 answered")
    expect(page.locator("[name=label]:checked")).to_have_value("B")
    assert attempt.responses.get(position=1).selected_label == "B"


def test_answer_that_did_not_arrive_is_told_and_can_be_sent_again(
    browser_page: Page, visit: Callable[[Page, str], None], candidate: User, page_guard: PageGuard
) -> None:
    page_guard.allow("net::ERR|htmx:(sendError|afterRequest)")
    attempt = start(candidate)
    visit(browser_page, f"/attempts/{attempt.code}/questions/1/")
    browser_page.keyboard.press("2")
    browser_page.context.set_offline(True)
    browser_page.get_by_role("button", name="Check").click()
    expect(browser_page.get_by_role("alert")).to_contain_text("Not sent.")
    expect(browser_page.locator("[name=label]:checked")).to_have_value("B")
    browser_page.context.set_offline(False)
    browser_page.get_by_role("button", name="Check").click()
    expect(browser_page.locator("#verdict")).to_contain_text("Right")


def test_session_that_ended_opens_the_sign_in_page_and_comes_back(
    browser_page: Page, visit: Callable[[Page, str], None], candidate: User, page_guard: PageGuard
) -> None:
    page_guard.allow("401")
    attempt = start(candidate)
    visit(browser_page, f"/attempts/{attempt.code}/questions/1/")
    Session.objects.all().delete()
    browser_page.keyboard.press("2")
    browser_page.get_by_role("button", name="Check").click()
    expect(browser_page).to_have_url(re.compile(r"/accounts/login/\?next=/attempts/"))
    browser_page.get_by_label("Email").fill(candidate.email)
    browser_page.get_by_label("Password", exact=True).fill(PASSWORD)
    browser_page.get_by_role("button", name="Sign in", exact=True).click()
    expect(browser_page).to_have_url(QUESTION_1)


def test_navigator_follows_from_question_to_question(
    browser_page: Page, visit: Callable[[Page, str], None], candidate: User, page_guard: PageGuard
) -> None:
    page = browser_page
    page_guard.allow("htmx:(sendAbort|afterRequest)")
    attempt = start(candidate)
    visit(page, f"/attempts/{attempt.code}/questions/1/")
    places = page.get_by_role("navigation", name="Questions").get_by_role("link")
    current = page.locator(".place[aria-current]")
    page.keyboard.press("1")
    page.get_by_role("button", name="Check").click()
    expect(places).to_have_text(["1, wrong", "2, not answered", "3, not answered"])
    # Of two on their way, the one that would come too late is called off.
    intercept(page, re.compile("/questions/2/$"), lambda _: None)
    places.nth(1).click()
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/questions/2/")):
        places.nth(2).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 3 of 3")
    expect(current).to_have_text(["3, not answered"])
    expect(page).to_have_url(re.compile("/questions/3/$"))


def test_time_on_screen_is_counted(browser_page: Page, visit: Callable[[Page, str], None], candidate: User) -> None:
    attempt = start(candidate)
    visit(browser_page, f"/attempts/{attempt.code}/questions/1/")
    expect(browser_page.locator("[data-question] [name=seconds]")).to_have_value("2", timeout=5000)
    browser_page.keyboard.press("2")
    browser_page.keyboard.press("Enter")
    expect(browser_page.locator("#verdict")).to_be_visible()
    assert attempt.responses.get(position=1).seconds in range(2, 8)


def test_time_on_a_question_that_is_left_without_an_answer_comes_with_the_next_or_with_the_end(
    browser_page: Page, visit: Callable[[Page, str], None], candidate: User
) -> None:
    page = browser_page
    attempt = start(candidate, feedback=Feedback.AT_END)
    visit(page, f"/attempts/{attempt.code}/questions/1/")
    heading, places = page.get_by_role("heading", level=1), page.locator(".place")
    seconds = page.locator("[data-question] [name=seconds]")
    seconds.evaluate("field => field.value = 100")
    expect(seconds).to_have_value(re.compile(r"^1(?!00)\d\d$"))
    places.nth(1).click()
    expect(heading).to_have_text("Question 2 of 3")
    seconds.evaluate("field => field.value = 200")
    expect(seconds).to_have_value(re.compile(r"^2(?!00)\d\d$"))
    places.nth(0).click()
    expect(heading).to_have_text("Question 1 of 3")
    page.keyboard.press("2")
    page.get_by_role("button", name="Save and next").click()
    expect(heading).to_have_text("Question 2 of 3")
    assert attempt.responses.get(position=1).seconds in range(101, 150)
    page.get_by_role("link", name="Finish the quiz").click()
    expect(heading).to_have_text("Finish the quiz?")
    page.wait_for_load_state()
    page.get_by_role("button", name="Finish and see the result").click()
    expect(page).to_have_url(re.compile(rf"{attempt.get_absolute_url()}$"))
    first, second, third = attempt.responses.values_list("seconds", flat=True)
    assert (first in range(101, 150), second in range(201, 250), third) == (True, True, 0)


@pytest.mark.parametrize("feedback", [Feedback.AFTER_EACH, Feedback.AT_END])
def test_quiz_closes_by_itself_and_takes_what_was_chosen(
    browser_page: Page, visit: Callable[[Page, str], None], candidate: User, feedback: str
) -> None:
    deadline = timezone.now() + timedelta(seconds=6)
    attempt = start(candidate, feedback=feedback, deadline_at=deadline)
    visit(browser_page, f"/attempts/{attempt.code}/questions/1/")
    browser_page.keyboard.press("2")
    expect(browser_page.locator(".messages")).to_contain_text("Time was up", timeout=20_000)
    expect(browser_page.locator(".score-figure")).to_have_text(re.compile(r"1\s+of 3"))
    attempt.refresh_from_db()
    assert (attempt.state, attempt.submitted_at) == ("graded", deadline)


def test_last_minute_is_announced_once(browser_page: Page, visit: Callable[[Page, str], None], candidate: User) -> None:
    attempt = start(candidate, deadline_at=timezone.now() + timedelta(seconds=64))
    visit(browser_page, f"/attempts/{attempt.code}/questions/1/")
    expect(browser_page.locator("[data-countdown-status]")).to_have_text("1 minute left", timeout=15_000)
    expect(browser_page.locator("[data-countdown-text]")).to_have_text(re.compile("^00:5"))


def test_due_date_becomes_a_clock_in_its_last_hours(
    browser_page: Page, visit: Callable[[Page, str], None], candidate: User, cohort: Cohort
) -> None:
    due_at = timezone.now() + timedelta(hours=4)
    attempt = start(candidate, assignment=make_assignment(cohort, due_at=due_at), deadline_at=due_at)
    browser_page.clock.install()
    visit(browser_page, f"/attempts/{attempt.code}/questions/1/")
    browser_page.wait_for_load_state()
    expect(browser_page.locator(".question-due")).to_contain_text("Due ")
    expect(browser_page.locator(".time-left")).to_be_hidden()
    browser_page.clock.fast_forward("01:30:00")
    expect(browser_page.locator(".time-left")).to_contain_text(re.compile(r"2:[12]\d:\d\d"))
    expect(browser_page.locator(".question-due")).to_be_hidden()


@pytest.mark.parametrize("feedback", [Feedback.AFTER_EACH, Feedback.AT_END])
def test_choice_at_zero_without_the_network_is_sent_when_it_is_back_within_the_grace(
    browser_page: Page, visit: Callable[[Page, str], None], candidate: User, page_guard: PageGuard, feedback: str
) -> None:
    page_guard.allow("net::ERR|htmx:(sendError|afterRequest)")
    page = browser_page
    attempt = start(candidate, feedback=feedback, deadline_at=timezone.now() + timedelta(minutes=10))
    visit(page, f"/attempts/{attempt.code}/questions/1/")
    page.wait_for_load_state()
    page.context.set_offline(True)
    page.keyboard.press("2")
    with page.expect_event("requestfailed"):
        page.evaluate("for (const c of [Date, performance]) { const now = c.now.bind(c); c.now = () => now() + 9e5; }")
    expect(page.get_by_role("alert")).to_contain_text("Not sent.")
    Attempt.objects.update(deadline_at=timezone.now())
    page.context.set_offline(False)
    expect(page.locator(".messages")).to_contain_text("Time was up")
    expect(page.locator(".score-figure")).to_have_text(re.compile(r"1\s+of 3"))


def test_clock_follows_the_server_and_not_the_time_of_the_device(
    browser_page: Page, visit: Callable[[Page, str], None], candidate: User
) -> None:
    page = browser_page
    attempt = start(candidate, deadline_at=timezone.now() + timedelta(minutes=10))
    visit(page, f"/attempts/{attempt.code}/questions/1/")
    page.wait_for_load_state()
    Attempt.objects.update(deadline_at=timezone.now() + timedelta(minutes=5))
    page.evaluate("const now = Date.now; Date.now = () => now() - 36e5")
    expect(page.locator("[data-countdown-text]")).to_have_text(re.compile("^04:"))


def test_quiz_closes_by_itself_without_a_choice(
    browser_page: Page, visit: Callable[[Page, str], None], candidate: User
) -> None:
    attempt = start(candidate, deadline_at=timezone.now() + timedelta(seconds=5))
    visit(browser_page, f"/attempts/{attempt.code}/questions/2/")
    expect(browser_page.locator(".score-figure")).to_have_text(re.compile(r"0\s+of 3"), timeout=20_000)


def sat(candidate: User) -> Attempt:
    """Finished: right, wrong and flagged, unanswered."""
    attempt = start(candidate, feedback=Feedback.AT_END)
    for position, label in enumerate(["B", "D", ""], start=1):
        responses = Response.objects.filter(attempt=attempt, position=position)
        responses.update(selected_label=label, is_flagged=position == 2)
    return finish_attempt(attempt=attempt, now=timezone.now())


@pytest.mark.usefixtures("bank")
def test_every_page_is_accessible_and_fits(
    new_page: NewPage,
    visit: Callable[[Page, str], None],
    candidate: User,
    axe_in_all_looks: Callable[[Page], None],
) -> None:
    done, checked, timed = sat(candidate), start(candidate), start(
        candidate, feedback=Feedback.AT_END, deadline_at=timezone.now() + timedelta(hours=2)
    )  # fmt: skip
    check_response(response=checked.responses.get(position=1), label="D", now=timezone.now())
    page = new_page(viewport=WIDTHS["desktop"])
    for path in (
        "/practice/",
        "/practice/?objectives=MET-K1.1&objectives=CUL-K1.1&objectives=NONE",
        "/practice/?statements=MET-K1&statuses=missed&levels=hard",
        "/practice/reset/",
        f"/attempts/{checked.code}/questions/1/",
        f"/attempts/{checked.code}/questions/2/",
        f"/attempts/{timed.code}/questions/1/",
        f"/attempts/{timed.code}/submit/",
        f"/attempts/{done.code}/",
        f"/attempts/{done.code}/questions/",
        f"/attempts/{done.code}/questions/?show=nothing",
        "/attempts/",
    ):
        visit(page, path)
        axe_in_all_looks(page)


def test_pages_fit_at_320_pixels(new_page: NewPage, visit: Callable[[Page, str], None], candidate: User) -> None:
    """What a page is at 400 % zoom."""
    done, checked = sat(candidate), start(candidate)
    page = new_page(viewport={"width": 320, "height": 256})
    for path in ("/practice/", f"/attempts/{done.code}/", f"/attempts/{checked.code}/questions/1/", "/attempts/"):
        visit(page, path)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (path, wider) == (path, 0)
