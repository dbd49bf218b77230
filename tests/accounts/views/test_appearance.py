from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from accounts.models import User

pytestmark = pytest.mark.django_db

URL = reverse("accounts:appearance")
GOOD = {"colour_scheme": "dark", "text_size": "130"}


def root_of(client: Client, address: str) -> str:
    found = re.search(r"<html[^>]*>", client.get(address).content.decode())
    assert found is not None
    return found[0]


def test_saves_and_says_so(candidate_client: Client, candidate: User) -> None:
    response = candidate_client.post(URL, GOOD, follow=True)
    assertRedirects(response, URL)
    assertContains(response, "This is how every page looks from now on.", count=1)
    candidate.refresh_from_db()
    assert (candidate.colour_scheme, candidate.text_size) == ("dark", 130)


@pytest.mark.parametrize("name", ["accounts:appearance", "study:competency-list", "accounts:settings"])
def test_every_page_follows(candidate_client: Client, candidate: User, name: str) -> None:
    assert (
        root_of(candidate_client, reverse(name)) == '<html lang="en" data-colour-scheme="system" data-text-size="100">'
    )
    User.objects.filter(pk=candidate.pk).update(colour_scheme="light", text_size=115)
    assert (
        root_of(candidate_client, reverse(name)) == '<html lang="en" data-colour-scheme="light" data-text-size="115">'
    )


def test_pages_of_visitors_follow_the_device(client: Client) -> None:
    assert root_of(client, reverse("study:competency-list")) == '<html lang="en">'
    assertContains(client.get(reverse("study:competency-list")), 'name="theme-color"', count=2)


@pytest.mark.parametrize(("scheme", "color"), [("light", "#fbf9f5"), ("dark", "#0f1213")])
def test_the_browser_is_told_the_chosen_color(
    candidate_client: Client, candidate: User, scheme: str, color: str
) -> None:
    User.objects.filter(pk=candidate.pk).update(colour_scheme=scheme)
    page = candidate_client.get(URL)
    assertContains(page, f'<meta name="color-scheme" content="{scheme}">', count=1)
    assertContains(page, f'<meta name="theme-color" content="{color}">', count=1)
    assertContains(page, 'name="theme-color"', count=1)


def test_a_wrong_value_changes_nothing(candidate_client: Client, candidate: User) -> None:
    response = candidate_client.post(URL, {**GOOD, "text_size": "500"})
    assertContains(response, "Choose one of the three text sizes.", count=2)
    candidate.refresh_from_db()
    assert (candidate.colour_scheme, candidate.text_size) == ("system", 100)


@pytest.mark.parametrize(("method", "mark"), [("get", ""), ("post", "%3Funsent")])
def test_visitors_are_sent_to_sign_in_and_come_back(client: Client, method: str, mark: str) -> None:
    assertRedirects(getattr(client, method)(URL), f"{reverse('account_login')}?next={URL}{mark}")


@pytest.mark.parametrize("method", ["put", "delete"])
def test_refuses_other_methods(candidate_client: Client, method: str) -> None:
    assert getattr(candidate_client, method)(URL).status_code == 405
