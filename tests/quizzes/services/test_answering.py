from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from quizzes import services
from quizzes.models import Answer, Attempt, Response
from quizzes.services import AnswerReceipt
from tests.factories import NOW, make_attempt, make_question

HOUR = timedelta(hours=1)


@pytest.fixture
def attempt(candidate: User) -> Attempt:
    return make_attempt(candidate, make_question("MET-K1.1"), make_question("MET-K2.1"), deadline_at=NOW + HOUR)


def record(attempt: Attempt, **fields: Any) -> AnswerReceipt:
    return services.record_answer(
        **{
            "attempt_code": attempt.code,
            "candidate": attempt.candidate,
            "position": 1,
            "key": uuid.uuid4(),
            "sequence": 1,
            "label": "A",
            "now": NOW,
            **fields,
        }
    )


def response_of(attempt: Attempt, position: int = 1) -> Response:
    return attempt.responses.get(position=position)


def state_of(attempt: Attempt, position: int = 1) -> tuple[int, str, bool]:
    response = response_of(attempt, position)
    return response.sequence, response.selected_label, response.is_flagged


def test_an_answer_is_stored_and_acknowledged(attempt: Attempt) -> None:
    key = uuid.uuid4()
    receipt = record(attempt, key=key, label="C", is_flagged=True, confidence="unsure", seconds=40)
    assert receipt == AnswerReceipt(position=1, sequence=1, label="C", is_flagged=True, remaining_seconds=3600)
    response = response_of(attempt)
    assert (response.selected_label, response.confidence, response.seconds, response.answered_at) == (
        "C",
        "unsure",
        40,
        NOW,
    )
    assert Answer.objects.values_list("key", "sequence", "label", "is_flagged", "answered_at").get() == (
        key,
        1,
        "C",
        True,
        NOW,
    )


def test_an_answer_says_nothing_about_right_or_wrong(attempt: Attempt) -> None:
    right, wrong = record(attempt, label="B"), record(attempt, position=2, label="A")
    assert (right.__slots__, right.remaining_seconds) == (wrong.__slots__, wrong.remaining_seconds)
    assert set(attempt.responses.values_list("is_correct", flat=True)) == {None}


