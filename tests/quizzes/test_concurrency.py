"""Real races on a real PostgreSQL: threads with connections of their own, and commits in a chosen order.

The cases that Moodle learned from, by the names of its tests (question/engine/tests/questionusage_autosave_test.php),
and what answers them here, where saving by hand and by itself are one post:

test_autosave_and_save_concurrently          test_the_same_post_twice_waits_and_gets_the_same_receipt
test_concurrent_autosaves                    test_of_two_tabs_the_higher_sequence_wins_in_either_order[1-1-StaleAnswer]
test_autosave_with_wrong_seq_number_ignored  test_of_two_tabs_the_higher_sequence_wins_in_either_order[2-1-StaleAnswer]
test_finish_with_unhandled_autosave_data     test_an_answer_that_commits_before_the_submission_is_graded
test_autosave_and_regrade_then_display       test_grading_beside_an_answer_takes_nothing_from_an_open_attempt,
                                             test_a_question_retired_beside_an_answer_is_still_answered_and_graded
"""

from __future__ import annotations

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction

from accounts.models import User
from questions.models import Question
from questions.services import retire_question
from quizzes import services
from quizzes.models import Answer, Attempt, Calibration, Quiz
from quizzes.services import AnswerReceipt
from reviews.models import Card, ReviewLog
from tests.factories import (
    COMPETENCIES,
    NOW,
    make_attempt,
    make_blueprint,
    make_mock_question,
    make_question,
    make_quiz,
    make_user,
)

pytestmark = pytest.mark.postgres

InParallel = Callable[[int, Callable[[int], Any]], list[Any]]
HOUR = timedelta(hours=1)
LATER = NOW + 2 * HOUR


@pytest.fixture
def attempt(candidate: User) -> Attempt:
    """Two questions whose key is B."""
    return make_attempt(candidate, make_question("MET-K1.1"), make_question("MET-K2.1"), deadline_at=NOW + HOUR)


def record(attempt: Attempt, **fields: Any) -> AnswerReceipt:
    return services.record_answer(
        **{
            "attempt_code": attempt.code,
            "candidate": attempt.candidate,
            "position": 1,
            "key": uuid.uuid4(),
            "sequence": 1,
            "label": "B",
            "now": NOW,
            **fields,
        }
    )


def outcome(action: Callable[[], Any]) -> Any:
    """What it returned, or the name of its refusal."""
    try:
        return action()
    except services.Refusal as refusal:
        return type(refusal).__name__


def state_of(attempt: Attempt, position: int = 1) -> tuple[int, str]:
    response = attempt.responses.get(position=position)
    return response.sequence, response.selected_label


