from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import QuerySet

from accounts.models import User
from cohorts.models import Cohort
from questions.models import Question
from quizzes.models import Attempt, Feedback, Quiz, Response
from quizzes.queries.answered import answered_questions, withheld_codes, withheld_questions
from tests.factories import NOW, make_assignment, make_attempt, make_mock_question, make_question, make_quiz


def sat(candidate: User, *questions: Question, label: str = "B", days_ago: int = 0, **fields: Any) -> Attempt:
    """Finished and graded, the key chosen each time."""
    quiz = fields.pop("quiz", None) or make_quiz(author=candidate, feedback=Feedback.AT_END)
    finished = {"state": Attempt.State.GRADED, "submitted_at": NOW, "raw_score": 0, **fields}
    attempt = make_attempt(candidate, *questions, quiz=quiz, **finished)
    attempt.responses.update(selected_label=label, is_correct=label == "B", answered_at=NOW - timedelta(days=days_ago))
    return attempt


def found(candidate: User) -> list[tuple[str, bool | None]]:
    rows: QuerySet[Response] = answered_questions(candidate, at=NOW)
    return [(response.question.code, response.is_correct) for response in rows]


def test_latest_answer_to_each_question_newest_first(candidate: User) -> None:
    one, two = make_question(code="ONE"), make_question(code="TWO")
    sat(candidate, one, label="A", days_ago=1)
    sat(candidate, one, two, label="B", days_ago=3)
    assert found(candidate) == [("ONE", False), ("TWO", True)]


def test_versions_of_a_question_are_one_question(candidate: User) -> None:
    old = make_question(code="ONE", status="retired")
    sat(candidate, old, days_ago=2)
    new = make_question(code="ONE", version=2, stem="The newer stem?")
    sat(candidate, new, label="A", days_ago=1)
    assert [response.question.stem for response in answered_questions(candidate, at=NOW)] == ["The newer stem?"]


def test_unanswered_and_other_peoples_questions_are_left_out(candidate: User, other_candidate: User) -> None:
    sat(candidate, make_question(), label="")
    sat(other_candidate, make_question())
    assert found(candidate) == []


def test_checked_answers_of_a_running_quiz_are_shown(candidate: User) -> None:
    questions = [make_question(code="CHECKED"), make_question(code="SAVED"), make_question(code="OPEN")]
    attempt = make_attempt(candidate, *questions, feedback=Feedback.AFTER_EACH)
    attempt.responses.filter(position=1).update(selected_label="B", checked_at=NOW, is_correct=True)
    attempt.responses.filter(position=2).update(selected_label="B")
    assert found(candidate) == [("CHECKED", True)]


def test_sealed_questions_of_a_finished_mock_are_shown(candidate: User) -> None:
    sat(candidate, make_mock_question(code="SEALED"))
    assert found(candidate) == [("SEALED", True)]


@pytest.mark.parametrize("make", [make_question, make_mock_question])
def test_what_a_running_exam_asks_again_is_left_out(candidate: User, make: Any) -> None:
    """Its key stood in an earlier result, and is no business of the one who sits it now."""
    asked, other = make(code="ASKED"), make(code="OTHER")
    sat(candidate, asked, other)
    kind = {"kind": Quiz.Kind.PRACTICE, "feedback": Feedback.AT_END}
    attempt = make_attempt(candidate, asked, quiz=make_quiz(author=candidate, **kind))
    assert found(candidate) == [("OTHER", True)]
    Attempt.objects.filter(pk=attempt.pk).update(state=Attempt.State.ABANDONED)
    assert found(candidate) == [("OTHER", True), ("ASKED", True)]


def test_what_a_running_exam_asks_in_a_newer_version_is_left_out(candidate: User) -> None:
    sat(candidate, make_question(code="ONE", status="retired"))
    make_attempt(candidate, make_question(code="ONE", version=2), feedback=Feedback.AT_END)
    assert found(candidate) == []


