"""Pages in Debian's Chromium that fail their test on anything a careful person would see in the console.

    def test_today_is_accessible(live_server, browser_page, sign_in, candidate, axe):
        sign_in(browser_page, candidate)
        browser_page.goto(live_server.url + "/today/")
        axe(browser_page)

`browser_page` is one page; `new_page(viewport=..., color_scheme="dark", ...)` makes more, each in a context (cookies,
storage) of its own. Their test fails on a console error, an uncaught exception, a violation of the Content-Security-
Policy, or a request to another host. A test that provokes such a thing on purpose says so: `page_guard.allow("404")`.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.staticfiles import handlers
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, ViewportSize, expect

from accounts.models import User
from ccxp_prep.storage import ENTRY, IMPORT
from tests.processes import missing

# Playwright's synchronous interface runs an event loop in this thread, where Django would refuse to use the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The first has no windows and costs half the time of the others.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
PLACES = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",)
OWN_HOSTS = {"127.0.0.1", "localhost"}
# A machine that does other things as well is no fault of a page.
expect.set_options(timeout=15_000)
WIDTHS: dict[str, ViewportSize] = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 900}}


def find_chromium() -> str | None:
    if named := os.environ.get("CHROMIUM"):
        return named
    return next(filter(None, map(shutil.which, NAMES)), None) or next((p for p in PLACES if Path(p).exists()), None)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    return find_chromium() or missing("Chromium is not installed")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], chromium_path: str) -> dict[str, Any]:
    return {**browser_type_launch_args, "headless": True, "args": FLAGS, "executable_path": chromium_path}


class VisitorsStaticFiles(StaticFilesHandler):
    """As visitors get them: the shared stylesheets joined into one, and kept, or every test would fetch forty files."""

    def serve(self, request: HttpRequest) -> HttpResponseBase:
        joins = request.path == f"{settings.STATIC_URL}{ENTRY}"
        response = HttpResponse(joined_styles(), content_type="text/css") if joins else super().serve(request)
        response["Cache-Control"] = "max-age=3600"
        return response


def joined_styles() -> str:
    entry = settings.BASE_DIR / "static" / ENTRY
    return IMPORT.sub(lambda match: (entry.parent / match["path"]).read_text(), entry.read_text())


@pytest.fixture(scope="session")
def _visitors_static_files() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(handlers, "StaticFilesHandler", VisitorsStaticFiles)
        yield


@pytest.fixture(scope="session")
def live_server(_visitors_static_files: None, live_server: Any) -> Any:
    return live_server


class PageGuard:
    """What the pages of one test did that no page may do."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.allowed: list[str] = []

    def allow(self, pattern: str) -> None:
        """Let problems pass whose text has this regular expression."""
        self.allowed.append(pattern)

    def watch(self, page: Page) -> None:
        page.on("console", self.on_console)
        page.on("pageerror", lambda error: self.problems.append(f"uncaught: {error}"))
        page.on("request", self.on_request)
        page.on("crash", lambda _page: self.problems.append("the page crashed"))

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            place = message.location.get("url", "")
            self.problems.append(f"console: {message.text} ({place})")

    def on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob", "about"} and address.hostname not in OWN_HOSTS:
            self.problems.append(f"request to another host: {request.url}")

    def unexpected(self) -> list[str]:
        return [text for text in self.problems if not any(re.search(pattern, text) for pattern in self.allowed)]


@pytest.fixture
def page_guard() -> PageGuard:
    return PageGuard()


@pytest.fixture
def new_page(new_context: Callable[..., BrowserContext], page_guard: PageGuard) -> Iterator[Callable[..., Page]]:
    def make(**context_options: Any) -> Page:
        # Chromium tells a violation as a console error, but not in every case (a report-only rule, a worker).
        # What a worker answers, `page.route` never sees; only the tests of the worker let it in.
        context = new_context(**{"service_workers": "block", **context_options})
        context.add_init_script(
            "addEventListener('securitypolicyviolation',"
            " event => console.error('CSP: ' + event.violatedDirective + ' ' + event.blockedURI))"
        )
        page = context.new_page()
        page_guard.watch(page)
        return page

    yield make
    assert page_guard.unexpected() == []


