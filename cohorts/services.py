from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string

from accounts.models import User
from cohorts.models import Cohort, Invitation, Membership

INVITATION_LIFE = timedelta(days=14)


class InvitationRefused(Exception):
    """The sentence says why, to the person who followed the invitation."""


def create_cohort(*, coordinator: User, name: str) -> Cohort:
    return Cohort.objects.create(coordinator=coordinator, name=name)


def rename_cohort(*, cohort: Cohort, name: str) -> None:
    cohort.name = name
    cohort.save(update_fields=["name"])


def invite_by_link(*, cohort: Cohort, now: datetime) -> Invitation:
    """A link for everybody who is given it. While one is open it is handed out again, so that a double click is one."""
    open_link = Invitation.objects.open(now).filter(cohort=cohort, email="").first()
    return open_link or Invitation.objects.create(cohort=cohort, created_at=now, expires_at=now + INVITATION_LIFE)


def invite_by_email(*, cohort: Cohort, emails: Iterable[str], now: datetime) -> list[Invitation]:
    """One invitation per address that has no open one; the caller has them mailed. Returns the new ones."""
    wanted = list(dict.fromkeys(email.lower() for email in emails))
    with transaction.atomic():
        Cohort.objects.select_for_update().get(pk=cohort.pk)
        known = set(
            Invitation.objects.open(now).filter(cohort=cohort, email__in=wanted).values_list("email", flat=True)
        )
        return Invitation.objects.bulk_create(
            Invitation(cohort=cohort, email=email, created_at=now, expires_at=now + INVITATION_LIFE)
            for email in wanted
            if email not in known
        )


def revoke_invitation(*, invitation: Invitation, now: datetime) -> None:
    Invitation.objects.filter(pk=invitation.pk, revoked_at=None).update(revoked_at=now)


def mail_invitation(*, invitation: Invitation, now: datetime) -> bool:
    """Send it once: whoever claims the row sends, and a second run finds it claimed. Returns whether it was sent."""
    if not Invitation.objects.filter(pk=invitation.pk, mailed_at=None, revoked_at=None).update(mailed_at=now):
        return False
    link = f"{settings.SITE_URL}{invitation.get_absolute_url()}"
    context = {"invitation": invitation, "cohort": invitation.cohort, "link": link}
    send_mail(
        subject=f"{invitation.cohort.coordinator.name} invites you to study for the CCXP exam",
        message=render_to_string("cohorts/invitation_email.txt", context),
        from_email=None,
        recipient_list=[invitation.email],
    )
    return True


def accept_invitation(*, invitation: Invitation, candidate: User, sharing: str, now: datetime) -> Membership:
    """Join, or come back. Accepting twice is accepting once.

    Raises InvitationRefused with a sentence for an invitation that this person cannot use.
    """
    with transaction.atomic():
        invitation = Invitation.objects.select_for_update().select_related("cohort").get(pk=invitation.pk)
        membership = Membership.objects.filter(cohort=invitation.cohort, candidate=candidate).first()
        if membership and membership.left_at is None:
            return membership
        refusal = why_refused(invitation, candidate, now)
        if refusal:
            raise InvitationRefused(refusal)
        if invitation.email:
            Invitation.objects.filter(pk=invitation.pk).update(used_at=now)
        membership, _ = Membership.objects.update_or_create(
            cohort=invitation.cohort,
            candidate=candidate,
            defaults={"sharing": sharing, "joined_at": now, "left_at": None},
        )
        return membership


def why_refused(invitation: Invitation, candidate: User | None, now: datetime) -> str:
    """A sentence, or an empty text when the invitation may be used; `candidate` is None before signing in."""
    if invitation.revoked_at is not None:
        return "This invitation was withdrawn. Ask your study coordinator for a new one."
    if invitation.used_at is not None:
        return "This invitation was used already. Ask your study coordinator for a new one."
    if not invitation.is_open(now):
        return "This invitation has expired. Ask your study coordinator for a new one."
    if candidate is None:
        return ""
    if invitation.cohort.coordinator_id == candidate.pk:
        return "You lead this cohort, so you cannot join it as a candidate."
    if invitation.email and invitation.email != candidate.email.lower():
        return "This invitation is for another email address. Sign in with the address that it was sent to."
    return ""


def change_sharing(*, membership: Membership, sharing: str) -> None:
    membership.sharing = sharing
    membership.save(update_fields=["sharing"])


def end_membership(*, membership: Membership, now: datetime) -> None:
    """The row stays, so that coming back is one row; nothing about the candidate is shown from now on."""
    Membership.objects.filter(pk=membership.pk, left_at=None).update(left_at=now, sharing=Membership.Sharing.PROGRESS)
