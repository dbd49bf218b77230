"""Without a connection, in a real browser with the real service worker: nothing is lost, nothing is called sent that
is not, and nothing of one person's is there for the next."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from playwright.sync_api import Error, Page, expect

from accounts.models import User
from offline.services import SETS_AN_HOUR, count_set
from questions.models import Question
from quizzes.models import Attempt
from reviews.models import ReviewLog
from tests.browser import WIDTHS, PageGuard
from tests.e2e.room import expect_saved, expect_waiting, fail_answers, let_answers_through, part, ready, stored
from tests.factories import PASSWORD, make_mock_attempt, make_question
from tests.processes import wait_until

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


def wait_for(page: Page, expression: str, *arguments: Any) -> None:
    """The page's own waiting would evaluate text, which its policy forbids."""
    wait_until(lambda: page.evaluate(expression, *arguments) or page.wait_for_timeout(50), seconds=20)


def wait_for_worker(page: Page) -> None:
    wait_for(page, "navigator.serviceWorker.controller !== null")


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


def fill_up(page: Page, name: str) -> None:
    """From here on the browser has no room for what is kept under such names."""
    page.evaluate(
        """name => {
          const { put } = Cache.prototype;
          Cache.prototype.put = function (key, response) {
            const full = new DOMException("", "QuotaExceededError");
            return key.includes(name) ? Promise.reject(full) : put.call(this, key, response);
          };
        }""",
        name,
    )


def answer_for_the_server(monkeypatch: pytest.MonkeyPatch, status: int, only: str = "") -> None:
    """As a train's network (200) or a proxy (503) does in its place."""
    get_response = WSGIHandler.get_response

    def answer(self: WSGIHandler, request: HttpRequest) -> Any:
        if request.path.startswith("/service-worker") or not request.path.startswith(only):
            return get_response(self, request)
        return HttpResponse("<!doctype html><title>Train</title><h1>Welcome aboard</h1>", status=status)

    monkeypatch.setattr(WSGIHandler, "get_response", answer)


def other_tab(page: Page, live_server: Any) -> Page:
    tab = page.context.new_page()
    tab.goto(f"{live_server.url}/offline/")
    ready(tab)
    return tab


def waiting(page: Page) -> int:
    return sum(name.startswith("/offline/waiting/") for name in kept(page))


def test_questions_are_answered_without_a_connection_and_sent_once(
    taken: Page, live_server: Any, axe_in_all_looks: Callable[[Page], None]
) -> None:
    page = taken
    page.context.set_offline(True)
    page.goto(f"{live_server.url}/today/")
    ready(page)
    expect(page.get_by_text("The page you asked for needs one.")).to_be_visible()
    axe_in_all_looks(page)
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name="Question 1 of 3")).to_be_focused()
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("alert").filter(visible=True)).to_have_text("Choose an option, then check it.")
    axe_in_all_looks(page)
    answer(page)
    expect(part(page, "status")).to_have_text("1 answer waiting to be sent")
    expect(page.locator(".option-rationale:visible")).to_have_count(4)
    axe_in_all_looks(page)
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
    expect(part(page, "status")).to_have_text("3 answers waiting to be sent")
    assert (ReviewLog.objects.count(), waiting(page)) == (0, 3)
    page.context.set_offline(False)
    expect(part(page, "status")).to_have_text("Sent")

    assert (ReviewLog.objects.count(), waiting(page)) == (3, 0)
    expect(part(page, "away")).to_have_text(re.compile(r"^\s*You are connected again\s+.* Open it\s*$"))


def test_options_are_struck_out_without_a_connection(taken: Page) -> None:
    page = taken
    page.context.set_offline(True)
    page.get_by_role("button", name="Start").click()
    page.keyboard.press("s")
    page.keyboard.press("b")
    expect(page.get_by_role("radio", name=re.compile(r"^B .* \(struck out\)$"))).to_be_visible()
    page.get_by_role("button", name="Stop for now").click()
    page.keyboard.press("s")
    expect(part(page, "hint")).to_be_hidden()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("button", name="Strike out option B")).to_have_attribute("aria-pressed", "true")
    answer(page)
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Question 2 of 3")).to_be_focused()
    page.get_by_role("button", name="Strike out option C").click()
    expect(page.locator(".option-struck .option-letter")).to_have_text(["C"])


def test_answers_that_cannot_be_counted_are_named(taken: Page, axe: Callable[[Page], None]) -> None:
    page = taken
    page.context.set_offline(True)
    page.get_by_role("button", name="Start").click()
    for _ in range(2):
        answer(page)
        page.keyboard.press("n")
    Question.objects.all().delete()
    page.context.set_offline(False)
    expect(part(page, "refused-title")).to_have_text("2 answers could not be counted")
    expect(part(page, "refused-text")).to_have_text("That question is no longer there, so your answer was not counted.")
    axe(page)
    assert waiting(page) == 0


