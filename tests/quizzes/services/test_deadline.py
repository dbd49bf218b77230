"""The deadline to the second, on every path that may meet it: half-open, so that the tenth second is over."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from accounts.models import User
from quizzes import services
from quizzes.models import Attempt
from tests.factories import NOW, make_attempt, make_question

DEADLINE = NOW + timedelta(hours=1)
BOUNDARIES = pytest.mark.parametrize(
    ("seconds", "counts"), [(-1, True), (0, True), (9, True), (9.999, True), (10, False), (11, False)]
)


@pytest.fixture
def attempt(candidate: User) -> Attempt:
    return make_attempt(candidate, make_question(), deadline_at=DEADLINE)


def moment(seconds: float) -> datetime:
    return DEADLINE + timedelta(seconds=seconds)


def stored(attempt: Attempt) -> tuple[str, datetime | None, int | None]:
    attempt.refresh_from_db()
    return attempt.state, attempt.submitted_at, attempt.raw_score


def record(attempt: Attempt, now: datetime) -> services.AnswerReceipt:
    return services.record_answer(
        attempt_code=attempt.code,
        candidate=attempt.candidate,
        position=1,
        key=uuid.uuid4(),
        sequence=1,
        label="B",
        now=now,
    )


@BOUNDARIES
def test_an_answer_counts_until_the_grace_is_over(attempt: Attempt, seconds: float, counts: bool) -> None:
    if counts:
        assert record(attempt, moment(seconds)).remaining_seconds == max(0, -int(seconds))
        assert stored(attempt) == (Attempt.State.IN_PROGRESS, None, None)
    else:
        with pytest.raises(services.AttemptClosed):
            record(attempt, moment(seconds))
        assert stored(attempt) == (Attempt.State.GRADED, DEADLINE, 0)


@BOUNDARIES
def test_a_check_counts_until_the_grace_is_over(attempt: Attempt, seconds: float, counts: bool) -> None:
    response = attempt.responses.get()
    if counts:
        assert services.check_response(response=response, label="B", now=moment(seconds)).is_correct is True
    else:
        with pytest.raises(services.AttemptClosed):
            services.check_response(response=response, label="B", now=moment(seconds))
        assert stored(attempt) == (Attempt.State.GRADED, DEADLINE, 0)


@BOUNDARIES
def test_a_visit_closes_once_the_grace_is_over(attempt: Attempt, seconds: float, counts: bool) -> None:
    assert services.settle_attempt(attempt=attempt, now=moment(seconds)).is_open is counts


@BOUNDARIES
def test_the_sweep_closes_once_the_grace_is_over(attempt: Attempt, seconds: float, counts: bool) -> None:
    assert services.close_overdue_attempts(now=moment(seconds)) == ([] if counts else [attempt])


@BOUNDARIES
def test_a_start_goes_on_until_the_grace_is_over(attempt: Attempt, seconds: float, counts: bool) -> None:
    again = services.start_attempt(candidate=attempt.candidate, quiz=attempt.quiz, now=moment(seconds))
    assert (again == attempt) is counts


@pytest.mark.parametrize(("seconds", "finish"), [(-1, -1), (0, 0), (9, 0), (10, 0), (11, 0)])
def test_a_submission_is_recorded_at_the_deadline_at_the_latest(attempt: Attempt, seconds: int, finish: int) -> None:
    services.finish_attempt(attempt=attempt, now=moment(seconds))
    assert stored(attempt) == (Attempt.State.GRADED, moment(finish), 0)


def test_an_answer_within_the_grace_is_graded(attempt: Attempt) -> None:
    record(attempt, moment(9))
    services.close_overdue_attempts(now=moment(11))
    assert stored(attempt) == (Attempt.State.GRADED, DEADLINE, 1)


def test_the_grace_is_a_setting(attempt: Attempt, settings: Settings) -> None:
    settings.ANSWER_GRACE_SECONDS = 0
    with pytest.raises(services.AttemptClosed):
        record(attempt, DEADLINE)


@pytest.mark.parametrize(("seconds", "left"), [(-3600, 3600), (-1, 1), (-0.5, 0), (0, 0), (5, 0)])
def test_remaining_seconds_never_go_below_zero(attempt: Attempt, seconds: float, left: int) -> None:
    assert attempt.remaining_seconds(moment(seconds)) == left


def test_nothing_remains_of_a_closed_attempt(attempt: Attempt) -> None:
    services.submit_attempt(attempt=attempt, now=NOW)
    assert attempt.remaining_seconds(NOW) == 0


def test_without_a_deadline_there_is_no_clock(candidate: User) -> None:
    assert make_attempt(candidate, make_question()).remaining_seconds(NOW) is None
