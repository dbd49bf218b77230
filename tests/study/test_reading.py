"""The study and account pages in a browser with the content that ships: accessible, and no wider than the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Page

from accounts.models import User
from tests.browser import WIDTHS
from tests.factories import make_reference, make_sheet, make_term

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = [
    "/study/",
    "/study/VOC/",
    "/study/statements/MET-K1/",
    "/study/objectives/CUL-T1.1/",
    "/study/notebook/",
    # Has a table.
    "/study/objectives/STR-K6.2/",
    "/study/references/",
    "/study/references/reichheld-2003/",
    "/study/glossary/",
    "/study/glossary/?competency=MET&q=customer",
    "/study/glossary/journey-map/",
    "/study/sheets/",
    "/study/sheets/journey-map/",
    "/search/",
    "/search/?q=customer+effort",
    "/search/?q=zzzz",
    "/answered/",
    "/account/",
]

SHEET = """The **score** is a difference.

### How to read it

| Question | What it answers | Who asks it | How often | What follows |
|---|---|---|---|---:|
| Relationship | How the whole stands | Research | Twice a year | 45 |

1. First `a - b`.

### The usual mistake

- One
"""


def test_pages_are_accessible_and_fit(
    new_page: Callable[..., Page],
    sign_in: Callable[[Page, User], None],
    axe_in_all_looks: Callable[[Page], None],
    live_server: Any,
    candidate: User,
) -> None:
    fixtures = settings.BASE_DIR / "fixtures"
    content = [*fixtures.glob("*.yaml"), *fixtures.glob("objectives/*/*.yaml")]
    call_command("loaddata", *map(str, content), verbosity=0)
    # A term and a sheet with everything that one may hold.
    make_term("Journey map", "VOC-K1.1", also="Customer journey map").references.add(make_reference("reichheld-2003"))
    make_sheet("Journey map", "VOC-K1.1", position=99, body=SHEET).references.add(make_reference("reichheld-2003"))
    page = new_page(viewport=WIDTHS["desktop"])
    sign_in(page, candidate)
    for path in PAGES:
        page.goto(live_server.url + path)
        axe_in_all_looks(page)