@pytest.fixture
def browser_page(new_page: Callable[..., Page]) -> Page:
    return new_page()


@pytest.fixture
def sign_in(live_server: Any) -> Callable[[Page, User], None]:
    """sign_in(page, user): without the form, which has tests of its own."""

    def run(page: Page, user: User) -> None:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])

    return run


@dataclass(frozen=True)
class Look:
    """How a page is looked at: by all rules of accessibility, by some, or by none, only whether it fits."""

    scheme: Literal["light", "dark"]
    width: str
    rules: Mapping[str, Any] | None = field(default_factory=dict)


COLORS = ["color-contrast", "link-in-text-block"]
COLORS_ONLY = {"runOnly": COLORS}
NO_COLORS = {"rules": {rule: {"enabled": False} for rule in COLORS}}
# What a scheme changes is colors; by all the other rules the light look is judged, at both widths. Each look follows
# from the one before by one change, which costs less than loading the page in it.
LOOKS = (
    Look("light", "phone"),
    Look("dark", "phone", COLORS_ONLY),
    Look("dark", "desktop", COLORS_ONLY),
    Look("light", "desktop"),
)
ENGINE = Axe()
# A new width counts when the page knows it. What changes slowly is judged when it has changed, without waiting: a color
# on its way has the contrast of neither look. The end of one transition may begin that of something inside.
SETTLE = """async width => {
    if (innerWidth !== width) await new Promise(done => addEventListener("resize", done, {once: true}));
    const changing = () => document.getAnimations().filter(
        each => each.playState !== "finished" && each.effect.getComputedTiming().endTime < Infinity);
    for (let found = changing(); found.length > 0; found = changing()) found.forEach(each => each.finish());
    return document.documentElement.scrollWidth <= innerWidth;
}"""


def rules_broken(page: Page, rules: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Of each element that breaks a rule, the rule's name and what is wrong."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(ENGINE.axe_script)
    # Without its preload, which tries stylesheets out inline and so breaks the policy itself.
    options = {"resultTypes": ["violations"], "preload": False, **rules}
    violations = page.evaluate("options => axe.run(document, options).then(run => run.violations)", options)
    return [
        (rule["id"], f"{' '.join(map(str, node['target']))} {node['failureSummary']}")
        for rule in violations
        for node in rule["nodes"]
    ]


def look_at(page: Page, look: Look) -> list[tuple[str, str]]:
    """What is wrong with the page as it stands, in this look."""
    size = WIDTHS[look.width]
    if page.viewport_size != size:
        page.set_viewport_size(size)
    page.emulate_media(color_scheme=look.scheme, reduced_motion="reduce")
    fits = page.evaluate(SETTLE, size["width"])
    broken = [] if look.rules is None else rules_broken(page, look.rules)
    return broken if fits else [*broken, ("width", "scrolls sideways")]


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """axe(page): no violation of the accessibility rules, or the rules with the elements that break them."""

    def check(page: Page) -> None:
        page.wait_for_load_state()  # a click that leads away returns before the new page has anything to judge
        page.evaluate(SETTLE, page.evaluate("innerWidth"))
        found = [f"{rule}: {text}" for rule, text in rules_broken(page, {})]
        assert found == [], f"axe on {page.url}"

    return check


@pytest.fixture(scope="session")
def axe_in_all_looks() -> Callable[[Page], None]:
    """axe_in_all_looks(page): as it stands, at each width, light and dark; a reload would lose what is looked at."""

    def check(page: Page) -> None:
        page.wait_for_load_state()
        size = page.viewport_size
        found = {f"{look.scheme} {look.width}": look_at(page, look) for look in LOOKS}
        assert {look: problems for look, problems in found.items() if problems} == {}, f"axe on {page.url}"
        if size is not None and size != page.viewport_size:
            page.set_viewport_size(size)

    return check
