from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User


def save_settings(*, person: User, display_name: str, time_zone: str, extra_time_percent: int) -> None:
    person.display_name = display_name
    person.time_zone = time_zone
    person.extra_time_percent = extra_time_percent
    person.save(update_fields=["display_name", "time_zone", "extra_time_percent"])


def make_admin(*, email: str, password: str) -> User:
    """A new account with every right. Its address counts as verified: who runs the server vouches for it."""
    with transaction.atomic():
        admin = User.objects.create_superuser(email, password)
        EmailAddress.objects.create(user=admin, email=admin.email, primary=True, verified=True)
    return admin


def promote_to_admin(*, person: User) -> None:
    person.is_active = person.is_staff = person.is_superuser = True
    person.save(update_fields=["is_active", "is_staff", "is_superuser"])


def set_active(*, people: QuerySet[User], is_active: bool) -> int:
    """How many changed. A deactivated person is signed out by the next request, because no session loads them."""
    return people.exclude(is_active=is_active).update(is_active=is_active)
