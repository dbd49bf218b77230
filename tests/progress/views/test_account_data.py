from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects, assertTemplateUsed

from accounts.models import User
from progress.queries.personal_data import RECORDS
from progress.services import announce_export
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

URL = reverse("progress:account-data")


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


def confirm(client: Client) -> None:
    assert client.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302


def test_says_what_is_in_it_and_asks_for_a_proof_first(candidate_client: Client) -> None:
    page = candidate_client.get(URL)
    assertTemplateUsed(page, "progress/account_data.html")
    assert [record.title for record in RECORDS if f"<li>{record.title}</li>" not in page.content.decode()] == []
    assertNotContains(page, "Download my data")
    confirm(candidate_client)
    assertContains(candidate_client.get(URL), "Download my data", count=1)


def test_a_proof_leads_back_to_the_page(candidate_client: Client) -> None:
    proof = candidate_client.get(f"{URL}?confirm")
    back = candidate_client.post(proof["Location"], {"password": PASSWORD})
    assertRedirects(back, f"{URL}?confirm")


def test_a_post_without_a_proof_gets_nothing(candidate_client: Client) -> None:
    response = candidate_client.post(URL)
    assert (response.status_code, response["Location"]) == (302, f"{URL}?confirm")
    assert mail.outbox == []


def test_gives_the_archive_and_tells_by_mail(candidate_client: Client, candidate: User) -> None:
    confirm(candidate_client)
    response = candidate_client.post(URL)
    archive = ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Content-Disposition"] == f'attachment; filename="ccxp-prep-{timezone.localdate()}.zip"'
    assert response.headers["Cache-Control"] == "no-store"
    assert json.loads(archive.read("json/profile.json"))[0]["email"] == candidate.email
    assert archive.testzip() is None
    assert [(message.subject, message.to) for message in mail.outbox] == [
        ("Your CCXP Prep data was downloaded", [candidate.email])
    ]


def test_the_sixth_of_a_day_is_refused_in_a_sentence(candidate_client: Client) -> None:
    confirm(candidate_client)
    statuses = [candidate_client.post(URL).status_code for _ in range(5)]
    response = candidate_client.post(URL)
    assert statuses == [200] * 5
    assertContains(response, "You have downloaded your data five times today.", count=1, status_code=429)
    assert len(mail.outbox) == 5


def test_the_count_lasts_a_day_in_the_cache_of_production(candidate: User, settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
    call_command("createcachetable")
    now = timezone.now()
    for _ in range(2):
        announce_export(person=candidate, now=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache WHERE expires > %s", [str(now + timedelta(hours=23))])
        assert cursor.fetchone() == (1,)


def test_each_has_a_count_of_their_own(candidate_client: Client, other_client: Client) -> None:
    for client in (candidate_client, other_client):
        confirm(client)
    for _ in range(6):
        candidate_client.post(URL)
    assert other_client.post(URL).status_code == 200


@pytest.mark.parametrize(("method", "mark"), [("get", ""), ("post", "%3Funsent")])
def test_visitors_are_sent_to_sign_in_and_come_back(client: Client, method: str, mark: str) -> None:
    assertRedirects(getattr(client, method)(URL), f"{reverse('account_login')}?next={URL}{mark}")


@pytest.mark.parametrize("method", ["put", "delete"])
def test_refuses_other_methods(candidate_client: Client, method: str) -> None:
    assert getattr(candidate_client, method)(URL).status_code == 405


def test_query_count_is_fixed(candidate_client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    candidate_client.get(URL)
    with django_assert_num_queries(5):
        candidate_client.get(URL)
