from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import CASCADE
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services import TIME_TO_TAKE_BACK, end_sessions, mail_notice, send_notice, why_deletion_is_refused
from cohorts.models import Invitation
from progress.queries.estimates import LIVE, LiveFigures, live_figures
from quizzes.models import Assignment, Attempt, Quiz

logger = logging.getLogger(__name__)

EXPORTS_A_DAY = 5
DAY_SECONDS = 24 * 3600
# How much longer a deletion waits for a mail server that does not take the goodbye.
TIME_FOR_GOODBYE = timedelta(days=7)


class ExportRefused(Exception):
    """The sentence says until when."""


def measure_estimates(*, now: datetime) -> LiveFigures:
    """Compute what this installation shows about its estimates, and keep it until the next time."""
    figures = live_figures(at=now)
    cache.set(LIVE, figures, timeout=None)
    return figures


def announce_export(*, person: User, now: datetime) -> None:
    """Written down, and told to the person by mail: whoever took the data away may have been somebody else.

    Raises ExportRefused with a sentence when the day has had enough of them.
    """
    counter = f"exports-{person.code}-{timezone.localdate(now)}"
    taken = cache.get(counter, 0)
    if taken >= EXPORTS_A_DAY:
        raise ExportRefused("You have downloaded your data five times today. You can do so again tomorrow.")
    # Not `incr`: in a cache kept by the database that forgets the count after five minutes.
    cache.set(counter, taken + 1, timeout=DAY_SECONDS)
    logger.info("Person %s downloads their data.", person.pk)
    context = {"person": person, "at": now, "url": settings.SITE_URL + reverse("usersessions_list")}
    mail_notice(address=person.email, notice="progress/data_downloaded", context=context)


def delete_accounts(*, now: datetime) -> int:
    """Of everybody who asked for it seven days ago or longer. How many went."""
    due = User.objects.filter(deletion_asked_at__lte=now - TIME_TO_TAKE_BACK).order_by("pk")
    waited = due.filter(deletion_asked_at__lte=now - TIME_TO_TAKE_BACK - TIME_FOR_GOODBYE)
    overdue = set(waited.values_list("pk", flat=True))
    people = list(due.values_list("pk", flat=True))
    return sum(_delete_or_log(person_id, now, needs_goodbye=person_id not in overdue) for person_id in people)


def _delete_or_log(person_id: int, now: datetime, *, needs_goodbye: bool) -> bool:
    try:
        # Reached before the transaction begins, whose locks others wait for.
        with get_connection(fail_silently=not needs_goodbye) as mail_server:
            return _delete_account(person_id, now, mail_server)
    except Exception:
        # One account that cannot go must not keep the others; it is tried again the next night.
        logger.exception("The account of person %s could not be deleted.", person_id)
        return False


def _delete_account(person_id: int, now: datetime, mail_server: BaseEmailBackend) -> bool:
    """Whether it went; it stays when it was kept meanwhile, or another run was faster."""
    with transaction.atomic():
        due = User.objects.filter(deletion_asked_at__lte=now - TIME_TO_TAKE_BACK)
        person = due.select_for_update().filter(pk=person_id).first()
        if person is None:
            return False
        if refusal := why_deletion_is_refused(person):
            logger.warning("The account of person %s cannot be deleted yet: %s", person_id, refusal)
            return False
        _hand_over_quizzes(person)
        _forget_in_the_admin(person)
        end_sessions(person=person, but=None)
        Invitation.objects.filter(email=person.email).delete()
        # Attempts protect their quiz, so they go before the quizzes that this person built.
        Attempt.objects.for_candidate(person).delete()
        person.delete()
        # What the database would refuse at the commit only, it refuses now: a goodbye cannot be taken back.
        transaction.get_connection().check_constraints()
        # Before the commit, which is the lesser harm: a worker that dies in between has said goodbye a night too early,
        # and says it again. After the commit, nobody would be told, and nothing would know whom to tell.
        is_told = send_notice(
            address=person.email, notice="accounts/deletion_done", context={}, mail_server=mail_server
        )
    logger.info("The account of person %s is deleted, %s a goodbye.", person_id, "with" if is_told else "without")
    return True


def _hand_over_quizzes(person: User) -> None:
    """What was assigned to a cohort belongs to whoever leads it now: others have sat it."""
    assigned = Assignment.objects.filter(quiz__author=person).values_list("quiz", "cohort__coordinator")
    for quiz, coordinator in assigned:
        Quiz.objects.filter(pk=quiz).update(author=coordinator)


def _forget_in_the_admin(person: User) -> None:
    """The admin's own log names the rows that were changed there, and keeps the names of rows that go."""
    LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(User), object_id=str(person.pk)).delete()
    for relation in User._meta.related_objects:
        if relation.on_delete is CASCADE:
            entries = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(relation.related_model))
            logged = [pk for pk in entries.values_list("object_id", flat=True).distinct() if pk]
            owned = relation.related_model._base_manager.filter(**{relation.field.name: person, "pk__in": logged})
            entries.filter(object_id__in=[str(pk) for pk in owned.values_list("pk", flat=True)]).delete()
