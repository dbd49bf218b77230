"""One getter per object: strangers meet 404, whoever knows the address. And what a coordinator sees of a member."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.shortcuts import get_object_or_404

from accounts.models import User
from cohorts.models import Cohort, Invitation, Membership


@dataclass(frozen=True, slots=True)
class SharedFact:
    """One thing that a coordinator sees of a member, and the fields of the rows of coordinators' pages that hold it."""

    words: str
    fields: tuple[str, ...]
    needs_scores: bool = False


# What candidates are told before they join, and ever after. A test holds the coordinators' pages to it.
SHARED_FACTS = (
    SharedFact("Your name, and when you joined", ("candidate",)),
    SharedFact("Whether you share progress only, or scores as well", ("is_sharing",)),
    SharedFact(
        "For each quiz assigned to the cohort: whether you have started, finished or are late, and when",
        ("state", "started_at", "finished_at", "asked", "finished", "late", "needs_help"),
    ),
    SharedFact("How many of the allowed attempts you used", ("attempts_used",)),
    SharedFact("Your best score in each assigned quiz", ("best", "percent"), needs_scores=True),
    SharedFact(
        "Your score per competency in assigned quizzes, and where it is below the practice target",
        ("scores", "below_target"),
        needs_scores=True,
    ),
    SharedFact(
        "Which options were chosen in each question that five or more who share scores have answered",
        ("n", "correct", "option_counts", "unanswered"),
        needs_scores=True,
    ),
)
NEVER_SHARED = (
    "Anything you do on your own: practice, mock exams and reviews",
    "Your exam date, plan, schedule and readiness",
    "Your notes, bookmarks, highlights and reports",
)


@dataclass(frozen=True, slots=True)
class WhatIsShared:
    progress: list[str]
    scores: list[str]
    never: tuple[str, ...]


def what_is_shared() -> WhatIsShared:
    return WhatIsShared(
        progress=[fact.words for fact in SHARED_FACTS if not fact.needs_scores],
        scores=[fact.words for fact in SHARED_FACTS if fact.needs_scores],
        never=NEVER_SHARED,
    )


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