def test_refusal_that_another_page_met_is_told_until_it_is_closed(
    taken: Page,
    live_server: Any,
    candidate: User,
    other_candidate: User,
    sign_in: SignIn,
    axe: Callable[[Page], None],
) -> None:
    page = taken
    page.route("**/offline/answers/", lambda route: route.abort())
    page.get_by_role("button", name="Start").click()
    answer(page)
    expect(part(page, "status")).to_have_text("1 answer waiting to be sent")
    Question.objects.all().delete()
    page.goto("about:blank")
    page.unroute("**/offline/answers/")
    page.goto(f"{live_server.url}/study/")
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("1 answer could not be counted")
    expect(notice).to_contain_text("That question is no longer there, so your answer was not counted.")
    axe(page)
    page.goto(f"{live_server.url}/offline/")
    ready(page)
    expect(part(page, "refused-title")).to_have_text("1 answer could not be counted")
    expect(part(page, "status")).to_have_text("")
    sign_in(page, other_candidate)
    page.reload()
    ready(page)
    expect(part(page, "refused")).to_be_hidden()
    sign_in(page, candidate)
    page.goto(f"{live_server.url}/study/")
    notice.get_by_role("button", name="Understood").click()
    expect(notice).to_be_hidden()
    wait_until(lambda: not any("refused" in name for name in kept(page)) or page.wait_for_timeout(50), seconds=20)


def test_first_of_two_tabs_gives_the_answer(taken: Page, live_server: Any) -> None:
    other = other_tab(taken, live_server)
    taken.context.set_offline(True)
    for page, key in ((taken, "a"), (other, "b")):
        page.get_by_role("button", name="Start").click()
        page.keyboard.press(key)
        page.keyboard.press("Enter")
        expect(page.locator(".verdict:visible")).to_be_focused()
        expect(part(page, "status")).not_to_have_text("Sent")
        wait_until(lambda page=page: waiting(page) == 1 or page.wait_for_timeout(50), seconds=20)
    expect(part(taken, "refused")).to_be_hidden()
    expect(part(other, "refused-text")).to_contain_text("You answered that question in another tab.")


def test_browser_that_keeps_nothing_is_told(
    new_page: Callable[..., Page], live_server: Any, axe: Callable[[Page], None]
) -> None:
    page = new_page()
    page.add_init_script("delete Window.prototype.caches; delete self.caches;")
    page.goto(f"{live_server.url}/offline/")
    ready(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Take questions along")
    expect(page.get_by_text("This browser cannot keep questions")).to_be_visible()
    axe(page)


def test_browser_that_refuses_to_keep_lets_people_sign_out(
    new_page: Callable[..., Page], live_server: Any, candidate: User, sign_in: SignIn
) -> None:
    page = new_page()
    page.add_init_script(
        """for (const name of ["open", "has", "keys", "delete", "match"]) {
          CacheStorage.prototype[name] = () => Promise.reject(new DOMException("", "SecurityError"));
        }"""
    )
    sign_in(page, candidate)
    page.goto(f"{live_server.url}/account/")
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{live_server.url}/")


def test_one_set_too_many_is_refused_in_a_sentence(page: Page, candidate: User, live_server: Any) -> None:
    for _ in range(SETS_AN_HOUR):
        count_set(candidate=candidate, now=timezone.now())
    page.goto(f"{live_server.url}/offline/")
    ready(page)
    page.get_by_role("button", name="Take along").click()
    expect(part(page, "taking")).to_contain_text("You took 30 sets along within an hour, which is the most.")
    expect(page.get_by_role("button", name="Take along")).to_be_enabled()
    assert kept(page) == []


EVERYTHING_SAID = """addEventListener("DOMContentLoaded", () => {
    const status = document.querySelector("[data-part=status]");
    globalThis.said = [];
    const observer = new MutationObserver(() => said.push(status.textContent.trim()));
    observer.observe(status, {subtree: true, childList: true, characterData: true});
})"""


def test_page_that_opens_calls_nothing_sent_that_waits(taken: Page) -> None:
    page = taken
    page.context.set_offline(True)
    page.get_by_role("button", name="Start").click()
    answer(page)
    expect(part(page, "status")).to_have_text("1 answer waiting to be sent")
    page.add_init_script(EVERYTHING_SAID)
    page.reload()
    ready(page)
    expect(part(page, "status")).to_have_text("1 answer waiting to be sent")
    assert "Sent" not in page.evaluate("said")


def test_session_that_ended_keeps_the_answers(
    taken: Page, candidate: User, axe: Callable[[Page], None], axe_in_all_looks: Callable[[Page], None]
) -> None:
    page = taken
    page.get_by_role("button", name="Start").click()
    answer(page)
    expect(part(page, "status")).to_have_text("Sent")
    axe_in_all_looks(page)
    Session.objects.all().delete()
    page.keyboard.press("n")
    answer(page)
    expect(page.get_by_text("You are signed out. Sign in and your answers are sent.")).to_be_visible()
    expect(part(page, "status")).to_have_text("1 answer waiting to be sent")
    axe(page)
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Email").fill(candidate.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/offline/")
    ready(page)
    expect(part(page, "status")).to_have_text("Sent")
    assert ReviewLog.objects.count() == 2


