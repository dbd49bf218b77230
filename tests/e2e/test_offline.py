"""Without a connection, in a real browser with the real service worker: nothing is lost, nothing is called sent that
is not, and nothing of one person's is there for the next."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Error, Page, expect

from accounts.models import User
from quizzes.models import Attempt
from reviews.models import ReviewLog
from tests.browser import WIDTHS, PageGuard
from tests.factories import PASSWORD, make_mock_attempt, make_question
from tests.services import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

# What a browser says of each request without a connection.
OFFLINE = "Failed to load resource"
SignIn = Callable[[Page, User], None]


@pytest.fixture
def page(new_page: Callable[..., Page], sign_in: SignIn, candidate: User, page_guard: PageGuard) -> Page:
    """Of a phone, signed in, with the worker let in."""
    page_guard.allow(OFFLINE)
    page = new_page(service_workers="allow", viewport=WIDTHS["phone"])
    page.on("dialog", lambda dialog: dialog.accept())
    sign_in(page, candidate)
    return page


@pytest.fixture
def taken(page: Page, live_server: Any) -> Page:
    """Three questions are with the page, and the worker watches over it."""
    for number in range(1, 4):
        make_question(f"MET-K{number}.1")
    page.goto(f"{live_server.url}/offline/")
    ready(page)
    page.get_by_role("button", name="Take along").click()
    expect(page.get_by_role("heading", name="3 questions are with you")).to_be_focused()
    wait_for_worker(page)
    return page


def ready(page: Page) -> None:
    page.wait_for_selector("body[data-ready]")


def wait_for(page: Page, expression: str, *arguments: Any) -> None:
    """The page's own waiting would evaluate text, which its policy forbids."""
    wait_until(lambda: page.evaluate(expression, *arguments) or page.wait_for_timeout(50), seconds=20)


def wait_for_worker(page: Page) -> None:
    wait_for(page, "navigator.serviceWorker.controller !== null")


def part(page: Page, name: str) -> Any:
    return page.locator(f'[data-part="{name}"]')


def answer(page: Page) -> None:
    """The first option, by keys."""
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    expect(page.locator(".verdict:visible")).to_be_focused()


def kept(page: Page) -> list[str]:
    """What is kept of a person."""
    return page.evaluate(
        """async () => {
          const keys = await (await caches.open("personal")).keys();
          return keys.map(({ url }) => new URL(url).pathname).sort();
        }"""
    )


def waiting(page: Page) -> int:
    return sum(name.startswith("/offline/waiting/") for name in kept(page))


def test_questions_are_answered_without_a_connection_and_sent_once(
    taken: Page, live_server: Any, axe: Callable[[Page], None]
) -> None:
    page = taken
    page.context.set_offline(True)
    page.goto(f"{live_server.url}/today/")
    ready(page)
    expect(page.get_by_text("The page you asked for needs one.")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name="Question 1 of 3")).to_be_focused()
    axe(page)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("alert").filter(visible=True)).to_have_text("Choose an option, then check it.")
    answer(page)
    expect(part(page, "status")).to_have_text("1 answer waiting to be sent")
    expect(page.locator(".option-rationale:visible")).to_have_count(4)
    axe(page)
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Question 2 of 3")).to_be_focused()
    answer(page)
    expect(part(page, "status")).to_have_text("2 answers waiting to be sent")
    page.reload()
    ready(page)
    expect(part(page, "set-text")).to_contain_text("2 answered, 1 to go.")
    expect(part(page, "status")).to_have_text("2 answers waiting to be sent")
    page.get_by_role("button", name="Go on").click()
    answer(page)
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="All of them are answered")).to_be_focused()
    assert (ReviewLog.objects.count(), waiting(page)) == (0, 3)
    page.context.set_offline(False)
    expect(part(page, "status")).to_have_text("Sent")

    assert (ReviewLog.objects.count(), waiting(page)) == (3, 0)


def test_session_that_ended_keeps_the_answers(taken: Page, candidate: User, live_server: Any) -> None:
    page = taken
    Session.objects.all().delete()
    page.get_by_role("button", name="Start").click()
    answer(page)
    expect(page.get_by_text("You are signed out. Sign in and your answers are sent.")).to_be_visible()
    expect(part(page, "status")).to_have_text("1 answer waiting to be sent")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Email").fill(candidate.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/offline/")
    ready(page)
    expect(part(page, "status")).to_have_text("Sent")
    assert ReviewLog.objects.count() == 1


