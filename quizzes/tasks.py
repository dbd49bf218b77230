from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from quizzes import services
from reviews.tasks import build_schedule


@shared_task(name="quizzes.close_overdue_attempts")
def close_overdue_attempts() -> None:
    for candidate_id in {attempt.candidate_id for attempt in services.close_overdue_attempts(now=timezone.now())}:
        build_schedule.delay_on_commit(candidate_id)


@shared_task(name="quizzes.compute_item_statistics")
def compute_item_statistics() -> None:
    services.compute_item_statistics(now=timezone.now())
