from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import User
from tests.factories import make_attempt, make_user

pytestmark = pytest.mark.django_db

LIST = reverse("admin:accounts_user_changelist")
ADD = reverse("admin:accounts_user_add")


def change(person: User) -> str:
    return reverse("admin:accounts_user_change", args=[person.pk])


def delete(person: User) -> str:
    return reverse("admin:accounts_user_delete", args=[person.pk])


def form_of(person: User, **changes: Any) -> dict[str, Any]:
    fields = {"display_name": person.display_name, "time_zone": "UTC", "extra_time_percent": 0, "role": person.role}
    return {**fields, "is_active": "on", **changes}


def run(client: Client, action: str, *people: User) -> str:
    """What the admin says after an action on these people."""
    chosen = {"action": action, "_selected_action": [person.pk for person in people]}
    response = client.post(LIST, chosen, follow=True)
    return " ".join(str(message) for message in response.context["messages"])


@pytest.fixture
def plain_admin(db: None) -> User:
    """An admin who is no superuser."""
    return make_user("paul", is_staff=True)


@pytest.fixture
def plain_admin_client(plain_admin: User) -> Client:
    client = Client()
    client.force_login(plain_admin)
    return client


@pytest.mark.parametrize("people", [1, 3])
def test_lists_people_at_a_fixed_query_count(
    admin_client: Client, people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(people):
        make_user(f"person-{number}")
    # Session, admin, count, rows.
    with django_assert_num_queries(4):
        response = admin_client.get(LIST)
    assert response.context["cl"].result_count == people + 1


@pytest.mark.parametrize("words", ["carla@example", "Carla"])
def test_finds_people_by_address_and_name(
    admin_client: Client, candidate: User, other_candidate: User, words: str
) -> None:
    assert list(admin_client.get(LIST, {"q": words}).context["cl"].result_list) == [candidate]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"role__exact": "coordinator"}, ["cora"]),
        ({"is_staff__exact": "1"}, ["ada"]),
        ({"is_active__exact": "0"}, ["ina"]),
    ],
)
def test_filters_people(admin_client: Client, coordinator: User, query: dict[str, str], found: list[str]) -> None:
    make_user("ina", is_active=False)
    listed = admin_client.get(LIST, query).context["cl"].result_list
    assert [person.email.partition("@")[0] for person in listed] == found


def test_shows_no_password(admin_client: Client, candidate: User) -> None:
    page = admin_client.get(change(candidate))
    assertNotContains(page, candidate.password)
    assertNotContains(page, 'name="password"')


def test_a_superuser_gives_roles(admin_client: Client, candidate: User) -> None:
    response = admin_client.post(change(candidate), form_of(candidate, role="coordinator", is_staff="on"))
    assert response.status_code == 302
    candidate.refresh_from_db()
    assert (candidate.role, candidate.is_staff) == ("coordinator", True)


def test_a_plain_admin_gives_extra_time_but_no_roles(plain_admin_client: Client, candidate: User) -> None:
    posted = form_of(candidate, extra_time_percent=50, role="coordinator", is_staff="on", is_superuser="on")
    assert plain_admin_client.post(change(candidate), posted).status_code == 302
    candidate.refresh_from_db()
    assert (candidate.extra_time_percent, candidate.role) == (50, "candidate")
    assert (candidate.is_staff, candidate.is_superuser) == (False, False)


def test_a_plain_admin_cannot_change_admins(plain_admin_client: Client, admin_user: User, plain_admin: User) -> None:
    for person in (admin_user, plain_admin):
        assert plain_admin_client.post(change(person), form_of(person, display_name="Mine")).status_code == 403
        person.refresh_from_db()
        assert person.display_name != "Mine"


def test_a_plain_admin_sees_neither_addresses_nor_second_factors(plain_admin_client: Client) -> None:
    for name in ["account_emailaddress", "mfa_authenticator", "usersessions_usersession"]:
        assert plain_admin_client.get(reverse(f"admin:{name}_changelist")).status_code == 403


