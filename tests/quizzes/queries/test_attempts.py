from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import Http404
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from quizzes import queries, services
from quizzes.models import Attempt, Response
from quizzes.scoring import ScoredResponse
from tests.factories import NOW, make_attempt, make_question


def test_get_attempt_for_its_candidate(candidate: User) -> None:
    attempt = make_attempt(candidate, make_question())
    assert queries.get_attempt_for(candidate, attempt.code) == attempt


def test_get_attempt_for_a_stranger_is_not_found(candidate: User, other_candidate: User, admin_user: User) -> None:
    attempt = make_attempt(candidate, make_question())
    for stranger in (other_candidate, admin_user):
        with pytest.raises(Http404):
            queries.get_attempt_for(stranger, attempt.code)


def test_get_attempt_for_an_unknown_code_is_not_found(candidate: User) -> None:
    with pytest.raises(Http404):
        queries.get_attempt_for(candidate, uuid4())


def test_running_is_what_has_time_left(candidate: User) -> None:
    past, ahead = NOW - timedelta(seconds=1), NOW + timedelta(seconds=1)
    running = [
        make_attempt(candidate),
        make_attempt(candidate, deadline_at=ahead),
        make_attempt(candidate, deadline_at=past, paused_at=past),
    ]
    over = [
        make_attempt(candidate, deadline_at=past),
        make_attempt(candidate, deadline_at=NOW),
        make_attempt(candidate, deadline_at=ahead, state=Attempt.State.SUBMITTED, submitted_at=past),
    ]
    assert set(Attempt.objects.running(NOW)) == set(running)
    assert [attempt.is_running(NOW) for attempt in running + over] == [True] * 3 + [False] * 3


def test_get_response_for_comes_with_all_that_a_page_shows(
    candidate: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    attempt = make_attempt(candidate, make_question("MET-K1.1"), make_question("CUL-K1.1"))
    with django_assert_num_queries(1):
        response = queries.get_response_for(candidate, attempt.code, 2)
        shown = response.attempt.quiz.title, response.question.objective.statement.competency.code
    assert shown == ("Practice quiz", "CUL")


@pytest.mark.parametrize("position", [-1, 0, 2, 10**9])
def test_get_response_for_an_unknown_position_is_not_found(candidate: User, position: int) -> None:
    attempt = make_attempt(candidate, make_question())
    with pytest.raises(Http404):
        queries.get_response_for(candidate, attempt.code, position)


def test_get_response_for_a_stranger_is_not_found(candidate: User, other_candidate: User) -> None:
    attempt = make_attempt(candidate, make_question())
    with pytest.raises(Http404):
        queries.get_response_for(other_candidate, attempt.code, 1)


def test_responses_of_come_in_order_with_their_questions(
    candidate: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    attempt = make_attempt(candidate, *(make_question(f"MET-K{number}.1") for number in (3, 1, 2)))
    with django_assert_num_queries(1):
        codes = [response.question.objective.statement.code for response in queries.responses_of(attempt)]
    assert codes == ["MET-K3", "MET-K1", "MET-K2"]


def test_response_states_leave_the_questions_out(
    candidate: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    attempt = make_attempt(candidate, make_question("MET-K1.1"), make_question("MET-K2.1"))
    Response.objects.filter(position=2).update(selected_label="A", is_flagged=True)
    with django_assert_num_queries(1) as captured:
        states = [
            (response.position, response.selected_label, response.is_flagged)
            for response in queries.response_states(attempt)
        ]
    assert (states, "questions_question" in captured[0]["sql"]) == ([(1, "", False), (2, "A", True)], False)


def make_graded(candidate: User) -> Attempt:
    objectives = ("STR-K1.1", "CUL-S1.1", "CUL-T1.1", "CUL-K2.1")
    attempt = make_attempt(candidate, *(make_question(objective) for objective in objectives))
    Response.objects.filter(position__in=[1, 3]).update(selected_label="B", answered_at=NOW)
    return services.finish_attempt(attempt=attempt, now=NOW + timedelta(hours=1))


def test_scored_responses_stand_in_the_order_of_the_handbook(
    candidate: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    attempt = make_graded(candidate)
    with django_assert_num_queries(1):
        scored = queries.scored_responses(attempt)
    assert scored == [
        ScoredResponse("CUL", "CUL-T1", True),
        ScoredResponse("CUL", "CUL-K2", False),
        ScoredResponse("CUL", "CUL-S1", False),
        ScoredResponse("STR", "STR-K1", True),
    ]


def test_missed_objectives_are_those_not_answered_right(candidate: User) -> None:
    missed = queries.missed_objectives(make_graded(candidate))
    assert [objective.code for objective in missed] == ["CUL-K2.1", "CUL-S1.1"]


def test_missed_objectives_begin_with_what_was_missed_most(
    candidate: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """The objective, then its statement, then its competency."""
    codes = ["CUL-K1.1", "MET-K1.1", "MET-K2.1", "MET-K2.2", "STR-K1.1", "VOC-K1.1", "VOC-K1.1"]
    questions = [make_question(code) for code in codes]
    attempt = make_attempt(candidate, *questions)
    with django_assert_num_queries(2):
        missed = queries.missed_objectives(attempt)
    assert [objective.code for objective in missed] == [
        "VOC-K1.1",
        "MET-K2.1",
        "MET-K2.2",
        "MET-K1.1",
        "CUL-K1.1",
        "STR-K1.1",
    ]
