"""The placement test: a question is drawn when the one before is answered, and an answer is final then."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from quizzes.assembly import shuffle_options
from quizzes.models import Answer, Attempt, Response
from quizzes.queries.placement import count_answered, count_askable, next_question, placements_of
from quizzes.readiness import FEWEST_FOR_BAND
from quizzes.services.answering import choose, lock_response, takes_answers, write
from quizzes.services.building import shared_placement
from quizzes.services.finishing import grade_attempt, submit_attempt
from quizzes.services.refusals import (
    AnswerRefused,
    AttemptClosed,
    FinishRefused,
    KeyReused,
    NotEnoughQuestions,
    StartRefused,
    UnknownLabel,
)
from quizzes.services.starting import LABELS, new_attempt, open_attempt_at

# Sooner, little has changed, and the test would find its best questions used up.
AGAIN_AFTER = timedelta(days=30)
# Of fewer answers nothing is shown.
FEWEST_ANSWERS = FEWEST_FOR_BAND


def start_placement(*, candidate: User, now: datetime) -> Attempt:
    """A new attempt with its first question, or the one that is open already."""
    quiz = shared_placement()
    if open_attempt := open_attempt_at(candidate, quiz, None, now):
        return open_attempt
    if (again_at := placement_again_at(candidate)) and now < again_at:
        day = date_format(timezone.localtime(again_at), "j F Y")
        raise StartRefused(f"You can sit the placement test again from {day}.")
    attempt = new_attempt(candidate, quiz, None, now)
    attempt.question_count = count_askable(attempt)
    if attempt.question_count < FEWEST_ANSWERS:
        raise NotEnoughQuestions(
            f"A placement test needs questions on at least {FEWEST_ANSWERS} objectives; "
            f"the bank has {attempt.question_count} that fit now.",
            available=attempt.question_count,
        )
    try:
        with transaction.atomic():
            attempt.save(force_insert=True)
            _ask_next(attempt, 1, now)
    except IntegrityError:
        if open_attempt := open_attempt_at(candidate, quiz, None, now):
            return open_attempt
        raise
    return attempt


def answer_placement(
    *, attempt: Attempt, position: int, label: str, key: UUID, now: datetime, seconds: int = 0
) -> Attempt:
    """Store the answer for good, then draw the next question or, behind the last one, finish and grade.

    An empty label means "I do not know". A key that is stored changes nothing; another answer to the same question is
    refused.
    """
    try:
        with transaction.atomic():
            response = lock_response("attempt__quiz", "attempt__candidate", attempt=attempt.pk, position=position)
            locked = response.attempt
            if not _is_stored(response, key):
                _take(response, label, key, seconds, now)
                _go_on(locked, position, now)
    except IntegrityError as error:
        if Answer.objects.filter(attempt=attempt.pk, key=key).exists():
            raise KeyReused from error
        raise
    return locked if locked.is_open else grade_attempt(attempt=locked, now=now)


def finish_placement(*, attempt: Attempt, now: datetime) -> Attempt:
    """Before its last question; the one that waits for an answer counts as not asked. A second time changes nothing."""
    with transaction.atomic():
        locked = Attempt.objects.select_for_update(of=("self",)).select_related("quiz").get(pk=attempt.pk)
        if locked.is_open:
            answered = count_answered(locked)
            if answered < FEWEST_ANSWERS:
                raise FinishRefused(
                    f"Answer at least {FEWEST_ANSWERS} questions before you finish; {answered} are answered so far."
                )
            _close(locked, now)
    return grade_attempt(attempt=locked, now=now)


def placement_again_at(candidate: User) -> datetime | None:
    """The moment from which another test may be started; None before the first one is finished."""
    finished = placements_of(candidate).filter(submitted_at__isnull=False)
    latest = finished.order_by("-submitted_at").values_list("submitted_at", flat=True).first()
    return latest + AGAIN_AFTER if latest else None


def _is_stored(response: Response, key: UUID) -> bool:
    if not response.sequence:
        return False
    if not Answer.objects.filter(response=response, key=key).exists():
        raise AnswerRefused("This question is answered already, and that answer stands.")
    return True


def _take(response: Response, label: str, key: UUID, seconds: int, now: datetime) -> None:
    if not takes_answers(response.attempt, now):
        raise AttemptClosed
    if label and label not in set(response.option_order):
        raise UnknownLabel
    choose(response, label, False, "", seconds, now)
    # Not to know is an answer too.
    response.answered_at = now
    write(response, key, 1, now)


def _go_on(attempt: Attempt, position: int, now: datetime) -> None:
    if position >= attempt.question_count or not _ask_next(attempt, position + 1, now):
        _close(attempt, now)


def _ask_next(attempt: Attempt, position: int, now: datetime) -> bool:
    """False when the bank has nothing left to ask."""
    question = next_question(attempt, position=position, at=now)
    if question is None:
        return False
    # The generator is seeded by the attempt, so that its draw can be told again.
    order = shuffle_options(LABELS, Random(f"{attempt.code} {position}"))
    Response.objects.create(attempt=attempt, position=position, question_id=question, option_order=order)
    return True


def _close(attempt: Attempt, now: datetime) -> None:
    """The test was as long as what was answered of it."""
    Response.objects.filter(attempt=attempt, answered_at=None).delete()
    attempt.question_count = count_answered(attempt)
    attempt.save(update_fields=["question_count"])
    submit_attempt(attempt=attempt, now=now)
