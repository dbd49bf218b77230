from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from accounts.models import User
from progress.queries import candidate as queries
from quizzes.models import Attempt, Quiz
from reviews.models import Schedule
from reviews.services import NewReview, record_reviews
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_attempt,
    make_cohort,
    make_competency,
    make_objective,
    make_question,
    make_quiz,
    make_study_plan,
)


def answer(attempt: Attempt, *is_correct: bool) -> None:
    """Grade the responses of an attempt, first to last."""
    for response, mark in zip(attempt.responses.all(), is_correct, strict=True):
        response.is_correct = mark
        response.save(update_fields=["is_correct"])


def review(candidate: User, objective: str, *, days_ago: int = 0) -> None:
    question = make_question(objective)
    record_reviews(
        candidate=candidate,
        reviews=[
            NewReview(
                objective_id=question.objective_id,
                question_id=question.pk,
                source=uuid.uuid4(),
                selected_label="B",
                rating=3,
                seconds=20,
                reviewed_at=NOW - timedelta(days=days_ago),
            )
        ],
    )


def plan_today(candidate: User, *codes: str) -> None:
    Schedule.objects.create(
        candidate=candidate,
        starts_on=TODAY,
        days=[{"on": TODAY.isoformat(), "capacity": 20, "minutes": 5, "reviews": [], "new": list(codes)}],
        algorithm_version="fsrs-6.0",
        as_of_log_id=0,
        built_at=NOW,
    )


def test_mastery_counts_first_answers_only(candidate: User) -> None:
    question = make_question("MET-K1.1")
    answer(make_attempt(candidate, question, state=Attempt.State.ABANDONED), False)
    answer(make_attempt(candidate, question, state=Attempt.State.ABANDONED), True)

    (row,) = queries.mastery(candidate, on=TODAY)

    assert (row.competency.code, row.correct, row.answered) == ("MET", 0, 1)


def test_mastery_has_a_row_per_competency_in_the_handbooks_order(candidate: User) -> None:
    for code in ("STR", "CUL", "MET"):
        make_competency(code)

    assert [row.competency.code for row in queries.mastery(candidate, on=TODAY)] == ["CUL", "MET", "STR"]


def test_mastery_counts_objectives_met_and_their_recall(candidate: User) -> None:
    make_objective("MET-K1.2")
    review(candidate, "MET-K1.1")

    (row,) = queries.mastery(candidate, on=TODAY)

    assert (row.seen, row.objectives, row.coverage, row.recall_percent) == (1, 2, 50, 100)


def test_mastery_without_answers_is_empty_not_zero(candidate: User) -> None:
    make_competency("MET")

    (row,) = queries.mastery(candidate, on=TODAY)

    assert (row.percent, row.coverage, row.recall_percent) == (None, 0, None)


def test_mastery_ignores_other_candidates(candidate: User, other_candidate: User) -> None:
    answer(make_attempt(other_candidate, make_question("MET-K1.1")), True)

    assert [row.answered for row in queries.mastery(candidate, on=TODAY)] == [0]


def test_next_step_of_a_new_candidate_is_to_begin(candidate: User) -> None:
    plan_today(candidate, "MET-K1.1")

    assert queries.today(candidate, on=TODAY, at=NOW).next_step == "begin"


def test_next_step_is_a_running_clock_before_anything_else(candidate: User) -> None:
    review(candidate, "MET-K1.1", days_ago=300)
    make_attempt(candidate, deadline_at=NOW + timedelta(hours=1))

    assert queries.today(candidate, on=TODAY, at=NOW).next_step == "resume"


def test_next_step_is_what_would_be_forgotten(candidate: User) -> None:
    review(candidate, "MET-K1.1", days_ago=300)
    make_attempt(candidate)

    page = queries.today(candidate, on=TODAY, at=NOW)

    assert (page.next_step, page.due, page.review_minutes) == ("review", 1, 1)


