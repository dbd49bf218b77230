from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertRedirects, assertTemplateUsed

from accounts.models import User

pytestmark = pytest.mark.django_db

URL = reverse("accounts:profile")
GOOD = {"display_name": "Carla B.", "time_zone": "Europe/Berlin", "extra_time_percent": "50"}


def test_shows_what_is_set(candidate_client: Client, candidate: User) -> None:
    User.objects.filter(pk=candidate.pk).update(time_zone="Asia/Tokyo", extra_time_percent=25)
    response = candidate_client.get(URL)
    assertTemplateUsed(response, "accounts/profile.html")
    assertContains(response, 'value="Carla"', count=1)
    assertContains(response, '<option value="Asia/Tokyo" selected>Tokyo</option>', count=1, html=True)
    assert response.context["form"]["extra_time_percent"].value() == 25


def test_saves_and_says_so(candidate_client: Client, candidate: User) -> None:
    response = candidate_client.post(URL, GOOD, follow=True)
    assertRedirects(response, reverse("accounts:settings"))
    assertContains(response, "Your settings are saved.", count=1)
    candidate.refresh_from_db()
    assert (candidate.display_name, candidate.time_zone, candidate.extra_time_percent) == (
        "Carla B.",
        "Europe/Berlin",
        50,
    )


def test_a_wrong_value_changes_nothing_and_keeps_what_was_typed(candidate_client: Client, candidate: User) -> None:
    response = candidate_client.post(URL, {**GOOD, "time_zone": "Europe/Atlantis"})
    assert response.status_code == 200
    assertContains(response, "Choose a time zone from the list.", count=2)
    assertContains(response, 'value="Carla B."', count=1)
    # The header still shows the name that counts.
    assertContains(response, '<span class="menu-button-text">Carla</span>', count=1)
    candidate.refresh_from_db()
    assert (candidate.display_name, candidate.time_zone) == ("Carla", "UTC")


def test_takes_no_rights_from_the_form(candidate_client: Client, candidate: User) -> None:
    candidate_client.post(URL, {**GOOD, "role": "coordinator", "is_staff": "1", "email": "x@example.com"})
    candidate.refresh_from_db()
    assert (candidate.role, candidate.is_staff, candidate.email) == ("candidate", False, "carla@example.com")


def test_changes_nobody_else(candidate_client: Client, other_candidate: User) -> None:
    candidate_client.post(URL, {**GOOD, "pk": other_candidate.pk, "code": other_candidate.code})
    other_candidate.refresh_from_db()
    assert other_candidate.display_name == "Oscar"


@pytest.mark.parametrize(("method", "mark"), [("get", ""), ("post", "%3Funsent")])
def test_visitors_are_sent_to_sign_in_and_come_back(client: Client, method: str, mark: str) -> None:
    response = getattr(client, method)(URL)
    assertRedirects(response, f"{reverse('account_login')}?next={URL}{mark}")


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_refuses_other_methods(candidate_client: Client, method: str) -> None:
    assert getattr(candidate_client, method)(URL).status_code == 405


def test_query_count_is_fixed(candidate_client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    candidate_client.get(URL)
    with django_assert_num_queries(2):
        candidate_client.get(URL)
