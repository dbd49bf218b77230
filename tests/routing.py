"""Requests of a page that is open, taken out of its hands.

`page.route` alone may come too late for them: Chromium tells an open page of its first route, and a key that is pressed
at once can be faster and send its request past the route.
"""

from __future__ import annotations

from collections.abc import Callable
from re import Pattern
from typing import Any

from playwright.sync_api import Page, Route

from tests.processes import wait_until

PROBE = "/healthz?route"


def intercept(page: Page, url: str | Pattern[str], handler: Callable[[Route], Any]) -> None:
    """`page.route` that holds for the very next request."""
    page.route(url, handler)
    seen: list[Route] = []

    def answer(route: Route) -> None:
        seen.append(route)
        route.fulfill()

    page.route(f"**{PROBE}", answer)
    wait_until(lambda: page.evaluate(f"fetch('{PROBE}').then(() => false)") or seen, what="the route")
    page.unroute(f"**{PROBE}")


class Held:
    """What the page posts, until it is let go."""

    def __init__(self, page: Page, url: str | Pattern[str]) -> None:
        self.page = page
        self.url = url
        self.routes: list[Route] = []
        intercept(page, url, self.take)

    def take(self, route: Route) -> None:
        if route.request.method == "POST":
            self.routes.append(route)
        else:
            route.continue_()

    def wait(self) -> None:
        """Till there is something: what the page has sent, the test hears of later."""
        wait_until(lambda: self.page.wait_for_timeout(20) or self.routes, what="a request to hold")

    def let_go(self) -> None:
        self.wait()
        for route in self.routes:
            route.continue_()
        self.page.unroute(self.url)
