from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.core.cache import cache

from accounts.models import User
from offline.queries import logged_labels
from questions.models import Question
from quizzes.models import Attempt, Feedback, Response
from quizzes.services import AnswerRefused, build_practice_quiz, check_response, finish_attempt, start_attempt
from quizzes.services.refusals import AttemptClosed
from reviews.scheduler import rating_for
from reviews.services import NewReview, record_reviews

SETS_AN_HOUR = 30
AN_HOUR = timedelta(hours=1)
ANSWERED_ALREADY = (
    "You answered that question elsewhere in the meantime. That answer stands, so this one was not counted."
)


class SetRefused(Exception):
    """The sentence says until when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenAnswer:
    """An answer given without a connection; `answered_at` lies between the taking along and now."""

    source: UUID
    question_id: int
    is_practice: bool
    label: str
    confidence: str
    seconds: int
    answered_at: datetime


def count_set(*, candidate: User, now: datetime) -> None:
    """Putting a set together is dear, and a set tells keys. Raises SetRefused when the hour has had enough of them."""
    counter = f"offline-sets-{candidate.code}"
    taken = [at for at in cache.get(counter, []) if at > now - AN_HOUR]
    if len(taken) >= SETS_AN_HOUR:
        minutes = math.ceil((taken[0] + AN_HOUR - now) / timedelta(minutes=1))
        raise SetRefused(
            f"You took {SETS_AN_HOUR} sets along within an hour, which is the most. "
            f"Try again in {minutes} minute{'' if minutes == 1 else 's'}."
        )
    cache.set(counter, [*taken, now], timeout=AN_HOUR.total_seconds())


def start_practice(*, candidate: User, count: int, now: datetime) -> Attempt:
    """A practice quiz to take along. Raises StartRefused."""
    quiz = build_practice_quiz(
        candidate=candidate,
        code=uuid4(),
        title="Taken along",
        rule={"unseen_first": True},
        question_count=count,
        feedback=Feedback.AFTER_EACH,
    )
    return start_attempt(candidate=candidate, quiz=quiz, now=now)


def record_taken_answers(*, candidate: User, answers: Sequence[TakenAnswer], now: datetime) -> dict[UUID, str]:
    """Write each answer once, in the order given; by source why it was not counted, or nothing."""
    ordered = sorted(answers, key=lambda answer: answer.answered_at)
    refused = _record_reviews(candidate, [answer for answer in ordered if not answer.is_practice])
    return refused | _check_practice(candidate, [answer for answer in ordered if answer.is_practice], now)


def _record_reviews(candidate: User, answers: Sequence[TakenAnswer]) -> dict[UUID, str]:
    """A version that was replaced since counts all the same: it is what was asked."""
    asked = Question.objects.practice().in_bulk([answer.question_id for answer in answers])
    told = [answer for answer in answers if answer.question_id in asked]
    record_reviews(candidate=candidate, reviews=[_review_of(answer, asked[answer.question_id]) for answer in told])
    lost = "That question is no longer there, so your answer was not counted."
    stored = logged_labels(candidate, [answer.source for answer in told])
    return {answer.source: _told(answer, stored[answer.source]) if answer in told else lost for answer in answers}


def _review_of(answer: TakenAnswer, question: Question) -> NewReview:
    return NewReview(
        objective_id=question.objective_id,
        question_id=question.pk,
        source=answer.source,
        selected_label=answer.label,
        rating=rating_for(is_correct=answer.label == question.key, confidence=answer.confidence),
        seconds=answer.seconds,
        reviewed_at=answer.answered_at,
        is_from_review=True,
    )


def _check_practice(candidate: User, answers: Sequence[TakenAnswer], now: datetime) -> dict[UUID, str]:
    asked = Response.objects.filter(attempt__candidate=candidate, code__in=[answer.source for answer in answers])
    responses = {response.code: response for response in asked.select_related("attempt")}
    refused = {answer.source: _check(responses.get(answer.source), answer) for answer in answers}
    _finish_complete({response.attempt for response in responses.values()}, now)
    return refused


def _check(response: Response | None, answer: TakenAnswer) -> str:
    if response is None:
        return "That quiz is no longer there, so your answer was not counted."
    try:
        stands = check_response(
            response=response,
            label=answer.label,
            now=answer.answered_at,
            confidence=answer.confidence,
            seconds=answer.seconds,
        )
    except AttemptClosed:
        return "That quiz was finished in the meantime, so your answer was not counted."
    except AnswerRefused as refusal:
        return refusal.sentence
    return _told(answer, stands.selected_label)


def _told(answer: TakenAnswer, label: str) -> str:
    """Of an answer sent again, nothing; but another one may have come before it."""
    return "" if answer.label == label else ANSWERED_ALREADY


def _finish_complete(attempts: Iterable[Attempt], now: datetime) -> None:
    """Nobody has to come back to hand in a quiz whose every question is answered."""
    for attempt in attempts:
        if attempt.is_open and not attempt.responses.filter(checked_at=None).exists():
            finish_attempt(attempt=attempt, now=now)
