from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from competencies.models import Blueprint
from questions.models import Question
from quizzes import services
from quizzes.models import Assignment, Attempt, Feedback, Quiz, QuizQuestion
from tests.factories import (
    COMPETENCIES,
    NOW,
    make_assignment,
    make_attempt,
    make_blueprint,
    make_cohort,
    make_competency,
    make_mock_question,
    make_question,
    make_quiz,
    make_study_plan,
)

HOUR = timedelta(hours=1)


def make_mock(item_count: int = 6, **weights: int) -> Quiz:
    return services.shared_mock(blueprint=make_blueprint(item_count=item_count, **weights or {"MET": 50, "CUL": 50}))


def seal(*competencies: str, each: int) -> None:
    for competency in competencies:
        for number in range(1, each + 1):
            make_mock_question(f"{competency}-K{number}.1")


def start(candidate: User, quiz: Quiz, now: datetime = NOW) -> Attempt:
    return services.start_attempt(candidate=candidate, quiz=quiz, now=now)


def questions_of(attempt: Attempt) -> list[Question]:
    return list(Question.objects.filter(responses__attempt=attempt).order_by("responses__position"))


def competencies_of(attempt: Attempt) -> Counter[str]:
    return Counter(question.code[:3] for question in questions_of(attempt))


# Mock exams


def test_a_mock_draws_at_the_weights_of_its_edition(candidate: User) -> None:
    seal("MET", "CUL", "STR", each=6)
    attempt = start(candidate, make_mock(10, MET=50, CUL=30, STR=20))
    assert competencies_of(attempt) == {"MET": 5, "CUL": 3, "STR": 2}


def test_a_mock_draws_an_area_that_merges_two_competencies(candidate: User) -> None:
    seal("CUL", "ORG", each=3)
    blueprint = make_blueprint("five-areas", item_count=6, CUL=100)
    blueprint.areas.get().competencies.add(make_competency("ORG"))
    attempt = start(candidate, services.shared_mock(blueprint=blueprint))
    assert competencies_of(attempt) == {"CUL": 3, "ORG": 3}


def test_a_mock_draws_published_sealed_questions_only(candidate: User) -> None:
    sealed = [make_mock_question(f"MET-K{number}.1") for number in (1, 2)]
    make_question("MET-K3.1")
    make_mock_question("MET-K4.1", status="retired")
    make_mock_question("MET-K5.1", status="draft")
    attempt = start(candidate, make_mock(2, MET=100))
    assert {question.pk for question in questions_of(attempt)} == {question.pk for question in sealed}


def test_a_mock_that_the_pool_cannot_fill_names_what_is_missing(candidate: User) -> None:
    seal("MET", each=2)
    seal("CUL", each=3)
    quiz = make_mock(9, MET=56, CUL=33, STR=11)
    with pytest.raises(services.NotEnoughQuestions) as refused:
        start(candidate, quiz)
    assert refused.value.sentence == (
        f"The sealed pool has 2 of 5 questions for {COMPETENCIES['MET']}. "
        f"The sealed pool has 0 of 1 questions for {COMPETENCIES['STR']}."
    )
    assert (refused.value.available, Attempt.objects.count()) == (5, 0)


def test_a_mock_of_an_edition_without_areas_is_refused(candidate: User) -> None:
    blueprint = Blueprint.objects.create(code="bare", name="Bare", position=9, item_count=10, minutes=60)
    with pytest.raises(services.NotEnoughQuestions) as refused:
        start(candidate, services.shared_mock(blueprint=blueprint))
    assert refused.value.sentence == "This edition has no areas to draw from."


def test_a_second_mock_takes_unseen_questions_first(candidate: User) -> None:
    seal("MET", "CUL", each=5)
    quiz = make_mock(6)
    first = start(candidate, quiz)
    services.finish_attempt(attempt=first, now=NOW + HOUR)
    second = start(candidate, quiz, NOW + 2 * HOUR)
    seen = {question.pk for question in questions_of(first)}
    repeated = [question for question in questions_of(second) if question.pk in seen]
    # Each area has five questions and needs three: two of them are new, one has to come back.
    assert Counter(question.code[:3] for question in repeated) == {"MET": 1, "CUL": 1}


