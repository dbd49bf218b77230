"""What was chosen for the eyes is what the browser draws, whatever the device prefers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)

LOOK = """() => {
  const root = getComputedStyle(document.documentElement);
  return [root.colorScheme, root.fontSize, document.documentElement.scrollWidth <= innerWidth];
}"""
PAGES = ("accounts:settings", "accounts:appearance", "accounts:account-delete", "progress:account-data")
PAPER = "() => getComputedStyle(document.documentElement).backgroundColor"


def test_colors_and_size_are_as_chosen_and_pages_still_fit(
    live_server: Any,
    new_page: Callable[..., Page],
    sign_in: Callable[[Page, User], None],
    axe: Callable[[Page], None],
    candidate: User,
) -> None:
    """A light device, a dark choice, the largest text, the narrowest phone."""
    page = new_page(viewport={"width": 320, "height": 640}, color_scheme="light", reduced_motion="reduce")
    sign_in(page, candidate)
    page.goto(live_server.url + reverse("accounts:appearance"))
    assert page.evaluate(LOOK) == ["light dark", "16px", True]
    light = page.evaluate(PAPER)

    page.get_by_label("Dark").check()
    page.get_by_label("Larger").check()
    page.get_by_role("button", name="Save and see").click()
    page.get_by_text("This is how every page looks from now on.").wait_for()
    assert page.evaluate(PAPER) != light
    for name in PAGES:
        page.goto(live_server.url + reverse(name))
        assert page.evaluate(LOOK) == ["dark", "20.8px", True]
        axe(page)
