"""Reads that look across the apps, one function per page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q

from accounts.models import User
from competencies.models import BlueprintArea, Objective, Statement
from questions.models import Question
from quizzes.models import Assignment, Attempt, Quiz
from quizzes.queries.readiness import CandidateReadiness, readiness_of
from quizzes.queries.rewarding import RewardingArea
from reviews.charts import Chart, Load, schedule_chart
from reviews.models import Card, Schedule, ScheduledDay, StudyPlan
from reviews.queries import (
    DEFAULT_BLUEPRINT,
    StudySession,
    newcomers_plan,
    study_of,
    study_session,
)
from reviews.study_days import is_past_midnight, study_day

REWARDING_SHOWN = 2
RESULTS_SHOWN = 10
SHORT_BREAK = 10  # minutes


@dataclass(frozen=True, slots=True)
class Today:
    """What the Today page shows; all of it is about one candidate on one study day."""

    on: date
    is_past_midnight: bool  # so that the calendar is a day ahead of the study day
    plan: StudyPlan | None
    is_new: bool  # has answered nothing yet
    session: StudySession
    readiness: CandidateReadiness
    week: Chart | None
    open_attempts: list[Attempt]
    assignments: list[Assignment]
    has_sat_mock: bool  # today

    @property
    def next_step(self) -> str:
        """The one thing to do: what runs out first, then what today is for, then what waits; else what the day is."""
        steps = {
            "resume": bool(self.open_attempts) and self.open_attempts[0].deadline_at is not None,
            "exam-day": self.days_left == 0,
            "mock-day": self.session.is_mock_day and not self.has_sat_mock,
            "session": self.session.left > 0 and not self.is_new,
            "assignment": bool(self.assignments),
            "continue": bool(self.open_attempts),
            "begin": self.is_new,
        }
        return next((step for step, applies in steps.items() if applies), self._day)

    @property
    def in_ten_minutes(self) -> int:
        """How many of the session's objectives a short break is enough for; 0 where it is not longer than that."""
        session = self.session
        return round(SHORT_BREAK * session.left / session.minutes) if session.minutes > SHORT_BREAK else 0

    @property
    def _day(self) -> str:
        """What the day is when nothing waits; after a mock exam, or with nothing left, it is done."""
        days = ("bank-empty", "no-minutes", "day-off", "time-used")
        return self.session.state if self.session.state in days else "done"

    @property
    def exam_on(self) -> date | None:
        return self.plan.exam_on if self.plan else None

    @property
    def days_left(self) -> int | None:
        return (self.exam_on - self.on).days if self.exam_on else None

    @property
    def days_to_exam(self) -> int | None:
        """By the calendar, as an exam is dated."""
        return None if self.days_left is None else self.days_left - self.is_past_midnight

    @property
    def rewarding(self) -> list[RewardingArea]:
        return self.readiness.rewarding[:REWARDING_SHOWN]


def today(candidate: User, *, on: date, at: datetime) -> Today:
    schedule = Schedule.objects.filter(candidate=candidate).first()
    days = schedule.days_from(on)[:7] if schedule else []
    study = study_of(candidate, on=on)
    return Today(
        on=on,
        is_past_midnight=is_past_midnight(at, candidate.time_zone),
        plan=study.plan,
        is_new=not Card.objects.for_candidate(candidate).exists(),
        session=study_session(candidate, on=on, study=study),
        readiness=readiness_of(candidate, on=on, at=at, study=study),
        week=schedule_chart([_load(day) for day in days], on) if days else None,
        open_attempts=_open_attempts(candidate, at),
        assignments=_assignments(candidate, at),
        has_sat_mock=_has_sat_mock(candidate, on),
    )


def first_week(*, on: date) -> Chart:
    """The first seven days of the schedule that a new candidate would get for an exam in eight weeks."""
    plan = newcomers_plan(on=on, weeks=8)
    return schedule_chart(
        [Load(day.on, day.capacity, day.minutes, len(day.reviews), len(day.new)) for day in plan.days[:7]], on
    )


def first_edition() -> list[BlueprintArea]:
    """The areas of the handbook's edition, which are the competencies themselves."""
    return list(BlueprintArea.objects.filter(blueprint__code=DEFAULT_BLUEPRINT))


@dataclass(frozen=True, slots=True)
class BankTotals:
    statements: int
    objectives: int
    practice: int
    sealed: int


def bank_totals() -> BankTotals:
    pools = Count("pk", filter=Q(pool=Question.Pool.PRACTICE)), Count("pk", filter=Q(pool=Question.Pool.MOCK))
    counts = Question.objects.published().aggregate(practice=pools[0], sealed=pools[1])
    return BankTotals(Statement.objects.count(), Objective.objects.count(), **counts)


def _load(day: ScheduledDay) -> Load:
    on = date.fromisoformat(day["on"])
    return Load(on, day["capacity"], day["minutes"], reviews=len(day["reviews"]), new=len(day["new"]))


def _open_attempts(candidate: User, at: datetime) -> list[Attempt]:
    """What closes soonest first, then what was begun last."""
    attempts = Attempt.objects.for_candidate(candidate).running(at).select_related("quiz")
    return list(attempts.order_by(F("deadline_at").asc(nulls_last=True), "-started_at"))


def _assignments(candidate: User, at: datetime) -> list[Assignment]:
    """Open ones that still allow an attempt, soonest due first."""
    running = Attempt.objects.for_candidate(candidate).running(at)
    used = Count("attempts", filter=Q(attempts__candidate=candidate) & ~Q(attempts__in=running))
    return list(
        Assignment.objects.for_candidate(candidate)
        .open(at)
        .annotate(used=used)
        .filter(used__lt=F("attempts_allowed"))
        .select_related("quiz", "cohort__coordinator")
        .order_by("due_at")
    )


def _has_sat_mock(candidate: User, on: date) -> bool:
    mocks = Attempt.objects.for_candidate(candidate).finished().filter(quiz__kind=Quiz.Kind.MOCK)
    newest = mocks.order_by("-submitted_at").values_list("submitted_at", flat=True).first()
    return newest is not None and study_day(newest, candidate.time_zone) == on


def recent_results(candidate: User) -> list[Attempt]:
    return list(
        Attempt.objects.for_candidate(candidate)
        .filter(state=Attempt.State.GRADED)
        .select_related("quiz")[:RESULTS_SHOWN]
    )
