from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from progress import services


@shared_task(name="progress.measure_estimates")
def measure_estimates() -> None:
    services.measure_estimates(now=timezone.now())


@shared_task(name="progress.delete_accounts")
def delete_accounts() -> None:
    services.delete_accounts(now=timezone.now())
