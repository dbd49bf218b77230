from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.models import User
from competencies.models import Competency
from progress.answers import Share
from progress.queries import answers as queries
from quizzes.models import Feedback, ItemStatistics, Quiz
from quizzes.queries.first_answers import answers_of as readiness_answers
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_attempt,
    make_blueprint,
    make_cohort,
    make_mock_question,
    make_question,
    make_quiz,
    make_study_plan,
)
from tests.progress.builders import make_answered
from tests.reviews.builders import review

DAY = timedelta(days=1)


def test_only_the_first_answer_to_a_question_is_a_first_answer(candidate: User) -> None:
    question = make_question()
    make_answered(candidate, [question], at=NOW - DAY, label="A")
    make_answered(candidate, [question])

    given = queries.answers_of(candidate, at=NOW)

    assert [(one.is_first, one.is_right) for one in given] == [(True, False), (False, True)]


def test_a_question_left_blank_or_reviewed_before_has_been_met(candidate: User) -> None:
    blank, reviewed = make_question("MET-K1.1"), make_question("MET-K2.1")
    make_answered(candidate, [blank], at=NOW - DAY, selected_label="", answered_at=None, is_correct=False)
    review(candidate, reviewed, at=NOW - DAY, is_from_review=True)
    make_answered(candidate, [blank, reviewed])

    assert [one.is_first for one in queries.answers_of(candidate, at=NOW)] == [False, False]


def test_first_answers_are_those_that_readiness_counts(candidate: User) -> None:
    questions = [make_question(f"MET-K{number}.1") for number in range(1, 5)]
    review(candidate, questions[0], at=NOW - 3 * DAY, is_from_review=True)
    make_answered(candidate, questions[:3], at=NOW - DAY)
    make_answered(candidate, questions)

    firsts = [one for one in queries.answers_of(candidate, at=NOW) if one.is_first]

    assert len(firsts) == len(readiness_answers(candidate, list(Competency.objects.all()), until=NOW)) == 3


def test_answers_of_unfinished_and_of_other_attempts_are_not_counted(candidate: User, other_candidate: User) -> None:
    make_attempt(candidate, make_question())
    make_answered(other_candidate, [make_question()])

    assert queries.answers_of(candidate, at=NOW) == []


def test_what_waits_for_a_due_date_counts_from_then_on(candidate: User, coordinator: User) -> None:
    """Until then it was met all the same, so that another answer to it is no first one."""
    question = make_question()
    quiz = make_quiz(author=coordinator, feedback=Feedback.AFTER_DUE)
    assignment = make_assignment(make_cohort(coordinator, candidate), quiz)
    make_answered(candidate, [question], at=NOW - DAY, quiz=quiz, assignment=assignment)
    make_answered(candidate, [question])
    competencies = list(Competency.objects.all())

    before, after = [queries.answers_of(candidate, at=at) for at in (NOW, assignment.due_at)]
    counted = [len(readiness_answers(candidate, competencies, until=at)) for at in (NOW, assignment.due_at)]

    assert [one.is_first for one in before] == [False]
    assert [one.is_first for one in after] == [True, False]
    assert counted == [0, 1]


def test_i_do_not_know_is_an_answer(candidate: User) -> None:
    make_answered(candidate, [make_question()], label="A", selected_label="")

    assert [one.is_right for one in queries.answers_of(candidate, at=NOW)] == [False]


def test_an_answer_carries_what_was_said_about_it(candidate: User) -> None:
    make_answered(candidate, [make_question()], label="A", confidence="sure", seconds=41, miss_reason="misread")

    assert queries.answers_of(candidate, at=NOW) == [("MET", TODAY, "practice", True, False, "sure", 41, "misread")]


def test_an_answer_after_midnight_belongs_to_the_evening_before(candidate: User) -> None:
    candidate.time_zone = "Europe/Amsterdam"
    make_answered(candidate, [make_question()], at=NOW.replace(hour=1))

    assert [one.on for one in queries.answers_of(candidate, at=NOW)] == [date(2026, 3, 1)]


def test_mocks_are_told_oldest_first_and_apart_from_practice(candidate: User) -> None:
    mock = make_quiz(kind=Quiz.Kind.MOCK, blueprint=make_blueprint("small", item_count=1, MET=100))
    make_answered(candidate, [make_mock_question()], quiz=mock)
    make_answered(candidate, [make_mock_question()], quiz=mock, at=NOW - DAY, label="A")
    make_answered(candidate, [make_question()])

    assert [(mock.on, mock.share) for mock in queries.sat_mocks(candidate)] == [
        (TODAY - DAY, Share(0, 1)),
        (TODAY, Share(1, 1)),
    ]


def test_peers_count_questions_that_the_statistics_have_seen(candidate: User) -> None:
    questions = [make_question() for _ in range(11)]
    make_answered(candidate, questions)
    for question in questions[:10]:
        ItemStatistics.objects.create(question=question, n=41, facility=21 / 41, computed_at=NOW + DAY)
    ItemStatistics.objects.create(question=questions[10], n=41, facility=1.0, computed_at=NOW - DAY)

    peers = queries.peers_of(candidate, at=NOW)

    assert peers is not None
    assert (peers.own, peers.percent) == (Share(10, 10), 50)


def test_peers_leave_out_what_waits_for_a_due_date(candidate: User, coordinator: User) -> None:
    questions = [make_question() for _ in range(10)]
    quiz = make_quiz(author=coordinator, feedback=Feedback.AFTER_DUE)
    assignment = make_assignment(make_cohort(coordinator, candidate), quiz)
    make_answered(candidate, questions, quiz=quiz, assignment=assignment)
    for question in questions:
        ItemStatistics.objects.create(question=question, n=41, facility=21 / 41, computed_at=NOW + DAY)

    assert queries.peers_of(candidate, at=NOW) is None
    assert queries.peers_of(candidate, at=assignment.due_at) is not None


def test_activity_counts_answers_by_study_day_without_undone_ones(candidate: User, other_candidate: User) -> None:
    review(candidate, make_question("MET-K1.1"), seconds=20)
    review(candidate, make_question("MET-K2.1"), seconds=30, at=NOW - DAY)
    review(candidate, make_question("MET-K3.1"), at=NOW - 300 * DAY)
    review(other_candidate, make_question("MET-K4.1"))

    activity = queries.activity_of(candidate, on=TODAY)

    assert [(day.on, day.answers, day.seconds) for day in activity.active] == [(TODAY - DAY, 1, 30), (TODAY, 1, 20)]


def test_aim_is_that_of_the_plan(candidate: User) -> None:
    make_study_plan(candidate, target_percent=80, blueprint=make_blueprint("small", item_count=90, MET=100))

    aim = queries.aim_of(candidate)

    assert (aim.target, aim.items, aim.minutes, aim.pace) == (80, 90, 180, 120)


def test_aim_without_an_edition_has_no_pace(candidate: User) -> None:
    assert (queries.aim_of(candidate).target, queries.aim_of(candidate).pace) == (75, 0)


@pytest.mark.parametrize("count", [1, 3])
def test_answers_take_two_queries(candidate: User, count: int, django_assert_num_queries) -> None:
    make_answered(candidate, [make_question() for _ in range(count)])

    with django_assert_num_queries(2):
        answers = queries.answers_of(candidate, at=NOW)
    assert len(answers) == count
