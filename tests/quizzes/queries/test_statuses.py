from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from cohorts.models import Cohort
from questions.models import Question
from quizzes.models import Attempt, Feedback, QuestionStatus, Response, StatusReset
from quizzes.queries.statuses import last_seen, reset_to_take_back, standing_of
from quizzes.services import flag_response
from reviews.models import Rating
from reviews.services import NewReview, record_reviews, undo_review
from tests.factories import NOW, make_assignment, make_attempt, make_key, make_mock_question, make_question, make_quiz
from tests.reviews.builders import review

DAY = timedelta(days=1)
MISSED, UNSURE, FLAGGED = QuestionStatus.MISSED, QuestionStatus.UNSURE, QuestionStatus.FLAGGED


def answered(candidate: User, question: Question, label: str, at: datetime = NOW, **fields: Any) -> Attempt:
    """Graded, with one question; B is the key."""
    of_attempt = {name: fields.pop(name) for name in ("assignment", "quiz", "feedback") if name in fields}
    attempt = make_attempt(candidate, question, state="graded", started_at=at, submitted_at=at, **of_attempt)
    Response.objects.filter(attempt=attempt).update(
        **{
            "selected_label": label,
            "answered_at": at if label else None,
            "is_correct": label == "B",
            "sequence": 1 if label else 0,
            **fields,
        }
    )
    return attempt


def statuses_of(candidate: User, at: datetime = NOW) -> dict[int, set[QuestionStatus]]:
    return {pk: set(own) for pk, own in standing_of(candidate, at=at).statuses.items()}


@pytest.mark.parametrize(
    ("label", "fields", "expected"),
    [
        ("B", {}, set()),
        ("B", {"confidence": "sure"}, set()),
        ("B", {"confidence": "unsure"}, {UNSURE}),
        ("B", {"confidence": "guess"}, {UNSURE}),
        ("A", {"confidence": "sure"}, {MISSED}),
        ("A", {"confidence": "unsure"}, {MISSED}),
        ("A", {"is_flagged": True}, {MISSED, FLAGGED}),
        ("B", {"is_flagged": True}, {FLAGGED}),
        ("", {}, set()),
        ("", {"is_flagged": True, "sequence": 1}, {FLAGGED}),
        # What a placement test takes for "I do not know".
        ("", {"answered_at": NOW, "sequence": 1}, {MISSED}),
    ],
)
def test_an_answer_gives_its_question_statuses(
    candidate: User, label: str, fields: dict[str, Any], expected: set[QuestionStatus]
) -> None:
    question = make_question()
    answered(candidate, question, label, **fields)
    assert statuses_of(candidate) == ({question.pk: expected} if expected else {})
    assert list(standing_of(candidate, at=NOW).seen) == [question.pk]


@pytest.mark.parametrize(("first", "last", "expected"), [("A", "B", set()), ("B", "A", {MISSED})])
def test_the_newest_answer_counts(candidate: User, first: str, last: str, expected: set[QuestionStatus]) -> None:
    question = make_question()
    answered(candidate, question, last, NOW - DAY)
    answered(candidate, question, first, NOW - 2 * DAY)
    assert statuses_of(candidate).get(question.pk, set()) == expected


@pytest.mark.parametrize(
    ("label", "rating", "expected"),
    [
        ("B", Rating.GOOD, set()),
        ("B", Rating.HARD, {UNSURE}),
        ("B", Rating.AGAIN, {UNSURE}),
        ("C", Rating.AGAIN, {MISSED}),
    ],
)
def test_a_review_is_an_answer_too(candidate: User, label: str, rating: int, expected: set[QuestionStatus]) -> None:
    question = make_question()
    answered(candidate, question, "A" if expected != {MISSED} else "B", NOW - DAY)
    review(candidate, question, selected_label=label, rating=rating, is_from_review=True)
    assert statuses_of(candidate).get(question.pk, set()) == expected


def test_a_review_that_was_taken_back_says_nothing(candidate: User) -> None:
    question = make_question()
    log = review(candidate, question, selected_label="C", rating=Rating.AGAIN, is_from_review=True)
    undo_review(candidate=candidate, source=log.source, now=NOW)
    assert (statuses_of(candidate), list(standing_of(candidate, at=NOW).seen)) == ({}, [question.pk])


def test_a_flag_comes_off_again(candidate: User) -> None:
    question = make_question()
    attempt = answered(candidate, question, "B", is_flagged=True)
    flag_response(response=attempt.responses.get(), is_flagged=False)
    assert statuses_of(candidate) == {}


def test_a_later_answer_without_a_flag_takes_it_off_and_a_mere_draw_does_not(candidate: User) -> None:
    kept, taken_off = make_question("MET-K1.1"), make_question("MET-K2.1")
    for question in (kept, taken_off):
        answered(candidate, question, "B", NOW - DAY, is_flagged=True)
    make_attempt(candidate, kept)
    answered(candidate, taken_off, "B")
    assert statuses_of(candidate) == {kept.pk: {FLAGGED}}


@pytest.mark.parametrize(("after", "expected"), [(timedelta(), set()), (DAY, {MISSED})])
def test_what_waits_for_its_due_date_is_not_told_before(
    candidate: User, cohort: Cohort, after: timedelta, expected: set[QuestionStatus]
) -> None:
    question = make_question()
    assignment = make_assignment(cohort, make_quiz(feedback=Feedback.AFTER_DUE), due_at=NOW + DAY)
    answered(candidate, question, "A", assignment=assignment, feedback=Feedback.AFTER_DUE)
    assert statuses_of(candidate, NOW + after).get(question.pk, set()) == expected