def test_signing_out_removes_everything_personal(taken: Page, live_server: Any) -> None:
    page = taken
    page.context.set_offline(True)
    page.get_by_role("button", name="Start").click()
    answer(page)
    expect(part(page, "status")).to_have_text("1 answer waiting to be sent")
    page.context.set_offline(False)
    page.goto(f"{live_server.url}/account/")
    assert "/offline/set" in kept(page)
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{live_server.url}/")

    # What waited was sent before.
    assert (kept(page), ReviewLog.objects.count()) == ([], 1)


def test_somebody_else_finds_nothing_and_answers_wait_for_their_owner(
    taken: Page, live_server: Any, candidate: User, other_candidate: User, sign_in: SignIn
) -> None:
    page = taken
    page.route("**/offline/answers/", lambda route: route.abort())
    page.get_by_role("button", name="Start").click()
    answer(page)
    expect(part(page, "status")).to_have_text("1 answer waiting to be sent")
    sign_in(page, other_candidate)
    page.goto(f"{live_server.url}/today/")
    answers = [name for name in kept(page) if name.startswith("/offline/waiting/")]
    wait_until(lambda: kept(page) == ["/offline/owner", *answers] or page.wait_for_timeout(50), seconds=20)
    page.unroute("**/offline/answers/")
    with page.expect_response(lambda response: response.status == 409):
        page.goto(f"{live_server.url}/offline/")
    ready(page)
    expect(part(page, "status")).to_have_text("")
    assert (waiting(page), ReviewLog.objects.count()) == (1, 0)
    page.goto(f"{live_server.url}/account/")
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{live_server.url}/")
    assert kept(page) == answers

    sign_in(page, candidate)
    page.goto(f"{live_server.url}/study/")
    wait_until(lambda: waiting(page) == 0 or page.wait_for_timeout(50), seconds=20)
    assert ReviewLog.objects.for_candidate(candidate).count() == 1


def test_two_people_in_two_tabs_keep_what_is_theirs(
    taken: Page, live_server: Any, candidate: User, other_candidate: User, sign_in: SignIn
) -> None:
    sign_in(taken, other_candidate)
    theirs = other_tab(taken, live_server)
    expect(part(theirs, "set")).to_be_hidden()
    theirs.get_by_role("button", name="Take along").click()
    expect(theirs.get_by_role("heading", name="3 questions are with you")).to_be_focused()
    taken.context.set_offline(True)
    for page in (taken, theirs):
        page.get_by_role("button", name="Start").click()
        answer(page)
        expect(part(page, "status")).to_have_text("1 answer waiting to be sent")
    taken.context.set_offline(False)
    expect(part(theirs, "status")).to_have_text("Sent")
    expect(part(taken, "set")).to_be_hidden()
    theirs.reload()
    ready(theirs)
    expect(part(theirs, "set-text")).to_contain_text("1 answered, 2 to go.")

    assert (waiting(taken), ReviewLog.objects.for_candidate(candidate).count()) == (1, 0)
    assert ReviewLog.objects.for_candidate(other_candidate).count() == 1


def test_somebody_else_who_comes_straight_to_the_page_finds_nothing(
    taken: Page, other_candidate: User, sign_in: SignIn
) -> None:
    sign_in(taken, other_candidate)
    taken.reload()
    ready(taken)
    expect(taken.get_by_role("heading", name="What to take")).to_be_visible()
    expect(part(taken, "set")).to_be_hidden()
    wait_until(lambda: kept(taken) == [] or taken.wait_for_timeout(50), seconds=20)


def test_answer_that_cannot_be_kept_is_not_called_sent(taken: Page) -> None:
    fill_up(taken, "/waiting/")
    taken.get_by_role("button", name="Start").click()
    answer(taken)
    expect(part(taken, "refused-text")).to_contain_text("This browser had no room to keep it.")
    expect(part(taken, "status")).to_have_text("")
    taken.keyboard.press("n")
    expect(taken.get_by_role("heading", name="Question 1 of 3")).to_be_focused()


