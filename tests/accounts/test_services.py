from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.services import make_admin, promote_to_admin, save_appearance, save_profile, set_active
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db


def test_save_profile_writes_these_fields_alone(candidate: User) -> None:
    candidate.role = User.Role.COORDINATOR
    save_profile(person=candidate, display_name="C.", time_zone="Asia/Tokyo", extra_time_percent=50)
    candidate.refresh_from_db()
    assert (candidate.display_name, candidate.time_zone, candidate.extra_time_percent) == ("C.", "Asia/Tokyo", 50)
    assert candidate.role == User.Role.CANDIDATE


def test_save_appearance_writes_these_fields_alone(candidate: User) -> None:
    candidate.role = User.Role.COORDINATOR
    save_appearance(person=candidate, colour_scheme="dark", text_size=115)
    candidate.refresh_from_db()
    assert (candidate.colour_scheme, candidate.text_size) == ("dark", 115)
    assert candidate.role == User.Role.CANDIDATE


def test_make_admin_makes_an_account_that_can_sign_in() -> None:
    admin = make_admin(email="Ada@Example.com", password=PASSWORD)
    assert (admin.email, admin.is_staff, admin.is_superuser) == ("ada@example.com", True, True)
    assert admin.check_password(PASSWORD) is True
    address = EmailAddress.objects.get(user=admin)
    assert (address.email, address.primary, address.verified) == ("ada@example.com", True, True)


def test_promote_to_admin_brings_back_who_was_deactivated() -> None:
    person = make_user("carla", is_active=False)
    promote_to_admin(person=person)
    person.refresh_from_db()
    assert (person.is_active, person.is_staff, person.is_superuser) == (True, True, True)


def test_set_active_counts_who_changed() -> None:
    make_user("carla")
    make_user("oscar", is_active=False)
    assert set_active(people=User.objects.all(), is_active=False) == 1
    assert set_active(people=User.objects.all(), is_active=False) == 0
    assert set_active(people=User.objects.all(), is_active=True) == 2


def test_a_deactivated_person_is_signed_out_at_once(candidate: User, candidate_client: Client) -> None:
    url = reverse("accounts:settings")
    assert candidate_client.get(url).status_code == 200
    set_active(people=User.objects.filter(pk=candidate.pk), is_active=False)
    response = candidate_client.get(url)
    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={url}")


def test_a_deactivated_person_cannot_sign_in(client: Client, candidate: User) -> None:
    set_active(people=User.objects.filter(pk=candidate.pk), is_active=False)
    client.post(reverse("account_login"), {"login": candidate.email, "password": PASSWORD})
    assert client.session.get("_auth_user_id") is None
