"""The pages of reviews as a person meets them: one whole review, the schedule that appears by itself, accessibility."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from reviews import tasks
from reviews.models import Card, ReviewLog, StudyPlan
from reviews.services import build_schedule
from tests.browser import WIDTHS
from tests.factories import make_blueprint, make_objective, make_question, make_study_plan
from tests.reviews.builders import review

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reader(candidate: User) -> User:
    """Has a plan, three objectives met long ago and more ahead than fits."""
    now = timezone.now()
    make_blueprint()
    make_study_plan(candidate, exam_on=(now + timedelta(days=5)).date(), minutes_by_weekday=[10] * 7, changed_at=now)
    for number in range(1, 50):
        make_question(f"MET-K{number}.1")
    for number in range(1, 4):
        question = make_question(f"CUL-K{number}.1")
        review(candidate, question, at=now - timedelta(days=20 + number))
    review(candidate, make_question("VOC-K1.1", status="retired"), at=now - timedelta(days=30))
    build_schedule(candidate=candidate, now=now)
    return candidate


@pytest.fixture
def open_page(
    live_server: Any, new_page: Callable[..., Page], sign_in: Callable[[Page, User], None]
) -> Callable[..., Page]:
    def run(person: User, path: str, **options: Any) -> Page:
        page = new_page(**options)
        sign_in(page, person)
        page.goto(live_server.url + path)
        return page

    return run


def test_a_whole_review_by_keyboard(reader: User, open_page: Callable[..., Page]) -> None:
    page = open_page(reader, "/reviews/")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"^\d+ objectives today$"))
    page.get_by_role("link", name="Start").press("Enter")
    expect(page.get_by_label("Keys on")).to_be_visible()  # the module has run
    struck = page.locator(".option-struck .option-letter")
    page.get_by_role("button", name="Strike out option A").press("Enter")
    page.keyboard.press("s")  # the same, by the key: it is back
    expect(struck).to_have_count(0)
    page.get_by_role("radio", name=re.compile("^D ")).focus()
    page.keyboard.press("s")
    page.get_by_role("button", name="Check").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Choose an option, then check it.")
    expect(struck).to_have_text(["D"])
    page.keyboard.press("b")
    page.get_by_role("radio", name="Unsure").press("Space")
    page.get_by_role("button", name="Check").press("Enter")
    expect(page.locator(".return-when")).to_be_visible()
    log = ReviewLog.objects.get(is_from_review=True)
    assert log.rating == (2 if log.selected_label == "B" else 1)
    page.wait_for_load_state()
    page.keyboard.press("n")
    expect(page.locator("#stem")).to_be_visible()
    page.get_by_role("link", name="Stop for now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"^\d+ objectives left today$"))
    expect(page.get_by_role("link", name="Go on")).to_be_visible()


def test_an_answer_is_undone_and_the_objective_asked_again(reader: User, open_page: Callable[..., Page]) -> None:
    page = open_page(reader, "/reviews/next/")
    before = page.locator(".question-number").inner_text()
    page.locator(".option").nth(0).click()
    page.get_by_role("button", name="Check").click()
    page.get_by_role("button", name="Undo this answer").click()
    expect(page.get_by_text("Your answer is undone.")).to_be_visible()
    assert page.locator(".question-number").inner_text() == before
    assert ReviewLog.objects.standing().filter(is_from_review=True).count() == 0


def test_study_text_opens_before_a_new_objective(reader: User, open_page: Callable[..., Page]) -> None:
    page = open_page(reader, "/reviews/next/")
    expect(page.locator(".question-number")).to_have_text(re.compile(r"^New \d+ left, about \d+ min$"))
    idea = page.get_by_text("The idea behind")
    expect(idea).to_be_hidden()
    page.get_by_text("Read about it first").press("Enter")
    expect(idea).to_be_visible()


def test_a_session_ends_and_goes_on_ahead(reader: User, open_page: Callable[..., Page]) -> None:
    """A plan may leave a day no minutes; what is answered beyond the session counts all the same."""
    StudyPlan.objects.update(minutes_by_weekday=[0] * 7)
    page = open_page(reader, "/reviews/")
    page.get_by_role("link", name="Study ahead").click()
    page.locator(".option").nth(0).click()
    page.get_by_role("button", name="Check").click()
    page.locator("[data-next]").click()
    page.wait_for_url("**/reviews/next/?ahead=1")
    assert ReviewLog.objects.filter(is_from_review=True).count() == 1


def test_going_back_after_an_answer_asks_what_is_next_now(reader: User, open_page: Callable[..., Page]) -> None:
    page = open_page(reader, "/reviews/next/")
    stem = page.locator("#stem").inner_text()
    page.locator(".option").nth(0).click()
    page.get_by_role("button", name="Check").click()
    page.wait_for_load_state()
    page.go_back()
    expect(page.locator("#stem")).not_to_have_text(stem)
    assert ReviewLog.objects.filter(is_from_review=True).count() == 1


def test_a_review_works_without_javascript(reader: User, open_page: Callable[..., Page]) -> None:
    page = open_page(reader, "/reviews/next/", java_script_enabled=False)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose an option, then check it.")
    page.locator(".option").nth(2).click()
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".return-when")).to_be_visible()
    page.get_by_role("button", name="Undo this answer").click()
    expect(page.locator("#stem")).to_be_visible()


def test_the_schedule_appears_by_itself_once_it_is_built(
    candidate: User, open_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks.build_schedule, "delay_on_commit", lambda pk: None)
    make_study_plan(candidate, changed_at=timezone.now())
    make_question()
    page = open_page(candidate, "/reviews/schedule/")
    expect(page.get_by_text("Your schedule is being built.")).to_be_visible()
    build_schedule(candidate=candidate, now=timezone.now())
    expect(page.get_by_role("heading", name="Day by day")).to_be_visible(timeout=8000)
    expect(page.get_by_text("Your schedule is being built.")).to_have_count(0)
    assert page.locator("[hx-trigger]").count() == 0


def test_a_plan_is_saved_with_the_zone_of_the_device(candidate: User, open_page: Callable[..., Page]) -> None:
    make_blueprint()
    page = open_page(candidate, "/reviews/plan/", timezone_id="Asia/Tokyo")
    page.get_by_role("button", name="Use my device").click()
    page.get_by_label("Wednesday").fill("0")
    page.get_by_role("button", name="Save the plan").click()
    page.wait_for_url("**/reviews/schedule/")
    assert (StudyPlan.objects.get().minutes_by_weekday[2], User.objects.get().time_zone) == (0, "Asia/Tokyo")


def test_pages_are_accessible(
    reader: User, open_page: Callable[..., Page], axe_in_all_looks: Callable[[Page], None]
) -> None:
    Card.objects.create(
        candidate=reader,
        objective=make_objective("STR-K1.1"),
        first_rating=3,
        stability=1,
        difficulty=5,
        last_reviewed_on="2025-12-01",
        reps=1,
        algorithm_version="",
        as_of_log_id=1,
    )
    page = open_page(reader, "/reviews/", viewport=WIDTHS["desktop"])
    axe_in_all_looks(page)
    for path in ("/reviews/plan/", "/reviews/schedule/calendar/", "/reviews/schedule/"):
        page.goto(page.url.partition("/reviews/")[0] + path)
        page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
        axe_in_all_looks(page)
    page.goto(page.url.replace("schedule/", "next/"))
    axe_in_all_looks(page)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose an option, then check it.")
    axe_in_all_looks(page)
    page.locator(".option").nth(1).click()
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".return-when")).to_be_visible()
    axe_in_all_looks(page)
    page.goto(page.url.partition("/reviews/")[0] + "/reviews/")
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    axe_in_all_looks(page)


def test_a_leech_and_a_day_that_is_over_are_accessible(
    candidate: User, open_page: Callable[..., Page], axe_in_all_looks: Callable[[Page], None]
) -> None:
    now = timezone.now()
    question = make_question()
    for days in (20, 13, 9, 6, 3):
        review(candidate, question, at=now - timedelta(days=days), selected_label="A", rating=1)
    page = open_page(candidate, "/reviews/next/", viewport=WIDTHS["desktop"])
    expect(page.get_by_role("heading", name="Read this first")).to_be_visible()
    axe_in_all_looks(page)
    page.locator("input[value=A]").check()
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("heading", name="You keep missing this one")).to_be_visible()
    axe_in_all_looks(page)
    page.locator("[data-next]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Everything was asked today")
    axe_in_all_looks(page)
