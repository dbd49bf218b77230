from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from offline import services
from questions.models import Question
from quizzes.models import Attempt, Feedback, Quiz
from quizzes.services import finish_attempt
from reviews.queries import next_question
from reviews.study_days import study_day
from tests.factories import (
    NOW,
    make_assignment,
    make_attempt,
    make_cohort,
    make_mock_attempt,
    make_options,
    make_question,
)
from tests.offline.builders import SETS, take_along
from tests.reviews.builders import review

pytestmark = pytest.mark.django_db


def make_bank(objectives: int = 12) -> list[Question]:
    return [make_question(f"MET-K{number}.1") for number in range(1, objectives + 1)]


def test_set_holds_all_that_answering_takes(candidate: User, candidate_client: Client) -> None:
    question = make_question(stem="Which **one**?")
    response = candidate_client.post(SETS, {"kind": "reviews", "count": "10"})
    content = response.json()
    [taken] = content["questions"]

    assert content["candidate"] == str(candidate.code)
    assert (taken["kind"], taken["key"], taken["stem"]) == ("new", "B", "<p>Which <strong>one</strong>?</p>")
    assert {(option["label"], option["text"]) for option in taken["options"]} == {
        (option["label"], option["text"]) for option in question.options
    }
    assert [option["rationale"].startswith("<p>Rationale") for option in taken["options"]] == [True] * 4
    assert taken["objective"]["code"] == "MET-K1.1"
    assert taken["competency"]["code"] == "MET"


def test_set_begins_as_todays_session_does(candidate: User, candidate_client: Client) -> None:
    make_bank()
    asked = next_question(candidate, on=study_day(timezone.now(), candidate.time_zone))
    taken = take_along(candidate_client)

    assert asked is not None
    assert len(taken) == 10
    assert taken[0]["objective"]["code"] == asked.question.objective.code


def test_set_asks_each_objective_once_by_the_variant_not_seen(candidate: User, candidate_client: Client) -> None:
    seen = make_question("MET-K1.1", stem="Seen?")
    make_question("MET-K1.1", stem="Unseen?")
    review(candidate, seen, at=timezone.now() - timedelta(days=30))

    assert [question["stem"] for question in take_along(candidate_client)] == ["<p>Unseen?</p>"]


def test_options_stand_in_an_order_of_their_own(candidate: User, candidate_client: Client) -> None:
    make_bank(40)
    orders = {"".join(option["label"] for option in each["options"]) for each in take_along(candidate_client, count=40)}

    assert len(orders) > 5


def test_practice_set_is_a_quiz_of_its_own(candidate: User, candidate_client: Client) -> None:
    make_bank()
    taken = take_along(candidate_client, kind="practice")
    attempt = Attempt.objects.get()

    assert (attempt.candidate, attempt.feedback, attempt.quiz.kind) == (
        candidate,
        Feedback.AFTER_EACH,
        Quiz.Kind.PRACTICE,
    )
    assert [question["source"] for question in taken] == [str(each.code) for each in attempt.responses.all()]
    assert {question["kind"] for question in taken} == {"practice"}


# Keys: reliability of every exam


def sit_mock(candidate: User) -> None:
    make_mock_attempt(candidate)


def sit_quiz_with_feedback_at_the_end(candidate: User) -> None:
    make_attempt(candidate, make_secret(), feedback=Feedback.AT_END)


def sit_assignment_not_yet_due(candidate: User) -> None:
    coordinator = User.objects.get(role=User.Role.COORDINATOR)
    now = timezone.now()
    assignment = make_assignment(make_cohort(coordinator, candidate), due_at=now + timedelta(days=3))
    attempt = make_attempt(candidate, make_secret(), assignment=assignment, feedback=Feedback.AFTER_DUE, started_at=now)
    finish_attempt(attempt=attempt, now=now)


def make_secret() -> Question:
    return make_question("MET-K1.1", stem="canary", options=make_options("canary"))


