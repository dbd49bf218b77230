from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains

from accounts.models import User
from tests.factories import PASSWORD
from tests.markup import render, words

pytestmark = pytest.mark.django_db

URL = reverse("account_signup")
GOOD = {"email": "new@example.com", "password1": PASSWORD}


def test_two_fields_are_asked_for(client: Client) -> None:
    form = client.get(URL).context["form"]
    assert [field.name for field in form.visible_fields()] == ["email", "password1"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("Asia/Tokyo", "Asia/Tokyo"), ("", "UTC"), ("Mars/Olympus", "UTC"), ("Z" * 9999, "UTC")],
    ids=["known", "none", "unknown", "long"],
)
def test_the_time_zone_comes_from_the_browser(client: Client, sent: str, kept: str) -> None:
    assert client.post(URL, {**GOOD, "time_zone": sent}).status_code == 302
    assert User.objects.get(email="new@example.com").time_zone == kept


def test_the_time_zone_may_be_missing(client: Client) -> None:
    client.post(URL, GOOD)
    assert User.objects.get(email="new@example.com").time_zone == "UTC"


def test_nothing_is_said_of_mail_where_none_is_sent(client: Client) -> None:
    page = client.post(URL, GOOD, follow=True)
    assert [str(message) for message in page.context["messages"]] == ["Successfully signed in as new."]
    assert mail.outbox == []


def test_too_many_tries_are_refused_in_words(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    client.post(URL, {**GOOD, "email": "nobody"})
    response = client.post(URL, {**GOOD, "email": "nobody"})
    assertContains(response, "Too many tries", count=2, status_code=429)
    assertContains(response, "Go to the start page", count=1, status_code=429)


def test_a_known_address_leads_to_sign_in_and_to_reset(client: Client, candidate: User) -> None:
    html = client.post(URL, {**GOOD, "email": candidate.email}).content.decode()
    assert "There is an account with this email address already." in html
    assert "Is it yours? Sign in , or reset the password if it is forgotten." in words(html)
    assert f'<a href="{reverse("account_reset_password")}">reset the password</a>' in html


def test_another_refusal_says_nothing_of_an_account(client: Client) -> None:
    html = client.post(URL, {**GOOD, "email": "nobody"}).content.decode()
    assert "Is it yours?" not in html


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "This site sends no mail. The link that confirms new@example.com is in its log: ask whoever runs it."),
        (
            "smtp://mail.example.org",
            "We sent a link to new@example.com. Open it to confirm that the address is yours.",
        ),
    ],
    ids=["no-mail", "mail"],
)
def test_the_message_says_where_the_link_is(settings: Any, url: str, said: str) -> None:
    settings.EMAIL_URL = url
    assert render("account/messages/email_confirmation_sent.txt", email="new@example.com") == said


@pytest.mark.parametrize(("url", "count"), [("", 1), ("smtp://mail.example.org", 0)], ids=["no-mail", "mail"])
@pytest.mark.parametrize("name", ["account_reset_password_done", "account_email"])
def test_a_page_that_promises_mail_says_where_it_is(
    candidate: User, settings: Any, name: str, url: str, count: int
) -> None:
    settings.EMAIL_URL = url
    client = Client()
    client.force_login(candidate)
    EmailAddress.objects.create(user=candidate, email="next@example.com", verified=False)
    visitor = client if name == "account_email" else Client()
    assertContains(visitor.get(reverse(name)), "This site sends no mail.", count=count)
