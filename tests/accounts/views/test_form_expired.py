"""A form whose token is not the browser's any more, as after signing in again in another tab."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import User

pytestmark = pytest.mark.django_db

URL = reverse("accounts:profile")
PAGE = "http://testserver/account/profile/"
TYPED = {"display_name": 'Carla "C" <b>', "time_zone": "UTC", "extra_time_percent": "0"}


@pytest.fixture
def strict(candidate: User) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(candidate)
    return client


def fields_of(html: str) -> dict[str, str]:
    form = re.search(rf'<form method="post" action="{URL}">(.*?)</form>', html, re.DOTALL)
    assert form is not None
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[1]))


def test_what_was_entered_can_be_sent_after_all(strict: Client, candidate: User) -> None:
    response = strict.post(URL, TYPED, headers={"Referer": PAGE})
    assertContains(response, "nothing is lost", count=1, status_code=403)
    assertContains(response, f"You are signed in as {candidate.email}.", count=1, status_code=403)
    fields = fields_of(response.content.decode())
    assert fields.keys() == {"csrfmiddlewaretoken", *TYPED}
    assert fields["display_name"] == "Carla &quot;C&quot; &lt;b&gt;"
    strict.post(URL, {**TYPED, "csrfmiddlewaretoken": fields["csrfmiddlewaretoken"]})
    candidate.refresh_from_db()
    assert candidate.display_name == TYPED["display_name"]


def test_a_form_without_fields_can_be_sent_after_all(strict: Client) -> None:
    response = strict.post(reverse("accounts:account-keep"), headers={"Referer": PAGE})
    assertContains(response, "Send it now", count=1, status_code=403)


@pytest.mark.parametrize(
    ("typed", "page"),
    [
        (TYPED, ""),
        (TYPED, "http://evil.example/"),
        ({**TYPED, "oldpassword": "customers-come-first"}, PAGE),
        ({**TYPED, "file": SimpleUploadedFile("bank.yaml", b"")}, PAGE),
    ],
    ids=["from nowhere", "from elsewhere", "a password", "a file"],
)
def test_what_may_not_be_kept_is_not(strict: Client, typed: dict[str, object], page: str) -> None:
    response = strict.post(URL, typed, headers={"Referer": page})
    assertContains(response, "Nothing was saved.", count=1, status_code=403)
    assertNotContains(response, "Send it now", status_code=403)
    assertNotContains(response, "Carla &quot;C", status_code=403)


def test_one_link_leads_back_to_the_page(strict: Client) -> None:
    response = strict.post(URL, {"oldpassword": "x"}, headers={"Referer": PAGE})
    assertContains(response, '<a class="button" href="/account/profile/?unsent">', count=1, status_code=403)
    response = strict.post(URL, TYPED)
    assertContains(response, '<a class="button" href="/today/">', count=1, status_code=403)


def test_visitors_are_led_back_as_well(client: Client) -> None:
    login = reverse("account_login")
    visitor = Client(enforce_csrf_checks=True)
    response = visitor.post(login, {"login": "a"}, headers={"Referer": f"http://testserver{login}"})
    assertContains(response, f'<a class="button" href="{login}">', count=1, status_code=403)
    assertNotContains(response, "Send it now", status_code=403)
