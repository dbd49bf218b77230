"""Two connections, in each order of their commits.

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

import uuid

import pytest
from django.db import transaction

from accounts.models import User
from questions.models import Question
from questions.services import retire_question
from quizzes import services
from quizzes.models import Answer, Attempt
from tests.factories import NOW, make_attempt
from tests.quizzes.races.connections import HOUR, LATER, Beside, record, state_of

pytestmark = pytest.mark.postgres


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


def test_two_candidates_do_not_wait_for_each_other(attempt: Attempt, other_candidate: User, beside: Beside) -> None:
    other = make_attempt(other_candidate, *(response.question for response in attempt.responses.all()))
    with transaction.atomic():
        record(attempt)
        assert beside.start(lambda: record(other).label).result(10) == "B"
