"""Reading on after the newest answer: its time comes with the end, and is added once."""

from __future__ import annotations

import uuid

import pytest

from accounts.models import User
from quizzes import services
from quizzes.models import Attempt, Feedback, Response
from quizzes.services import ReadingTime
from reviews.models import ReviewLog
from tests.factories import NOW, make_attempt, make_question


@pytest.fixture
def attempt(candidate: User) -> Attempt:
    return make_attempt(candidate, make_question("MET-K1.1"), make_question("MET-K2.1"), feedback=Feedback.AT_END)


def answer(attempt: Attempt, sequence: int, seconds: int) -> None:
    services.record_answer(
        attempt_code=attempt.code,
        candidate=attempt.candidate,
        position=1,
        key=uuid.uuid4(),
        sequence=sequence,
        label="B",
        seconds=seconds,
        now=NOW,
    )


def finish(attempt: Attempt, *times: tuple[int, int, int]) -> None:
    services.finish_attempt(attempt=attempt, now=NOW, times=[ReadingTime(*time) for time in times])


def seconds_of(attempt: Attempt) -> list[int]:
    return list(attempt.responses.order_by("position").values_list("seconds", flat=True))


def test_time_after_the_newest_answer_is_added_before_the_grading(attempt: Attempt) -> None:
    answer(attempt, 1, 30)
    finish(attempt, (1, 1, 12), (2, 0, 40))
    assert seconds_of(attempt) == [42, 40]
    assert list(ReviewLog.objects.values_list("seconds", flat=True)) == [42]


def test_repeated_or_late_it_adds_nothing(attempt: Attempt) -> None:
    answer(attempt, 1, 30)
    finish(attempt, (1, 1, 12))
    finish(attempt, (1, 1, 12), (2, 0, 40))
    assert seconds_of(attempt) == [42, 0]


def test_a_newer_answer_has_brought_its_own_time(attempt: Attempt) -> None:
    """Another tab answered; or the answer that took the time along arrived, and its receipt did not."""
    answer(attempt, 1, 30)
    answer(attempt, 2, 12)
    finish(attempt, (1, 1, 12))
    assert seconds_of(attempt) == [42, 0]


def test_time_after_an_answer_that_was_refused_counts(attempt: Attempt) -> None:
    answer(attempt, 1, 30)
    finish(attempt, (1, 2, 12))
    assert seconds_of(attempt) == [42, 0]


def test_reading_the_reasons_is_no_time_on_the_question(candidate: User) -> None:
    attempt = make_attempt(candidate, make_question())
    services.check_response(response=attempt.responses.get(), label="B", seconds=30, now=NOW)
    finish(attempt, (1, 1, 12))
    assert seconds_of(attempt) == [30]


def test_position_that_does_not_exist_adds_nothing(attempt: Attempt) -> None:
    finish(attempt, (3, 0, 12), (0, 0, 12))
    assert seconds_of(attempt) == [0, 0]


def test_a_night_is_not_counted(attempt: Attempt) -> None:
    Response.objects.update(seconds=6 * 3600 - 1)
    finish(attempt, (1, 0, 2), (2, 0, 1))
    assert seconds_of(attempt) == [6 * 3600, 6 * 3600]
