from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories import PASSWORD

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
