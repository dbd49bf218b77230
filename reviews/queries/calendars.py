"""The days ahead as a calendar shows them: what the schedule plans, what the candidate marked, the exam."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.http import Http404

from accounts.models import User
from reviews.models import Schedule, StudyPlan
from reviews.queries.schedules import ScheduleFacts, schedule_facts
from reviews.queries.study import spans_of
from reviews.special_days import Span, kind_on
from reviews.study_days import study_day


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """`kind` is that of a special day, or "exam", or empty."""

    on: date
    kind: str = ""
    minutes: int = 0
    reviews: int = 0
    new: int = 0


@dataclass(frozen=True, slots=True)
class Calendar:
    today: date
    plan: StudyPlan | None
    spans: list[Span]
    schedule: Schedule | None
    planned: dict[date, CalendarDay]

    @property
    def exam_on(self) -> date | None:
        """Unless it has passed."""
        return self.plan.exam_on if self.plan and self.plan.exam_on and self.plan.exam_on >= self.today else None

    @property
    def last_on(self) -> date:
        """The last day of which there is anything to say."""
        return max(self.today, *self.planned, *(span.ends_on for span in self.spans), self.exam_on or self.today)

    def has_no_minutes(self, on: date) -> bool:
        return self.plan is not None and not self.plan.minutes_by_weekday[on.weekday()]

    def day(self, on: date) -> CalendarDay:
        """What the candidate marked holds at once, also while the schedule that follows it is being built."""
        if on < self.today:
            return CalendarDay(on)
        if on == self.exam_on:
            return CalendarDay(on, "exam")
        planned = self.planned.get(on, CalendarDay(on))
        kind = kind_on(on, self.spans)
        return CalendarDay(on, kind) if kind in ("off", "mock") else replace(planned, kind=kind)

    def marked_days(self) -> list[CalendarDay]:
        """Every day that has something to do, in order."""
        marked = {span.starts_on for span in self.spans if span.kind == "mock"}
        dates = sorted(on for on in {*self.planned, *marked, self.exam_on or self.today} if on >= self.today)
        days = [self.day(on) for on in dates]
        return [day for day in days if day.minutes or day.kind in ("mock", "exam")]


def calendar_page(candidate: User, *, at: datetime) -> tuple[ScheduleFacts, Calendar]:
    facts = schedule_facts(candidate, at=at)
    return facts, _calendar(facts.plan, facts.starts_on, Schedule.objects.filter(candidate=candidate).first())


def get_calendar_for(key: UUID, *, at: datetime) -> tuple[StudyPlan, Calendar]:
    """By the secret in its address, for whoever has it."""
    plans = StudyPlan.objects.filter(calendar_key=key, candidate__is_active=True)
    plan = plans.select_related("candidate__schedule").first()
    if plan is None:
        raise Http404
    return plan, _calendar(plan, study_day(at, plan.candidate.time_zone), getattr(plan.candidate, "schedule", None))


def spans_ahead(spans: Sequence[Span], today: date) -> list[Span]:
    return [span for span in spans if span.ends_on >= today]


def _calendar(plan: StudyPlan | None, today: date, schedule: Schedule | None) -> Calendar:
    days = schedule.days_from(today) if schedule else []
    planned = [
        CalendarDay(
            on=date.fromisoformat(day["on"]),
            minutes=day["minutes"],
            reviews=len(day["reviews"]),
            new=len(day["new"]),
        )
        for day in days
    ]
    return Calendar(today, plan, spans_of(plan), schedule, {day.on: day for day in planned})
