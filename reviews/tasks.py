from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from accounts.models import User
from reviews import queries, services

logger = logging.getLogger(__name__)


@shared_task(name="reviews.build_schedule")
def build_schedule(candidate_id: int) -> None:
    candidate = User.objects.filter(pk=candidate_id).first()
    if candidate is None:
        logger.info("No candidate %s, no schedule.", candidate_id)
        return
    services.build_schedule(candidate=candidate, now=timezone.now())


@shared_task(name="reviews.rebuild_stale_schedules")
def rebuild_stale_schedules() -> None:
    """What a lost message or a new day left behind."""
    count = services.rebuild_stale_schedules(now=timezone.now())
    if count:
        logger.info("Rebuilt %s stale schedules.", count)


@shared_task(name="reviews.rebuild_all_schedules")
def rebuild_all_schedules() -> None:
    """Nightly, for what no fact of a candidate tells: objectives and questions that came or went.

    One task each, so that neither a time limit nor one candidate's failure stops the others.
    """
    for candidate_id in queries.candidates_to_plan().values_list("pk", flat=True):
        build_schedule.delay(candidate_id)


@shared_task(name="reviews.send_reminders")
def send_reminders() -> None:
    count = services.send_reminders(now=timezone.now())
    if count:
        logger.info("Sent %s reminders.", count)


@shared_task(name="reviews.fit_memories")
def fit_memories() -> None:
    """Nightly, before the schedules: one task each, so that neither a time limit nor one failure stops the others."""
    for candidate_id in queries.candidates_to_fit().values_list("pk", flat=True):
        fit_memory.delay(candidate_id)


@shared_task(name="reviews.fit_memory")
def fit_memory(candidate_id: int) -> None:
    candidate = User.objects.filter(pk=candidate_id).first()
    if candidate is None:
        logger.info("No candidate %s, no fit.", candidate_id)
        return
    fit = services.fit_memory(candidate=candidate, now=timezone.now())
    if fit is not None and fit.is_accepted:
        # Its cards have changed, which no fact of the candidate tells the sweep.
        build_schedule.delay(candidate_id)
