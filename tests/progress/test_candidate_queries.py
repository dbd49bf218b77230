from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.models import User
from progress.queries import candidate as queries
from quizzes.models import Attempt, Quiz
from reviews.services import NewReview, add_special_days, record_reviews
from reviews.special_days import Span
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_attempt,
    make_blueprint,
    make_cohort,
    make_question,
    make_quiz,
    make_study_plan,
)


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


def test_next_step_of_a_new_candidate_is_to_begin(candidate: User) -> None:
    make_question()

    assert queries.today(candidate, on=TODAY, at=NOW).next_step == "begin"


def test_next_step_is_a_running_clock_before_anything_else(candidate: User) -> None:
    review(candidate, "MET-K1.1", days_ago=300)
    make_attempt(candidate, deadline_at=NOW + timedelta(hours=1))

    assert queries.today(candidate, on=TODAY, at=NOW).next_step == "resume"


def test_next_step_is_todays_session_with_reviews_and_new_together(candidate: User, coordinator: User) -> None:
    review(candidate, "MET-K1.1", days_ago=300)
    make_question("MET-K2.1")
    make_assignment(make_cohort(coordinator, candidate))
    make_attempt(candidate)
    make_study_plan(candidate, exam_on=TODAY + timedelta(days=20))

    page = queries.today(candidate, on=TODAY, at=NOW)

    assert (page.next_step, page.session.reviews, page.session.new) == ("session", 1, 1)


def test_next_step_is_an_open_assignment_before_an_unfinished_practice_quiz(candidate: User, coordinator: User) -> None:
    make_assignment(make_cohort(coordinator, candidate))
    make_attempt(candidate)

    assert queries.today(candidate, on=TODAY, at=NOW).next_step == "assignment"


def test_next_step_is_an_unfinished_practice_quiz(candidate: User) -> None:
    make_attempt(candidate)

    assert queries.today(candidate, on=TODAY, at=NOW).next_step == "continue"


def test_next_step_is_done_when_nothing_is_left(candidate: User) -> None:
    review(candidate, "MET-K1.1")

    assert queries.today(candidate, on=TODAY, at=NOW).next_step == "done"


def test_next_step_on_a_mock_day_is_the_mock_until_it_is_sat(candidate: User) -> None:
    review(candidate, "MET-K1.1", days_ago=9)
    make_study_plan(candidate, exam_on=TODAY + timedelta(days=20))
    add_special_days(candidate=candidate, span=Span("mock", TODAY, TODAY), now=NOW)

    assert queries.today(candidate, on=TODAY, at=NOW).next_step == "mock-day"

    edition = make_blueprint("small", item_count=1, MET=100)
    mock = make_quiz(kind=Quiz.Kind.MOCK, blueprint=edition)
    make_attempt(candidate, quiz=mock, state=Attempt.State.GRADED, submitted_at=NOW, raw_score=0)

    assert queries.today(candidate, on=TODAY, at=NOW).next_step == "done"


def test_next_step_on_a_day_off_is_none(candidate: User) -> None:
    review(candidate, "MET-K1.1", days_ago=9)
    make_study_plan(candidate, exam_on=TODAY + timedelta(days=20))
    add_special_days(candidate=candidate, span=Span("off", TODAY, TODAY), now=NOW)

    assert queries.today(candidate, on=TODAY, at=NOW).next_step == "day-off"


def test_next_step_without_minutes_in_the_plan_says_so(candidate: User) -> None:
    review(candidate, "MET-K1.1", days_ago=9)
    make_study_plan(candidate, exam_on=TODAY + timedelta(days=20), minutes_by_weekday=[0] * 7)

    assert queries.today(candidate, on=TODAY, at=NOW).next_step == "no-minutes"


def test_next_step_on_the_day_of_the_exam_is_the_exam(candidate: User) -> None:
    review(candidate, "MET-K1.1", days_ago=9)
    make_study_plan(candidate, exam_on=TODAY)

    assert queries.today(candidate, on=TODAY, at=NOW).next_step == "exam-day"


def test_next_step_after_the_exam_is_to_keep_what_is_known(candidate: User) -> None:
    review(candidate, "MET-K1.1", days_ago=300)
    make_study_plan(candidate, exam_on=TODAY - timedelta(days=3))

    page = queries.today(candidate, on=TODAY, at=NOW)

    assert (page.next_step, page.days_left) == ("session", -3)


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


@pytest.mark.parametrize(("seconds_left", "waiting"), [(1, 1), (0, 0)])
def test_attempt_that_ran_out_is_neither_open_nor_left_of_its_assignment(
    candidate: User, coordinator: User, seconds_left: int, waiting: int
) -> None:
    assignment = make_assignment(make_cohort(coordinator, candidate))
    deadline = NOW + timedelta(seconds=seconds_left)
    make_attempt(candidate, quiz=assignment.quiz, assignment=assignment, deadline_at=deadline)

    page = queries.today(candidate, on=TODAY, at=NOW)

    assert (len(page.open_attempts), len(page.assignments)) == (waiting, waiting)


def test_days_left_counts_to_the_exam(candidate: User) -> None:
    make_study_plan(candidate, exam_on=TODAY + timedelta(days=30))

    assert queries.today(candidate, on=TODAY, at=NOW).days_left == 30


def test_rewarding_names_the_two_competencies_that_pay_most(candidate: User) -> None:
    make_blueprint(item_count=100, CUL=10, VOC=60, DES=30)
    for code in ("CUL", "VOC", "DES"):
        make_question(f"{code}-K1.1")
    review(candidate, "CUL-K1.2", days_ago=3)

    rewarding = queries.today(candidate, on=TODAY, at=NOW).rewarding

    assert [area.competency.code for area in rewarding] == ["VOC", "DES"]


def test_first_week_is_planned_from_the_objectives_there_are(db: None) -> None:
    for number in range(1, 30):
        make_question(f"MET-K1.{number}")

    week = queries.first_week(on=TODAY)

    assert len(week.columns) == 7
    assert week.columns[0]["is_current"] is True
    assert float(week.columns[0]["second"]) > 0


@pytest.mark.parametrize("objectives", [1, 3])
def test_today_takes_a_fixed_number_of_queries(candidate: User, objectives: int, django_assert_num_queries) -> None:
    make_blueprint()
    for number in range(1, objectives + 1):
        review(candidate, f"MET-K{number}.1", days_ago=300)
        make_attempt(candidate)

    with django_assert_num_queries(22):
        queries.today(candidate, on=TODAY, at=NOW)


@pytest.mark.parametrize(("minutes", "left", "count"), [(20, 25, 12), (11, 11, 10), (10, 12, 0)])
def test_ten_minutes_are_enough_for_a_part_of_a_longer_session(
    candidate: User, minutes: int, left: int, count: int
) -> None:
    page = queries.today(candidate, on=TODAY, at=NOW)
    session = replace(page.session, reviews=left, new=0, again=0, minutes=minutes)

    assert replace(page, session=session).in_ten_minutes == count
