from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.shortcuts import get_object_or_404

from accounts.models import User


@dataclass(frozen=True, slots=True)
class SettingsOverview:
    """What the first page of the account says beside each of its parts."""

    exam_on: date | None
    wants_reminders: bool
    cohorts: list[str]
    keys: int
    has_app: bool
    sessions: int


def settings_overview(person: User) -> SettingsOverview:
    plan = getattr(person, "study_plan", None)
    factors = factors_of(person)
    memberships = person.memberships.filter(left_at=None)
    return SettingsOverview(
        exam_on=plan.exam_on if plan else None,
        wants_reminders=plan is not None and plan.wants_reminders,
        cohorts=list(memberships.values_list("cohort__name", flat=True)),
        keys=factors.count(Authenticator.Type.WEBAUTHN),
        has_app=Authenticator.Type.TOTP in factors,
        sessions=UserSession.objects.filter(user=person).count(),
    )


def factors_of(person: User) -> list[str]:
    """The type of each second factor, one entry a key."""
    return list(Authenticator.objects.filter(user=person).values_list("type", flat=True))


def get_other_session(person: User, pk: int, *, current: str | None) -> UserSession:
    """One of the person's own sessions, but never the one that asks."""
    return get_object_or_404(UserSession.objects.exclude(session_key=current or ""), user=person, pk=pk)