def test_an_answer_takes_five_statements_with_its_savepoint(
    attempt: Attempt, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """With session and user the whole request takes seven."""
    with django_assert_num_queries(5):
        record(attempt)


def test_a_repeated_answer_takes_four_statements(
    attempt: Attempt, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    key = uuid.uuid4()
    record(attempt, key=key)
    with django_assert_num_queries(4):
        record(attempt, key=key)


def test_a_newer_answer_replaces_the_older_one_and_keeps_both_events(attempt: Attempt) -> None:
    record(attempt, sequence=1, label="A")
    record(attempt, sequence=2, label="D", now=NOW + timedelta(seconds=5))
    assert state_of(attempt) == (2, "D", False)
    assert list(Answer.objects.values_list("sequence", "label")) == [(1, "A"), (2, "D")]


def test_a_sequence_may_skip_numbers(attempt: Attempt) -> None:
    record(attempt, sequence=1)
    record(attempt, sequence=9, label="C")
    assert state_of(attempt) == (9, "C", False)


def test_an_answer_can_be_cleared(attempt: Attempt) -> None:
    record(attempt, label="A")
    assert record(attempt, sequence=2, label="").label == ""
    assert (state_of(attempt), response_of(attempt).answered_at) == ((2, "", False), None)


def test_a_flag_alone_does_not_move_the_moment_of_the_answer(attempt: Attempt) -> None:
    record(attempt, label="A")
    record(attempt, sequence=2, label="A", is_flagged=True, now=NOW + timedelta(minutes=5))
    assert (state_of(attempt), response_of(attempt).answered_at) == ((2, "A", True), NOW)


def test_an_unanswered_question_can_be_flagged(attempt: Attempt) -> None:
    record(attempt, label="", is_flagged=True)
    assert (state_of(attempt), response_of(attempt).answered_at) == ((1, "", True), None)


def test_seconds_add_up_within_bounds(attempt: Attempt) -> None:
    for sequence, seconds in enumerate((30, 12, -5, 10**9), start=1):
        record(attempt, sequence=sequence, seconds=seconds)
        if sequence == 3:
            assert response_of(attempt).seconds == 42
    assert response_of(attempt).seconds == 6 * 3600


def test_the_same_key_again_gets_the_same_receipt_and_writes_nothing(attempt: Attempt) -> None:
    key = uuid.uuid4()
    receipts = [record(attempt, key=key, label="C", seconds=10) for _ in range(3)]
    assert receipts == [AnswerReceipt(1, 1, "C", False, 3600)] * 3
    assert (Answer.objects.count(), response_of(attempt).seconds) == (1, 10)


def test_a_repeated_key_gets_its_own_receipt_after_a_newer_answer(attempt: Attempt) -> None:
    key = uuid.uuid4()
    record(attempt, key=key, sequence=1, label="C")
    record(attempt, sequence=2, label="D")
    assert record(attempt, key=key, sequence=1, label="C") == AnswerReceipt(1, 1, "C", False, 3600)
    assert state_of(attempt) == (2, "D", False)


def test_a_repeated_key_gets_its_receipt_after_the_end(attempt: Attempt) -> None:
    key = uuid.uuid4()
    record(attempt, key=key, label="C")
    services.finish_attempt(attempt=attempt, now=NOW)
    assert record(attempt, key=key, label="C", now=NOW + HOUR) == AnswerReceipt(1, 1, "C", False, 0)


@pytest.mark.parametrize(
    "change", [{"label": "D"}, {"is_flagged": True}, {"sequence": 2}, {"position": 2}, {"position": 2, "sequence": 5}]
)
def test_the_same_key_with_another_answer_is_refused(attempt: Attempt, change: dict[str, Any]) -> None:
    key = uuid.uuid4()
    record(attempt, key=key, label="C")
    with pytest.raises(services.KeyReused):
        record(attempt, **{"key": key, "label": "C", **change})
    assert (state_of(attempt), state_of(attempt, 2), Answer.objects.count()) == ((1, "C", False), (0, "", False), 1)


def test_a_key_belongs_to_its_attempt(attempt: Attempt, other_candidate: User) -> None:
    key = uuid.uuid4()
    other = make_attempt(other_candidate, make_question())
    assert [record(one, key=key).sequence for one in (attempt, other)] == [1, 1]


@pytest.mark.parametrize("sequence", [-1, 0, 1, 2])
def test_an_older_sequence_is_refused_with_what_is_stored(attempt: Attempt, sequence: int) -> None:
    record(attempt, sequence=2, label="D", is_flagged=True)
    with pytest.raises(services.StaleAnswer) as refused:
        record(attempt, sequence=sequence, label="A")
    assert refused.value.current == AnswerReceipt(1, 2, "D", True, 3600)
    assert (state_of(attempt), Answer.objects.count()) == ((2, "D", True), 1)


@pytest.mark.parametrize("label", ["E", "a", "AB", "1", "\x00"])
def test_an_unknown_label_is_refused(attempt: Attempt, label: str) -> None:
    with pytest.raises(services.UnknownLabel) as refused:
        record(attempt, label=label)
    assert refused.value.sentence == "That is no option of this question. Choose one of those shown."
    assert (state_of(attempt), Answer.objects.count()) == ((0, "", False), 0)


@pytest.mark.parametrize("position", [-1, 0, 3, 10**6])
def test_an_unknown_position_is_refused(attempt: Attempt, position: int) -> None:
    with pytest.raises(services.UnknownPosition):
        record(attempt, position=position)


def test_an_attempt_of_somebody_else_is_unknown(attempt: Attempt, other_candidate: User) -> None:
    with pytest.raises(services.UnknownPosition):
        record(attempt, candidate=other_candidate)
    assert Answer.objects.count() == 0


def test_an_attempt_that_does_not_exist_is_unknown(attempt: Attempt) -> None:
    with pytest.raises(services.UnknownPosition):
        record(attempt, attempt_code=uuid.uuid4())


def test_a_submitted_attempt_takes_no_more_answers(attempt: Attempt) -> None:
    services.finish_attempt(attempt=attempt, now=NOW)
    with pytest.raises(services.AttemptClosed) as refused:
        record(attempt)
    assert refused.value.sentence == "This attempt is closed; answers are no longer accepted."
    assert Answer.objects.count() == 0


def test_a_late_answer_closes_the_attempt_with_what_is_stored(attempt: Attempt) -> None:
    record(attempt, label="B")
    with pytest.raises(services.AttemptClosed):
        record(attempt, sequence=2, label="A", now=NOW + 2 * HOUR)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.submitted_at, attempt.raw_score) == (Attempt.State.GRADED, NOW + HOUR, 1)


def test_an_attempt_without_deadline_never_runs_out(candidate: User) -> None:
    attempt = make_attempt(candidate, make_question())
    assert record(attempt, now=NOW + timedelta(days=400)).remaining_seconds is None


def test_a_checked_answer_stands(candidate: User) -> None:
    attempt = make_attempt(candidate, make_question())
    services.check_response(response=response_of(attempt), label="A", now=NOW)
    with pytest.raises(services.StaleAnswer) as refused:
        record(attempt, sequence=7, label="B")
    assert (refused.value.current.label, state_of(attempt)) == ("A", (1, "A", False))
