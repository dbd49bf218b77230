"""The candidate's side: accepting an invitation, changing what is shared, leaving."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cohorts import services
from cohorts.models import Cohort, Invitation, Membership
from tests.factories import make_cohort


@pytest.fixture
def link(cohort: Cohort) -> Invitation:
    return services.invite_by_link(cohort=cohort, now=timezone.now())


def test_invitation_tells_what_the_coordinator_will_see(link: Invitation, other_client: Client) -> None:
    page = other_client.get(link.get_absolute_url()).content.decode()

    assert "What Cora can see" in page
    assert "Anything you do on your own" in page


def test_invitation_lets_visitors_read_and_brings_them_back(link: Invitation, client: Client) -> None:
    page = client.get(link.get_absolute_url()).content.decode()

    assert f"{reverse('account_signup')}?next={link.get_absolute_url()}" in page
    assert "What Cora can see" in page


def test_invitation_is_not_accepted_by_a_visitor(link: Invitation, client: Client) -> None:
    client.post(link.get_absolute_url(), {"sharing": "scores"})

    assert link.cohort.memberships.count() == 1


def test_invitation_accept_joins_with_the_choice(link: Invitation, other_client: Client, other_candidate: User) -> None:
    response = other_client.post(link.get_absolute_url(), {"sharing": "scores"})

    membership = Membership.objects.get(candidate=other_candidate)
    assert (membership.cohort, membership.sharing) == (link.cohort, "scores")
    assert response["Location"] == reverse("progress:today")


def test_invitation_accept_asks_for_a_known_choice(link: Invitation, other_client: Client) -> None:
    page = other_client.post(link.get_absolute_url(), {"sharing": "everything"}).content.decode()

    assert "Select a valid choice." in page
    assert link.cohort.memberships.count() == 1


def test_expired_invitation_says_so(link: Invitation, other_client: Client) -> None:
    Invitation.objects.filter(pk=link.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    response = other_client.post(link.get_absolute_url(), {"sharing": "scores"})

    assert response.status_code == 410
    assert "This invitation has expired." in response.content.decode()


def test_unknown_invitation_is_not_found(client: Client, db: None) -> None:
    assert client.get(reverse("cohorts:invitation-accept", args=["nonsense"])).status_code == 404


def test_invitation_refuses_put(link: Invitation, other_client: Client) -> None:
    assert other_client.put(link.get_absolute_url()).status_code == 405


def test_membership_list_shows_own_memberships_only(
    cohort: Cohort, candidate_client: Client, outsider: User, other_candidate: User
) -> None:
    foreign = make_cohort(outsider, other_candidate)
    foreign.name = "Foreign cohort"
    foreign.save()
    page = candidate_client.get(reverse("cohorts:membership-list")).content.decode()

    assert cohort.name in page
    assert "Foreign cohort" not in page


@pytest.mark.parametrize("cohorts", [1, 3])
def test_membership_list_takes_a_fixed_number_of_queries(
    coordinator: User, candidate: User, candidate_client: Client, cohorts: int, django_assert_num_queries
) -> None:
    for _ in range(cohorts):
        make_cohort(coordinator, candidate)

    with django_assert_num_queries(3):
        candidate_client.get(reverse("cohorts:membership-list"))


def test_membership_update_changes_what_is_shared(cohort: Cohort, candidate_client: Client) -> None:
    candidate_client.post(reverse("cohorts:membership-update", args=[cohort.code]), {"sharing": "progress"})

    assert cohort.memberships.get().sharing == "progress"


def test_membership_leave_ends_it(cohort: Cohort, candidate_client: Client) -> None:
    candidate_client.post(reverse("cohorts:membership-leave", args=[cohort.code]))

    assert cohort.memberships.active().count() == 0


@pytest.mark.parametrize("name", ["membership-update", "membership-leave"])
def test_membership_of_others_is_not_found(name: str, cohort: Cohort, other_client: Client) -> None:
    response = other_client.post(reverse(f"cohorts:{name}", args=[cohort.code]), {"sharing": "progress"})

    assert response.status_code == 404
    assert cohort.memberships.get().sharing == "scores"


def test_membership_leave_refuses_get(cohort: Cohort, candidate_client: Client) -> None:
    assert candidate_client.get(reverse("cohorts:membership-leave", args=[cohort.code])).status_code == 405
