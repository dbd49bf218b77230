from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from accounts.models import User
from cohorts import services
from cohorts.models import Cohort, Invitation, Membership
from cohorts.tasks import mail_invitation
from tests.factories import NOW

LATER = NOW + services.INVITATION_LIFE


@pytest.fixture
def link(cohort: Cohort) -> Invitation:
    return services.invite_by_link(cohort=cohort, now=NOW)


def accept(invitation: Invitation, candidate: User, *, sharing: str = "progress", now=NOW) -> Membership:
    return services.accept_invitation(invitation=invitation, candidate=candidate, sharing=sharing, now=now)


def refusal(invitation: Invitation, candidate: User, *, now=NOW) -> str:
    with pytest.raises(services.InvitationRefused) as caught:
        accept(invitation, candidate, now=now)
    return str(caught.value)


def test_link_is_handed_out_again_while_it_is_open(cohort: Cohort, link: Invitation) -> None:
    assert services.invite_by_link(cohort=cohort, now=NOW) == link
    assert services.invite_by_link(cohort=cohort, now=LATER) != link


def test_link_may_be_used_by_several_candidates(link: Invitation, other_candidate: User, outsider: User) -> None:
    accept(link, other_candidate)
    accept(link, outsider)

    assert link.cohort.memberships.active().count() == 3


def test_accepting_keeps_what_the_candidate_chose_to_share(link: Invitation, other_candidate: User) -> None:
    assert accept(link, other_candidate, sharing="scores").sharing == Membership.Sharing.SCORES


def test_accepting_twice_is_accepting_once(link: Invitation, other_candidate: User) -> None:
    first = accept(link, other_candidate, sharing="progress")
    second = accept(link, other_candidate, sharing="scores")

    assert (second, second.sharing) == (first, "progress")


def test_coming_back_reopens_the_membership(link: Invitation, other_candidate: User) -> None:
    first = accept(link, other_candidate, sharing="scores")
    services.end_membership(membership=first, now=NOW)
    back = accept(link, other_candidate, sharing="progress", now=NOW + timedelta(hours=1))

    assert (back.pk, back.left_at, back.sharing, back.joined_at) == (
        first.pk,
        None,
        "progress",
        NOW + timedelta(hours=1),
    )


def test_leaving_takes_back_what_was_shared(cohort: Cohort, candidate: User) -> None:
    membership = Membership.objects.get(cohort=cohort, candidate=candidate)
    services.end_membership(membership=membership, now=NOW)

    membership.refresh_from_db()
    assert (membership.left_at, membership.sharing) == (NOW, Membership.Sharing.PROGRESS)


def test_expired_invitation_is_refused(link: Invitation, other_candidate: User) -> None:
    assert refusal(link, other_candidate, now=LATER).startswith("This invitation has expired.")


def test_withdrawn_invitation_is_refused(link: Invitation, other_candidate: User) -> None:
    services.revoke_invitation(invitation=link, now=NOW)

    assert refusal(link, other_candidate).startswith("This invitation was withdrawn.")


def test_mailed_invitation_is_used_once(cohort: Cohort, other_candidate: User, outsider: User) -> None:
    (invitation,) = services.invite_by_email(cohort=cohort, emails=[other_candidate.email], now=NOW)
    accept(invitation, other_candidate)

    assert refusal(invitation, outsider).startswith("This invitation was used already.")


def test_mailed_invitation_is_for_its_address_only(cohort: Cohort, other_candidate: User) -> None:
    (invitation,) = services.invite_by_email(cohort=cohort, emails=["somebody@example.com"], now=NOW)

    assert refusal(invitation, other_candidate).startswith("This invitation is for another email address.")


def test_mailed_invitation_ignores_the_case_of_the_address(cohort: Cohort, other_candidate: User) -> None:
    (invitation,) = services.invite_by_email(cohort=cohort, emails=[other_candidate.email.upper()], now=NOW)

    assert accept(invitation, other_candidate).candidate == other_candidate


def test_coordinator_cannot_join_her_own_cohort(link: Invitation, coordinator: User) -> None:
    assert refusal(link, coordinator) == "You lead this cohort, so you cannot join it as a candidate."


def test_inviting_an_address_again_writes_no_second_invitation(cohort: Cohort) -> None:
    services.invite_by_email(cohort=cohort, emails=["a@example.com", "A@example.com"], now=NOW)

    assert services.invite_by_email(cohort=cohort, emails=["a@example.com"], now=NOW) == []
    assert cohort.invitations.count() == 1


def test_mail_is_sent_once_however_often_the_task_runs(cohort: Cohort) -> None:
    (invitation,) = services.invite_by_email(cohort=cohort, emails=["a@example.com"], now=NOW)
    mail_invitation(invitation.pk)
    mail_invitation(invitation.pk)

    (message,) = mail.outbox
    assert message.to == ["a@example.com"]
    assert invitation.get_absolute_url() in message.body


def test_withdrawn_invitation_is_not_mailed(cohort: Cohort) -> None:
    (invitation,) = services.invite_by_email(cohort=cohort, emails=["a@example.com"], now=NOW)
    services.revoke_invitation(invitation=invitation, now=NOW)
    mail_invitation(invitation.pk)

    assert mail.outbox == []


def test_task_of_a_missing_invitation_does_nothing(db: None) -> None:
    mail_invitation(0)

    assert mail.outbox == []
