"""A candidate's answers in finished quizzes and exams, and what the log says of the days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Count, F, Sum

from accounts.models import User
from competencies.models import Blueprint
from progress.activity import WEEKS, Activity, activity_until, first_day
from progress.answers import GivenAnswer, Peers, Share, compare_with_peers
from quizzes.models import Attempt, Quiz, Response
from quizzes.queries.statistics import graded_responses
from reviews.models import ReviewLog
from reviews.queries import DEFAULT_BLUEPRINT, study_plan_of
from reviews.study_days import study_day

MOCKS_SHOWN = 20
FIELDS = (
    "pk",
    "question__code",
    "question__objective__statement__competency__code",
    "attempt__quiz__kind",
    "attempt__submitted_at",
    "is_held_back",
    "selected_label",
    "answered_at",
    "is_correct",
    "confidence",
    "seconds",
    "miss_reason",
)


def answers_of(candidate: User, *, at: datetime) -> list[GivenAnswer]:
    """In the order of time; two queries. First answers are those that readiness counts, the placement test's among
    them.

    A question that was left blank is no answer, whatever it cost in its quiz. It has been met, and so has one that a
    review asked before, in whatever version. What waits for a due date is counted from then on: a share before and
    after would tell which were right.
    """
    own = Response.objects.filter(attempt__candidate=candidate, attempt__state=Attempt.State.GRADED)
    graded = own.filter(is_correct__isnull=False).with_held_back(at).order_by("attempt__submitted_at", "pk")
    unmet = set(graded_responses().filter(attempt__candidate=candidate).values_list("pk", flat=True))
    seen: set[str] = set()
    given = []
    for row in graded.values_list(*FIELDS):
        pk, code, competency, kind, submitted_at, is_held_back, label, answered_at, is_right, *said = row
        # The placement test takes "I do not know" for an answer.
        if (label or answered_at) and not is_held_back:
            on = study_day(answered_at or submitted_at, candidate.time_zone)
            is_first = pk in unmet and code not in seen
            given.append(GivenAnswer(competency, on, kind, is_first, bool(is_right), *said))
        seen.add(code)
    return given


@dataclass(frozen=True, slots=True)
class SatMock:
    attempt: Attempt
    on: date
    share: Share


def sat_mocks(candidate: User) -> list[SatMock]:
    """The newest ones, the oldest of them first."""
    mocks = Attempt.objects.for_candidate(candidate).filter(quiz__kind=Quiz.Kind.MOCK, state=Attempt.State.GRADED)
    newest = mocks.select_related("quiz").order_by("-submitted_at", "-pk")[:MOCKS_SHOWN]
    return [
        SatMock(
            attempt,
            study_day(attempt.submitted_at or attempt.started_at, candidate.time_zone),
            Share(attempt.raw_score or 0, attempt.question_count),
        )
        for attempt in reversed(newest)
    ]


def peers_of(candidate: User, *, at: datetime) -> Peers | None:
    """By the statistics of last night, of the questions that were counted in them; one query."""
    firsts = graded_responses().explained(at).filter(attempt__candidate=candidate).exclude(selected_label="")
    counted = firsts.filter(attempt__graded_at__lte=F("question__statistics__computed_at"))
    rows = counted.order_by("attempt__submitted_at", "pk").values_list(
        "question_id", "is_correct", "question__statistics__n", "question__statistics__facility"
    )
    marks: dict[int, tuple[bool, int, float]] = {}
    for question, is_right, n, facility in rows:
        marks.setdefault(question, (bool(is_right), int(n or 0), float(facility or 0)))
    return compare_with_peers(marks.values())


def activity_of(candidate: User, *, on: date, weeks: int = WEEKS) -> Activity:
    """Answers on the study days of the last weeks, in reviews, quizzes and exams; one query."""
    logs = ReviewLog.objects.for_candidate(candidate).standing()
    days = logs.filter(study_day__range=(first_day(on, weeks=weeks), on)).order_by()
    totals = days.values_list("study_day").annotate(answers=Count("pk"), spent=Sum("seconds"))
    return activity_until(on, {day: (answers, spent) for day, answers, spent in totals}, weeks=weeks)


@dataclass(frozen=True, slots=True)
class Aim:
    """The candidate's own target in percent, and the edition aimed at: items and minutes, 0 where there is none."""

    target: int
    items: int
    minutes: int

    @property
    def pace(self) -> int:
        """Seconds that the exam allows for a question; 0 where that is not known."""
        return round(60 * self.minutes / self.items) if self.items else 0


def aim_of(candidate: User) -> Aim:
    plan = study_plan_of(candidate)
    edition = plan.blueprint if plan and plan.blueprint else Blueprint.objects.filter(code=DEFAULT_BLUEPRINT).first()
    target = plan.target_percent if plan else settings.PRACTICE_TARGET_PERCENT
    return Aim(target, edition.item_count if edition else 0, edition.minutes if edition else 0)
