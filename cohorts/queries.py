"""One getter per object: strangers meet 404, whoever knows the address."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404

from accounts.models import User
from cohorts.models import Cohort, Invitation, Membership


def get_cohort_for(coordinator: User, code: UUID) -> Cohort:
    return get_object_or_404(Cohort.objects.led_by(coordinator), code=code)


def get_invitation_for(coordinator: User, code: UUID, token: str) -> Invitation:
    return get_object_or_404(Invitation, cohort__coordinator=coordinator, cohort__code=code, token=token)


def get_invitation_by_token(token: str) -> Invitation:
    """The token is the right to see it; whether it may still be used, `services.accept_invitation` says."""
    return get_object_or_404(Invitation.objects.select_related("cohort__coordinator"), token=token)


def get_own_membership(candidate: User, code: UUID) -> Membership:
    memberships = Membership.objects.active().select_related("cohort__coordinator")
    return get_object_or_404(memberships, candidate=candidate, cohort__code=code)


def get_membership_in(cohort: Cohort, candidate_code: UUID) -> Membership:
    memberships = Membership.objects.active().select_related("candidate")
    return get_object_or_404(memberships, cohort=cohort, candidate__code=candidate_code)