def test_an_open_quiz_tells_nothing_but_what_was_checked(candidate: User) -> None:
    unchecked, checked = make_question("MET-K1.1"), make_question("MET-K2.1")
    attempt = make_attempt(candidate, unchecked, checked)
    attempt.responses.update(selected_label="A", answered_at=NOW, sequence=1)
    attempt.responses.filter(question=checked).update(checked_at=NOW, is_correct=False)
    assert statuses_of(candidate) == {checked.pk: {MISSED}}


def test_another_version_follows_the_published_one_and_a_retired_question_is_gone(candidate: User) -> None:
    old = make_question("MET-K1.1", status="retired")
    gone = make_question("MET-K2.1", status="retired")
    new = make_question("MET-K1.1", code=old.code, version=2)
    answered(candidate, old, "A")
    answered(candidate, gone, "A")
    assert statuses_of(candidate) == {new.pk: {MISSED}}


def test_sealed_questions_and_other_people_s_answers_do_not_count(candidate: User, other_candidate: User) -> None:
    answered(candidate, make_mock_question(), "A")
    answered(other_candidate, make_question(), "A")
    standing = standing_of(candidate, at=NOW)
    assert (standing.seen, standing.statuses) == ({}, {})


def test_a_reset_leaves_what_came_after_it(candidate: User) -> None:
    before, after, both = (make_question(f"MET-K{number}.1") for number in (1, 2, 3))
    answered(candidate, before, "A", NOW - 2 * DAY, is_flagged=True)
    answered(candidate, both, "A", NOW - 2 * DAY)
    review(candidate, before, at=NOW - 2 * DAY, selected_label="C", rating=Rating.AGAIN, is_from_review=True)
    StatusReset.objects.create(candidate=candidate, reset_at=NOW - DAY)
    answered(candidate, after, "A")
    answered(candidate, both, "B")
    assert statuses_of(candidate) == {after.pk: {MISSED}}
    assert set(standing_of(candidate, at=NOW).seen) == {after.pk, both.pk}
    assert set(last_seen(candidate, since=NOW - DAY)) == {after.pk, both.pk}
    assert set(last_seen(candidate)) == {before.pk, after.pk, both.pk}


def test_a_reset_of_somebody_else_changes_nothing(candidate: User, other_candidate: User) -> None:
    question = make_question()
    answered(candidate, question, "A", NOW - DAY)
    StatusReset.objects.create(candidate=other_candidate, reset_at=NOW)
    assert statuses_of(candidate) == {question.pk: {MISSED}}


def test_an_answer_after_the_reset_counts_in_a_quiz_begun_before(candidate: User) -> None:
    question = make_question()
    attempt = answered(candidate, question, "A")
    Attempt.objects.filter(pk=attempt.pk).update(started_at=NOW - 2 * DAY)
    StatusReset.objects.create(candidate=candidate, reset_at=NOW - DAY)
    assert statuses_of(candidate) == {question.pk: {MISSED}}


@pytest.mark.parametrize(
    ("zone", "hours", "may_be"),
    [("UTC", 15.9, True), ("UTC", 16, False), ("Asia/Tokyo", 6.9, True), ("Asia/Tokyo", 7, False)],
)
def test_a_reset_can_be_taken_back_until_its_study_day_ends(
    candidate: User, zone: str, hours: float, may_be: bool
) -> None:
    """It was noon in UTC and nine in the evening in Tokyo; the day ends at four."""
    candidate.time_zone = zone
    reset = StatusReset.objects.create(candidate=candidate, reset_at=NOW)
    found = reset_to_take_back(candidate, at=NOW + timedelta(hours=hours))
    assert found == (reset if may_be else None)


@pytest.mark.parametrize("rows", [1, 3])
def test_standing_takes_three_queries(
    candidate: User, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for number in range(1, rows + 1):
        question = make_question(f"MET-K{number}.1")
        answered(candidate, question, "A")
        review(candidate, question, source=uuid.uuid4(), is_from_review=True)
    with django_assert_num_queries(3):
        standing_of(candidate, at=NOW)


def test_last_seen_knows_attempts_and_reviews(candidate: User, other_candidate: User) -> None:
    answered, reviewed, both, foreign = (make_question(f"MET-K{number}.1") for number in (1, 2, 3, 4))
    make_attempt(candidate, answered, both, started_at=NOW - 2 * DAY)
    make_attempt(candidate, answered, started_at=NOW - 3 * DAY)
    make_attempt(other_candidate, foreign)
    record_reviews(
        candidate=candidate,
        reviews=[
            NewReview(
                objective_id=question.objective_id,
                question_id=question.pk,
                source=make_key(),  # type: ignore[arg-type]
                selected_label="B",
                rating=Rating.GOOD,
                seconds=10,
                reviewed_at=NOW - DAY,
            )
            for question in (reviewed, both)
        ],
    )
    assert last_seen(candidate) == {
        answered.pk: NOW - 2 * DAY,
        reviewed.pk: NOW - DAY,
        both.pk: NOW - DAY,
    }


def test_last_seen_names_the_published_version(candidate: User) -> None:
    old = make_question("MET-K1.1", status="retired")
    gone = make_question("MET-K2.1", status="retired")
    new = make_question("MET-K1.1", code=old.code, version=2)
    make_attempt(candidate, old, gone)
    assert last_seen(candidate) == {new.pk: NOW}
