"""Every page in a real browser, as each role: silent console, strict policy, one host, no sideways scroll, accessible.

The pages are those that tests/promises/access.py says open for the role, and Django's and allauth's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from questions.models import Question
from tests.browser import COLORS_ONLY, LOOKS, NO_COLORS, Look, PageGuard, look_at
from tests.promises.access import ACCESS, object_of, route_of
from tests.promises.world import ROLES, World, make_world, tables_as_text

pytestmark = pytest.mark.django_db(transaction=True)
VISITED = ("anonymous", "owner", "coordinator", "admin")
Looks = tuple[Look, ...]
# The admin has the same colours at every width.
ADMIN_LOOKS = (Look("light", "phone"), Look("dark", "phone", COLORS_ONLY), Look("light", "desktop", NO_COLORS))
# Of a page that somebody else's crawl has judged with the same on it.
OPENED = (Look("light", "phone", rules=None),)
ENTRANCE = ("account_login", "account_signup", "account_reset_password", "account_reset_password_done")
ACCOUNT = ("account_email", "account_change_password", "mfa_index", "usersessions_list", "account_logout")
# What Django's own admin does: advice that is no rule of the standard, and two widgets of its.
STOCK = {"label-title-only": "", "empty-table-header": "", "aria-prohibited-attr": ".search-label-icon"}
STOCK |= {"aria-input-field-name": "select2-", "scrollable-region-focusable": "-group"}
# Not pages: files, and answers to a monitor.
FILES = (
    "quizzes:assignment-export",
    "quizzes:attempt-export",
    "progress:cohort-report-export",
    "reviews:calendar-feed",
    "offline:manifest",
    "offline:service-worker",
    "healthz",
    "readyz",
)


@pytest.fixture
def world() -> World:
    return make_world(timezone.now())


def addresses_of(world: World, role: str) -> list[str]:
    place = ROLES.index(role)
    opened = [
        reverse(route_of(entry), kwargs=world.own.arguments[object_of(entry)])
        for entry, (got, _) in ACCESS.items()
        if got[place] == "o" and route_of(entry) not in FILES
    ]
    foreign = ENTRANCE if role == "anonymous" else ACCOUNT if role == "owner" else ()
    opened += [reverse(name) for name in foreign]
    if role == "owner":
        opened += ["/practice/?objectives=MET-K1.1", "/attempts/?page=99", "/nowhere/"]
    return opened + (admin_pages() if role == "admin" else [])


def familiar_to(world: World, role: str) -> dict[str, Looks]:
    """What other crawls judge, and how it is looked at here.

    Coordinators have answered nothing, so they see the candidate's pages empty. Admins see the same, below a navigation
    that one page shows in every look.
    """
    if role == "anonymous":
        return {}
    candidates = dict.fromkeys(addresses_of(world, "owner"), LOOKS[:1]) if role != "owner" else {}
    if role == "admin":
        candidates = dict.fromkeys([*candidates, *addresses_of(world, "coordinator")], OPENED)
        del candidates[reverse("progress:today")]
    return {**candidates, reverse("style"): OPENED}


def admin_pages() -> list[str]:
    """The front page, each list, and of each table one row; adding where that is possible."""
    found = ["/admin/", "/admin/questions/question/load/"]
    for model in sorted(admin.site._registry, key=lambda each: each._meta.label):
        table = model._meta.label_lower.replace(".", "_")
        found.append(reverse(f"admin:{table}_changelist"))
        if row := model._default_manager.order_by("pk").first():
            found.append(reverse(f"admin:{table}_change", args=[row.pk]))
    question = Question.objects.earliest("pk")
    return [*found, reverse("admin:questions_question_add"), reverse("admin:questions_preview", args=[question.pk])]


class Crawl:
    """One browser page that goes through many addresses and keeps what was wrong with each."""

    def __init__(self, page: Page, guard: PageGuard, home: str, familiar: dict[str, Looks]) -> None:
        self.page = page
        self.guard = guard
        self.home = home
        self.familiar = familiar
        self.problems: dict[str, list[str]] = {}
        self.links: set[str] = set()

    def visit(self, address: str) -> None:
        """In every look without loading it again; where others have seen the same page in all of them, in fewer."""
        problems: list[str] = []
        response = self.page.goto(self.home + address)
        if response is None or response.status >= 500:
            problems.append(f"status {response and response.status}")
        looks = self.familiar.get(address, ADMIN_LOOKS if address.startswith("/admin/") else LOOKS)
        for look in looks:
            problems += [f"{look.scheme} {look.width}: {each}" for each in self.broken(look)]
        self.links |= set(self.page.locator("a[href]").evaluate_all("links => links.map(link => link.href)"))
        problems += self.guard.unexpected()
        self.guard.problems.clear()
        if problems:
            self.problems[address] = problems

    def broken(self, look: Look) -> list[str]:
        stock = STOCK if "/admin/" in self.page.url else {}
        return [
            f"{rule}: {text}"
            for rule, text in look_at(self.page, look)
            if rule not in stock or stock[rule] not in text.partition("\n")[0]
        ]


@pytest.mark.parametrize("role", VISITED)
def test_every_page_is_sound_and_changes_nothing(
    live_server: Any,
    new_page: Callable[..., Page],
    sign_in: Callable[..., None],
    page_guard: PageGuard,
    world: World,
    role: str,
) -> None:
    # A page that is not there is asked for on purpose; Chromium calls its status an error.
    page_guard.allow(r"status of (404|410)")
    page = new_page()
    person = world.people[role]
    if person is not None:
        sign_in(page, person)
    crawl = Crawl(page, page_guard, live_server.url, familiar_to(world, role))
    before = tables_as_text()
    for address in addresses_of(world, role):
        crawl.visit(address)
    after = tables_as_text()

    assert crawl.problems == {}
    assert [table for table in before if before[table] != after[table]] == []
    assert dead_links(crawl.links, live_server.url, world, role) == {}


def dead_links(links: set[str], home: str, world: World, role: str) -> dict[str, int]:
    """Of the addresses that the pages lead to, those that answer with a fault or with nothing."""
    client = Client(raise_request_exception=False)
    person = world.people[role]
    if person is not None:
        client.force_login(person)
    inner = {
        urlsplit(link)._replace(fragment="").geturl().removeprefix(home) for link in links if link.startswith(home)
    }
    # The admin's lists link to every way of sorting and filtering them, which test_bad_input.py goes through.
    inner = {address for address in inner if not (address.startswith("/admin/") and "?" in address)}
    found = {address: client.get(address).status_code for address in sorted(inner) if "/logout/" not in address}
    return {address: status for address, status in found.items() if status >= 400 and address != "/nowhere/"}
