from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from questions.models import Question
from quizzes import services
from quizzes.models import Attempt, Response
from reviews.models import Card, Rating, ReviewLog
from tests.factories import NOW, make_attempt, make_question

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def answer(attempt: Attempt, *labels: str, confidence: str = "") -> None:
    for position, label in enumerate(labels, start=1):
        services.record_answer(
            attempt_code=attempt.code,
            candidate=attempt.candidate,
            position=position,
            key=uuid.uuid4(),
            sequence=1,
            label=label,
            confidence=confidence,
            seconds=position * 10,
            now=attempt.started_at + position * MINUTE,
        )


def make_answered(candidate: User, *labels: str, **fields: Any) -> Attempt:
    """The key of every question is B."""
    questions = [make_question(f"MET-K{number}.1") for number in range(1, len(labels) + 1)]
    attempt = make_attempt(candidate, *questions, **fields)
    answer(attempt, *labels)
    return attempt


def marks_of(attempt: Attempt) -> list[bool | None]:
    return list(attempt.responses.values_list("is_correct", flat=True))


# Submitting


def test_submit_closes_and_does_not_grade(candidate: User) -> None:
    attempt = make_answered(candidate, "B")
    submitted = services.submit_attempt(attempt=attempt, now=NOW + HOUR)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.submitted_at, attempt.raw_score) == (Attempt.State.SUBMITTED, NOW + HOUR, None)
    assert (submitted.state, submitted.submitted_at) == (Attempt.State.SUBMITTED, NOW + HOUR)


@pytest.mark.parametrize("seconds", [0, 1, 3600])
def test_the_recorded_finish_is_never_after_the_deadline(candidate: User, seconds: int) -> None:
    attempt = make_answered(candidate, "B", deadline_at=NOW + HOUR)
    services.submit_attempt(attempt=attempt, now=NOW + HOUR + timedelta(seconds=seconds))
    assert attempt.submitted_at == NOW + HOUR


def test_submitting_twice_keeps_the_first_finish(candidate: User) -> None:
    attempt = make_answered(candidate, "B")
    services.submit_attempt(attempt=attempt, now=NOW + MINUTE)
    services.submit_attempt(attempt=attempt, now=NOW + HOUR)
    attempt.refresh_from_db()
    assert attempt.submitted_at == NOW + MINUTE


def test_submitting_a_graded_attempt_changes_nothing(candidate: User) -> None:
    attempt = services.finish_attempt(attempt=make_answered(candidate, "B"), now=NOW)
    services.submit_attempt(attempt=attempt, now=NOW + HOUR)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.submitted_at) == (Attempt.State.GRADED, NOW)


# Grading


def test_grade_freezes_marks_and_score(candidate: User) -> None:
    attempt = make_answered(candidate, "B", "A", "", "B")
    services.submit_attempt(attempt=attempt, now=NOW + HOUR)
    services.grade_attempt(attempt=attempt, now=NOW + HOUR)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.raw_score, attempt.graded_at) == (Attempt.State.GRADED, 2, NOW + HOUR)
    assert marks_of(attempt) == [True, False, False, True]


def test_an_attempt_in_progress_is_not_graded(candidate: User) -> None:
    attempt = make_answered(candidate, "B")
    services.grade_attempt(attempt=attempt, now=NOW)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.raw_score, marks_of(attempt)) == (Attempt.State.IN_PROGRESS, None, [None])


def test_grading_twice_changes_nothing(candidate: User) -> None:
    attempt = services.finish_attempt(attempt=make_answered(candidate, "B", "A"), now=NOW)
    # Even when the bank was changed behind the services in between.
    Question.objects.update(key="A")
    services.grade_attempt(attempt=attempt, now=NOW + HOUR)
    attempt.refresh_from_db()
    assert (attempt.raw_score, attempt.graded_at, marks_of(attempt)) == (1, NOW, [True, False])
    assert ReviewLog.objects.count() == 2


def test_a_mark_given_at_the_check_stands(candidate: User) -> None:
    attempt = make_attempt(candidate, make_question("MET-K1.1"), make_question("MET-K2.1"))
    services.check_response(response=attempt.responses.get(position=1), label="B", now=NOW)
    Question.objects.update(key="A")
    services.finish_attempt(attempt=attempt, now=NOW)
    assert (attempt.raw_score, marks_of(attempt)) == (1, [True, False])


def test_grade_tells_the_reviews_what_was_answered(candidate: User) -> None:
    attempt = make_attempt(candidate, *(make_question(f"MET-K{number}.1") for number in (1, 2, 3)))
    answer(attempt, "B", "A", confidence="unsure")
    services.finish_attempt(attempt=attempt, now=NOW + HOUR)
    first, second, _ = attempt.responses.all()
    assert list(
        ReviewLog.objects.order_by("reviewed_at").values_list(
            "candidate", "question", "source", "selected_label", "rating", "seconds", "reviewed_at"
        )
    ) == [
        (candidate.pk, first.question_id, first.code, "B", Rating.HARD, 10, NOW + MINUTE),
        (candidate.pk, second.question_id, second.code, "A", Rating.AGAIN, 20, NOW + 2 * MINUTE),
    ]
    assert Card.objects.for_candidate(candidate).count() == 2


def test_what_was_checked_is_not_told_twice(candidate: User) -> None:
    attempt = make_attempt(candidate, make_question("MET-K1.1"), make_question("MET-K2.1"))
    services.check_response(response=attempt.responses.get(position=1), label="B", now=NOW)
    services.finish_attempt(attempt=attempt, now=NOW + HOUR)
    assert list(ReviewLog.objects.values_list("reviewed_at", flat=True)) == [NOW]