def test_a_new_version_of_a_seen_question_is_not_new(candidate: User) -> None:
    old = make_mock_question("MET-K1.1", code="MET-K1.1-M1")
    make_attempt(candidate, old, state="graded", submitted_at=NOW)
    Question.objects.filter(pk=old.pk).update(status="retired")
    make_mock_question("MET-K1.1", code="MET-K1.1-M1", version=2)
    fresh = make_mock_question("MET-K1.1", code="MET-K1.1-M2")
    assert questions_of(start(candidate, make_mock(1, MET=100))) == [fresh]


def test_another_candidate_has_seen_nothing(candidate: User, other_candidate: User) -> None:
    seen = make_mock_question("MET-K1.1")
    make_attempt(other_candidate, seen, state="graded", submitted_at=NOW)
    assert questions_of(start(candidate, make_mock(1, MET=100))) == [seen]


def test_a_mock_never_gives_feedback_after_each_question(candidate: User) -> None:
    seal("MET", "CUL", each=3)
    quiz = make_mock(6)
    Quiz.objects.filter(pk=quiz.pk).update(feedback=Feedback.AFTER_EACH)
    quiz.refresh_from_db()
    assert start(candidate, quiz).feedback == Feedback.AT_END


def test_a_mock_of_a_hundred_questions_starts_within_eleven_queries(
    candidate: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """With session, user, edition and shared mock the whole request stays within fifteen."""
    for code, weight in {"CUL": 14, "ORG": 19, "VOC": 14, "DES": 17, "MET": 20, "STR": 16}.items():
        seal(code, each=weight)
    quiz = services.shared_mock(blueprint=make_blueprint())
    with django_assert_max_num_queries(11):
        attempt = start(candidate, quiz)
    assert attempt.responses.count() == 100


# What is frozen


def test_a_start_freezes_policy_target_and_number(candidate: User) -> None:
    make_question("MET-K1.1")
    quiz = make_quiz(author=candidate, question_count=1, feedback=Feedback.AT_END, cut_score=80)
    attempt = start(candidate, quiz)
    assert (attempt.state, attempt.feedback, attempt.cut_score, attempt.question_count, attempt.started_at) == (
        Attempt.State.IN_PROGRESS,
        Feedback.AT_END,
        80,
        1,
        NOW,
    )


def test_the_own_practice_target_comes_before_that_of_the_quiz(candidate: User) -> None:
    make_question("MET-K1.1")
    make_study_plan(candidate, target_percent=90)
    assert start(candidate, make_quiz(author=candidate, question_count=1)).cut_score == 90


def test_the_target_of_an_assignment_is_the_quiz_s(candidate: User, coordinator: User) -> None:
    question = make_question("MET-K1.1")
    make_study_plan(candidate, target_percent=90)
    assignment = make_assignment(make_cohort(coordinator, candidate), make_chosen(coordinator, question))
    assert start_assigned(candidate, assignment).cut_score == 75


def test_positions_run_from_one_and_options_are_shuffled(candidate: User) -> None:
    for number in range(1, 13):
        make_question(f"MET-K{number}.1")
    attempt = start(candidate, make_quiz(author=candidate, question_count=12))
    responses = list(attempt.responses.all())
    assert [response.position for response in responses] == list(range(1, 13))
    assert {"".join(sorted(response.option_order)) for response in responses} == {"ABCD"}
    assert len({response.option_order for response in responses}) > 1


@pytest.mark.parametrize(("extra", "minutes"), [(0, 90), (25, 113), (50, 135), (100, 180)])
def test_the_deadline_is_the_limit_with_extra_time_in_whole_minutes(candidate: User, extra: int, minutes: int) -> None:
    make_question("MET-K1.1")
    candidate.extra_time_percent = extra
    attempt = start(candidate, make_quiz(author=candidate, question_count=1, time_limit_minutes=90))
    assert attempt.deadline_at == NOW + timedelta(minutes=minutes)


def test_without_a_limit_there_is_no_deadline(candidate: User) -> None:
    make_question("MET-K1.1")
    assert start(candidate, make_quiz(author=candidate, question_count=1)).deadline_at is None


# Practice


def test_practice_draws_published_practice_questions_only(candidate: User) -> None:
    question = make_question("MET-K1.1")
    make_mock_question("MET-K1.1")
    make_question("MET-K1.1", status="draft")
    assert questions_of(start(candidate, make_quiz(author=candidate, question_count=1))) == [question]


@pytest.mark.parametrize(
    ("rule", "codes"),
    [
        ({"competencies": ["CUL"]}, {"CUL-K1.1"}),
        ({"statements": ["MET-K1"]}, {"MET-K1.1", "MET-K1.2"}),
        ({"objectives": ["MET-K1.2", "CUL-K1.1"]}, {"MET-K1.2", "CUL-K1.1"}),
        ({"competencies": ["MET"], "objectives": ["MET-K1.2", "CUL-K1.1"]}, {"MET-K1.2"}),
        ({}, {"CUL-K1.1", "MET-K1.1", "MET-K1.2", "MET-K2.1"}),
        ({"competencies": [], "statements": [], "objectives": []}, {"CUL-K1.1", "MET-K1.1", "MET-K1.2", "MET-K2.1"}),
    ],
)
def test_practice_follows_the_rule(candidate: User, rule: dict[str, list[str]], codes: set[str]) -> None:
    for objective in ("CUL-K1.1", "MET-K1.1", "MET-K1.2", "MET-K2.1"):
        make_question(objective)
    attempt = start(candidate, make_quiz(author=candidate, rule=rule, question_count=len(codes)))
    assert {question.code.rpartition("-")[0] for question in questions_of(attempt)} == codes


def test_practice_takes_unseen_questions_first_when_asked(candidate: User) -> None:
    seen, unseen = make_question("MET-K1.1"), make_question("MET-K1.1")
    make_attempt(candidate, seen, state="graded", submitted_at=NOW)
    quiz = make_quiz(author=candidate, question_count=1, rule={"unseen_first": True})
    assert questions_of(start(candidate, quiz)) == [unseen]


def test_practice_that_the_bank_can_no_longer_fill_is_refused(candidate: User) -> None:
    make_question("MET-K1.1")
    with pytest.raises(services.NotEnoughQuestions) as refused:
        start(candidate, make_quiz(author=candidate, question_count=3))
    assert refused.value.sentence == "Only 1 of the 3 questions of this quiz are in the bank now."


# Assignments


def make_chosen(coordinator: User, *questions: Question, **fields: object) -> Quiz:
    quiz = make_quiz(author=coordinator, question_count=len(questions), **fields)
    QuizQuestion.objects.bulk_create(
        QuizQuestion(quiz=quiz, question=question, position=place) for place, question in enumerate(questions, start=1)
    )
    return quiz


def start_assigned(candidate: User, assignment: Assignment, now: datetime = NOW) -> Attempt:
    return services.start_attempt(candidate=candidate, quiz=assignment.quiz, now=now, assignment=assignment)


def test_chosen_questions_come_in_the_coordinator_s_order(candidate: User, coordinator: User) -> None:
    chosen = [make_question(f"MET-K{number}.1") for number in (5, 1, 4, 2, 3)]
    assignment = make_assignment(make_cohort(coordinator, candidate), make_chosen(coordinator, *chosen))
    assert questions_of(start_assigned(candidate, assignment)) == chosen


def test_a_chosen_question_is_asked_in_its_published_version(candidate: User, coordinator: User) -> None:
    first, second, gone = (make_question(f"MET-K{number}.1", code=f"Q{number}") for number in (1, 2, 3))
    assignment = make_assignment(make_cohort(coordinator, candidate), make_chosen(coordinator, first, second, gone))
    Question.objects.filter(pk__in=[first.pk, gone.pk]).update(status="retired")
    newer = make_question("MET-K1.1", code="Q1", version=2)
    attempt = start_assigned(candidate, assignment)
    assert (questions_of(attempt), attempt.question_count) == ([newer, second], 2)


def test_a_quiz_whose_every_chosen_question_was_retired_is_refused(candidate: User, coordinator: User) -> None:
    question = make_question()
    assignment = make_assignment(make_cohort(coordinator, candidate), make_chosen(coordinator, question))
    Question.objects.update(status="retired")
    with pytest.raises(services.NotEnoughQuestions) as refused:
        start_assigned(candidate, assignment)
    assert refused.value.sentence == "Every question of this quiz was retired from the bank."


def test_the_deadline_is_never_after_the_due_date(candidate: User, coordinator: User) -> None:
    quiz = make_chosen(coordinator, make_question(), time_limit_minutes=120)
    assignment = make_assignment(make_cohort(coordinator, candidate), quiz, due_at=NOW + HOUR)
    assert start_assigned(candidate, assignment).deadline_at == NOW + HOUR


def test_an_untimed_assignment_ends_when_it_is_due(candidate: User, coordinator: User) -> None:
    assignment = make_assignment(make_cohort(coordinator, candidate), make_chosen(coordinator, make_question()))
    assert start_assigned(candidate, assignment).deadline_at == assignment.due_at


def test_an_assignment_cannot_be_started_before_it_opens(candidate: User, coordinator: User) -> None:
    quiz = make_chosen(coordinator, make_question())
    assignment = make_assignment(make_cohort(coordinator, candidate), quiz, opens_at=NOW + HOUR)
    with pytest.raises(services.StartRefused) as refused:
        start_assigned(candidate, assignment)
    assert refused.value.sentence == "This assignment opens on 2 March 2026, 13:00."


@pytest.mark.parametrize(("seconds", "may_start"), [(-1, True), (0, False)])
def test_an_assignment_can_be_started_until_it_is_due(
    candidate: User, coordinator: User, seconds: int, may_start: bool
) -> None:
    quiz = make_chosen(coordinator, make_question())
    assignment = make_assignment(make_cohort(coordinator, candidate), quiz, due_at=NOW + HOUR)
    now = assignment.due_at + timedelta(seconds=seconds)
    if may_start:
        assert start_assigned(candidate, assignment, now).deadline_at == assignment.due_at
    else:
        with pytest.raises(services.StartRefused, match=r"was due on 2 March 2026, 13:00"):
            start_assigned(candidate, assignment, now)


def test_an_assignment_allows_so_many_attempts(candidate: User, coordinator: User) -> None:
    quiz = make_chosen(coordinator, make_question())
    assignment = make_assignment(make_cohort(coordinator, candidate), quiz, attempts_allowed=2)
    for _ in range(2):
        services.finish_attempt(attempt=start_assigned(candidate, assignment), now=NOW)
    with pytest.raises(services.StartRefused) as refused:
        start_assigned(candidate, assignment)
    assert refused.value.sentence == "You have used the 2 attempts that this assignment allows."


def test_a_mock_open_outside_of_the_assignment_stands_in_its_way(candidate: User, coordinator: User) -> None:
    seal("MET", "CUL", each=6)
    quiz = make_mock(6)
    own = start(candidate, quiz)
    assignment = make_assignment(make_cohort(coordinator, candidate), quiz)
    with pytest.raises(services.StartRefused) as refused:
        start_assigned(candidate, assignment)
    assert refused.value.sentence == "You have this quiz open already, outside of this assignment. Finish it first."
    assert list(Attempt.objects.all()) == [own]


# Starting again


def test_a_second_start_returns_the_open_attempt(candidate: User) -> None:
    make_question("MET-K1.1")
    quiz = make_quiz(author=candidate, question_count=1)
    first, second = start(candidate, quiz), start(candidate, quiz, NOW + HOUR)
    assert (first.pk == second.pk, second.started_at, Attempt.objects.count()) == (True, NOW, 1)


def test_a_start_closes_the_attempt_that_ran_out_and_begins_anew(candidate: User) -> None:
    make_question("MET-K1.1")
    quiz = make_quiz(author=candidate, question_count=1, time_limit_minutes=30)
    first = start(candidate, quiz)
    second = start(candidate, quiz, NOW + HOUR)
    first.refresh_from_db()
    assert (first.state, first.submitted_at) == (Attempt.State.GRADED, NOW + timedelta(minutes=30))
    assert (second.pk == first.pk, second.is_open) == (False, True)


def test_two_candidates_have_an_attempt_each_of_a_shared_mock(candidate: User, other_candidate: User) -> None:
    seal("MET", "CUL", each=3)
    quiz = make_mock(6)
    assert start(candidate, quiz).pk != start(other_candidate, quiz).pk


def test_a_start_that_loses_the_race_returns_the_winner_s_attempt(
    candidate: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_question("MET-K1.1")
    quiz = make_quiz(author=candidate, question_count=1)

    def drawn_meanwhile(*_: object) -> list[int]:
        make_attempt(candidate, Question.objects.get(), quiz=quiz)
        return [Question.objects.get().pk]

    monkeypatch.setattr("quizzes.services.starting._draw", drawn_meanwhile)
    assert start(candidate, quiz) == Attempt.objects.get()
