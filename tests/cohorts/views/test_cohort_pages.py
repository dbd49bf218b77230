"""The coordinator's pages of a cohort."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cohorts import services
from cohorts.models import Cohort, Invitation, Membership
from tests.factories import make_cohort, make_user


def url(name: str, cohort: Cohort, *args: object) -> str:
    return reverse(f"cohorts:{name}", args=[cohort.code, *args])


def test_cohort_list_shows_own_cohorts_with_their_size(
    coordinator_client: Client, cohort: Cohort, outsider: User
) -> None:
    foreign = make_cohort(outsider)
    page = coordinator_client.get(reverse("cohorts:cohort-list")).content.decode()

    assert cohort.get_absolute_url() in page
    assert foreign.get_absolute_url() not in page
    assert "1 candidate<" in page


@pytest.mark.parametrize("cohorts", [1, 3])
def test_cohort_list_takes_a_fixed_number_of_queries(
    coordinator: User, coordinator_client: Client, cohorts: int, django_assert_num_queries
) -> None:
    for _ in range(cohorts):
        make_cohort(coordinator)

    with django_assert_num_queries(3):
        coordinator_client.get(reverse("cohorts:cohort-list"))


def test_cohort_create_makes_one_for_the_coordinator(coordinator: User, coordinator_client: Client) -> None:
    response = coordinator_client.post(reverse("cohorts:cohort-create"), {"name": "Autumn"})

    cohort = Cohort.objects.get()
    assert (cohort.name, cohort.coordinator) == ("Autumn", coordinator)
    assert response["Location"] == cohort.get_absolute_url()


def test_cohort_create_asks_for_a_name(coordinator_client: Client) -> None:
    page = coordinator_client.post(reverse("cohorts:cohort-create"), {"name": " "}).content.decode()

    assert "This field is required." in page
    assert Cohort.objects.count() == 0


def test_cohort_update_renames(coordinator_client: Client, cohort: Cohort) -> None:
    coordinator_client.post(url("cohort-update", cohort), {"name": "Renamed"})

    cohort.refresh_from_db()
    assert cohort.name == "Renamed"


def test_cohort_detail_names_members_and_what_they_share(coordinator_client: Client, cohort: Cohort) -> None:
    page = coordinator_client.get(cohort.get_absolute_url()).content.decode()

    assert "Carla" in page
    assert "Progress and scores" in page


@pytest.mark.parametrize("members", [1, 3])
def test_cohort_detail_takes_a_fixed_number_of_queries(
    coordinator: User, coordinator_client: Client, members: int, django_assert_num_queries
) -> None:
    cohort = make_cohort(coordinator, *(make_user(f"member{number}") for number in range(members)))

    with django_assert_num_queries(5):
        coordinator_client.get(cohort.get_absolute_url())


def test_cohort_detail_leaves_out_who_has_left(coordinator_client: Client, cohort: Cohort) -> None:
    services.end_membership(membership=cohort.memberships.get(), now=timezone.now())

    assert "Carla" not in coordinator_client.get(cohort.get_absolute_url()).content.decode()


def test_link_create_twice_is_one_link(coordinator_client: Client, cohort: Cohort) -> None:
    coordinator_client.post(url("link-create", cohort))
    coordinator_client.post(url("link-create", cohort))

    invitation = cohort.invitations.get()
    assert invitation.get_absolute_url() in coordinator_client.get(cohort.get_absolute_url()).content.decode()


def test_invitation_create_mails_each_address(
    coordinator_client: Client, cohort: Cohort, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        coordinator_client.post(url("invitation-create", cohort), {"emails": "a@example.com, b@example.com"})

    assert sorted(message.to for message in mail.outbox) == [["a@example.com"], ["b@example.com"]]


def test_invitation_create_keeps_what_was_typed_and_invites_nobody(coordinator_client: Client, cohort: Cohort) -> None:
    response = coordinator_client.post(url("invitation-create", cohort), {"emails": "a@example.com nonsense"})
    page = response.content.decode()

    assert response.status_code == 200
    assert "Not an email address: nonsense. Nobody has been invited yet." in page
    assert "a@example.com nonsense" in page
    assert Invitation.objects.count() == 0


def test_invitation_create_refuses_more_than_fifty(coordinator_client: Client, cohort: Cohort) -> None:
    emails = "\n".join(f"p{number}@example.com" for number in range(51))
    page = coordinator_client.post(url("invitation-create", cohort), {"emails": emails}).content.decode()

    assert "These are 51 addresses. Invite at most 50 at once." in page


def test_invitation_revoke_withdraws(coordinator_client: Client, cohort: Cohort) -> None:
    invitation = services.invite_by_link(cohort=cohort, now=timezone.now())
    coordinator_client.post(url("invitation-revoke", cohort, invitation.token))

    invitation.refresh_from_db()
    assert not invitation.is_open(timezone.now())


def test_membership_remove_ends_it(coordinator_client: Client, cohort: Cohort, candidate: User) -> None:
    coordinator_client.post(url("membership-remove", cohort, candidate.code))

    assert Membership.objects.active().count() == 0


PAGES = ["cohort-detail", "cohort-update"]
ACTIONS = ["link-create", "invitation-create"]


def visit(client: Client, name: str, cohort: Cohort) -> int:
    if name in PAGES:
        return client.get(url(name, cohort)).status_code
    return client.post(url(name, cohort), {"emails": "a@example.com"}).status_code


@pytest.mark.parametrize("name", PAGES + ACTIONS)
@pytest.mark.parametrize(
    ("who", "status"), [("outsider_client", 404), ("candidate_client", 403), ("admin_client", 403), ("client", 302)]
)
def test_cohort_page_is_closed_to(
    name: str, who: str, status: int, cohort: Cohort, request: pytest.FixtureRequest
) -> None:
    assert visit(request.getfixturevalue(who), name, cohort) == status
    assert cohort.invitations.count() == 0


@pytest.mark.parametrize("name", ACTIONS)
def test_cohort_action_refuses_get(name: str, cohort: Cohort, coordinator_client: Client) -> None:
    assert coordinator_client.get(url(name, cohort)).status_code == 405


def test_outsider_cannot_withdraw_or_remove(cohort: Cohort, candidate: User, outsider_client: Client) -> None:
    invitation = services.invite_by_link(cohort=cohort, now=timezone.now())

    assert outsider_client.post(url("invitation-revoke", cohort, invitation.token)).status_code == 404
    assert outsider_client.post(url("membership-remove", cohort, candidate.code)).status_code == 404
    assert invitation.is_open(timezone.now())
    assert Membership.objects.active().count() == 1


def test_coordinator_cannot_withdraw_through_another_cohort(
    coordinator: User, coordinator_client: Client, cohort: Cohort
) -> None:
    other = make_cohort(coordinator)
    invitation = services.invite_by_link(cohort=other, now=timezone.now())

    assert coordinator_client.post(url("invitation-revoke", cohort, invitation.token)).status_code == 404
