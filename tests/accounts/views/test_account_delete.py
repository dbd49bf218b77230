from __future__ import annotations

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts import services
from accounts.models import User
from tests.factories import PASSWORD, make_cohort, make_user

pytestmark = pytest.mark.django_db

URL = reverse("accounts:account-delete")
KEEP = reverse("accounts:account-keep")
TICKED = {"is_understood": "on"}


def confirm(client: Client) -> None:
    assert client.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302


def asked_at(person: User) -> Any:
    return User.objects.get(pk=person.pk).deletion_asked_at


def test_says_what_goes_and_asks_for_a_proof_before_it_offers_the_button(candidate_client: Client) -> None:
    page = candidate_client.get(URL)
    assertContains(page, "What goes", count=1)
    assertContains(page, "What stays", count=1)
    assertNotContains(page, "Delete my account")
    proof = candidate_client.get(f"{URL}?confirm")
    assert proof["Location"].startswith(reverse("account_reauthenticate"))
    back = candidate_client.post(proof["Location"], {"password": PASSWORD})
    assertRedirects(back, f"{URL}?confirm")
    assertContains(candidate_client.get(f"{URL}?confirm"), "Delete my account", count=1)


def test_a_post_without_a_proof_deletes_nothing(candidate_client: Client, candidate: User) -> None:
    response = candidate_client.post(URL, TICKED)
    assert (response.status_code, response["Location"]) == (302, f"{URL}?confirm")
    assert asked_at(candidate) is None


def test_asks_once_with_one_mail(candidate_client: Client, candidate: User) -> None:
    confirm(candidate_client)
    response = candidate_client.post(URL, TICKED)
    assertRedirects(response, reverse("accounts:settings"))
    first = asked_at(candidate)
    candidate_client.post(URL, TICKED)
    assert asked_at(candidate) == first
    assert abs(timezone.now() - first) < timedelta(minutes=1)
    assert [(message.subject, message.to) for message in mail.outbox] == [
        ("We will delete your CCXP Prep account", [candidate.email])
    ]


def test_box_must_be_ticked(candidate_client: Client, candidate: User) -> None:
    confirm(candidate_client)
    response = candidate_client.post(URL, {"is_understood": ""})
    assertContains(response, "Tick the box first.", count=2)
    assert asked_at(candidate) is None


def test_other_browsers_are_signed_out(candidate: User) -> None:
    laptop, phone = Client(), Client()
    for client in (laptop, phone):
        client.post(reverse("account_login"), {"login": candidate.email, "password": PASSWORD})
    confirm(laptop)
    laptop.post(URL, TICKED)
    assert laptop.get(URL).status_code == 200
    assert phone.get(URL).status_code == 302


def test_a_mail_that_fails_stops_nothing(
    candidate_client: Client, candidate: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*arguments: Any, **options: Any) -> int:
        raise smtplib.SMTPServerDisconnected("gone")

    confirm(candidate_client)
    monkeypatch.setattr(services, "send_mail", fail)
    assert candidate_client.post(URL, TICKED).status_code == 302
    assert asked_at(candidate) is not None
    assert "The notice accounts/deletion_asked could not be sent." in caplog.messages


@pytest.mark.parametrize("name", ["progress:today", "accounts:settings", "study:competency-list", "account_email"])
def test_every_page_says_when_it_goes(candidate_client: Client, candidate: User, name: str) -> None:
    asked = timezone.now()
    assertNotContains(candidate_client.get(reverse(name)), "Keep my account")
    User.objects.filter(pk=candidate.pk).update(deletion_asked_at=asked)
    page = candidate_client.get(reverse(name))
    goes = asked + timedelta(days=7)
    assertContains(page, f"{goes.day} {goes:%B}, {goes:%H:%M}", count=1)
    assertContains(page, "Keep my account", count=1)


def test_keeping_it_takes_one_button(candidate_client: Client, candidate: User) -> None:
    User.objects.filter(pk=candidate.pk).update(deletion_asked_at=timezone.now())
    response = candidate_client.post(KEEP, follow=True)
    assertRedirects(response, reverse("accounts:settings"))
    assertContains(response, "Your account stays, with everything in it.", count=1)
    assert asked_at(candidate) is None
    candidate_client.post(KEEP)
    assert [message.subject for message in mail.outbox] == ["Your CCXP Prep account stays"]


def test_who_leads_a_cohort_is_told_what_comes_first(coordinator_client: Client, coordinator: User) -> None:
    make_cohort(coordinator)
    confirm(coordinator_client)
    sentence = "You lead “Spring cohort”. Ask an admin to give it to another coordinator, or to delete it, first."
    assertContains(coordinator_client.get(URL), sentence, count=1)
    assertNotContains(coordinator_client.get(URL), "Delete my account")
    response = coordinator_client.post(URL, TICKED)
    assertContains(response, sentence, count=1, status_code=409)
    assert asked_at(coordinator) is None


def test_the_last_superuser_stays(admin_client: Client, admin_user: User) -> None:
    confirm(admin_client)
    response = admin_client.post(URL, TICKED)
    assertContains(response, "You are the only admin with every right.", count=1, status_code=409)
    assert asked_at(admin_user) is None


def test_a_superuser_who_goes_does_not_hold_the_place_of_another(admin_client: Client, admin_user: User) -> None:
    other = make_user("amber", is_staff=True, is_superuser=True)
    services.ask_for_deletion(person=other, now=timezone.now())
    confirm(admin_client)
    assert admin_client.post(URL, TICKED).status_code == 409


@pytest.mark.parametrize(
    ("method", "url", "mark"), [("get", URL, ""), ("post", URL, "%3Funsent"), ("post", KEEP, "%3Funsent")]
)
def test_visitors_are_sent_to_sign_in_and_come_back(client: Client, method: str, url: str, mark: str) -> None:
    assertRedirects(getattr(client, method)(url), f"{reverse('account_login')}?next={url}{mark}")


@pytest.mark.parametrize(("method", "url"), [("put", URL), ("delete", URL), ("get", KEEP), ("put", KEEP)])
def test_refuses_other_methods(candidate_client: Client, method: str, url: str) -> None:
    assert getattr(candidate_client, method)(url).status_code == 405
