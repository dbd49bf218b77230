"""Submitting and grading are two steps, each in a transaction of its own: a fault in grading loses no submission."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from quizzes.models import Attempt, Response
from quizzes.services.pausing import brought_up_to_date, end_pause
from quizzes.services.timing import ReadingTime, add_reading_times
from reviews.scheduler import rating_for
from reviews.services import NewReview, record_reviews

logger = logging.getLogger(__name__)


def answers_close_before(now: datetime) -> datetime:
    """Deadlines up to this moment are over for good: the grace for answers under way has passed too."""
    return now - timedelta(seconds=settings.ANSWER_GRACE_SECONDS)


def is_over(attempt: Attempt, now: datetime) -> bool:
    """Whether an open attempt takes no more answers: now is at the deadline plus grace, or later."""
    return attempt.is_overdue(answers_close_before(now))


def submit_attempt(*, attempt: Attempt, now: datetime, times: Iterable[ReadingTime] = ()) -> Attempt:
    """Close it; the recorded finish is never after the deadline. A second time changes nothing.

    `times` are of questions that were read on after their newest answer; they count for whoever closes it.
    """
    with transaction.atomic():
        locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
        if locked.is_open:
            add_reading_times(locked, times)
            _close(locked, now)
    return brought_up_to_date(attempt, locked)


def grade_attempt(*, attempt: Attempt, now: datetime) -> Attempt:
    """Freeze every mark and the score, and tell the reviews; only from submitted. A second time changes nothing."""
    with transaction.atomic():
        locked = Attempt.objects.select_for_update(of=("self",)).select_related("candidate").get(pk=attempt.pk)
        if locked.state == Attempt.State.SUBMITTED:
            responses = list(_to_grade(locked))
            locked.raw_score = _freeze_marks(responses)
            locked.state = Attempt.State.GRADED
            locked.graded_at = now
            locked.save(update_fields=["raw_score", "state", "graded_at"])
            record_reviews(candidate=locked.candidate, reviews=_reviews(responses, locked.submitted_at or now))
    return brought_up_to_date(attempt, locked)


def finish_attempt(*, attempt: Attempt, now: datetime, times: Iterable[ReadingTime] = ()) -> Attempt:
    """What a candidate's submission does: submit, then grade."""
    submit_attempt(attempt=attempt, now=now, times=times)
    return grade_attempt(attempt=attempt, now=now)


def settle_attempt(*, attempt: Attempt, now: datetime) -> Attempt:
    """Bring an attempt up to date with the clock: over means submitted, submitted means graded. For any visit."""
    if is_over(attempt, now):
        _submit_if_over(attempt, now)
    if attempt.state == Attempt.State.SUBMITTED:
        grade_attempt(attempt=attempt, now=now)
    return attempt


def _submit_if_over(attempt: Attempt, now: datetime) -> None:
    """What was read may be old: a pause that came in between has stopped the clock or moved the deadline."""
    with transaction.atomic():
        locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
        if is_over(locked, now):
            _close(locked, now)
    brought_up_to_date(attempt, locked)


def _close(locked: Attempt, now: datetime) -> None:
    end_pause(locked, now)
    locked.state = Attempt.State.SUBMITTED
    locked.submitted_at = min(now, locked.deadline_at) if locked.deadline_at else now
    locked.save(update_fields=["state", "submitted_at", "paused_at", "paused_seconds", "deadline_at"])


def close_overdue_attempts(*, now: datetime) -> list[Attempt]:
    """Close what ran out and grade what was left ungraded; returns what this run closed. Safe twice at once."""
    overdue = Attempt.objects.overdue(answers_close_before(now)).order_by("deadline_at", "pk")
    closed = [attempt for attempt in overdue if _claim(attempt, now)]
    left_ungraded = Attempt.objects.filter(state=Attempt.State.SUBMITTED).exclude(pk__in=[done.pk for done in closed])
    for attempt in [*closed, *left_ungraded]:
        _grade_or_log(attempt, now)
    return closed


def _claim(attempt: Attempt, now: datetime) -> bool:
    """True for one run only, however many race."""
    overdue = Attempt.objects.overdue(answers_close_before(now)).filter(pk=attempt.pk)
    if overdue.update(state=Attempt.State.SUBMITTED, submitted_at=F("deadline_at")) != 1:
        return False
    attempt.state, attempt.submitted_at = Attempt.State.SUBMITTED, attempt.deadline_at
    return True


def _grade_or_log(attempt: Attempt, now: datetime) -> None:
    try:
        grade_attempt(attempt=attempt, now=now)
    except Exception:
        # One attempt that cannot be graded must not keep the others waiting; the next run tries it again.
        logger.exception("Attempt %s could not be graded.", attempt.pk)


def _to_grade(attempt: Attempt) -> QuerySet[Response]:
    """Without the texts of the questions, which are most of their weight."""
    responses = Response.objects.filter(attempt=attempt).select_related("question")
    return responses.defer("question__stem", "question__options", "question__locators")


def _freeze_marks(responses: list[Response]) -> int:
    """A mark given earlier, at the check in learning mode, stands. Returns the raw score."""
    right: list[int] = []
    wrong: list[int] = []
    for response in responses:
        if response.is_correct is None:
            response.is_correct = response.selected_label == response.question.key
            (right if response.is_correct else wrong).append(response.pk)
    Response.objects.filter(pk__in=right).update(is_correct=True)
    Response.objects.filter(pk__in=wrong).update(is_correct=False)
    return sum(response.is_correct is True for response in responses)


def _reviews(responses: list[Response], submitted_at: datetime) -> list[NewReview]:
    """Of answered questions; an unanswered one says nothing about memory, a checked one was told at the check."""
    return [
        review_of(response, response.answered_at or submitted_at)
        for response in responses
        if response.selected_label and not response.checked_at
    ]


def review_of(response: Response, reviewed_at: datetime) -> NewReview:
    return NewReview(
        objective_id=response.question.objective_id,
        question_id=response.question_id,
        source=response.code,
        selected_label=response.selected_label,
        rating=rating_for(is_correct=response.is_correct is True, confidence=response.confidence),
        seconds=response.seconds,
        reviewed_at=reviewed_at,
    )