def test_nobody_changes_an_address_for_somebody(admin_client: Client, candidate: User) -> None:
    admin_client.post(change(candidate), form_of(candidate, email="mine@example.com"))
    candidate.refresh_from_db()
    assert candidate.email == "carla@example.com"


def test_nobody_locks_themselves_out(admin_client: Client, admin_user: User) -> None:
    posted = form_of(admin_user)
    del posted["is_active"]
    assert admin_client.post(change(admin_user), posted).status_code == 302
    admin_user.refresh_from_db()
    assert (admin_user.is_active, admin_user.is_staff) == (True, True)


def test_a_wrong_time_zone_is_refused(admin_client: Client, candidate: User) -> None:
    page = admin_client.post(change(candidate), form_of(candidate, time_zone="Europe/Atlantis"))
    assertContains(page, "Choose a time zone from the list.", count=1)


def new_person(**changes: Any) -> dict[str, Any]:
    fields = {"email": "New@Example.com", "display_name": "", "time_zone": "UTC", "extra_time_percent": 0}
    return {**fields, "role": "candidate", "is_active": "on", **changes}


def test_a_new_person_has_no_password_until_they_choose_one(admin_client: Client, client: Client) -> None:
    assert admin_client.post(ADD, new_person()).status_code == 302
    person = User.objects.get(email="new@example.com")
    assert person.has_usable_password() is False
    client.post(reverse("account_reset_password"), {"email": "new@example.com"})
    assert [message.to for message in mail.outbox] == [["new@example.com"]]


def test_another_spelling_of_a_known_address_is_refused(admin_client: Client, candidate: User) -> None:
    page = admin_client.post(ADD, new_person(email="CARLA@example.com"))
    assertContains(page, "already exists", count=1)
    assert User.objects.filter(email__iexact="carla@example.com").count() == 1


def test_deactivates_people_but_not_oneself(admin_client: Client, admin_user: User, candidate: User) -> None:
    assert run(admin_client, "deactivate", candidate, admin_user) == "1 of 2 chosen deactivated."
    candidate.refresh_from_db()
    admin_user.refresh_from_db()
    assert (candidate.is_active, admin_user.is_active) == (False, True)


def test_reactivates_people(admin_client: Client) -> None:
    person = make_user("ina", is_active=False)
    assert run(admin_client, "reactivate", person) == "1 of 1 chosen reactivated."
    person.refresh_from_db()
    assert person.is_active is True


def test_a_plain_admin_deactivates_no_admins(plain_admin_client: Client, admin_user: User, candidate: User) -> None:
    assert run(plain_admin_client, "deactivate", admin_user, candidate) == "1 of 2 chosen deactivated."
    admin_user.refresh_from_db()
    assert admin_user.is_active is True


def test_people_with_attempts_are_not_deleted(admin_client: Client, candidate: User) -> None:
    make_attempt(candidate)
    assertNotContains(admin_client.get(change(candidate)), 'class="deletelink"')
    assert admin_client.post(delete(candidate), {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=candidate.pk).count() == 1


def test_people_without_attempts_are_deleted_one_by_one(admin_client: Client, candidate: User) -> None:
    assert admin_client.post(delete(candidate), {"post": "yes"}).status_code == 302
    assert User.objects.filter(pk=candidate.pk).count() == 0
    assertNotContains(admin_client.get(LIST), "delete_selected")


def test_nobody_deletes_themselves_and_plain_admins_delete_nobody(
    admin_client: Client, plain_admin_client: Client, admin_user: User, candidate: User
) -> None:
    assert admin_client.post(delete(admin_user), {"post": "yes"}).status_code == 403
    assert plain_admin_client.post(delete(candidate), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("client_name", ["candidate_client", "coordinator_client"])
def test_others_do_not_get_in(request: pytest.FixtureRequest, candidate: User, client_name: str) -> None:
    client = request.getfixturevalue(client_name)
    for url in (LIST, ADD, change(candidate)):
        assert client.get(url).status_code in {302, 403}
