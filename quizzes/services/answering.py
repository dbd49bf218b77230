"""One transaction and one row lock per answer. Whoever writes to an attempt locks its row first, then the response:
answer, check, submission, grading and sweep meet there in any order without a deadlock and without a lost update."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from accounts.models import User
from quizzes.models import Answer, Attempt, Feedback, Response
from quizzes.services.finishing import is_over, review_of, settle_attempt
from quizzes.services.refusals import (
    AnswerReceipt,
    AnswerRefused,
    AttemptClosed,
    AttemptPaused,
    FlagRefused,
    KeyReused,
    StaleAnswer,
    UnknownLabel,
    UnknownPosition,
)
from quizzes.services.timing import add_seconds
from reviews.services import record_reviews


def record_answer(
    *,
    attempt_code: UUID,
    candidate: User,
    position: int,
    key: UUID,
    sequence: int,
    label: str,
    now: datetime,
    is_flagged: bool = False,
    confidence: str = "",
    seconds: int = 0,
) -> AnswerReceipt:
    """Store a choice; an empty label clears it. The highest sequence of a question wins.

    A key that is stored gets its receipt again, even when the attempt has closed since. `seconds` is the time on screen
    since the question's previous post; it adds up.
    """
    try:
        with transaction.atomic():
            response = lock_response(
                "attempt__quiz", attempt__code=attempt_code, attempt__candidate=candidate, position=position
            )
            if response.attempt.is_placement:
                raise AnswerRefused("The placement test takes answers on its own page only.")
            is_answerable = takes_answers(response.attempt, now) and not response.attempt.is_paused
            if sequence <= response.sequence or response.checked_at or not is_answerable:
                return _receipt_again(response, key, sequence, label, is_flagged, now)
            if label and label not in set(response.option_order):
                raise UnknownLabel
            choose(response, label, is_flagged, confidence, seconds, now)
            write(response, key, sequence, now)
            return _receipt(response, now)
    except IntegrityError as error:
        if Answer.objects.filter(attempt__code=attempt_code, key=key).exists():
            raise KeyReused from error
        raise
    except AttemptClosed:
        # Outside of the transaction, which the exception has rolled back.
        settle_attempt(attempt=Attempt.objects.get(code=attempt_code), now=now)
        raise


def check_response(
    *,
    response: Response,
    label: str,
    now: datetime,
    confidence: str = "",
    seconds: int = 0,
    is_flagged: bool | None = None,
) -> Response:
    """Learning mode: answer, freeze the mark and tell the reviews. A checked answer stands, whatever comes later."""
    try:
        with transaction.atomic():
            locked = lock_response("attempt__candidate", "question", pk=response.pk)
            if locked.checked_at:
                return locked
            refuse_unless_answerable(locked.attempt, now)
            if locked.attempt.feedback != Feedback.AFTER_EACH:
                raise AnswerRefused("In this attempt the answers are shown later, not after each question.")
            if label not in set(locked.option_order):
                raise UnknownLabel
            choose(locked, label, locked.is_flagged if is_flagged is None else is_flagged, confidence, seconds, now)
            locked.checked_at = now
            locked.is_correct = label == locked.question.key
            write(locked, uuid4(), locked.sequence + 1, now)
            record_reviews(candidate=locked.attempt.candidate, reviews=[review_of(locked, now)])
            return locked
    except AttemptClosed:
        settle_attempt(attempt=response.attempt, now=now)
        raise


def flag_response(*, response: Response, is_flagged: bool) -> Response:
    """Set or take off the flag of a question that is answered for good: checked, or of an attempt that is over.

    It is no answer, so the log of answers does not tell it.
    """
    with transaction.atomic():
        locked = lock_response(pk=response.pk)
        if locked.attempt.is_open and not locked.checked_at:
            raise FlagRefused
        locked.is_flagged = is_flagged
        locked.save(update_fields=["is_flagged"])
    response.is_flagged = is_flagged
    return response


def lock_response(*related: str, **lookup: object) -> Response:
    """The attempt's row is locked before the response's; the order of `of` is the order of locking."""
    responses = Response.objects.select_for_update(of=("attempt", "self")).select_related("attempt", *related)
    try:
        return responses.get(**lookup)
    except Response.DoesNotExist as error:
        raise UnknownPosition from error


def takes_answers(attempt: Attempt, now: datetime) -> bool:
    return attempt.is_open and not is_over(attempt, now)


def refuse_unless_answerable(attempt: Attempt, now: datetime) -> None:
    if attempt.is_paused:
        raise AttemptPaused
    if not takes_answers(attempt, now):
        raise AttemptClosed


def choose(response: Response, label: str, is_flagged: bool, confidence: str, seconds: int, now: datetime) -> None:
    if label != response.selected_label:
        response.selected_label = label
        response.answered_at = now if label else None
    response.is_flagged = is_flagged
    response.confidence = confidence
    add_seconds(response, seconds)


def write(response: Response, key: UUID, sequence: int, now: datetime) -> None:
    response.sequence = sequence
    Answer.objects.create(
        attempt=response.attempt,
        response=response,
        key=key,
        sequence=sequence,
        label=response.selected_label,
        is_flagged=response.is_flagged,
        answered_at=now,
    )
    response.save(
        update_fields=[
            "selected_label",
            "answered_at",
            "is_flagged",
            "confidence",
            "seconds",
            "sequence",
            "checked_at",
            "is_correct",
        ]
    )


def _receipt_again(
    response: Response, key: UUID, sequence: int, label: str, is_flagged: bool, now: datetime
) -> AnswerReceipt:
    """What is told to a post that is not written: the receipt of its own key, or why it is refused."""
    stored = Answer.objects.filter(attempt=response.attempt_id, key=key).first()
    if stored is not None:
        if (stored.response_id, stored.sequence, stored.label, stored.is_flagged) != (
            response.pk,
            sequence,
            label,
            is_flagged,
        ):
            raise KeyReused
        return AnswerReceipt(response.position, sequence, label, is_flagged, response.attempt.remaining_seconds(now))
    refuse_unless_answerable(response.attempt, now)
    raise StaleAnswer(_receipt(response, now))


def _receipt(response: Response, now: datetime) -> AnswerReceipt:
    return AnswerReceipt(
        response.position,
        response.sequence,
        response.selected_label,
        response.is_flagged,
        response.attempt.remaining_seconds(now),
    )
