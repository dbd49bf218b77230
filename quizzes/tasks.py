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


@shared_task(name="quizzes.compute_form_statistics")
def compute_form_statistics() -> None:
    services.compute_form_statistics(now=timezone.now())


@shared_task(name="quizzes.calibrate_items")
def calibrate_items() -> None:
    services.calibrate_items(now=timezone.now())


@shared_task(name="quizzes.fit_forgetting")
def fit_forgetting() -> None:
    services.fit_forgetting(now=timezone.now())