def test_set_that_finds_no_room_leaves_the_old_one_as_it_was(taken: Page) -> None:
    taken.get_by_role("button", name="Start").click()
    answer(taken)
    expect(part(taken, "status")).to_have_text("Sent")
    taken.keyboard.press("n")
    taken.get_by_role("button", name="Stop for now").locator("visible=true").click()
    fill_up(taken, "/offline/set")
    taken.get_by_role("button", name="Take along").click()
    expect(part(taken, "taking")).to_contain_text("This browser has no room to keep them.")
    taken.reload()
    ready(taken)
    expect(part(taken, "set-text")).to_contain_text("1 answered, 2 to go.")


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
    assert sorted(name for name in names if not name.startswith("/static/")) == ["/offline/", "/offline/owner"]
    page.context.set_offline(True)
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(f"{live_server.url}/admin/")


def test_page_of_a_strange_network_is_not_kept_as_the_offline_page(
    new_page: Callable[..., Page], live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_for_the_server(monkeypatch, 200, only="/offline/")
    page = new_page(service_workers="allow")
    page.goto(f"{live_server.url}/accounts/login/")
    page.wait_for_load_state()
    state = page.evaluate(
        """async () => {
          const { installing } = await navigator.serviceWorker.register("/service-worker.js");
          const { promise, resolve } = Promise.withResolvers();
          installing.addEventListener("statechange", () => resolve(installing.state));
          return promise;
        }"""
    )
    assert state == "redundant"


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
    assert labels() == "CAD" + "." * 21
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
    room.context.set_offline(False)
    expect(status).to_have_text("Saved")
    assert labels() == "AAD" + "B" * 20 + "."


def test_page_of_a_strange_network_is_not_kept_as_the_room(
    room: Page, live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = live_server.url + urlsplit(room.url).path
    answer_for_the_server(monkeypatch, 200)
    room.reload()
    expect(room.get_by_role("heading")).to_have_text("Welcome aboard")
    room.goto(address.removesuffix("exam/"))
    expect(room.get_by_role("heading")).to_have_text("Welcome aboard")
    room.context.set_offline(True)
    room.goto(address)
    ready(room)
    expect(part(room, "counter")).to_have_text("Question 1 of 24")


def test_room_is_there_while_a_proxy_says_that_the_server_is_not(room: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    answer_for_the_server(monkeypatch, 503)
    room.reload()
    ready(room)
    expect(part(room, "counter")).to_have_text("Question 1 of 24")


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


def test_answers_outlive_a_sign_out_and_wait_for_their_owner(
    room: Page, live_server: Any, candidate: User, other_candidate: User, sign_in: SignIn
) -> None:
    path = urlsplit(room.url).path
    fail_answers(room)
    room.keyboard.press("a")
    expect_waiting(room, 1)
    room.goto(f"{live_server.url}/account/")
    room.get_by_role("button", name="More").click()
    room.get_by_role("button", name="Sign out").click()
    room.wait_for_url(f"{live_server.url}/")
    assert (kept(room), len(stored(room))) == ([], 1)

    let_answers_through(room)
    sign_in(room, other_candidate)
    room.goto(f"{live_server.url}/mock/")
    wait_for(room, "caches.open('personal').then(cache => cache.match('/offline/owner')).then(Boolean)")
    expect(part(room, "lost")).to_be_hidden()
    response = room.goto(live_server.url + path)
    assert (response and response.status, labels(), len(stored(room))) == (404, "." * 24, 1)
    room.context.set_offline(True)
    room.goto(live_server.url + path)
    ready(room)
    expect(room.get_by_text("You have no connection")).to_be_visible()
    room.context.set_offline(False)

    sign_in(room, candidate)
    room.goto(live_server.url + path)
    ready(room)
    expect_saved(room)
    assert (labels(), stored(room)) == ("C" + "." * 23, [])


def test_room_is_kept_when_it_is_the_first_page_after_signing_in(room: Page) -> None:
    # As signing out leaves it.
    room.evaluate("caches.delete('personal')")
    room.reload()
    ready(room)
    wanted = [urlsplit(room.url).path, "/offline/owner"]
    wait_until(lambda: kept(room) == wanted or room.wait_for_timeout(50), seconds=20)


def test_copy_makes_up_for_a_write_that_failed(room: Page) -> None:
    room.evaluate(
        """() => {
          const { put } = Cache.prototype;
          Cache.prototype.put = function () {
            Cache.prototype.put = put;
            return Promise.reject(new DOMException("", "QuotaExceededError"));
          };
        }"""
    )
    for key in "ab":
        room.keyboard.press(key)
        expect(part(room, "status")).to_have_text("Saved")
        room.keyboard.press("n")
    path = f"{urlsplit(room.url).path}saved"
    wait_for(room, "path => caches.open('personal').then(cache => cache.match(path)).then(Boolean)", path)
    room.context.set_offline(True)
    room.reload()
    ready(room)
    room.keyboard.press("r")
    expect(part(room, "summary")).to_have_text("2 of 24 answered, 22 unanswered, 0 flagged.")
