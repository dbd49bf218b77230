from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from accounts.models import User
from cohorts.models import Cohort, Membership
from questions.models import Question
from quizzes.models import Assignment, Attempt
from quizzes.queries.boards import BoardRow, QuestionBoard, assignments_of, board_of, question_board
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


@pytest.mark.parametrize(("seconds_left", "state"), [(1, "in_progress"), (0, "finished")])
def test_board_counts_what_ran_out_as_finished(
    assignment: Assignment, candidate: User, seconds_left: int, state: str
) -> None:
    make_attempt(candidate, quiz=assignment.quiz, assignment=assignment, deadline_at=assignment.due_at)

    row = only_row(assignment, at=assignment.due_at - timedelta(seconds=seconds_left))
    assert (row.state, row.finished_at) == (state, assignment.due_at if state == "finished" else None)


def test_board_tells_who_is_late(assignment: Assignment) -> None:
    assert only_row(assignment, at=LATER).state == "late"


def test_who_joined_after_the_due_date_is_counted_nowhere(assignment: Assignment) -> None:
    Membership.objects.update(joined_at=assignment.due_at)

    (listed,) = assignments_of(assignment.cohort)
    assert board_of(assignment, at=LATER).rows == []
    assert (listed.finished_count, listed.asked_count) == (0, 0)


def test_who_sat_it_and_joined_again_later_is_counted(assignment: Assignment, candidate: User) -> None:
    finish(assignment, candidate, "B", questions=[make_question()])
    Membership.objects.update(joined_at=assignment.due_at)

    (listed,) = assignments_of(assignment.cohort)
    assert [row.state for row in board_of(assignment, at=LATER).rows] == ["finished"]
    assert (listed.finished_count, listed.asked_count) == (1, 1)


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


@pytest.fixture
def five(coordinator: User) -> list[User]:
    return [make_user(f"member{number}") for number in range(5)]


def test_question_rows_count_options_hardest_first(coordinator: User, five: list[User]) -> None:
    assignment = make_assignment(make_cohort(coordinator, *five))
    easy, hard = make_question("MET-K1.1"), make_question("MET-K2.1")
    for person, label in zip(five, ["C", "C", "B", "A", ""], strict=True):
        finish(assignment, person, "B", label, questions=[easy, hard])

    rows = question_board(assignment).rows
    assert [(row.question, row.n, row.correct, row.percent) for row in rows] == [(hard, 5, 1, 20), (easy, 5, 5, 100)]
    assert rows[0].option_counts == [("A", 1, False), ("B", 1, True), ("C", 2, False), ("D", 0, False)]
    assert rows[0].unanswered == 1


def test_question_rows_read_first_attempts_only(coordinator: User, five: list[User]) -> None:
    assignment = make_assignment(make_cohort(coordinator, *five))
    question = make_question()
    for person in five:
        finish(assignment, person, "C", questions=[question])
    finish(assignment, five[0], "B", questions=[question], started_at=NOW + timedelta(hours=2))

    assert [(row.n, row.correct) for row in question_board(assignment).rows] == [(5, 0)]


@pytest.mark.parametrize("people", [1, 4])
def test_question_rows_withhold_what_fewer_than_five_chose(coordinator: User, five: list[User], people: int) -> None:
    assignment = make_assignment(make_cohort(coordinator, *five))
    questions = [make_question("MET-K1.1"), make_question("MET-K2.1")]
    for person in five[:people]:
        finish(assignment, person, "B", "A", questions=questions)

    assert question_board(assignment) == QuestionBoard(rows=[], withheld=2)


def test_question_rows_count_those_who_share_at_the_moment(coordinator: User, five: list[User]) -> None:
    cohort = make_cohort(coordinator, *five)
    assignment, question = make_assignment(cohort), make_question()
    for person in five:
        finish(assignment, person, "B", questions=[question])
    board = question_board(assignment)
    assert ([row.percent for row in board.rows], board.withheld) == ([100], 0)

    cohort.memberships.filter(candidate=five[0]).update(sharing=Membership.Sharing.PROGRESS)
    assert question_board(assignment) == QuestionBoard(rows=[], withheld=1)


def test_question_rows_leave_out_who_does_not_share(assignment: Assignment, candidate: User) -> None:
    finish(assignment, candidate, "B", questions=[make_question()])
    Membership.objects.update(sharing=Membership.Sharing.PROGRESS)

    assert question_board(assignment) == QuestionBoard(rows=[], withheld=0)
