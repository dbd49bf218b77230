"""allauth's pages in our shell."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.markup import links_of, render


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("account_login", "Sign in"),
        ("account_signup", "Sign up"),
        ("account_reset_password", "Reset your password"),
        ("account_reset_password_done", "Check your email"),
        ("account_reset_password_from_key_done", "Your password is changed"),
        ("account_email_verification_sent", "Confirm your email address"),
        ("account_inactive", "This account is switched off"),
    ],
)
def test_door_opens_in_our_shell(client: Client, db: None, name: str, title: str) -> None:
    html = client.get(reverse(name)).content.decode()

    assert f"<h1>{title}</h1>" in html
    assert '<div class="entrance">' in html


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("account_email", "Email address"),
        ("account_change_password", "Password"),
        ("mfa_index", "Two-factor"),
        ("mfa_list_webauthn", "Passkeys"),
        ("usersessions_list", "Sessions"),
    ],
)
def test_account_page_stands_beside_its_navigation(candidate_client: Client, name: str, title: str) -> None:
    html = re.sub(r"\s+", " ", candidate_client.get(reverse(name)).content.decode())

    assert f"<h1>{title}</h1>" in html
    assert reverse("accounts:settings") in links_of(html, "Account")
    assert f'<a href="{reverse(name)}" aria-current="page">' in html


def test_link_that_was_used_says_so_and_offers_another(client: Client, db: None) -> None:
    html = client.get(reverse("account_reset_password_from_key", args=["x", "y-z"])).content.decode()

    assert "This link no longer works" in html
    assert reverse("account_reset_password") in html


def test_failed_sign_in_keeps_the_address_and_names_the_problem(client: Client, db: None) -> None:
    html = client.post(reverse("account_login"), {"login": "carla@example.com", "password": "wrong"}).content.decode()

    assert "There is a problem" in html
    assert 'value="carla@example.com"' in html
    assert re.search(r"<title>\s*Error: Sign in", html)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0",
            "Edge on Windows",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) AppleWebKit/605.1 Version/17.0 Safari/605.1", "Safari on a Mac"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1 CriOS/130 Safari/604.1",
            "Chrome on an iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Linux"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", "Unknown browser"),
    ],
)
def test_session_names_the_browser(agent: str, name: str) -> None:
    assert render("usersessions/browser.html", agent=agent) == name
