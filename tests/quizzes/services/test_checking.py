from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from quizzes import services
from quizzes.models import Answer, Attempt, Feedback, Response
from reviews.models import Rating, ReviewLog
from tests.factories import NOW, make_attempt, make_question


@pytest.fixture
def response(candidate: User) -> Response:
    return make_attempt(candidate, make_question("MET-K1.1"), make_question("MET-K2.1")).responses.get(position=1)


def test_check_freezes_answer_and_mark(response: Response) -> None:
    checked = services.check_response(
        response=response, label="B", confidence="unsure", seconds=30, now=NOW, is_flagged=True
    )
    response.refresh_from_db()
    assert checked == response
    assert (response.selected_label, response.is_correct, response.checked_at, response.answered_at) == (
        "B",
        True,
        NOW,
        NOW,
    )
    assert (response.confidence, response.seconds, response.is_flagged, response.sequence) == ("unsure", 30, True, 1)


def test_check_writes_the_event_too(response: Response) -> None:
    services.check_response(response=response, label="B", now=NOW)
    answer = Answer.objects.get()
    assert (answer.sequence, answer.label, answer.answered_at) == (1, "B", NOW)


def test_check_tells_the_reviews(response: Response, candidate: User) -> None:
    services.check_response(response=response, label="B", confidence="unsure", seconds=30, now=NOW)
    log = ReviewLog.objects.get()
    assert (log.candidate, log.objective, log.question, log.source) == (
        candidate,
        response.question.objective,
        response.question,
        response.code,
    )
    assert (log.selected_label, log.rating, log.seconds, log.reviewed_at) == ("B", Rating.HARD, 30, NOW)


def test_a_wrong_answer_is_a_lapse(response: Response) -> None:
    assert services.check_response(response=response, label="A", confidence="sure", now=NOW).is_correct is False
    assert ReviewLog.objects.get().rating == Rating.AGAIN


def test_checking_again_changes_nothing(response: Response) -> None:
    services.check_response(response=response, label="A", now=NOW)
    again = services.check_response(response=response, label="B", now=NOW + timedelta(minutes=1))
    assert (again.selected_label, again.is_correct, again.checked_at) == ("A", False, NOW)
    assert (Answer.objects.count(), ReviewLog.objects.count()) == (1, 1)


def test_check_keeps_a_flag_that_it_is_not_told_about(response: Response, candidate: User) -> None:
    services.record_answer(
        attempt_code=response.attempt.code,
        candidate=candidate,
        position=1,
        key=uuid.uuid4(),
        sequence=4,
        label="",
        is_flagged=True,
        now=NOW,
    )
    checked = services.check_response(response=response, label="B", now=NOW)
    assert (checked.is_flagged, checked.sequence) == (True, 5)


@pytest.mark.parametrize("label", ["", "E", "AB"])
def test_an_unknown_label_is_refused(response: Response, label: str) -> None:
    with pytest.raises(services.UnknownLabel):
        services.check_response(response=response, label=label, now=NOW)
    response.refresh_from_db()
    assert (response.checked_at, Answer.objects.count()) == (None, 0)


@pytest.mark.parametrize("feedback", [Feedback.AT_END, Feedback.AFTER_DUE])
def test_nothing_is_checked_where_feedback_comes_later(candidate: User, feedback: str) -> None:
    response = make_attempt(candidate, make_question(), feedback=feedback).responses.get()
    with pytest.raises(services.AnswerRefused) as refused:
        services.check_response(response=response, label="B", now=NOW)
    assert refused.value.sentence == "In this attempt the answers are shown later, not after each question."
    response.refresh_from_db()
    assert (response.checked_at, response.is_correct) == (None, None)


def test_nothing_is_checked_after_the_end(response: Response) -> None:
    services.finish_attempt(attempt=response.attempt, now=NOW)
    with pytest.raises(services.AttemptClosed):
        services.check_response(response=response, label="B", now=NOW)


def test_a_late_check_closes_the_attempt(candidate: User) -> None:
    attempt = make_attempt(candidate, make_question(), deadline_at=NOW)
    with pytest.raises(services.AttemptClosed):
        services.check_response(response=attempt.responses.get(), label="B", now=NOW + timedelta(minutes=1))
    attempt.refresh_from_db()
    assert (attempt.state, attempt.submitted_at, attempt.raw_score) == (Attempt.State.GRADED, NOW, 0)


def test_check_takes_a_fixed_number_of_queries(
    response: Response, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(15):
        services.check_response(response=response, label="B", now=NOW)
