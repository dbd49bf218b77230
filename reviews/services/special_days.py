from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from reviews import queries
from reviews.models import SpecialDays, StudyPlan
from reviews.services.log import lock_candidate
from reviews.special_days import Span, joined, suggested_mocks
from reviews.study_days import study_day

# More ahead than anybody plans; a schedule looks at each of them for each of its days.
MOST_AHEAD = 60


class SpecialDaysRefused(Exception):
    """Days that cannot be added; the message is a sentence for the candidate."""


def add_special_days(*, candidate: User, span: Span, now: datetime) -> Span:
    """Add days to the plan; what overlaps or adjoins days of the same kind becomes one entry with them.

    Returns that entry. The same again changes nothing. Raises SpecialDaysRefused.
    """
    with transaction.atomic():
        today = study_day(now, lock_candidate(candidate))
        plan = _plan_of(candidate, now)
        spans = queries.spans_of(plan)
        other = next((each for each in spans if each.kind != span.kind and each.overlaps(span)), None)
        if other is not None:
            raise SpecialDaysRefused(
                f"{other.words} is in your list already: {SpecialDays.Kind(other.kind).label.lower()}. "
                "Remove that first, or choose other days."
            )
        if sum(each.ends_on >= today for each in spans) >= MOST_AHEAD:
            raise SpecialDaysRefused(f"Your list has {MOST_AHEAD} entries, and that is the most. Remove one first.")
        whole, parts = joined(span, spans)
        if parts != [whole]:
            _replace(plan, parts, [whole], now)
        return whole


def remove_special_days(*, candidate: User, kind: str, starts_on: date, now: datetime) -> None:
    """Take an entry out of the plan; one that is not there is no mistake."""
    with transaction.atomic():
        lock_candidate(candidate)
        plan = StudyPlan.objects.filter(candidate=candidate).first()
        gone = [span for span in queries.spans_of(plan) if (span.kind, span.starts_on) == (kind, starts_on)]
        if plan and gone:
            _replace(plan, gone, [], now)


def plan_suggested_mocks(*, candidate: User, now: datetime) -> int:
    """Put the suggested mock exams into the plan; returns how many. With one planned ahead, none is suggested."""
    with transaction.atomic():
        today = study_day(now, lock_candidate(candidate))
        plan = StudyPlan.objects.filter(candidate=candidate).first()
        if plan is None:
            return 0
        days = suggested_mocks(today, plan.exam_on, plan.minutes_by_weekday, queries.spans_of(plan))
        if days:
            _replace(plan, [], [Span(SpecialDays.Kind.MOCK, on, on) for on in days], now)
        return len(days)


def _plan_of(candidate: User, now: datetime) -> StudyPlan:
    """Days may be the first thing that somebody says."""
    return StudyPlan.objects.get_or_create(candidate=candidate, defaults={"changed_at": now})[0]


def _replace(plan: StudyPlan, old: Sequence[Span], new: Sequence[Span], now: datetime) -> None:
    for span in old:
        plan.special_days.filter(kind=span.kind, starts_on=span.starts_on).delete()
    SpecialDays.objects.bulk_create(
        SpecialDays(plan=plan, kind=span.kind, starts_on=span.starts_on, ends_on=span.ends_on) for span in new
    )
    plan.changed_at = now
    plan.save(update_fields=["changed_at"])
