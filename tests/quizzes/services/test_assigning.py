from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from cohorts.models import Cohort
from quizzes.models import Assignment, Attempt, Feedback, Quiz
from quizzes.services import NotEnoughQuestions, start_attempt
from quizzes.services.assigning import (
    AssignmentRefused,
    assign_quiz,
    build_chosen_quiz,
    build_mock_quiz,
    build_rule_quiz,
    update_assignment,
)
from tests.factories import NOW, make_assignment, make_blueprint, make_mock_question, make_question, make_quiz

DAY = timedelta(days=1)


def assign(cohort: Cohort, quiz: Quiz, **fields: Any) -> Assignment:
    window = {"code": uuid.uuid4(), "opens_at": NOW, "due_at": NOW + DAY, "attempts_allowed": 1}
    return assign_quiz(cohort=cohort, quiz=quiz, **{**window, **fields})


def move(assignment: Assignment, *, now: datetime = NOW, **fields: Any) -> Assignment:
    window = {name: getattr(assignment, name) for name in ("opens_at", "due_at", "attempts_allowed")}
    return update_assignment(assignment=assignment, now=now, **{**window, **fields})


def test_chosen_questions_are_asked_in_the_order_given(cohort: Cohort, candidate: User) -> None:
    first, second, third = (make_question(f"MET-K{number}.1") for number in (1, 2, 3))
    quiz = build_chosen_quiz(author=cohort.coordinator, title="Chosen", questions=[third, first, second])
    assignment = assign(cohort, quiz, questions=[third, first, second])
    attempt = start_attempt(candidate=candidate, quiz=assignment.quiz, now=NOW, assignment=assignment)

    assert [response.question for response in attempt.responses.all()] == [third, first, second]


def test_rule_draws_for_each_candidate(cohort: Cohort, candidate: User) -> None:
    for number in range(1, 4):
        make_question(f"MET-K{number}.1")
    make_question("CUL-K1.1")
    quiz = build_rule_quiz(author=cohort.coordinator, title="Rule", rule={"competencies": ["MET"]}, question_count=3)
    assignment = assign(cohort, quiz)
    attempt = start_attempt(candidate=candidate, quiz=assignment.quiz, now=NOW, assignment=assignment)

    competencies = attempt.responses.values_list("question__objective__statement__competency__code", flat=True)
    assert list(competencies) == ["MET", "MET", "MET"]


def test_rule_that_asks_for_more_than_match_is_refused(coordinator: User) -> None:
    make_question("MET-K1.1")

    with pytest.raises(NotEnoughQuestions) as caught:
        build_rule_quiz(author=coordinator, title="Rule", rule={"competencies": ["MET"]}, question_count=3)
    assert caught.value.sentence == "Only 1 question matches; you asked for 3."


def test_mock_that_the_sealed_pool_cannot_fill_is_refused(coordinator: User) -> None:
    blueprint = make_blueprint(item_count=2, MET=100)
    make_mock_question("MET-K1.1")

    with pytest.raises(NotEnoughQuestions) as caught:
        build_mock_quiz(author=coordinator, title="Mock", blueprint=blueprint)
    assert caught.value.sentence == "The sealed pool has 1 of 2 questions for Metrics, Measurement, and ROI."


def test_mock_draws_from_the_sealed_pool(cohort: Cohort, candidate: User) -> None:
    blueprint = make_blueprint(item_count=1, MET=100)
    make_question("MET-K1.1")
    sealed = make_mock_question("MET-K1.1")
    assignment = assign(cohort, build_mock_quiz(author=cohort.coordinator, title="Mock", blueprint=blueprint))
    attempt = start_attempt(candidate=candidate, quiz=assignment.quiz, now=NOW, assignment=assignment)

    assert [response.question for response in attempt.responses.all()] == [sealed]


def test_the_same_code_twice_is_one_assignment(cohort: Cohort) -> None:
    make_question("MET-K1.1")
    code = uuid.uuid4()
    first, second = (
        assign(
            cohort,
            build_rule_quiz(author=cohort.coordinator, title="Rule", rule={}, question_count=1),
            code=code,
        )
        for _ in range(2)
    )

    assert (first, Quiz.objects.count()) == (second, 1)


def test_longer_window_moves_the_deadline_of_open_attempts(cohort: Cohort, candidate: User) -> None:
    make_question("MET-K1.1")
    assignment = make_assignment(cohort, quiz=make_quiz(question_count=1), due_at=NOW + DAY)
    attempt = start_attempt(candidate=candidate, quiz=assignment.quiz, now=NOW, assignment=assignment)
    move(assignment, due_at=NOW + 3 * DAY)

    attempt.refresh_from_db()
    assert attempt.deadline_at == NOW + 3 * DAY


def test_longer_window_leaves_the_time_limit_as_it_was(cohort: Cohort, candidate: User) -> None:
    make_question("MET-K1.1")
    quiz = make_quiz(question_count=1, time_limit_minutes=30)
    assignment = make_assignment(cohort, quiz=quiz, due_at=NOW + DAY)
    attempt = start_attempt(candidate=candidate, quiz=quiz, now=NOW, assignment=assignment)
    move(assignment, due_at=NOW + 3 * DAY)

    attempt.refresh_from_db()
    assert attempt.deadline_at == NOW + timedelta(minutes=30)


def test_due_date_cannot_move_into_the_past(cohort: Cohort) -> None:
    with pytest.raises(AssignmentRefused, match="cannot be moved into the past"):
        move(make_assignment(cohort), due_at=NOW - timedelta(hours=1))


def test_assignment_that_has_shown_its_answers_stays_closed(cohort: Cohort) -> None:
    quiz = make_quiz(feedback=Feedback.AFTER_DUE)
    assignment = make_assignment(cohort, quiz=quiz, opens_at=NOW - 2 * DAY, due_at=NOW - DAY)

    with pytest.raises(AssignmentRefused, match="answers have been shown"):
        move(assignment, due_at=NOW + DAY)


def test_opening_stays_once_somebody_has_started(cohort: Cohort, candidate: User) -> None:
    make_question("MET-K1.1")
    assignment = make_assignment(cohort, quiz=make_quiz(question_count=1))
    start_attempt(candidate=candidate, quiz=assignment.quiz, now=NOW, assignment=assignment)

    with pytest.raises(AssignmentRefused, match="Somebody has started"):
        move(assignment, opens_at=NOW + timedelta(hours=1))
    assert Attempt.objects.get().is_open


def test_window_that_only_lost_its_seconds_counts_as_unchanged(cohort: Cohort, candidate: User) -> None:
    make_question("MET-K1.1")
    opens_at = NOW - DAY + timedelta(seconds=17)
    assignment = make_assignment(cohort, quiz=make_quiz(question_count=1), opens_at=opens_at)
    start_attempt(candidate=candidate, quiz=assignment.quiz, now=NOW, assignment=assignment)

    assert move(assignment, opens_at=NOW - DAY, attempts_allowed=3).attempts_allowed == 3