def test_a_running_quiz_in_learning_mode_hides_nothing(candidate: User) -> None:
    question = make_question(code="ONE")
    sat(candidate, question)
    make_attempt(candidate, question, feedback=Feedback.AFTER_EACH)
    assert found(candidate) == [("ONE", True)]


@pytest.mark.parametrize(("seconds", "shown"), [(-1, True), (0, True), (1, False)])
def test_an_assignment_shows_its_questions_from_its_due_date_on(
    candidate: User, cohort: Cohort, seconds: int, shown: bool
) -> None:
    quiz = make_quiz(author=cohort.coordinator, feedback=Feedback.AFTER_DUE)
    assignment = make_assignment(cohort, quiz, due_at=NOW + timedelta(seconds=seconds))
    question = make_question(code="ONE")
    sat(candidate, question, days_ago=9)
    sat(candidate, question, label="A", quiz=quiz, assignment=assignment)
    assert found(candidate) == ([("ONE", False)] if shown else [])


def sit_in_every_state(candidate: User, cohort: Cohort) -> list[Response]:
    """Every state, policy and due date, checked or not; answered, marked, and each of another question."""
    dues = [None, NOW - timedelta(days=1), NOW, NOW + timedelta(days=1)]
    for state, feedback, due_at, checked_at in itertools.product(Attempt.State, Feedback, dues, [None, NOW]):
        quiz = make_quiz(author=cohort.coordinator, feedback=feedback)
        opens_at = NOW - timedelta(days=2)
        assignment = make_assignment(cohort, quiz, opens_at=opens_at, due_at=due_at) if due_at else None
        attempt = sat(candidate, make_question(), quiz=quiz, assignment=assignment, state=state)
        attempt.responses.update(checked_at=checked_at)
    return list(Response.objects.select_related("attempt__assignment", "question"))


def test_rows_are_explained_as_the_model_says(candidate: User, cohort: Cohort) -> None:
    responses = sit_in_every_state(candidate, cohort)
    explained = {response for response in responses if response.shows_rationale(NOW)}
    assert 0 < len(explained) < len(responses)
    assert set(Response.objects.explained(NOW)) == explained
    assert set(answered_questions(candidate, at=NOW)) == explained


def test_what_is_not_explained_is_withheld_but_in_learning_mode(candidate: User, cohort: Cohort) -> None:
    responses = sit_in_every_state(candidate, cohort)
    withheld = {
        response
        for response in responses
        if not response.shows_rationale(NOW)
        and not (response.attempt.is_open and response.attempt.feedback == Feedback.AFTER_EACH)
    }
    assert 0 < len(withheld) < len(responses)
    assert set(withheld_questions(candidate, at=NOW)) == withheld
    assert withheld_codes(candidate, at=NOW) == {response.question.code for response in withheld}


def test_nothing_is_withheld_for_what_others_sit(candidate: User, other_candidate: User) -> None:
    make_attempt(other_candidate, make_question(), feedback=Feedback.AT_END)
    assert withheld_codes(candidate, at=NOW) == set()


def test_rows_are_read_without_options_in_one_query(candidate: User, django_assert_num_queries: Any) -> None:
    sat(candidate, make_question("MET-K1.1"), make_question("CUL-T1.1"))
    with django_assert_num_queries(1):
        for response in answered_questions(candidate, at=NOW):
            assert response.question.get_deferred_fields() >= {"options", "key"}
            assert response.question.objective.statement.competency.code in {"MET", "CUL"}
            assert response.attempt.code


@pytest.mark.postgres
def test_postgresql_finds_the_same(candidate: User) -> None:
    one, two, three = make_question(code="ONE"), make_question(code="TWO"), make_question(code="THREE")
    sat(candidate, one, two, label="A", days_ago=3)
    sat(candidate, two, three, days_ago=1)
    make_attempt(candidate, three, feedback=Feedback.AT_END)
    assert found(candidate) == [("TWO", True), ("ONE", False)]
