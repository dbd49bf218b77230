from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts.models import User, validate_time_zone
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db


def test_create_user_keeps_addresses_in_lower_case() -> None:
    assert User.objects.create_user("Carla@Example.COM", PASSWORD).email == "carla@example.com"


def test_create_superuser_makes_an_admin_with_every_right() -> None:
    admin = User.objects.create_superuser("ada@example.com", PASSWORD)
    assert (admin.is_staff, admin.is_superuser, admin.has_perm("account.change_emailaddress")) == (True, True, True)


def test_two_spellings_of_an_address_are_one_person() -> None:
    make_user("carla")
    with pytest.raises(IntegrityError):
        User.objects.create(email="CARLA@example.com")


@pytest.mark.parametrize("fields", [{"role": "owner"}, {"extra_time_percent": 33}])
def test_the_database_refuses_unknown_values(fields: dict[str, object]) -> None:
    with pytest.raises(IntegrityError):
        make_user("carla", **fields)


def test_name_is_the_display_name_or_the_first_part_of_the_address() -> None:
    assert make_user("carla", display_name="Carla B.").name == "Carla B."
    assert make_user("oscar", display_name="").name == "oscar"


def test_validate_time_zone_takes_names_of_the_database_alone() -> None:
    validate_time_zone("Europe/Berlin")
    with pytest.raises(ValidationError):
        validate_time_zone("../etc/passwd")


def test_an_admin_keeps_content_and_people_but_no_second_factors() -> None:
    admin = make_user("ada", is_staff=True)
    assert admin.has_perm("competencies.change_objective") is True
    assert admin.has_perm("accounts.change_user") is True
    assert admin.has_module_perms("questions") is True
    assert admin.has_perm("account.change_emailaddress") is False
    assert admin.has_perm("mfa.delete_authenticator") is False
    assert admin.has_module_perms("account") is False


@pytest.mark.parametrize("fields", [{"role": "coordinator"}, {"is_staff": True, "is_active": False}])
def test_nobody_else_keeps_content(fields: dict[str, object]) -> None:
    person = make_user("carla", **fields)
    assert person.has_perm("competencies.change_objective") is False
    assert person.has_module_perms("competencies") is False
