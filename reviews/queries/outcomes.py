"""What an answered review leads to: when its objective is asked again, and how the memory fades until then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import numpy as np
from django.http import Http404

from accounts.models import User
from reviews import planner, scheduler, study_queue
from reviews.models import ReviewLog, Schedule
from reviews.queries.study import Study, study_of


@dataclass(frozen=True, slots=True)
class Return:
    """When an objective is asked again.

    `when` is "today" (once more at the end), "session" (it is in what is left of today), "rest" (a leech, not before
    `on`), "planned" (the schedule has it on `on`), "not-planned" (the schedule ends before), "about" (`on` is what the
    memory model expects, the schedule is not built yet), "not-expected" (that would be after the exam), "unaskable" or
    "undone".
    """

    when: str
    on: date | None = None
    days: int = 0  # until then


@dataclass(frozen=True, slots=True)
class Fading:
    """How a memory fades: whole days from its last answer until recall is 90 %, and recall when it is next needed.

    That is the day it comes back, or else the day of the exam.
    """

    firm_days: int
    on: date
    recall: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an answered review leads to, seen on a day."""

    left: int
    can_go_on: bool
    can_undo: bool
    comes_back: Return
    days_left: int | None
    fading: Fading | None = None
    minutes_left: int = 0  # for what is left


def get_review_for(candidate: User, source: UUID) -> ReviewLog:
    """A review that this candidate answered on the review page; of a quiz the quiz decides what may be shown."""
    log = (
        ReviewLog.objects.for_candidate(candidate)
        .filter(source=source, is_from_review=True, undoes=None)
        .select_related("question__objective__statement__competency", "undone_by")
        .prefetch_related("question__references", "question__objective__terms")
        .first()
    )
    if log is None:
        raise Http404("You have no such review.")
    return log


def outcome_of(candidate: User, log: ReviewLog, *, on: date) -> Outcome:
    study = study_of(candidate, on=on)
    session = study.session
    comes_back = _return_of(candidate, log, study, session)
    return Outcome(
        left=len(session.places) + len(session.again),
        can_go_on=study.beyond is not None,
        can_undo=study.newest_today is not None and study.newest_today.pk == log.pk,
        comes_back=comes_back,
        days_left=study.days_left,
        fading=_fading(study, log.objective_id, comes_back),
        minutes_left=session.minutes,
    )


def _return_of(candidate: User, log: ReviewLog, study: Study, session: planner.Session) -> Return:
    if log.is_undone:
        return Return("undone")
    if log.objective_id not in study.objectives:
        return Return("unaskable")
    place, on = study.objectives.index(log.objective_id), study.outset.on
    if place in session.again:
        return Return("today")
    if place in session.places:
        return Return("session")
    if rest := int(study.outset.rests_for[place]):
        return Return("rest", on + timedelta(days=rest), rest)
    return _planned(candidate, study, place) or _expected(study, place)


def _planned(candidate: User, study: Study, place: int) -> Return | None:
    """By the schedule, once it has seen the newest answer on this objective."""
    schedule = Schedule.objects.filter(candidate=candidate).first()
    if schedule is None or schedule.as_of_log_id < study.cards[study.objectives[place]].as_of_log_id:
        return None
    code = study.outset.codes[place]
    tomorrow = study.outset.on + timedelta(days=1)
    days = [date.fromisoformat(day["on"]) for day in schedule.days_from(tomorrow) if code in day["reviews"]]
    return Return("planned", days[0], (days[0] - study.outset.on).days) if days else Return("not-planned")


def _fading(study: Study, objective_id: int, comes_back: Return) -> Fading | None:
    on = study.exam_on if comes_back.when in ("not-planned", "not-expected") else comes_back.on
    if comes_back.when == "rest" or on is None or on <= study.outset.on:
        return None
    card = study.cards[objective_id]
    stability, elapsed = np.array([card.stability]), np.array([(on - card.last_reviewed_on).days])
    recall = scheduler.recall(stability, elapsed, study.outset.parameters)
    return Fading(int(card.stability), on, float(recall[0]))


def _expected(study: Study, place: int) -> Return:
    """By the memory model alone."""
    has_exam = study.horizon.days is not None
    retention = study_queue.RECALL_WHEN_DUE if has_exam else scheduler.DESIRED_RETENTION
    stability = np.asarray(study.outset.progress.stability[place])
    interval = int(scheduler.interval(stability, retention, study.outset.parameters))
    days = max(1, interval - int(study.outset.progress.elapsed[place]))
    on = study.outset.on + timedelta(days=days)
    is_beyond = has_exam and study.exam_on is not None and on >= study.exam_on
    return Return("not-expected") if is_beyond else Return("about", on, days)
