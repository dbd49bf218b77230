"""Tens of threads with connections of their own do one thing."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from quizzes import services
from quizzes.models import Answer, Attempt, Calibration
from quizzes.services import AnswerReceipt
from reviews.models import Card, ReviewLog
from tests.factories import NOW, make_attempt, make_question
from tests.quizzes.races.connections import HOUR, LATER, InParallel, outcome, record, state_of

pytestmark = pytest.mark.postgres


def test_fifty_posts_of_one_answer_are_one_answer(attempt: Attempt, in_parallel: InParallel) -> None:
    key = uuid.uuid4()
    receipts = in_parallel(50, lambda _: record(attempt, key=key, label="C", seconds=5))
    assert receipts == [AnswerReceipt(1, 1, "C", False, 3600)] * 50
    assert (Answer.objects.count(), attempt.responses.get(position=1).seconds) == (1, 5)


def test_fifty_answers_in_any_order_leave_the_newest(attempt: Attempt, in_parallel: InParallel) -> None:
    outcomes = in_parallel(
        50, lambda number: outcome(lambda: record(attempt, sequence=number + 1, label="ABCD"[number % 4]).sequence)
    )
    stored = sorted(outcome for outcome in outcomes if isinstance(outcome, int))
    assert (state_of(attempt), stored[-1]) == ((50, "B"), 50)
    assert list(Answer.objects.order_by("sequence").values_list("sequence", flat=True)) == stored
    assert len(stored) + outcomes.count("StaleAnswer") == 50


def test_fifty_answers_with_one_key_and_two_texts_leave_one(attempt: Attempt, in_parallel: InParallel) -> None:
    key = uuid.uuid4()
    outcomes = in_parallel(50, lambda number: outcome(lambda: record(attempt, key=key, label="CD"[number % 2]).label))
    winner = Answer.objects.get().label
    assert Counter(outcomes) == {winner: 25, "KeyReused": 25}


def test_one_key_for_two_questions_leaves_one_answer(attempt: Attempt, in_parallel: InParallel) -> None:
    key = uuid.uuid4()
    outcomes = in_parallel(
        20, lambda number: outcome(lambda: record(attempt, key=key, position=number % 2 + 1).position)
    )
    winner = Answer.objects.get().response.position
    assert Counter(outcomes) == {winner: 10, "KeyReused": 10}


def test_answers_to_all_questions_at_once_are_all_stored(candidate: User, in_parallel: InParallel) -> None:
    attempt = make_attempt(candidate, *(make_question(f"MET-K{number}.1") for number in range(1, 21)))
    in_parallel(20, lambda number: record(attempt, position=number + 1))
    assert list(attempt.responses.values_list("selected_label", flat=True)) == ["B"] * 20


def test_fifty_submissions_are_one(attempt: Attempt, in_parallel: InParallel) -> None:
    record(attempt)
    in_parallel(
        50,
        lambda number: services.finish_attempt(attempt=Attempt.objects.get(), now=NOW + number * timedelta(seconds=1)),
    )
    attempt.refresh_from_db()
    assert (attempt.state, attempt.raw_score, ReviewLog.objects.count(), Card.objects.get().reps) == (
        Attempt.State.GRADED,
        1,
        1,
        1,
    )


def test_twenty_checks_are_one(attempt: Attempt, in_parallel: InParallel) -> None:
    response = attempt.responses.get(position=1)
    labels = in_parallel(
        20,
        lambda number: services.check_response(response=response, label="ABCD"[number % 4], now=NOW).selected_label,
    )
    assert len(set(labels)) == Answer.objects.count() == ReviewLog.objects.count() == 1


def test_sweeps_and_visits_and_submissions_close_an_attempt_once(attempt: Attempt, in_parallel: InParallel) -> None:
    record(attempt)

    def close(number: int) -> int:
        if number % 3 == 0:
            return len(services.close_overdue_attempts(now=LATER))
        own = Attempt.objects.get()
        (services.finish_attempt if number % 3 == 1 else services.settle_attempt)(attempt=own, now=LATER)
        return 0

    assert sum(in_parallel(30, close)) <= 1
    attempt.refresh_from_db()
    assert (attempt.state, attempt.submitted_at, attempt.raw_score) == (Attempt.State.GRADED, NOW + HOUR, 1)
    assert (ReviewLog.objects.count(), Card.objects.get().reps) == (1, 1)


def test_answers_checks_submissions_and_sweeps_of_one_candidate_never_block_each_other_for_good(
    candidate: User, in_parallel: InParallel
) -> None:
    """Every pair of writers, many times: a wrong order of locking would show as a deadlock."""
    questions = [make_question(f"MET-K{number}.1") for number in range(1, 5)]
    attempts = [make_attempt(candidate, *questions, deadline_at=NOW + HOUR) for _ in range(3)]

    def act(number: int) -> Any:
        attempt = attempts[number % 3]
        actions: list[Callable[[], Any]] = [
            lambda: record(attempt, position=number % 4 + 1, sequence=number),
            lambda: services.check_response(
                response=attempt.responses.get(position=number % 4 + 1), label="B", now=NOW
            ),
            lambda: services.finish_attempt(attempt=attempt, now=NOW),
            lambda: services.close_overdue_attempts(now=LATER),
        ]
        # Most of them early ones, so that there is something left to race for.
        return outcome(actions[(0, 1, 0, 1, 0, 2, 1, 3)[number // 3 % 8]])

    in_parallel(48, act)
    services.close_overdue_attempts(now=LATER)
    assert set(Attempt.objects.values_list("state", flat=True)) == {Attempt.State.GRADED}
    for attempt in Attempt.objects.all():
        assert attempt.raw_score == attempt.responses.filter(selected_label="B").count()
    assert ReviewLog.objects.count() == attempts[0].responses.model.objects.exclude(selected_label="").count()


def test_statistics_computed_twice_at_once_leave_one_row_per_question(
    attempt: Attempt, in_parallel: InParallel
) -> None:
    record(attempt)
    services.finish_attempt(attempt=attempt, now=NOW)
    assert in_parallel(8, lambda number: services.compute_item_statistics(now=NOW + number * HOUR)) == [1] * 8


def test_a_calibration_run_eight_times_at_once_is_recorded_once(attempt: Attempt, in_parallel: InParallel) -> None:
    record(attempt)
    services.finish_attempt(attempt=attempt, now=NOW)
    runs = in_parallel(8, lambda number: services.calibrate_items(now=NOW + number * HOUR))
    assert (sum(run is not None for run in runs), Calibration.objects.count()) == (1, 1)
