from __future__ import annotations

import secrets
import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.urls import reverse

from accounts.models import User


def make_token() -> str:
    return secrets.token_urlsafe(24)


class CohortQuerySet(models.QuerySet["Cohort"]):
    def led_by(self, coordinator: User) -> CohortQuerySet:
        return self.filter(coordinator=coordinator)


class Cohort(models.Model):
    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80)
    coordinator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="led_cohorts")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CohortQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("cohorts:cohort-detail", args=[self.code])


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> MembershipQuerySet:
        return self.filter(left_at=None)

    def sharing_scores(self) -> MembershipQuerySet:
        return self.active().filter(sharing=Membership.Sharing.SCORES)


class Membership(models.Model):
    """A candidate in a cohort, with what the candidate was told the coordinator would see."""

    class Sharing(models.TextChoices):
        PROGRESS = "progress", "Progress only"
        SCORES = "scores", "Progress and scores"

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="memberships")
    candidate = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    sharing = models.CharField(max_length=8, choices=Sharing, default=Sharing.PROGRESS)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["joined_at", "pk"]
        constraints = [
            # Coming back reopens the row; two open rows would count a candidate twice.
            models.UniqueConstraint(fields=["cohort", "candidate"], name="membership_one_per_cohort_and_candidate"),
            models.CheckConstraint(
                condition=models.Q(sharing__in=["progress", "scores"]), name="membership_sharing_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate} in {self.cohort}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, at: datetime) -> InvitationQuerySet:
        return self.filter(revoked_at=None, used_at=None, expires_at__gt=at)


class Invitation(models.Model):
    """A link that anybody who has it may use until it expires, or one emailed to one address and used once."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="invitations")
    token = models.CharField(max_length=40, unique=True, default=make_token, editable=False)
    email = models.EmailField(blank=True, help_text="Empty for a link that is not bound to one person.")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True, help_text="Emailed invitations are used once.")
    revoked_at = models.DateTimeField(null=True, blank=True)
    # Claimed before sending, so that a task run twice sends one mail.
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"Invitation to {self.cohort}"

    def get_absolute_url(self) -> str:
        return reverse("cohorts:invitation-accept", args=[self.token])

    def is_open(self, at: datetime) -> bool:
        return self.revoked_at is None and self.used_at is None and at < self.expires_at
