from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.mail import send_mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import get_text_list

from accounts.models import User

logger = logging.getLogger(__name__)

# How long an account that is to go can be taken back.
TIME_TO_TAKE_BACK = timedelta(days=7)


class DeletionRefused(Exception):
    """The sentence says what has to happen first."""


def save_profile(*, person: User, display_name: str, time_zone: str, extra_time_percent: int) -> None:
    person.display_name = display_name
    person.time_zone = time_zone
    person.extra_time_percent = extra_time_percent
    person.save(update_fields=["display_name", "time_zone", "extra_time_percent"])


def save_appearance(*, person: User, colour_scheme: str, text_size: int) -> None:
    person.colour_scheme = colour_scheme
    person.text_size = text_size
    person.save(update_fields=["colour_scheme", "text_size"])


def make_admin(*, email: str, password: str) -> User:
    """A new account with every right. Its address counts as verified: who runs the server vouches for it."""
    with transaction.atomic():
        admin = User.objects.create_superuser(email, password)
        EmailAddress.objects.create(user=admin, email=admin.email, primary=True, verified=True)
    return admin


def promote_to_admin(*, person: User) -> None:
    person.is_active = person.is_staff = person.is_superuser = True
    person.save(update_fields=["is_active", "is_staff", "is_superuser"])


def set_active(*, people: QuerySet[User], is_active: bool) -> int:
    """How many changed. A deactivated person is signed out by the next request, because no session loads them."""
    return people.exclude(is_active=is_active).update(is_active=is_active)


def end_session(*, session: UserSession) -> None:
    session.end()


def end_sessions(*, person: User, but: str | None) -> None:
    """Sign the person out everywhere, except in the session with this key."""
    for session in UserSession.objects.filter(user=person).exclude(session_key=but or ""):
        session.end()


def ask_for_deletion(*, person: User, now: datetime) -> None:
    """From now on the account goes in seven days, unless it is kept. Asking twice is asking once, with one mail.

    Raises DeletionRefused with a sentence where something has to happen first.
    """
    with transaction.atomic():
        # Two admins who ask at the same moment must not both be told that the other one stays.
        list(User.objects.select_for_update().filter(is_superuser=True).order_by("pk"))
        if refusal := why_deletion_is_refused(person):
            raise DeletionRefused(refusal)
        if not User.objects.filter(pk=person.pk, deletion_asked_at=None).update(deletion_asked_at=now):
            return
    person.deletion_asked_at = now
    logger.info("Person %s asked for the deletion of their account.", person.pk)
    context = {"goes_at": goes_at(now), "url": settings.SITE_URL + reverse("accounts:settings")}
    mail_notice(address=person.email, notice="accounts/deletion_asked", context={"person": person, **context})


def keep_account(*, person: User) -> bool:
    """Whether there was anything to take back."""
    if not User.objects.filter(pk=person.pk, deletion_asked_at__isnull=False).update(deletion_asked_at=None):
        return False
    person.deletion_asked_at = None
    logger.info("Person %s keeps their account.", person.pk)
    mail_notice(address=person.email, notice="accounts/deletion_taken_back", context={"person": person})
    return True


def goes_at(asked_at: datetime) -> datetime:
    """The last moment at which it can be taken back; the night after it, the account is deleted."""
    return asked_at + TIME_TO_TAKE_BACK


def why_deletion_is_refused(person: User) -> str:
    """A sentence, or an empty text."""
    # Its members and their assignments would be left without anybody.
    cohorts = [f"“{name}”" for name in person.led_cohorts.values_list("name", flat=True)]
    if cohorts:
        them = "it" if len(cohorts) == 1 else "them"
        return (
            f"You lead {get_text_list(cohorts, 'and')}. Ask an admin to give {them} to another coordinator,"
            f" or to delete {them}, first."
        )
    if person.is_superuser and person.is_active:
        others = User.objects.filter(is_superuser=True, is_active=True, deletion_asked_at=None).exclude(pk=person.pk)
        if not others.exists():
            return "You are the only admin with every right. Give these rights to somebody else first."
    return ""


def mail_notice(*, address: str, notice: str, context: dict[str, Any]) -> None:
    """Tell somebody what happened to their account. A mail that fails is logged, and undoes nothing."""
    try:
        send_notice(address=address, notice=notice, context=context)
    except OSError:  # of which the errors of smtplib are a kind
        logger.exception("The notice %s could not be sent.", notice)


def send_notice(
    *, address: str, notice: str, context: dict[str, Any], mail_server: BaseEmailBackend | None = None
) -> bool:
    """Whether the mail server took it. Raises OSError, unless this mail server fails silently."""
    subject, body = (render_to_string(f"{notice}{part}.txt", context).strip() for part in ("_subject", ""))
    return send_mail(subject, body, None, [address], connection=mail_server) == 1
