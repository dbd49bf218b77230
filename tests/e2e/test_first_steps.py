"""How far it is from the landing page to the first answered question, to an account and to a review, on a phone.

Every tap and every field is counted; `pytest -s` prints the table. A step that grows dearer fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from reviews.models import ReviewLog
from tests.browser import WIDTHS
from tests.factories import PASSWORD
from tests.promises.world import fill_bank

pytestmark = pytest.mark.django_db(transaction=True)
EMAIL = "vera@example.com"


@dataclass
class Finger:
    """What a person does, counted from the beginning."""

    taps: int = 0
    fields: int = 0
    steps: list[tuple[str, int, int]] = field(default_factory=list)

    def tap(self, target: Locator) -> None:
        self.taps += 1
        target.tap()

    def fill(self, target: Locator, text: str) -> None:
        self.fields += 1
        target.fill(text)

    def reach(self, place: str) -> None:
        self.steps.append((place, self.taps, self.fields))


def test_few_taps_and_fields_lead_to_the_first_review(live_server: Any, new_page: Callable[..., Page]) -> None:
    fill_bank()
    finger = Finger()
    page = new_page(viewport=WIDTHS["phone"], has_touch=True, is_mobile=True, timezone_id="Europe/Lisbon")
    page.goto(live_server.url)

    finger.tap(page.locator("#sample .option").first)
    expect(page.locator(".sample .option-rationale")).to_have_count(4)
    finger.reach("sample answered")

    finger.tap(page.locator("#sample-feedback").get_by_role("link", name="Start free"))
    finger.fill(page.get_by_label("Email"), EMAIL)
    finger.fill(page.get_by_label("Password", exact=True), PASSWORD)
    finger.tap(page.get_by_role("main").get_by_role("button", name="Sign up"))
    expect(page.get_by_role("heading", level=1, name="Today")).to_be_visible()
    finger.reach("account made")
    candidate = User.objects.get(email=EMAIL)

    finger.tap(page.locator(".tab-bar").get_by_role("link", name="Reviews"))
    finger.tap(page.get_by_role("link", name="Start"))
    finger.tap(page.locator(".option").first)
    finger.tap(page.get_by_role("button", name="Check"))
    page.wait_for_url(re.compile(r"/reviews/[0-9a-f-]{36}/$"))
    finger.reach("first review answered")

    for place, taps, fields in finger.steps:
        print(f"{place:<24}{taps:>3} taps {fields:>3} fields")
    assert finger.steps == [("sample answered", 1, 0), ("account made", 3, 2), ("first review answered", 7, 2)]
    assert ReviewLog.objects.filter(candidate=candidate).count() == 1
    assert candidate.time_zone == "Europe/Lisbon"
