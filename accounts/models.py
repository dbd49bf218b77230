from __future__ import annotations

import uuid
from math import ceil
from typing import Any, ClassVar
from zoneinfo import available_timezones

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower

# What an admin may open in the admin; what allauth keeps there (addresses, second factors) is for superusers alone.
KEPT_BY_ADMINS = frozenset({"accounts", "competencies", "questions", "cohorts", "reviews", "quizzes"})


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError("Choose a time zone from the list.")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})


class User(AbstractBaseUser, PermissionsMixin):
    """Everybody is a candidate; a coordinator also runs cohorts; an admin (`is_staff`) also keeps the bank."""

    class Role(models.TextChoices):
        CANDIDATE = "candidate", "Candidate"
        COORDINATOR = "coordinator", "Coordinator"

    class ExtraTime(models.IntegerChoices):
        NONE = 0, "No extra time"
        QUARTER = 25, "25 % extra time"
        HALF = 50, "50 % extra time"
        DOUBLE = 100, "100 % extra time"

    class ColourScheme(models.TextChoices):
        SYSTEM = "system", "As the device"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    class TextSize(models.IntegerChoices):
        NORMAL = 100, "Normal"
        LARGE = 115, "Large"
        LARGER = 130, "Larger"

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("email address", unique=True)
    display_name = models.CharField(max_length=80, blank=True)
    role = models.CharField(max_length=12, choices=Role, default=Role.CANDIDATE)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    extra_time_percent = models.PositiveSmallIntegerField(
        choices=ExtraTime,
        default=ExtraTime.NONE,
        help_text="Added to the time limit of every timed quiz and mock exam.",
    )
    colour_scheme = models.CharField(max_length=6, choices=ColourScheme, default=ColourScheme.SYSTEM)
    text_size = models.PositiveSmallIntegerField(choices=TextSize, default=TextSize.NORMAL, help_text="Percent.")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField("admin", default=False, help_text="May sign in to the admin.")
    joined_at = models.DateTimeField(auto_now_add=True)
    deletion_asked_at = models.DateTimeField(
        null=True, blank=True, help_text="The account goes seven days later, unless its owner takes that back."
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            # Two spellings of one address are one person.
            models.UniqueConstraint(Lower("email"), name="user_email_unique"),
            models.CheckConstraint(condition=models.Q(role__in=["candidate", "coordinator"]), name="user_role_known"),
            models.CheckConstraint(
                condition=models.Q(extra_time_percent__in=[0, 25, 50, 100]), name="user_extra_time_percent_known"
            ),
            models.CheckConstraint(
                condition=models.Q(colour_scheme__in=["system", "light", "dark"]), name="user_colour_scheme_known"
            ),
            models.CheckConstraint(condition=models.Q(text_size__in=[100, 115, 130]), name="user_text_size_known"),
        ]
        indexes = [
            # The nightly sweep of accounts to delete.
            models.Index(
                fields=["deletion_asked_at"],
                condition=models.Q(deletion_asked_at__isnull=False),
                name="user_deletion_asked_idx",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def minutes_of(self, time_limit: int) -> int:
        """A time limit with this person's extra time, in whole minutes rounded up."""
        return ceil(time_limit * (100 + self.extra_time_percent) / 100)

    @property
    def name(self) -> str:
        return self.display_name or self.email.partition("@")[0]

    @property
    def is_coordinator(self) -> bool:
        return self.role == self.Role.COORDINATOR

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        """Every admin keeps content and people; who may become an admin is up to accounts/admin.py."""
        return self._keeps(perm.partition(".")[0]) or super().has_perm(perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        return self._keeps(app_label) or super().has_module_perms(app_label)

    def _keeps(self, app_label: str) -> bool:
        return self.is_active and self.is_staff and app_label in KEPT_BY_ADMINS
