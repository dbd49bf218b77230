"""What a schedule is built from, which schedules are stale, and what the page of the schedule shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Exists, F, Max, OuterRef, Q, QuerySet, When

from accounts.models import User
from competencies.models import Objective
from reviews.models import Card, ReviewLog, Schedule, StudyPlan, default_minutes
from reviews.queries.study import study_plan_of
from reviews.scheduler import ALGORITHM_VERSION
from reviews.study_days import study_day


@dataclass(frozen=True, slots=True)
class ScheduleFacts:
    """What a schedule must have seen to be current."""

    starts_on: date
    log_id: int
    plan: StudyPlan | None

    @property
    def plan_changed_at(self) -> datetime | None:
        return self.plan.changed_at if self.plan else None

    @property
    def exam_on(self) -> date | None:
        return self.plan.exam_on if self.plan else None

    @property
    def days_left(self) -> int | None:
        return (self.exam_on - self.starts_on).days if self.exam_on else None

    @property
    def minutes_by_weekday(self) -> list[int]:
        return self.plan.minutes_by_weekday if self.plan else default_minutes()

    @property
    def has_work(self) -> bool:
        """Whether there is anything to plan for: a plan, or a first answer."""
        return self.plan is not None or self.log_id > 0

    def are_in(self, schedule: Schedule) -> bool:
        return (
            schedule.starts_on == self.starts_on
            and schedule.as_of_log_id >= self.log_id
            and schedule.plan_changed_at == self.plan_changed_at
            and schedule.algorithm_version == ALGORITHM_VERSION
        )

    def are_older_than(self, schedule: Schedule) -> bool:
        seen, own = schedule.plan_changed_at, self.plan_changed_at
        return schedule.as_of_log_id > self.log_id or (seen is not None and own is not None and seen > own)


def schedule_facts(candidate: User, *, at: datetime) -> ScheduleFacts:
    newest = ReviewLog.objects.for_candidate(candidate).aggregate(log_id=Max("pk"))
    return ScheduleFacts(
        starts_on=study_day(at, candidate.time_zone),
        log_id=newest["log_id"] or 0,
        plan=study_plan_of(candidate),
    )


def candidates_to_plan() -> QuerySet[User]:
    """Everybody who has a study plan or has answered anything."""
    has_card = Exists(Card.objects.filter(candidate=OuterRef("pk")))
    return User.objects.filter(Q(study_plan__isnull=False) | has_card, is_active=True).order_by("pk")


def candidates_with_stale_schedule(*, at: datetime) -> QuerySet[User]:
    """Whose schedule is missing, or older than the log, the plan, the study day or the algorithm; oldest first."""
    newer_log = ReviewLog.objects.filter(candidate=OuterRef("pk"), pk__gt=OuterRef("schedule__as_of_log_id"))
    plan_seen = Q(study_plan__changed_at=F("schedule__plan_changed_at")) | Q(
        study_plan=None, schedule__plan_changed_at=None
    )
    is_current = plan_seen & _starts_today(at) & Q(schedule__algorithm_version=ALGORITHM_VERSION) & ~Exists(newer_log)
    return (
        candidates_to_plan()
        .annotate(is_current=Case(When(is_current, then=True), default=False))
        .filter(is_current=False)
        .order_by(F("schedule__built_at").asc(nulls_first=True), "pk")
    )


def _starts_today(at: datetime) -> Q:
    """Whether a schedule begins on its candidate's study day: at any moment at most three days are somewhere today."""
    zones: dict[date, list[str]] = {}
    for zone in User.objects.order_by().values_list("time_zone", flat=True).distinct():
        zones.setdefault(study_day(at, zone), []).append(zone)
    condition = Q(pk__in=[])
    for day, names in zones.items():
        condition |= Q(time_zone__in=names, schedule__starts_on=day)
    return condition


# The page of the schedule


@dataclass(frozen=True, slots=True)
class SchedulePage:
    facts: ScheduleFacts
    schedule: Schedule | None
    objectives: dict[str, Objective]

    @property
    def is_current(self) -> bool:
        return self.schedule is not None and self.facts.are_in(self.schedule)


def schedule_page(candidate: User, *, at: datetime, named_days: int) -> SchedulePage:
    """The schedule as it stands, and the objectives of its first days and of what it drops."""
    facts = schedule_facts(candidate, at=at)
    schedule = Schedule.objects.filter(candidate=candidate).first()
    codes: set[str] = set()
    if schedule:
        for day in schedule.days_from(facts.starts_on)[:named_days]:
            codes.update(day["reviews"], day["new"])
        codes.update(schedule.dropped)
    objectives = Objective.objects.filter(code__in=codes).select_related("statement__competency")
    return SchedulePage(facts, schedule, {objective.code: objective for objective in objectives})
