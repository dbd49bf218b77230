from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from accounts.models import User
from reviews import queries
from reviews.models import Card, Schedule, ScheduledDay
from reviews.planner import Plan, plan_days
from reviews.scheduler import ALGORITHM_VERSION
from reviews.services.log import lock_candidate, rebuild_cards

logger = logging.getLogger(__name__)

# A sweep ends well within its task's time limit; the next one takes the rest.
MOST_REBUILDS = 500


def build_schedule(*, candidate: User, now: datetime) -> Schedule:
    """Plan from the facts of now and put the result in the place of the old schedule, in one statement.

    Safe twice at once: whoever has seen the newer facts stays, so that a slow build never undoes a later one.
    """
    facts = queries.schedule_facts(candidate, at=now)
    _refold_outdated(candidate)
    study = queries.study_of(candidate, on=facts.starts_on)
    plan = plan_days(study.outset, exam_on=study.exam_on, capacities=study.capacities, items=study.items)
    projection = plan.projection
    with transaction.atomic():
        lock_candidate(candidate)
        current = Schedule.objects.filter(candidate=candidate).first()
        if current is not None and facts.are_older_than(current):
            return current
        return Schedule.objects.update_or_create(
            candidate=candidate,
            defaults={
                "starts_on": facts.starts_on,
                "exam_on": facts.exam_on,
                "days": _days(plan),
                "dropped": list(plan.dropped),
                "projected_recall": projection.recall if projection else None,
                "expected_score": projection.score if projection else None,
                "score_low": projection.low if projection else None,
                "score_high": projection.high if projection else None,
                "algorithm_version": ALGORITHM_VERSION,
                "as_of_log_id": facts.log_id,
                "plan_changed_at": facts.plan_changed_at,
                "built_at": now,
            },
        )[0]


def rebuild_stale_schedules(*, now: datetime) -> int:
    """Rebuild what no longer follows from the facts, the oldest first; returns how many were rebuilt."""
    rebuilt = 0
    for candidate in queries.candidates_with_stale_schedule(at=now)[:MOST_REBUILDS]:
        try:
            build_schedule(candidate=candidate, now=now)
        except Exception:
            # One candidate's bad row must not keep the others waiting; it is tried again by the next sweep.
            logger.exception("The schedule of candidate %s could not be rebuilt.", candidate.pk)
        else:
            rebuilt += 1
    return rebuilt


def _refold_outdated(candidate: User) -> None:
    """A new version of the algorithm reads the same log in another way."""
    if Card.objects.for_candidate(candidate).exclude(algorithm_version=ALGORITHM_VERSION).exists():
        rebuild_cards(candidate=candidate)


def _days(plan: Plan) -> list[ScheduledDay]:
    return [
        {
            "on": day.on.isoformat(),
            "capacity": day.capacity,
            "minutes": day.minutes,
            "reviews": list(day.reviews),
            "new": list(day.new),
            "is_mock": day.is_mock,
        }
        for day in plan.days
    ]