def test_a_fault_while_telling_the_reviews_undoes_the_grading_and_keeps_the_submission(
    candidate: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = make_answered(candidate, "B")
    monkeypatch.setattr("quizzes.services.finishing.record_reviews", _fail)
    with pytest.raises(RuntimeError):
        services.finish_attempt(attempt=attempt, now=NOW)
    stored = Attempt.objects.get()
    assert (stored.state, stored.raw_score, marks_of(stored)) == (Attempt.State.SUBMITTED, None, [None])


def _fail(**_: object) -> int:
    raise RuntimeError("The reviews are out of order.")


def test_an_attempt_without_any_answer_scores_nothing(candidate: User) -> None:
    attempt = services.finish_attempt(attempt=make_answered(candidate, "", ""), now=NOW)
    assert (attempt.raw_score, marks_of(attempt), ReviewLog.objects.count()) == (0, [False, False], 0)


@pytest.mark.parametrize("count", [2, 60])
def test_finishing_takes_as_many_queries_for_many_questions(
    candidate: User, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    attempt = make_answered(candidate, *("BA" * (count // 2)))
    with django_assert_num_queries(21):
        services.finish_attempt(attempt=attempt, now=NOW)


# Settling, for any visit


def test_settle_leaves_an_open_attempt_alone_without_a_query(
    candidate: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    attempt = make_answered(candidate, "B", deadline_at=NOW + HOUR)
    with django_assert_num_queries(0):
        assert services.settle_attempt(attempt=attempt, now=NOW).is_open is True


def test_settle_closes_and_grades_what_ran_out(candidate: User) -> None:
    attempt = make_answered(candidate, "B", deadline_at=NOW + HOUR)
    services.settle_attempt(attempt=attempt, now=NOW + 2 * HOUR)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.submitted_at, attempt.raw_score) == (Attempt.State.GRADED, NOW + HOUR, 1)


def test_settle_grades_what_a_fault_left_submitted(candidate: User) -> None:
    attempt = services.submit_attempt(attempt=make_answered(candidate, "B"), now=NOW)
    assert services.settle_attempt(attempt=attempt, now=NOW).state == Attempt.State.GRADED


# The sweep


def test_the_sweep_closes_what_ran_out_and_nothing_else(candidate: User, other_candidate: User) -> None:
    over = make_answered(candidate, "B", deadline_at=NOW + HOUR)
    open_still = make_answered(other_candidate, "B", deadline_at=NOW + 3 * HOUR)
    untimed = make_answered(candidate, "B")
    closed = services.close_overdue_attempts(now=NOW + 2 * HOUR)
    for attempt in (over, open_still, untimed):
        attempt.refresh_from_db()
    assert closed == [over]
    assert (over.state, over.submitted_at, over.graded_at, over.raw_score) == (
        Attempt.State.GRADED,
        NOW + HOUR,
        NOW + 2 * HOUR,
        1,
    )
    assert (open_still.state, untimed.state) == (Attempt.State.IN_PROGRESS, Attempt.State.IN_PROGRESS)


def test_the_sweep_twice_closes_nothing_more(candidate: User) -> None:
    attempt = make_answered(candidate, "B", deadline_at=NOW + HOUR)
    assert [len(services.close_overdue_attempts(now=NOW + hours * HOUR)) for hours in (2, 3)] == [1, 0]
    attempt.refresh_from_db()
    assert (attempt.graded_at, ReviewLog.objects.count()) == (NOW + 2 * HOUR, 1)


def test_the_sweep_grades_what_a_fault_left_submitted(candidate: User) -> None:
    attempt = services.submit_attempt(attempt=make_answered(candidate, "B"), now=NOW)
    assert services.close_overdue_attempts(now=NOW + HOUR) == []
    attempt.refresh_from_db()
    assert (attempt.state, attempt.submitted_at) == (Attempt.State.GRADED, NOW)


def test_one_attempt_that_cannot_be_graded_does_not_stop_the_others(
    candidate: User, other_candidate: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    poisoned = make_answered(candidate, "B", deadline_at=NOW + MINUTE)
    other = make_answered(other_candidate, "B", deadline_at=NOW + HOUR)
    grade = services.finishing.grade_attempt

    def grade_or_fail(*, attempt: Attempt, now: Any) -> Attempt:
        if attempt == poisoned:
            raise RuntimeError("This one is out of order.")
        return grade(attempt=attempt, now=now)

    monkeypatch.setattr("quizzes.services.finishing.grade_attempt", grade_or_fail)
    services.close_overdue_attempts(now=NOW + 2 * HOUR)
    states = [Attempt.objects.get(pk=attempt.pk).state for attempt in (poisoned, other)]
    assert states == [Attempt.State.SUBMITTED, Attempt.State.GRADED]
    assert f"Attempt {poisoned.pk} could not be graded." in caplog.text


def test_an_answer_is_not_lost_between_claim_and_grading(candidate: User) -> None:
    """What is stored at the deadline is what is graded."""
    attempt = make_answered(candidate, "A", deadline_at=NOW + HOUR)
    services.record_answer(
        attempt_code=attempt.code,
        candidate=candidate,
        position=1,
        key=uuid.uuid4(),
        sequence=2,
        label="B",
        now=NOW + HOUR + timedelta(seconds=9),
    )
    services.close_overdue_attempts(now=NOW + 2 * HOUR)
    assert Response.objects.get().is_correct is True
