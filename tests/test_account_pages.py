"""Doors and account pages in a browser: no axe violation, no scroll to the side, no console error, passkeys work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser import WIDTHS
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)

# The others are looked at by tests/promises/test_browser.py.
DOORS = ["password/reset/key/x-y-z/", "confirm-email/none/"]
PAGES = ["2fa/webauthn/", "reauthenticate/"]
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}

Check = Callable[[Page], None]


@pytest.fixture
def origin(live_server: Any) -> str:
    """Passkeys belong to a name, so an address will not do."""
    return str(live_server.url.replace("127.0.0.1", "localhost"))


@pytest.fixture
def candidate(candidate: User) -> User:
    EmailAddress.objects.create(user=candidate, email=candidate.email, verified=True, primary=True)
    return candidate


def plug_in_key(page: Page, **options: Any) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": {**KEY, **options}})


def sign_in_with_password(page: Page, origin: str, user: User) -> None:
    page.goto(f"{origin}/accounts/login/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()


def assert_sound(page: Page, axe: Check) -> None:
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_doors_are_accessible(browser_page: Page, origin: str, axe_in_all_looks: Check) -> None:
    for path in DOORS:
        browser_page.goto(f"{origin}/accounts/{path}")
        axe_in_all_looks(browser_page)


def test_account_pages_are_accessible(
    browser_page: Page, origin: str, candidate: User, axe_in_all_looks: Check
) -> None:
    sign_in_with_password(browser_page, origin, candidate)
    browser_page.wait_for_url(f"{origin}/today/")
    for path in PAGES:
        browser_page.goto(f"{origin}/accounts/{path}")
        axe_in_all_looks(browser_page)


def test_missing_page_is_accessible(browser_page: Page, origin: str, axe_in_all_looks: Check, page_guard: Any) -> None:
    page_guard.allow("status of 404")
    browser_page.goto(f"{origin}/no/such/page/")

    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Page not found")
    axe_in_all_looks(browser_page)


def test_failed_form_takes_the_focus_to_its_summary(browser_page: Page, origin: str, axe: Check) -> None:
    browser_page.goto(f"{origin}/accounts/signup/")
    browser_page.get_by_label("Email").fill("nobody")
    browser_page.get_by_label("Password").fill("short")
    browser_page.locator("main").get_by_role("button", name="Sign up").click()

    expect(browser_page.locator(".error-summary")).to_be_focused()
    assert_sound(browser_page, axe)
    browser_page.get_by_role("link", name="Email: Enter a valid email address.").click()
    expect(browser_page.get_by_label("Email")).to_be_focused()


def test_password_is_reset_from_the_message(browser_page: Page, origin: str, candidate: User, axe: Check) -> None:
    browser_page.goto(f"{origin}/accounts/password/reset/")
    browser_page.get_by_label("Email").fill(candidate.email)
    browser_page.get_by_role("button", name="Send the link").click()
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Check your email")

    body = str(mail.outbox[0].body)
    path = next(word for word in body.split() if "/password/reset/key/" in word).split("/accounts/")[1]
    browser_page.goto(f"{origin}/accounts/{path}")
    assert_sound(browser_page, axe)
    for field in browser_page.locator("input[type=password]").all():
        field.fill("four other words together")
    browser_page.get_by_role("button", name="Save the new password").click()

    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Your password is changed")
    candidate.refresh_from_db()
    assert candidate.check_password("four other words together")


def test_passkey_is_added_and_signs_in(browser_page: Page, origin: str, candidate: User, axe: Check) -> None:
    page = browser_page
    plug_in_key(page)
    sign_in_with_password(page, origin, candidate)
    page.goto(f"{origin}/accounts/2fa/webauthn/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    assert_sound(page, axe)
    page.get_by_label("Name").fill("Laptop")
    page.get_by_role("button", name="Add").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    expect(page.get_by_text("Passkey added.")).to_be_visible()
    expect(page.get_by_role("list", name="Unused recovery codes").get_by_role("listitem")).to_have_count(10)
    assert_sound(page, axe)
    page.goto(f"{origin}/accounts/2fa/webauthn/")
    expect(page.get_by_role("heading", name="Laptop Passkey")).to_be_visible()
    assert_sound(page, axe)

    page.goto(f"{origin}/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{origin}/")
    page.goto(f"{origin}/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{origin}/today/")


def test_key_is_the_second_factor(browser_page: Page, origin: str, candidate: User, axe: Check) -> None:
    page = browser_page
    plug_in_key(page)
    sign_in_with_password(page, origin, candidate)
    page.goto(f"{origin}/accounts/2fa/webauthn/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("Stick")
    page.get_by_label("Security key: a second step after the password.").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(f"{origin}/accounts/2fa/recovery-codes/")
    page.context.clear_cookies()

    sign_in_with_password(page, origin, candidate)
    expect(page.get_by_role("heading", level=1)).to_have_text("Use your key")
    assert_sound(page, axe)
    page.get_by_role("button", name="Use a passkey or security key").click()
    page.wait_for_url(f"{origin}/today/")
    assert Authenticator.objects.filter(user=candidate, type=Authenticator.Type.WEBAUTHN).count() == 1


def test_key_too_plain_for_a_passkey_is_told_so(browser_page: Page, origin: str, candidate: User) -> None:
    plug_in_key(browser_page, isUserVerified=False)
    sign_in_with_password(browser_page, origin, candidate)
    browser_page.goto(f"{origin}/accounts/2fa/webauthn/add/")
    browser_page.get_by_label("Password").fill(PASSWORD)
    browser_page.get_by_role("button", name="Confirm").click()
    browser_page.get_by_role("button", name="Add").click()

    expect(browser_page.locator("[data-passkey-status]")).to_contain_text("choose “Security key” for it.")


def test_refused_passkey_is_explained_in_words(browser_page: Page, origin: str) -> None:
    plug_in_key(browser_page, isUserVerified=False)
    browser_page.goto(f"{origin}/accounts/login/")
    browser_page.get_by_role("button", name="Sign in with a passkey").click()

    expect(browser_page.locator("[data-passkey-status]")).to_contain_text("No passkey was given.")


def test_authenticator_app_shows_its_code(browser_page: Page, origin: str, candidate: User, axe: Check) -> None:
    sign_in_with_password(browser_page, origin, candidate)
    browser_page.goto(f"{origin}/accounts/2fa/totp/activate/")
    browser_page.get_by_label("Password").fill(PASSWORD)
    browser_page.get_by_role("button", name="Confirm").click()

    picture = browser_page.get_by_role("img", name="QR code of the secret below")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    assert_sound(browser_page, axe)


def test_sheet_of_the_tab_bar_opens_and_closes_without_a_script(
    new_page: Callable[..., Page], origin: str, candidate: User, axe: Check
) -> None:
    page = new_page(viewport=WIDTHS["phone"], reduced_motion="reduce")
    sign_in_with_password(page, origin, candidate)
    sheet = page.locator("#menu-more")
    expect(sheet).to_be_hidden()
    page.get_by_role("button", name="More").click()

    expect(sheet.get_by_role("link", name="Schedule")).to_be_visible()
    assert_sound(page, axe)
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_account_menu_signs_out(new_page: Callable[..., Page], origin: str, candidate: User) -> None:
    page = new_page(viewport=WIDTHS["desktop"])
    sign_in_with_password(page, origin, candidate)
    page.get_by_role("button", name=f"Account of {candidate.name}").click()
    page.locator("#menu-account").get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("link", name="Sign in", exact=True).first).to_be_visible()


def test_skip_link_leads_to_the_content(browser_page: Page, origin: str) -> None:
    browser_page.goto(f"{origin}/accounts/login/")
    browser_page.keyboard.press("Tab")
    expect(browser_page.get_by_role("link", name="Skip to the content")).to_be_focused()
    browser_page.keyboard.press("Enter")

    expect(browser_page.locator("#main")).to_be_focused()


def test_page_fits_at_four_hundred_per_cent(new_page: Callable[..., Page], origin: str, candidate: User) -> None:
    page = new_page(viewport={"width": 320, "height": 256})
    sign_in_with_password(page, origin, candidate)
    page.goto(f"{origin}/accounts/sessions/")

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".tab-bar").evaluate("bar => getComputedStyle(bar).position") == "static"
