from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import User
from progress.queries.mastery import ObjectiveMastery, competency_mastery, coverage, statement_mastery
from progress.states import State
from questions.models import Question
from quizzes.models import Feedback
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_cohort,
    make_competency,
    make_objective,
    make_question,
    make_quiz,
)
from tests.progress.builders import make_answered
from tests.reviews.builders import make_due_card, make_schedule, review

DAY = timedelta(days=1)


def objectives(candidate: User, code: str = "MET") -> dict[str, ObjectiveMastery]:
    groups = statement_mastery(candidate, make_competency(code), on=TODAY, at=NOW)
    rows = [row for group in groups for statement in group.statements for row in statement.objectives]
    return {row.objective.code: row for row in rows}


def test_mastery_has_a_row_per_competency_in_the_handbooks_order(candidate: User) -> None:
    for code in ("STR", "CUL", "MET"):
        make_competency(code)

    rows = competency_mastery(candidate, on=TODAY, at=NOW)

    assert [row.competency.code for row in rows] == ["CUL", "MET", "STR"]


def test_mastery_counts_objectives_by_state(candidate: User) -> None:
    make_due_card(candidate, make_objective("MET-K1.1"), days_ago=1, stability=20.0)
    make_due_card(candidate, make_objective("MET-K1.2"), days_ago=0, stability=2.0)
    make_due_card(candidate, make_objective("MET-K1.3"), days_ago=300, stability=20.0)
    make_objective("MET-K1.4")

    (row,) = competency_mastery(candidate, on=TODAY, at=NOW)

    assert list(row.states.values()) == [1, 1, 1, 1, 0]
    assert (row.objectives, row.answered, row.recalled) == (4, 3, 2)


def test_mean_recall_leaves_out_what_was_answered_today(candidate: User) -> None:
    """Its reasons were read today: of course it is still known, and a mean of 100 % would be no praise earned."""
    review(candidate, make_question("MET-K1.1"))
    (today,) = competency_mastery(candidate, on=TODAY, at=NOW)
    (tomorrow,) = competency_mastery(candidate, on=TODAY + DAY, at=NOW + DAY)

    assert (today.recall, today.recalled, today.answered) == (None, 0, 1)
    assert (tomorrow.recalled, tomorrow.recall_percent) == (1, round(100 * (tomorrow.recall or 0)))


def test_mastery_without_answers_is_empty_not_zero(candidate: User) -> None:
    make_question()

    (row,) = competency_mastery(candidate, on=TODAY, at=NOW)

    assert (row.recall_percent, row.answered) == (None, 0)


def test_mastery_ignores_other_candidates(candidate: User, other_candidate: User) -> None:
    question = make_question()
    review(other_candidate, question)
    make_answered(other_candidate, [question])

    (row,), (covered,) = competency_mastery(candidate, on=TODAY, at=NOW), coverage(candidate)

    assert (row.answered, covered.met, covered.questions) == (0, 0, 1)


def test_coverage_counts_questions_answered_anywhere_once(candidate: User) -> None:
    both, quiz, reviewed = (make_question() for _ in range(3))
    make_question()
    make_answered(candidate, [both, quiz])
    review(candidate, both)
    review(candidate, reviewed)

    (row,) = coverage(candidate)

    assert (row.met, row.questions, row.percent) == (3, 4, 75)


def test_coverage_counts_a_new_version_as_met_and_a_withdrawn_question_not_at_all(candidate: User) -> None:
    old, gone = make_question(), make_question()
    make_answered(candidate, [old, gone])
    Question.objects.update(status=Question.Status.RETIRED)
    make_question(code=old.code, version=2)

    (row,) = coverage(candidate)

    assert (row.met, row.questions) == (1, 1)


def test_objectives_stand_below_their_statements_by_kind(candidate: User) -> None:
    for code in ("MET-K1.2", "MET-K1.1", "MET-T1.1", "MET-K2.1", "CUL-K1.1"):
        make_objective(code)

    groups = statement_mastery(candidate, make_competency("MET"), on=TODAY, at=NOW)

    assert [
        (group.heading, [(each.statement.code, len(each.objectives)) for each in group.statements]) for group in groups
    ] == [("Job tasks", [("MET-T1", 1)]), ("Knowledge", [("MET-K1", 2), ("MET-K2", 1)])]


def test_objective_tells_its_last_answer_and_its_next_review(candidate: User) -> None:
    question = make_question("MET-K1.1")
    review(candidate, question, at=NOW - 5 * DAY)
    review(candidate, question, at=NOW - 3 * DAY, selected_label="A", rating=1)
    make_schedule(
        candidate, 0, 10, days=[{"on": str(TODAY + 2 * DAY), "reviews": ["MET-K1.1"], "new": [], "is_mock": False}]
    )

    row = objectives(candidate)["MET-K1.1"]

    assert (row.answered_on, row.was_right, row.next_on) == (TODAY - 3 * DAY, False, TODAY + 2 * DAY)
    assert (row.met, row.questions) == (1, 1)


def test_objective_that_was_not_met_tells_nothing(candidate: User) -> None:
    make_objective("MET-K1.1")

    row = objectives(candidate)["MET-K1.1"]

    assert (row.state, row.recall, row.answered_on, row.next_on) == (State.UNSEEN, None, None, None)


def test_nothing_is_told_of_what_an_assignment_keeps_to_itself(candidate: User, coordinator: User) -> None:
    """Its recall, its last answer and its place in the schedule would each tell whether it was right."""
    question = make_question("MET-K1.1")
    quiz = make_quiz(author=coordinator, feedback=Feedback.AFTER_DUE)
    assignment = make_assignment(make_cohort(coordinator, candidate), quiz)
    make_answered(candidate, [question], label="A", quiz=quiz, assignment=assignment)
    review(candidate, question, selected_label="A", rating=1)

    row = objectives(candidate)["MET-K1.1"]
    (total,) = competency_mastery(candidate, on=TODAY, at=NOW)
    (later,) = competency_mastery(candidate, on=TODAY, at=assignment.due_at)

    assert (row.state, row.recall, row.answered_on, row.next_on) == (State.WITHHELD, None, None, None)
    assert (total.recall, total.states[State.WITHHELD], total.recalled) == (None, 1, 0)
    assert later.states[State.WITHHELD] == 0


@pytest.mark.parametrize("count", [1, 3])
def test_mastery_takes_a_fixed_number_of_queries(candidate: User, count: int, django_assert_num_queries) -> None:
    for number in range(1, count + 1):
        review(candidate, make_question(f"MET-K{number}.1"))
    competency = make_competency("MET")

    with django_assert_num_queries(5):
        competency_mastery(candidate, on=TODAY, at=NOW)
    with django_assert_num_queries(5):
        coverage(candidate)
    with django_assert_num_queries(9):
        statement_mastery(candidate, competency, on=TODAY, at=NOW)
