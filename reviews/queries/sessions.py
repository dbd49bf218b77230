"""Today's session: what it holds, and which question asks next."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from accounts.models import User
from competencies.models import Competency, Objective
from questions.models import Question
from reviews import planner
from reviews.models import ReviewLog, Schedule
from reviews.queries.study import Study, study_of
from reviews.queries.variants import variants


@dataclass(frozen=True, slots=True)
class SessionCompetency:
    competency: Competency
    reviews: int
    new: int
    again: int


@dataclass(frozen=True, slots=True)
class StudySession:
    """What is left of one study day. `again` is asked once more at the end, as it was missed today."""

    reviews: int
    new: int
    again: int
    minutes: int
    answered: int  # today, so far, in quizzes too
    capacity: int  # minutes that the plan gives this day
    has_minutes: bool  # whether it gives this day any
    has_any_minutes: bool  # whether it gives any day any
    has_more_than_time: bool  # whether only the minutes end the session
    is_mock_day: bool
    is_bank_empty: bool
    can_go_on: bool  # whether anything can be asked beyond it
    has_plan: bool
    days_left: int | None  # until the exam; negative when it is over
    competencies: list[SessionCompetency]
    unaskable: list[Objective]  # were met, and have no published question at the moment

    @property
    def left(self) -> int:
        return self.reviews + self.new + self.again

    @property
    def state(self) -> str:
        """What the day is, the most telling first. Whatever it is, `again` may be left and one can go on."""
        states = {
            "bank-empty": self.is_bank_empty,
            "exam-day": self.days_left == 0,
            "mock-day": self.is_mock_day,
            "no-minutes": not self.has_any_minutes,
            "day-off": not self.has_minutes,
            "open": self.left > 0,
            "time-used": self.has_more_than_time,
        }
        return next((state for state, applies in states.items() if applies), "done")


@dataclass(frozen=True, slots=True)
class AskedReview:
    """`kind` is "new", "review", "again" (missed today) or "ahead".

    `left` counts the session with this one, and is 0 beyond it. What right answers save of its minutes is filled up,
    so it may stand still while `minutes_left` go down.
    """

    question: Question
    kind: str
    left: int
    minutes_left: int
    is_leech: bool


@dataclass(frozen=True, slots=True)
class AnsweredReview:
    """One of today's. Of the review page only: what a quiz shows of its answers is the quiz's affair."""

    source: UUID
    objective: Objective
    is_right: bool


@dataclass(frozen=True, slots=True)
class NextDay:
    """The next day of the schedule that has something."""

    on: date
    reviews: int
    new: int
    minutes: int
    is_mock: bool


def study_session(candidate: User, *, on: date, study: Study | None = None) -> StudySession:
    """`study` where the caller has it already."""
    study = study or study_of(candidate, on=on)
    session = study.session
    today = study.capacities[0] if study.capacities else None
    return StudySession(
        reviews=session.count(is_new=False),
        new=session.count(is_new=True),
        again=len(session.again),
        minutes=session.minutes,
        answered=int(study.outset.asked_today.sum()),
        capacity=today.minutes if today else 0,
        has_minutes=today is not None and today.minutes > 0,
        has_any_minutes=any(day.minutes > 0 or day.is_mock for day in study.capacities),
        has_more_than_time=not session.places and study.has_more_than_time,
        is_mock_day=today is not None and today.is_mock,
        is_bank_empty=not study.objectives,
        can_go_on=study.beyond is not None,
        has_plan=study.plan is not None,
        days_left=study.days_left,
        competencies=_by_competency(study, session),
        unaskable=list(Objective.objects.filter(pk__in=study.unaskable).select_related("statement__competency")),
    )


def next_question(candidate: User, *, on: date, is_ahead: bool = False) -> AskedReview | None:
    """The next of today's session; when it is over, and only if so wanted, what pays most beyond it."""
    study = study_of(candidate, on=on)
    session = study.session
    place = _next_place(study, session, is_ahead=is_ahead)
    if place is None:
        return None
    question = _variant(candidate, study.objectives[place])
    return _asked(study, session, place, question) if question else None


def same_question(candidate: User, pk: int, *, on: date) -> AskedReview | None:
    """A question that was asked and not answered, once more; None when it was replaced."""
    questions = Question.objects.published().practice().select_related("objective__statement__competency")
    question = questions.filter(pk=pk).first()
    if question is None:
        return None
    study = study_of(candidate, on=on)
    return _asked(study, study.session, study.objectives.index(question.objective_id), question)


def answered_today(candidate: User, *, on: date) -> list[AnsweredReview]:
    """The newest first."""
    logs = ReviewLog.objects.for_candidate(candidate).standing().filter(study_day=on, is_from_review=True)
    told = logs.select_related("objective__statement__competency", "question").order_by("-reviewed_at", "-pk")
    return [AnsweredReview(log.source, log.objective, log.selected_label == log.question.key) for log in told]


def next_planned_day(candidate: User, *, on: date) -> NextDay | None:
    """After `on`; None when the schedule has nothing more, or is not built."""
    schedule = Schedule.objects.filter(candidate=candidate).first()
    for day in schedule.days_from(on + timedelta(days=1)) if schedule else ():
        if day["reviews"] or day["new"] or day["is_mock"]:
            counts = len(day["reviews"]), len(day["new"])
            return NextDay(date.fromisoformat(day["on"]), *counts, day["minutes"], day["is_mock"])
    return None


def _next_place(study: Study, session: planner.Session, *, is_ahead: bool) -> int | None:
    beyond = study.beyond if is_ahead else None
    newest = study.newest_today.objective_id if study.newest_today else None
    # Going on, there is something to ask between a miss and its second question.
    again = [place for place in session.again if beyond is None or study.objectives[place] != newest]
    return next(iter(session.places + again), beyond)


def _asked(study: Study, session: planner.Session, place: int, question: Question) -> AskedReview:
    if place in session.again:
        kind = "again"
    elif not study.outset.is_met[place]:
        kind = "new"
    else:
        kind = "review" if place in session.places else "ahead"
    card = study.cards.get(study.objectives[place])
    is_leech = card is not None and card.leech_on is not None
    left = session.places + session.again
    count, minutes = (len(left), session.minutes) if place in left else (0, 0)
    return AskedReview(question, kind, count, minutes, is_leech)


def _by_competency(study: Study, session: planner.Session) -> list[SessionCompetency]:
    competency_of = study.outset.bank.competency
    counts = Counter((int(competency_of[place]), not study.outset.is_met[place]) for place in session.places)
    again = Counter(int(competency_of[place]) for place in session.again)
    places = sorted({place for place, _ in counts} | set(again))
    codes = [study.competencies[place] for place in places]
    competencies = {each.code: each for each in Competency.objects.filter(code__in=codes)}
    return [
        SessionCompetency(competencies[code], counts[place, False], counts[place, True], again[place])
        for place, code in zip(places, codes, strict=True)
    ]


def _variant(candidate: User, objective_id: int) -> Question | None:
    return variants(candidate, [objective_id]).with_blueprint().first()