def test_next_step_is_an_open_assignment_before_an_unfinished_practice_quiz(candidate: User, coordinator: User) -> None:
    make_assignment(make_cohort(coordinator, candidate))
    make_attempt(candidate)

    assert queries.today(candidate, on=TODAY, at=NOW).next_step == "assignment"


def test_next_step_is_an_unfinished_practice_quiz(candidate: User) -> None:
    make_attempt(candidate)

    assert queries.today(candidate, on=TODAY, at=NOW).next_step == "continue"


def test_next_step_is_what_the_schedule_introduces(candidate: User) -> None:
    review(candidate, "MET-K1.1")
    plan_today(candidate, "MET-K1.1", "MET-K2.1", "MET-K3.1")

    page = queries.today(candidate, on=TODAY, at=NOW)

    assert (page.next_step, page.new) == ("learn", ["MET-K2.1", "MET-K3.1"])
    assert page.new_query == "objectives=MET-K2.1&objectives=MET-K3.1"


def test_next_step_is_done_when_nothing_is_left(candidate: User) -> None:
    review(candidate, "MET-K1.1")

    assert queries.today(candidate, on=TODAY, at=NOW).next_step == "done"


def test_yesterdays_schedule_introduces_nothing_today(candidate: User) -> None:
    review(candidate, "MET-K1.1")
    plan_today(candidate, "MET-K2.1")

    assert queries.today(candidate, on=TODAY + timedelta(days=1), at=NOW).new == []


def test_assignments_leave_out_closed_future_used_and_foreign_ones(
    candidate: User, coordinator: User, outsider: User
) -> None:
    cohort = make_cohort(coordinator, candidate)
    wanted = make_assignment(cohort)
    make_assignment(cohort, opens_at=NOW + timedelta(days=1))
    make_assignment(cohort, opens_at=NOW - timedelta(days=9), due_at=NOW - timedelta(days=1))
    make_assignment(make_cohort(outsider))
    used = make_assignment(cohort)
    make_attempt(candidate, quiz=used.quiz, assignment=used, state=Attempt.State.GRADED, submitted_at=NOW, raw_score=0)

    assert queries.today(candidate, on=TODAY, at=NOW).assignments == [wanted]


def test_days_left_counts_to_the_exam(candidate: User) -> None:
    make_study_plan(candidate, exam_on=TODAY + timedelta(days=30))

    assert queries.today(candidate, on=TODAY, at=NOW).days_left == 30


def test_weakest_names_two_competencies_with_enough_answers(candidate: User) -> None:
    for code, marks in {
        "CUL": (True, True, True),
        "VOC": (True, False, False),
        "DES": (True, True, False),
        "STR": (False,),
    }.items():
        questions = [make_question(f"{code}-K1.1") for _ in marks]
        answer(make_attempt(candidate, *questions, quiz=make_quiz(kind=Quiz.Kind.PRACTICE)), *marks)

    weakest = queries.today(candidate, on=TODAY, at=NOW).weakest

    assert [row.competency.code for row in weakest] == ["VOC", "DES"]


def test_first_week_is_planned_from_the_objectives_there_are(db: None) -> None:
    for number in range(1, 30):
        make_objective(f"MET-K1.{number}")

    week = queries.first_week(on=TODAY)

    assert len(week.columns) == 7
    assert week.columns[0]["is_current"] is True
    assert float(week.columns[0]["second"]) > 0


@pytest.mark.parametrize("objectives", [1, 3])
def test_today_takes_a_fixed_number_of_queries(candidate: User, objectives: int, django_assert_num_queries) -> None:
    for number in range(1, objectives + 1):
        review(candidate, f"MET-K{number}.1", days_ago=300)
        make_attempt(candidate)

    with django_assert_num_queries(10):
        queries.today(candidate, on=TODAY, at=NOW)


def test_mastery_rounds_half_up_like_every_other_score(candidate: User) -> None:
    questions = [make_question("MET-K1.1") for _ in range(8)]
    answer(make_attempt(candidate, *questions), *[True] * 5, *[False] * 3)

    assert [row.percent for row in queries.mastery(candidate, on=TODAY)] == [63]