@pytest.mark.parametrize("kind", ["reviews", "practice"])
@pytest.mark.parametrize("sit", [sit_mock, sit_quiz_with_feedback_at_the_end, sit_assignment_not_yet_due])
def test_no_question_of_an_exam_is_taken_along(
    candidate: User, coordinator: User, candidate_client: Client, sit: Callable[[User], None], kind: str
) -> None:
    sit(candidate)
    make_bank(9)
    make_question("MET-K10.1", pool=Question.Pool.MOCK, options=make_options("canary"))
    response = candidate_client.post(SETS, {"kind": kind, "count": "10"})
    content = response.content.decode()

    assert "canary" not in content
    if sit is not sit_mock:
        # Where an exam has the only other question, the set is one short.
        assert len(response.json()["questions"]) == 9


# Refusals


def test_visitor_is_told_to_sign_in(client: Client) -> None:
    response = client.post(SETS, {"kind": "reviews", "count": "10"})

    assert (response.status_code, response.json()) == (401, {"error": "Sign in to take questions along."})


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"kind": "exam", "count": "10"}, "Choose reviews or practice."),
        ({"kind": "reviews", "count": "1000"}, "Choose 10, 20 or 40."),
        ({"kind": "reviews", "count": "\x00"}, "Choose 10, 20 or 40."),
        ({}, "Choose reviews or practice."),
    ],
)
def test_other_sets_are_refused_with_a_sentence(candidate_client: Client, data: dict[str, str], sentence: str) -> None:
    response = candidate_client.post(SETS, data)

    assert (response.status_code, response.json()) == (422, {"error": sentence})


def test_empty_bank_is_said(candidate_client: Client) -> None:
    response = candidate_client.post(SETS, {"kind": "reviews", "count": "10"})

    assert (response.status_code, response.json()["error"]) == (422, "There are no practice questions to take along.")


def test_practice_asks_for_no_more_than_there_is(candidate_client: Client) -> None:
    make_bank(3)
    response = candidate_client.post(SETS, {"kind": "practice", "count": "10"})

    assert response.status_code == 422
    assert "Only 3 questions match" in response.json()["error"]


# How many


def take_sets(candidate: User, count: int, *, at: datetime) -> None:
    for _ in range(count):
        services.count_set(candidate=candidate, now=at)


@pytest.mark.parametrize(
    ("seconds", "wait"), [(0, "60 minutes"), (59, "60 minutes"), (1800, "30 minutes"), (3599, "1 minute")]
)
def test_sets_beyond_those_of_an_hour_are_refused_until_the_first_is_an_hour_old(
    candidate: User, other_candidate: User, seconds: int, wait: str
) -> None:
    take_sets(candidate, 1, at=NOW)
    take_sets(candidate, services.SETS_AN_HOUR - 1, at=NOW + timedelta(seconds=seconds))

    with pytest.raises(services.SetRefused) as refused:
        take_sets(candidate, 1, at=NOW + timedelta(seconds=seconds))
    assert str(refused.value) == f"You took 30 sets along within an hour, which is the most. Try again in {wait}."
    take_sets(other_candidate, 1, at=NOW + timedelta(seconds=seconds))
    take_sets(candidate, 1, at=NOW + timedelta(hours=1))


def test_one_set_too_many_is_refused_before_it_is_put_together(candidate: User, candidate_client: Client) -> None:
    make_bank()
    take_sets(candidate, services.SETS_AN_HOUR - 1, at=timezone.now())
    take_along(candidate_client, kind="practice")
    response = candidate_client.post(SETS, {"kind": "practice", "count": "10"})

    sentence = "You took 30 sets along within an hour, which is the most. Try again in 60 minutes."
    assert (response.status_code, response.json()) == (429, {"error": sentence})
    assert Attempt.objects.count() == 1


def test_a_wish_that_cannot_be_read_is_not_counted(candidate: User, candidate_client: Client) -> None:
    make_bank(1)
    take_sets(candidate, services.SETS_AN_HOUR - 1, at=timezone.now())
    candidate_client.post(SETS, {"kind": "exam", "count": "10"})

    assert len(take_along(candidate_client)) == 1


def test_set_cannot_be_read(candidate_client: Client) -> None:
    assert candidate_client.get(SETS).status_code == 405


@pytest.mark.parametrize("objectives", [1, 3])
def test_queries_do_not_grow_with_the_set(
    candidate_client: Client, django_assert_num_queries: Callable[[int], object], objectives: int
) -> None:
    make_bank(objectives)
    with django_assert_num_queries(10):
        candidate_client.post(SETS, {"kind": "reviews", "count": "10"})
