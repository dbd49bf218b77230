from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from cohorts.models import Cohort
from quizzes import services
from quizzes.models import Answer, Attempt, Feedback, Quiz
from tests.factories import (
    NOW,
    make_assignment,
    make_attempt,
    make_blueprint,
    make_mock_attempt,
    make_question,
    make_quiz,
)

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def attempt(candidate: User) -> Attempt:
    """Two questions, an hour."""
    return make_attempt(candidate, make_question("MET-K1.1"), make_question("MET-K2.1"), deadline_at=NOW + HOUR)


def stored(attempt: Attempt) -> Attempt:
    return Attempt.objects.select_related("quiz").get(pk=attempt.pk)


def pause(attempt: Attempt, minutes: float = 10) -> Attempt:
    return services.pause_attempt(attempt=attempt, now=NOW + minutes * MINUTE)


def resume(attempt: Attempt, minutes: float = 40) -> Attempt:
    return services.resume_attempt(attempt=attempt, now=NOW + minutes * MINUTE)


def record(attempt: Attempt, **fields: Any) -> Any:
    return services.record_answer(
        **{
            "attempt_code": attempt.code,
            "candidate": attempt.candidate,
            "position": 1,
            "key": uuid.uuid4(),
            "sequence": 1,
            "label": "B",
            "now": NOW + 20 * MINUTE,
            **fields,
        }
    )


def test_pause_stops_the_clock(attempt: Attempt) -> None:
    pause(attempt)
    assert [stored(attempt).remaining_seconds(NOW + minutes * MINUTE) for minutes in (10, 40, 4000)] == [3000] * 3
    assert stored(attempt).is_overdue(NOW + 4000 * MINUTE) is False


def test_resume_moves_the_deadline_by_the_pause_to_the_microsecond(attempt: Attempt) -> None:
    odd = timedelta(minutes=7, seconds=3, microseconds=141_592)
    pause(attempt)
    services.resume_attempt(attempt=attempt, now=NOW + 10 * MINUTE + odd)
    after = stored(attempt)
    assert (after.paused_at, after.paused_seconds, after.deadline_at) == (None, 423, NOW + HOUR + odd)


def test_pauses_add_up(attempt: Attempt) -> None:
    pause(attempt, 10)
    resume(attempt, 20)
    pause(attempt, 30)
    resume(attempt, 55)
    after = stored(attempt)
    assert (after.paused_seconds, after.remaining_seconds(NOW + 55 * MINUTE)) == (35 * 60, 40 * 60)


def test_second_pause_changes_nothing(attempt: Attempt) -> None:
    pause(attempt, 10)
    pause(attempt, 15)
    assert stored(attempt).paused_at == NOW + 10 * MINUTE


def test_second_resume_changes_nothing(attempt: Attempt) -> None:
    pause(attempt, 10)
    resume(attempt, 40)
    resume(attempt, 50)
    assert stored(attempt).deadline_at == NOW + HOUR + 30 * MINUTE


def test_resume_without_a_pause_changes_nothing(attempt: Attempt) -> None:
    resume(attempt)
    assert (stored(attempt).deadline_at, stored(attempt).paused_seconds) == (NOW + HOUR, 0)


def test_caller_holds_what_was_stored(attempt: Attempt) -> None:
    assert pause(attempt).paused_at == NOW + 10 * MINUTE
    assert (resume(attempt).paused_at, attempt.deadline_at) == (None, NOW + HOUR + 30 * MINUTE)


# Refusals


def test_mock_exams_are_not_paused(candidate: User) -> None:
    with pytest.raises(services.PauseRefused, match="Only a timed practice quiz"):
        pause(make_mock_attempt(candidate))


def test_placement_tests_are_not_paused(candidate: User) -> None:
    make_blueprint(MET=100)
    quiz = make_quiz(kind=Quiz.Kind.PLACEMENT)
    with pytest.raises(services.PauseRefused):
        pause(make_attempt(candidate, make_question(), quiz=quiz, deadline_at=NOW + HOUR))


def test_assignments_are_not_paused(candidate: User, cohort: Cohort) -> None:
    assignment = make_assignment(cohort)
    attempt = make_attempt(
        candidate, make_question(), quiz=assignment.quiz, assignment=assignment, deadline_at=NOW + HOUR
    )
    with pytest.raises(services.PauseRefused):
        pause(attempt)


def test_quizzes_without_a_clock_are_not_paused(candidate: User) -> None:
    with pytest.raises(services.PauseRefused):
        pause(make_attempt(candidate, make_question()))


def test_finished_quizzes_are_neither_paused_nor_resumed(attempt: Attempt) -> None:
    services.finish_attempt(attempt=attempt, now=NOW)
    for act in (pause, resume):
        with pytest.raises(services.AttemptClosed):
            act(attempt)


def test_no_pause_from_the_deadline_on(attempt: Attempt) -> None:
    with pytest.raises(services.AttemptClosed):
        pause(attempt, 60)
    assert stored(attempt).paused_at is None


# Everything that reads the clock


def check(attempt: Attempt) -> Any:
    return services.check_response(response=attempt.responses.get(position=1), label="B", now=NOW + 20 * MINUTE)


@pytest.mark.parametrize(("feedback", "answer"), [(Feedback.AT_END, record), (Feedback.AFTER_EACH, check)])
def test_paused_quiz_takes_no_answers(attempt: Attempt, feedback: str, answer: Callable[[Attempt], Any]) -> None:
    Attempt.objects.update(feedback=feedback)
    pause(attempt)
    with pytest.raises(services.AttemptPaused, match="This quiz is paused"):
        answer(attempt)
    assert (Answer.objects.count(), attempt.responses.get(position=1).selected_label) == (0, "")
    assert stored(attempt).is_open is True


def test_answer_that_was_stored_before_the_pause_gets_its_receipt_again(attempt: Attempt) -> None:
    key = uuid.uuid4()
    record(attempt, key=key, now=NOW)
    pause(attempt)
    assert record(attempt, key=key).sequence == 1


def test_answers_are_taken_again_after_the_old_deadline(attempt: Attempt) -> None:
    pause(attempt, 10)
    resume(attempt, 100)
    record(attempt, now=NOW + 149 * MINUTE)
    with pytest.raises(services.AttemptClosed):
        record(attempt, sequence=2, now=NOW + 151 * MINUTE)


def test_sweep_and_visits_leave_a_paused_quiz_alone(attempt: Attempt) -> None:
    pause(attempt)
    assert services.close_overdue_attempts(now=NOW + 9 * HOUR) == []
    services.settle_attempt(attempt=stored(attempt), now=NOW + 9 * HOUR)
    assert stored(attempt).is_open is True


def test_visit_that_read_the_row_before_the_pause_does_not_close_it(attempt: Attempt) -> None:
    before = stored(attempt)
    pause(attempt)
    services.settle_attempt(attempt=before, now=NOW + 2 * HOUR)
    assert (before.is_open, before.is_paused, stored(attempt).is_open) == (True, True, True)


def test_paused_quiz_can_be_finished_and_ends_then(attempt: Attempt) -> None:
    record(attempt, now=NOW)
    pause(attempt, 10)
    services.finish_attempt(attempt=attempt, now=NOW + 3 * HOUR)
    after = stored(attempt)
    assert (after.state, after.submitted_at, after.raw_score) == (Attempt.State.GRADED, NOW + 3 * HOUR, 1)
    assert (after.paused_at, after.paused_seconds) == (None, 170 * 60)
