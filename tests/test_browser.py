"""The guard of tests/browser.py sees what it is there to see."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from tests.browser import PageGuard

STRICT = {"Content-Security-Policy": "default-src 'self'"}
SOUND = "<!doctype html><html lang=en><head><title>Sound</title></head><body><main><h1>Sound</h1></main></body></html>"
ADDRESS = "http://localhost/page"


def show(page: Page, body: str, **headers: str) -> None:
    def answer(route: Route) -> None:
        route.fulfill(body=body, content_type="text/html", headers=headers)

    page.route(ADDRESS, answer)
    page.goto(ADDRESS)
    page.wait_for_timeout(100)


def seen(guard: PageGuard) -> str:
    """What the guard would fail the test for, which this takes from it."""
    problems = "\n".join(guard.unexpected())
    guard.problems.clear()
    return problems


def test_sound_page_passes(browser_page: Page, axe: Callable[[Page], None]) -> None:
    show(browser_page, SOUND, **STRICT)

    axe(browser_page)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<script>console.error('broken')</script>", "console: broken"),
        ("<script>throw new Error('broken')</script>", "uncaught: broken"),
        ("<img src='http://elsewhere.example/x.png'>", "request to another host: http://elsewhere.example/x.png"),
    ],
    ids=["console error", "exception", "another host"],
)
def test_guard_sees_the_fault(browser_page: Page, page_guard: PageGuard, body: str, problem: str) -> None:
    browser_page.route("http://elsewhere.example/*", lambda route: route.abort())
    show(browser_page, body)

    assert problem in seen(page_guard)


@pytest.mark.parametrize(
    ("body", "directive"),
    [("<p style='color: red'>red</p>", "style-src-attr"), ("<script>1</script>", "script-src-elem")],
    ids=["style", "script"],
)
def test_guard_sees_a_violated_policy(browser_page: Page, page_guard: PageGuard, body: str, directive: str) -> None:
    show(browser_page, SOUND + body, **STRICT)

    assert f"CSP: {directive} inline" in seen(page_guard)


def test_allowed_problem_passes(browser_page: Page, page_guard: PageGuard) -> None:
    page_guard.allow("on purpose")
    show(browser_page, "<script>console.error('on purpose')</script>")


def test_axe_names_rule_and_element(browser_page: Page, axe: Callable[[Page], None]) -> None:
    show(browser_page, SOUND.replace("<h1>", "<img src='data:,'><h1>"))

    with pytest.raises(AssertionError, match=re.compile("image-alt: img")):
        axe(browser_page)


def test_every_new_page_has_cookies_of_its_own(new_page: Callable[..., Page]) -> None:
    first, second = new_page(), new_page(color_scheme="dark")
    first.context.add_cookies([{"name": "a", "value": "1", "url": ADDRESS}])

    assert second.context.cookies() == []
    assert second.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
