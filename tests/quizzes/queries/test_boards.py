from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from accounts.models import User
from cohorts.models import Cohort, Membership
from questions.models import Question
from quizzes.models import Assignment, Attempt
from quizzes.queries.boards import BoardRow, board_of, question_rows
from tests.factories import NOW, make_assignment, make_attempt, make_cohort, make_question, make_user

LATER = NOW + timedelta(days=30)


@pytest.fixture
def assignment(cohort: Cohort) -> Assignment:
    return make_assignment(cohort)


def finish(
    assignment: Assignment, candidate: User, *labels: str, questions: list[Question], started_at: datetime = NOW
) -> Attempt:
    """A graded attempt with these labels, one per question; B is the key."""
    attempt = make_attempt(
        candidate,
        *questions,
        quiz=assignment.quiz,
        assignment=assignment,
        started_at=started_at,
        state=Attempt.State.GRADED,
        submitted_at=started_at + timedelta(hours=1),
        graded_at=started_at + timedelta(hours=1),
        raw_score=labels.count("B"),
    )
    for response, label in zip(attempt.responses.all(), labels, strict=True):
        response.selected_label, response.is_correct = label, label == "B"
        response.save()
    return attempt


def only_row(assignment: Assignment, at: datetime = NOW) -> BoardRow:
    (row,) = board_of(assignment, at=at).rows
    return row


def test_board_tells_who_has_not_started(assignment: Assignment) -> None:
    assert only_row(assignment).state == "not_started"


def test_board_tells_who_is_working(assignment: Assignment, candidate: User) -> None:
    make_attempt(candidate, quiz=assignment.quiz, assignment=assignment)

    row = only_row(assignment)
    assert (row.state, row.started_at, row.finished_at) == ("in_progress", NOW, None)


def test_board_tells_who_is_late(assignment: Assignment) -> None:
    assert only_row(assignment, at=LATER).state == "late"


def test_board_shows_best_score_and_competencies_of_who_shares(assignment: Assignment, candidate: User) -> None:
    questions = [make_question("MET-K1.1"), make_question("CUL-K1.1")]
    finish(assignment, candidate, "B", "A", questions=questions)
    finish(assignment, candidate, "B", "B", questions=questions, started_at=NOW + timedelta(hours=2))

    row = only_row(assignment)
    assert (row.state, row.attempts_used, row.percent) == ("finished", 2, 100)
    assert {code: score.percent for code, score in row.scores.items()} == {"MET": 100, "CUL": 100}


def test_board_hides_scores_of_who_does_not_share(assignment: Assignment, candidate: User) -> None:
    finish(assignment, candidate, "B", questions=[make_question()])
    Membership.objects.update(sharing=Membership.Sharing.PROGRESS)

    row = only_row(assignment)
    assert (row.state, row.percent, row.scores) == ("finished", None, {})


def test_board_leaves_out_who_has_left(assignment: Assignment, candidate: User) -> None:
    finish(assignment, candidate, "B", questions=[make_question()])
    Membership.objects.update(left_at=NOW)

    assert board_of(assignment, at=NOW).rows == []


def test_board_ignores_practice_of_one_s_own(assignment: Assignment, candidate: User) -> None:
    make_attempt(candidate, make_question(), quiz=assignment.quiz)

    assert only_row(assignment).state == "not_started"


@pytest.mark.parametrize("members", [1, 3])
def test_board_takes_a_fixed_number_of_queries(coordinator: User, members: int, django_assert_num_queries) -> None:
    people = [make_user(f"member{number}") for number in range(members)]
    assignment = make_assignment(make_cohort(coordinator, *people))
    questions = [make_question("MET-K1.1"), make_question("CUL-K1.1")]
    for person in people:
        finish(assignment, person, "B", "A", questions=questions)

    with django_assert_num_queries(4):
        board_of(assignment, at=NOW)


def test_question_rows_count_options_hardest_first(assignment: Assignment, candidate: User) -> None:
    easy, hard = make_question("MET-K1.1"), make_question("MET-K2.1")
    finish(assignment, candidate, "B", "C", questions=[easy, hard])

    rows = question_rows(assignment)
    assert [(row.question, row.n, row.correct) for row in rows] == [(hard, 1, 0), (easy, 1, 1)]
    assert rows[0].option_counts == [("A", 0, False), ("B", 0, True), ("C", 1, False), ("D", 0, False)]


def test_question_rows_read_first_attempts_only(assignment: Assignment, candidate: User) -> None:
    question = make_question()
    finish(assignment, candidate, "C", questions=[question])
    finish(assignment, candidate, "B", questions=[question], started_at=NOW + timedelta(hours=2))

    assert [(row.n, row.correct) for row in question_rows(assignment)] == [(1, 0)]


def test_question_rows_hide_a_share_of_fewer_than_five(coordinator: User) -> None:
    people = [make_user(f"member{number}") for number in range(5)]
    assignment = make_assignment(make_cohort(coordinator, *people))
    question = make_question()
    for person in people[:4]:
        finish(assignment, person, "B", questions=[question])
    assert question_rows(assignment)[0].percent is None

    finish(assignment, people[4], "A", questions=[question])
    assert question_rows(assignment)[0].percent == 80


def test_question_rows_leave_out_who_does_not_share(assignment: Assignment, candidate: User) -> None:
    finish(assignment, candidate, "B", questions=[make_question()])
    Membership.objects.update(sharing=Membership.Sharing.PROGRESS)

    assert question_rows(assignment) == []
