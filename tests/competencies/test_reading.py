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

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = [
    "/study/",
    "/study/VOC/",
    "/study/statements/MET-K1/",
    "/study/objectives/CUL-T1.1/",
    # Has a table.
    "/study/objectives/STR-K6.2/",
    "/study/references/",
    "/account/",
]


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_pages_are_accessible_and_fit(
    new_page: Callable[..., Page],
    sign_in: Callable[[Page, User], None],
    axe: Callable[[Page], None],
    live_server: Any,
    candidate: User,
    width: str,
    color_scheme: str,
) -> None:
    fixtures = settings.BASE_DIR / "fixtures"
    content = [*fixtures.glob("*.yaml"), *fixtures.glob("objectives/*.yaml")]
    call_command("loaddata", *map(str, content), verbosity=0)
    page = new_page(viewport=WIDTHS[width], color_scheme=color_scheme)
    sign_in(page, candidate)
    for path in PAGES:
        page.goto(live_server.url + path)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") == WIDTHS[width]["width"], path