def test_signing_out_removes_everything_personal(taken: Page, live_server: Any) -> None:
    page = taken
    page.context.set_offline(True)
    page.get_by_role("button", name="Start").click()
    answer(page)
    page.context.set_offline(False)
    page.goto(f"{live_server.url}/account/")
    assert "/offline/set" in kept(page)
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{live_server.url}/")

    # What waited was sent before.
    assert (kept(page), ReviewLog.objects.count()) == ([], 1)


def test_somebody_else_finds_nothing(taken: Page, live_server: Any, other_candidate: User, sign_in: SignIn) -> None:
    page = taken
    page.route("**/offline/answers/", lambda route: route.abort())
    page.get_by_role("button", name="Start").click()
    answer(page)
    expect(part(page, "status")).to_have_text("1 answer waiting to be sent")
    sign_in(page, other_candidate)
    page.goto(f"{live_server.url}/today/")
    wait_for(page, "caches.open('personal').then(cache => cache.match('/offline/set')).then(kept => !kept)")

    assert (kept(page), ReviewLog.objects.count()) == (["/offline/owner"], 0)


def test_no_page_of_a_person_is_kept(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/offline/")
    wait_for_worker(page)
    for address in ("/today/", "/reviews/", "/study/"):
        page.goto(live_server.url + address)
    page.wait_for_load_state()
    names = page.evaluate(
        """async () => {
          const all = await Promise.all((await caches.keys()).map(async name => (await caches.open(name)).keys()));
          return all.flat().map(({ url }) => new URL(url).pathname);
        }"""
    )
    assert [name for name in names if not name.startswith("/static/")] == ["/offline/", "/offline/owner"]
    page.context.set_offline(True)
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(f"{live_server.url}/admin/")


# The exam room (F14)


@pytest.fixture
def room(page: Page, live_server: Any, candidate: User) -> Page:
    """Of 24 questions and 40 minutes."""
    now = timezone.now()
    attempt = make_mock_attempt(candidate, count=24, started_at=now, deadline_at=now + timedelta(minutes=40))
    page.goto(f"{live_server.url}/attempts/{attempt.code}/exam/")
    ready(page)
    wait_for_worker(page)
    path = f"/attempts/{attempt.code}/exam/"
    wait_for(page, "path => caches.open('personal').then(cache => cache.match(path)).then(Boolean)", path)
    return page


def labels() -> str:
    found = Attempt.objects.get().responses.order_by("position").values_list("selected_label", flat=True)
    return "".join(label or "." for label in found)


def test_twenty_answers_survive_a_reload_without_a_connection(room: Page) -> None:
    status = part(room, "status")
    for key in "abc":
        room.keyboard.press(key)
        room.keyboard.press("n")
    expect(status).to_have_text("Saved")
    room.context.set_offline(True)
    for _ in range(20):
        room.keyboard.press("d")
        room.keyboard.press("n")
    expect(status).to_contain_text("Not saved yet: 20 answers waiting")
    room.reload()
    ready(room)
    expect(part(room, "counter")).to_have_text("Question 24 of 24")
    expect(status).to_contain_text("Not saved yet: 20 answers waiting")
    # What had been saved before is there too, and can be changed.
    room.keyboard.press("r")
    expect(part(room, "summary")).to_have_text("23 of 24 answered, 1 unanswered, 0 flagged.")
    room.keyboard.press("r")
    for _ in range(23):
        room.keyboard.press("p")
    room.keyboard.press("b")
    expect(status).to_contain_text("Not saved yet: 21 answers waiting")
    assert labels() == "CAD" + "." * 21
    room.context.set_offline(False)
    expect(status).to_have_text("Saved")
    assert labels() == "AAD" + "B" * 20 + "."


def test_clock_of_the_copy_goes_on(room: Page) -> None:
    # As if the page had been made 25 minutes ago.
    room.evaluate(
        """async () => {
          const cache = await caches.open("personal");
          const copy = await cache.match(location.pathname);
          const headers = new Headers(copy.headers);
          headers.set("Kept-At", String(Date.now() - 25 * 60_000));
          await cache.put(location.pathname, new Response(await copy.blob(), { headers }));
        }"""
    )
    room.context.set_offline(True)
    room.reload()
    ready(room)
    expect(room.locator("[data-digits]")).to_have_text(re.compile(r"^0:1[45]:"))


def test_copy_goes_when_the_exam_is_over(room: Page) -> None:
    room.keyboard.press("a")
    expect(part(room, "status")).to_have_text("Saved")
    room.keyboard.press("r")
    room.get_by_role("button", name="End exam").click()
    room.get_by_role("dialog").get_by_role("button", name="End exam").click()
    room.wait_for_url(f"**{Attempt.objects.get().get_absolute_url()}")
    wait_until(lambda: kept(room) == ["/offline/owner"] or room.wait_for_timeout(50), seconds=20)
