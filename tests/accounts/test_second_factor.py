"""Passkeys, apps and recovery codes: what allauth's pages say, and where they are allowed."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings as project
from django.core import mail
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django.asserts import assertRedirects

from accounts.models import User
from tests.factories import PASSWORD
from tests.markup import render, words

pytestmark = pytest.mark.django_db

APP, KEY, CODES = "totp", "webauthn", "recovery_codes"
BY_KEY = "Use a passkey or security key"


@pytest.fixture(autouse=True)
def _keys_without_a_device(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked is read from the row; what the key itself says is tried in a browser."""
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: [])


def sign_in(person: User) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    return client


def sign_in_and_confirm(person: User) -> Client:
    client = sign_in(person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def head_and_labels(html: str) -> tuple[str, str, list[str]]:
    head = re.search(r'<header class="entrance-head">(.*?)</header>', html, re.DOTALL)
    assert head
    title, lead = re.findall(r"<h1>(.*?)</h1>|<p class=\"muted\">(.*?)</p>", head[1])
    return title[0], lead[1], re.findall(r'<label for="\w+">(.*?)</label>', html)


@pytest.mark.parametrize(
    ("factors", "title", "lead", "labels", "by_key"),
    [
        (
            (APP, CODES),
            "Enter your code",
            "Six digits from your authenticator app, or one of your recovery codes.",
            ["Code"],
            0,
        ),
        ((APP,), "Enter your code", "Six digits from your authenticator app.", ["Code"], 0),
        (
            (APP, KEY, CODES),
            "Enter your code",
            "Six digits from your authenticator app, or one of your recovery codes.",
            ["Code"],
            1,
        ),
        (
            (KEY, CODES),
            "Use your key",
            "The second step after your password: the passkey or security key that you added.",
            ["Recovery code"],
            1,
        ),
        (
            (KEY,),
            "Use your key",
            "The second step after your password: the passkey or security key that you added.",
            [],
            1,
        ),
    ],
    ids=["app-codes", "app", "app-key-codes", "key-codes", "key"],
)
def test_the_second_step_asks_for_what_the_person_has(
    candidate: User, factors: tuple[str, ...], title: str, lead: str, labels: list[str], by_key: int
) -> None:
    Authenticator.objects.bulk_create(Authenticator(user=candidate, type=factor, data={}) for factor in factors)
    html = sign_in(candidate).get(reverse("mfa_authenticate")).content.decode()
    assert head_and_labels(html) == (title, lead, labels)
    assert html.count(BY_KEY) == by_key


def test_a_wrong_recovery_code_is_refused_in_the_same_words(candidate: User) -> None:
    Authenticator.objects.create(user=candidate, type=KEY, data={})
    Authenticator.objects.create(user=candidate, type=CODES, data={"migrated_codes": ["12345678"]})
    client = sign_in(candidate)
    html = client.post(reverse("mfa_authenticate"), {"code": "1\x00"}).content.decode()
    assert head_and_labels(html)[0] == "Use your key"
    assert "There is a problem" in html
    assert client.post(reverse("mfa_authenticate"), {"code": "12345678"}).url == "/today/"  # type: ignore[attr-defined]


def test_a_new_key_is_a_passkey_unless_said_otherwise(candidate: User) -> None:
    client = sign_in_and_confirm(candidate)
    html = client.get(reverse("mfa_add_webauthn")).content.decode()
    radios = re.findall(r'<input type="radio" name="passwordless" value="(\w+)" id="\w+"( checked)?>', html)
    assert radios == [("true", " checked"), ("false", "")]

    refused = client.post(reverse("mfa_add_webauthn"), {"passwordless": "false"}).content.decode()
    radios = re.findall(r'<input type="radio" name="passwordless" value="(\w+)" id="\w+"( checked)?>', refused)
    assert radios == [("true", ""), ("false", " checked")]


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("true", "Passkey added. You can sign in with it alone."),
        ("false", "Security key added. It is asked for after your password."),
    ],
)
def test_the_message_says_what_was_added(rf: RequestFactory, choice: str, said: str) -> None:
    request = rf.post("/", {"passwordless": choice})
    assert render("mfa/messages/webauthn_added.txt", request=request) == said


@pytest.mark.parametrize("name", ["mfa_add_webauthn", "mfa_activate_totp"])
def test_where_no_mail_is_sent_an_unconfirmed_address_is_enough(candidate: User, name: str) -> None:
    EmailAddress.objects.create(user=candidate, email=candidate.email, primary=True, verified=False)
    assert sign_in_and_confirm(candidate).get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", ["mfa_add_webauthn", "mfa_activate_totp"])
def test_where_mail_is_sent_the_refusal_leads_to_the_link(candidate: User, settings: Any, name: str) -> None:
    EmailAddress.objects.create(user=candidate, email=candidate.email, primary=True, verified=False)
    client = sign_in(candidate)
    settings.MFA_ALLOW_UNVERIFIED_EMAIL = False
    response = client.get(reverse(name), follow=True)
    assertRedirects(response, reverse("mfa_index"))
    html = response.content.decode()
    assert "Error: Confirm your email address first, so that you can get back in. Send the link again" in words(html)
    assert f'<a href="{reverse("account_email")}">Send the link again</a>' in html

    client.post(reverse("account_email"), {"action_send": "1", "email": candidate.email})
    assert [message.to for message in mail.outbox] == [[candidate.email]]


@pytest.mark.parametrize(
    ("url", "expected"), [("", "none True"), ("smtp://mail.example.org", "mandatory False")], ids=["no-mail", "mail"]
)
def test_only_a_mail_server_makes_addresses_count(url: str, expected: str) -> None:
    shown = "from ccxp_prep import settings as s; print(s.ACCOUNT_EMAIL_VERIFICATION, s.MFA_ALLOW_UNVERIFIED_EMAIL)"
    done = subprocess.run(
        [sys.executable, "-c", shown],
        env={"SECRET_KEY": "s" * 50, "EMAIL_URL": url},
        cwd=project.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == expected
