from __future__ import annotations

import re

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from accounts.models import User
from tests.factories import PASSWORD
from tests.markup import words

pytestmark = pytest.mark.django_db

URL = reverse("accounts:session-end")
SESSIONS = reverse("usersessions_list")


def signed_in_client(person: User, agent: str) -> Client:
    client = Client(headers={"User-Agent": agent})
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    return client


def test_ends_the_chosen_session_and_no_other(candidate: User) -> None:
    phone, laptop, tablet = (signed_in_client(candidate, name) for name in ("phone", "laptop", "tablet"))
    lost = UserSession.objects.get(user_agent="phone")
    response = laptop.post(URL, {"session": lost.pk}, follow=True)
    assertRedirects(response, SESSIONS)
    assertContains(response, "That browser is signed out.", count=1)
    assert phone.get(SESSIONS).status_code == 302
    assert tablet.get(SESSIONS).status_code == 200


def test_own_session_has_no_button_and_cannot_be_ended_here(candidate: User) -> None:
    laptop = signed_in_client(candidate, "laptop")
    own = UserSession.objects.get(user=candidate)
    assertContains(laptop.get(SESSIONS), "This one", count=1)
    assertContains(laptop.get(SESSIONS), URL, count=0)
    assert laptop.post(URL, {"session": own.pk}).status_code == 404
    assert laptop.get(SESSIONS).status_code == 200


def test_the_browser_that_asks_stands_first(candidate: User) -> None:
    agents = ("phone", "laptop", "tablet")
    _, laptop, _ = (signed_in_client(candidate, name) for name in agents)
    shown = words(laptop.get(SESSIONS).content.decode())
    assert re.findall(rf"({'|'.join(agents)})(?= (?:This one|Signed in))", shown) == ["laptop", "phone", "tablet"]


def test_strangers_sessions_are_not_there(candidate: User, other_candidate: User) -> None:
    own, foreign = signed_in_client(candidate, "own"), signed_in_client(other_candidate, "foreign")
    session = UserSession.objects.get(user=other_candidate)
    assert own.post(URL, {"session": session.pk}).status_code == 404
    assert foreign.get(SESSIONS).status_code == 200


@pytest.mark.parametrize("value", ["", "x", "1\x00", "-1", "9" * 40])
def test_nonsense_is_answered_in_a_sentence(candidate_client: Client, value: str) -> None:
    response = candidate_client.post(URL, {"session": value}, follow=True)
    assertContains(response, "That session is not there any more.", count=1)


def test_visitors_are_sent_to_sign_in(client: Client) -> None:
    assertRedirects(client.post(URL), f"{reverse('account_login')}?next={URL}%3Funsent")


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_refuses_other_methods(candidate_client: Client, method: str) -> None:
    assert getattr(candidate_client, method)(URL).status_code == 405
