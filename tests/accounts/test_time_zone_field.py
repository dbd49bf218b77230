"""The time-zone field in a browser: its search, the device's own zone, and none of both without scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)

SELECT = "#id_time_zone"
SEARCH = "#id_time_zone_search"
STATUS = "[data-time-zone-status]"


@pytest.fixture
def settings_page(
    new_page: Callable[..., Page], sign_in: Callable[[Page, User], None], live_server: Any, candidate: User
) -> Callable[..., Page]:
    def open_page(**context: Any) -> Page:
        page = new_page(**context)
        sign_in(page, candidate)
        page.goto(live_server.url + reverse("accounts:profile"))
        return page

    return open_page


def test_the_devices_zone_is_chosen_on_request_and_saved(settings_page: Callable[..., Page], candidate: User) -> None:
    page = settings_page(timezone_id="Europe/Berlin")
    expect(page.locator(SELECT)).to_have_value("UTC")
    page.get_by_role("button", name="time zone (Europe/Berlin)").click()
    expect(page.locator(SELECT)).to_have_value("Europe/Berlin")
    expect(page.locator(STATUS)).to_have_text("Europe/Berlin is chosen. It counts once you save.")
    page.get_by_role("button", name="Save settings").click()
    expect(page.get_by_text("Your settings are saved.")).to_be_visible()
    candidate.refresh_from_db()
    assert candidate.time_zone == "Europe/Berlin"


def test_the_search_narrows_the_list_and_takes_the_first_match(settings_page: Callable[..., Page]) -> None:
    page = settings_page()
    page.fill(SEARCH, "lisb")
    expect(page.locator(SELECT)).to_have_value("Europe/Lisbon")
    expect(page.locator(f"{SELECT} option")).to_have_count(1)
    expect(page.locator(STATUS)).to_have_text("1 time zone matches, shown in the list above.")


def test_a_search_without_a_match_keeps_the_choice(settings_page: Callable[..., Page]) -> None:
    page = settings_page()
    page.fill(SEARCH, "atlantis")
    expect(page.locator(SELECT)).to_have_value("UTC")
    expect(page.locator(STATUS)).to_have_text("No time zone matches. Try the largest city near you.")


def test_clearing_the_search_gives_the_old_choice_back(settings_page: Callable[..., Page]) -> None:
    page = settings_page()
    page.fill(SEARCH, "lisb")
    page.fill(SEARCH, "")
    expect(page.locator(SELECT)).to_have_value("UTC")
    expect(page.locator(STATUS)).to_have_text("")


def test_enter_takes_the_match_and_does_not_send_the_form(settings_page: Callable[..., Page], candidate: User) -> None:
    page = settings_page()
    page.fill(SEARCH, "lisb")
    page.press(SEARCH, "Enter")
    expect(page.locator(SELECT)).to_be_focused()
    page.fill(SEARCH, "")
    expect(page.locator(SELECT)).to_have_value("Europe/Lisbon")
    candidate.refresh_from_db()
    assert candidate.time_zone == "UTC"


def test_without_scripts_there_is_the_list_alone(settings_page: Callable[..., Page], candidate: User) -> None:
    page = settings_page(java_script_enabled=False)
    expect(page.locator(SEARCH)).to_be_hidden()
    page.select_option(SELECT, "Asia/Tokyo")
    page.get_by_role("button", name="Save settings").click()
    expect(page.get_by_text("Your settings are saved.")).to_be_visible()
    candidate.refresh_from_db()
    assert candidate.time_zone == "Asia/Tokyo"