class Beside:
    """Another connection that does something while this one holds its transaction open."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(1)

    def start(self, action: Callable[[], Any]) -> Future[Any]:
        """Returns once the other one waits for a lock, or has ended."""
        known = threading.Event()
        pids: list[int] = []

        def run() -> Any:
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_backend_pid()")
                    pids.append(cursor.fetchone()[0])
                known.set()
                return outcome(action)
            finally:
                connections.close_all()

        future = self.pool.submit(run)
        assert known.wait(10)
        ends = time.monotonic() + 20
        while not future.done() and not self._waits(pids[0]):
            assert time.monotonic() < ends, "It neither ends nor waits for a lock."
            time.sleep(0.01)
        return future

    def _waits(self, pid: int) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT wait_event_type FROM pg_stat_activity WHERE pid = %s", [pid])
            return (cursor.fetchone() or [None])[0] == "Lock"


@pytest.fixture
def beside() -> Any:
    other = Beside()
    yield other
    other.pool.shutdown()


# Fifty at once


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


def test_fifty_starts_of_a_practice_quiz_are_one_attempt(candidate: User, in_parallel: InParallel) -> None:
    for number in range(1, 6):
        make_question(f"MET-K{number}.1")
    quiz = make_quiz(author=candidate, question_count=3)
    started = in_parallel(50, lambda _: services.start_attempt(candidate=candidate, quiz=quiz, now=NOW).pk)
    assert set(started) == {Attempt.objects.get().pk}
    assert Attempt.objects.get().responses.count() == 3


def test_starts_of_a_mock_by_ten_candidates_are_ten_attempts(db: None, in_parallel: InParallel) -> None:
    for number in range(1, 9):
        make_mock_question(f"MET-K{number}.1")
    people = [make_user(f"person{number}") for number in range(10)]
    blueprint = make_blueprint(item_count=5, MET=100)

    def start(number: int) -> tuple[int, int]:
        quiz = services.shared_mock(blueprint=blueprint)
        attempt = services.start_attempt(candidate=people[number % 10], quiz=quiz, now=NOW)
        return attempt.candidate_id, attempt.pk

    started = in_parallel(50, start)
    assert len(set(started)) == Attempt.objects.count() == 10
    assert Quiz.objects.count() == 1


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


# Pauses


def test_pause_that_commits_first_keeps_the_sweep_away(attempt: Attempt, beside: Beside) -> None:
    """The sweep has found the attempt overdue already and waits for its row."""
    with transaction.atomic():
        services.pause_attempt(attempt=attempt, now=NOW)
        swept = beside.start(lambda: services.close_overdue_attempts(now=LATER))
        assert not swept.done()
    assert swept.result(10) == []
    attempt.refresh_from_db()
    assert (attempt.state, attempt.paused_at) == (Attempt.State.IN_PROGRESS, NOW)


def test_sweep_that_commits_first_refuses_the_pause(attempt: Attempt, beside: Beside) -> None:
    with transaction.atomic():
        assert services.close_overdue_attempts(now=LATER) == [attempt]
        paused = beside.start(lambda: services.pause_attempt(attempt=Attempt.objects.get(), now=NOW))
    assert paused.result(10) == "AttemptClosed"
    attempt.refresh_from_db()
    assert (attempt.state, attempt.paused_at) == (Attempt.State.GRADED, None)


def test_twenty_pauses_and_twenty_resumes_are_one_each(attempt: Attempt, in_parallel: InParallel) -> None:
    in_parallel(20, lambda _: services.pause_attempt(attempt=attempt, now=NOW))
    in_parallel(20, lambda _: services.resume_attempt(attempt=attempt, now=NOW + HOUR))
    attempt.refresh_from_db()
    assert (attempt.paused_at, attempt.paused_seconds, attempt.deadline_at) == (None, 3600, NOW + 2 * HOUR)


def test_answer_waits_for_the_resume_and_is_taken(attempt: Attempt, beside: Beside) -> None:
    services.pause_attempt(attempt=attempt, now=NOW)
    with transaction.atomic():
        services.resume_attempt(attempt=attempt, now=LATER)
        answered = beside.start(lambda: record(attempt, now=LATER).label)
    assert (answered.result(10), state_of(attempt)) == ("B", (1, "B"))


def test_answer_waits_for_the_pause_and_is_refused(attempt: Attempt, beside: Beside) -> None:
    with transaction.atomic():
        services.pause_attempt(attempt=attempt, now=NOW)
        answered = beside.start(lambda: record(attempt))
    assert (answered.result(10), state_of(attempt)) == ("AttemptPaused", (0, ""))


# The placement test


@pytest.fixture
def placed(candidate: User) -> Attempt:
    """Open, with its first question waiting; the key is B."""
    for competency in COMPETENCIES:
        for number in range(1, 7):
            make_question(f"{competency}-K{number}.1")
    return services.start_placement(candidate=candidate, now=NOW)


def place(attempt: Attempt, position: int, label: str = "B", key: uuid.UUID | None = None) -> Attempt:
    return services.answer_placement(
        attempt=attempt, position=position, label=label, key=key or uuid.uuid4(), now=NOW, seconds=5
    )


def test_fifty_starts_of_the_placement_test_are_one(
    placed: Attempt, other_candidate: User, in_parallel: InParallel
) -> None:
    started = in_parallel(50, lambda _: services.start_placement(candidate=other_candidate, now=NOW).pk)
    attempt = Attempt.objects.get(candidate=other_candidate)
    assert (set(started), attempt.responses.count()) == ({attempt.pk}, 1)
    assert Quiz.objects.filter(kind=Quiz.Kind.PLACEMENT).count() == 1


def test_twenty_posts_of_one_placement_answer_draw_one_next_question(placed: Attempt, in_parallel: InParallel) -> None:
    key = uuid.uuid4()
    in_parallel(20, lambda _: place(placed, 1, "C", key))
    assert list(placed.responses.values_list("position", "selected_label", "seconds")) == [(1, "C", 5), (2, "", 0)]
    assert Answer.objects.count() == 1


def test_of_twenty_placement_answers_from_as_many_tabs_one_stands(placed: Attempt, in_parallel: InParallel) -> None:
    outcomes = in_parallel(20, lambda number: outcome(lambda: place(placed, 1, "ABCD"[number % 4]).is_open))
    assert Counter(outcomes) == {True: 1, "AnswerRefused": 19}
    assert (Answer.objects.count(), placed.responses.count()) == (1, 2)


def test_last_placement_answer_and_early_finish_at_once_grade_once(placed: Attempt, in_parallel: InParallel) -> None:
    for position in range(1, 30):
        place(placed, position)

    def act(number: int) -> Any:
        if number % 2:
            return outcome(lambda: services.finish_placement(attempt=Attempt.objects.get(), now=NOW).state)
        return outcome(lambda: place(placed, 30).state)

    in_parallel(20, act)
    attempt = Attempt.objects.get()
    assert attempt.state == Attempt.State.GRADED
    assert attempt.question_count == attempt.raw_score == attempt.responses.count() == ReviewLog.objects.count()


# Two at once, in each order of their commits


def test_a_placement_answer_waits_for_the_one_in_another_tab(placed: Attempt, beside: Beside) -> None:
    with transaction.atomic():
        place(placed, 1, "C")
        other = beside.start(lambda: place(placed, 1, "D"))
        assert not other.done()
    assert (other.result(10), state_of(placed), placed.responses.count()) == ("AnswerRefused", (1, "C"), 2)


def test_an_answer_that_commits_before_the_submission_is_graded(attempt: Attempt, beside: Beside) -> None:
    with transaction.atomic():
        record(attempt)
        submission = beside.start(lambda: services.finish_attempt(attempt=Attempt.objects.get(), now=NOW).raw_score)
        assert not submission.done()
    assert (submission.result(10), state_of(attempt)) == (1, (1, "B"))


def test_an_answer_that_comes_after_the_submission_is_refused(attempt: Attempt, beside: Beside) -> None:
    with transaction.atomic():
        services.finish_attempt(attempt=Attempt.objects.get(), now=NOW)
        answer = beside.start(lambda: record(attempt))
        assert not answer.done()
    assert (answer.result(10), state_of(attempt), Answer.objects.count()) == ("AttemptClosed", (0, ""), 0)


def test_grading_beside_an_answer_takes_nothing_from_an_open_attempt(attempt: Attempt, beside: Beside) -> None:
    with transaction.atomic():
        record(attempt, label="C")
        grading = beside.start(lambda: services.grade_attempt(attempt=Attempt.objects.get(), now=NOW).state)
        assert not grading.done()
    assert (grading.result(10), state_of(attempt)) == (Attempt.State.IN_PROGRESS, (1, "C"))
    assert record(attempt, sequence=2).label == "B"
    assert services.finish_attempt(attempt=attempt, now=NOW).raw_score == 1


def test_a_question_retired_beside_an_answer_is_still_answered_and_graded(attempt: Attempt, beside: Beside) -> None:
    question = attempt.responses.get(position=1).question
    with transaction.atomic():
        record(attempt)
        retiring = beside.start(lambda: retire_question(question=question, now=NOW).status)
        # An author and a candidate do not wait for each other.
        assert retiring.result(10) == Question.Status.RETIRED
    assert record(attempt, sequence=2, label="C").label == "C"
    assert record(attempt, sequence=3).label == "B"
    assert services.finish_attempt(attempt=attempt, now=NOW).raw_score == 1


def test_an_answer_in_time_beats_the_sweep_it_holds_up(attempt: Attempt, beside: Beside) -> None:
    with transaction.atomic():
        record(attempt, now=NOW + HOUR)
        sweep = beside.start(lambda: [one.pk for one in services.close_overdue_attempts(now=LATER)])
        assert not sweep.done()
    closed = sweep.result(10)
    attempt.refresh_from_db()
    assert (closed, attempt.state, attempt.raw_score) == ([attempt.pk], Attempt.State.GRADED, 1)


def test_an_answer_behind_the_sweep_is_refused(attempt: Attempt, beside: Beside) -> None:
    with transaction.atomic():
        services.close_overdue_attempts(now=LATER)
        answer = beside.start(lambda: record(attempt, now=NOW + HOUR))
        assert not answer.done()
    assert (answer.result(10), state_of(attempt)) == ("AttemptClosed", (0, ""))


def test_a_submission_that_the_sweep_waits_for_keeps_its_own_finish(attempt: Attempt, beside: Beside) -> None:
    with transaction.atomic():
        services.finish_attempt(attempt=Attempt.objects.get(), now=NOW)
        sweep = beside.start(lambda: services.close_overdue_attempts(now=LATER))
        assert not sweep.done()
    closed = sweep.result(10)
    attempt.refresh_from_db()
    assert (closed, attempt.submitted_at) == ([], NOW)


def test_a_submission_behind_the_sweep_changes_nothing(attempt: Attempt, beside: Beside) -> None:
    with transaction.atomic():
        services.close_overdue_attempts(now=LATER)
        submission = beside.start(lambda: services.finish_attempt(attempt=Attempt.objects.get(), now=LATER + HOUR))
        assert not submission.done()
    seen = submission.result(10)
    stored = Attempt.objects.get()
    assert (seen.graded_at, stored.submitted_at, stored.graded_at) == (LATER, NOW + HOUR, LATER)


@pytest.mark.parametrize(("first", "second", "loser"), [(1, 2, None), (2, 1, "StaleAnswer"), (1, 1, "StaleAnswer")])
def test_of_two_tabs_the_higher_sequence_wins_in_either_order(
    attempt: Attempt, beside: Beside, first: int, second: int, loser: str | None
) -> None:
    with transaction.atomic():
        record(attempt, sequence=first, label="A")
        other = beside.start(lambda: record(attempt, sequence=second, label="B").sequence)
        assert not other.done()
    assert other.result(10) == (loser or second)
    assert state_of(attempt) == ((first, "A") if loser else (second, "B"))


def test_the_same_post_twice_waits_and_gets_the_same_receipt(attempt: Attempt, beside: Beside) -> None:
    key = uuid.uuid4()
    with transaction.atomic():
        receipt = record(attempt, key=key)
        again = beside.start(lambda: record(attempt, key=key))
        assert not again.done()
    assert (again.result(10), Answer.objects.count()) == (receipt, 1)


def test_a_start_beside_a_start_returns_the_same_attempt(candidate: User, beside: Beside) -> None:
    make_question("MET-K1.1")
    quiz = make_quiz(author=candidate, question_count=1)
    with transaction.atomic():
        first = services.start_attempt(candidate=candidate, quiz=quiz, now=NOW)
        second = beside.start(lambda: services.start_attempt(candidate=candidate, quiz=quiz, now=NOW))
        assert not second.done()
    assert second.result(10) == first


def test_two_candidates_do_not_wait_for_each_other(attempt: Attempt, other_candidate: User, beside: Beside) -> None:
    other = make_attempt(other_candidate, *(response.question for response in attempt.responses.all()))
    with transaction.atomic():
        record(attempt)
        assert beside.start(lambda: record(other).label).result(10) == "B"


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


def test_a_start_on_postgresql_takes_a_hundred_questions_within_eleven_queries(
    candidate: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(1, 101):
        make_mock_question(f"MET-K{number}.1")
    quiz = services.shared_mock(blueprint=make_blueprint(MET=100))
    with django_assert_max_num_queries(11):
        started = services.start_attempt(candidate=candidate, quiz=quiz, now=NOW)
    assert started.responses.count() == 100
