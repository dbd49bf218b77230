from __future__ import annotations

import uuid
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from quizzes import services
from quizzes.models import Feedback, Quiz
from tests.factories import make_blueprint, make_mock_question, make_question


def build(candidate: User, **fields: Any) -> Quiz:
    return services.build_practice_quiz(
        **{
            "candidate": candidate,
            "code": uuid.uuid4(),
            "title": "Mixed practice",
            "rule": {},
            "question_count": 2,
            "feedback": Feedback.AT_END,
            **fields,
        }
    )


def test_build_practice_quiz_keeps_what_was_asked_for(candidate: User) -> None:
    make_question("MET-K1.1")
    make_question("MET-K2.1")
    code = uuid.uuid4()
    quiz = build(candidate, code=code, rule={"competencies": ["MET"], "unseen_first": True}, time_limit_minutes=20)
    assert (quiz.code, quiz.kind, quiz.author, quiz.question_count, quiz.feedback, quiz.time_limit_minutes) == (
        code,
        Quiz.Kind.PRACTICE,
        candidate,
        2,
        Feedback.AT_END,
        20,
    )
    assert quiz.rule == {"competencies": ["MET"], "unseen_first": True}


def test_build_practice_quiz_twice_with_one_code_builds_one(candidate: User) -> None:
    make_question("MET-K1.1")
    code = uuid.uuid4()
    first, second = (build(candidate, code=code, question_count=1) for _ in range(2))
    assert (first.pk == second.pk, Quiz.objects.count()) == (True, 1)


def test_build_practice_quiz_refuses_a_code_of_somebody_else(candidate: User, other_candidate: User) -> None:
    make_question("MET-K1.1")
    quiz = build(other_candidate, question_count=1)
    with pytest.raises(services.StartRefused) as refused:
        build(candidate, code=quiz.code, question_count=1)
    assert refused.value.sentence == "This page is out of date. Open it again to build your quiz."


def test_build_practice_quiz_says_how_many_questions_match(candidate: User) -> None:
    for number in (1, 2, 3):
        make_question(f"MET-K{number}.1")
    make_question("CUL-K1.1")
    with pytest.raises(services.NotEnoughQuestions) as refused:
        build(candidate, rule={"competencies": ["MET"]}, question_count=10)
    assert (refused.value.available, refused.value.sentence) == (
        3,
        "Only 3 questions match this choice; you asked for 10. Ask for fewer, or widen the choice.",
    )
    assert Quiz.objects.count() == 0


def test_build_practice_quiz_says_when_nothing_matches(candidate: User) -> None:
    make_mock_question("MET-K1.1")
    make_question("MET-K2.1", status="retired")
    with pytest.raises(services.NotEnoughQuestions) as refused:
        build(candidate, question_count=1)
    assert refused.value.sentence == "No question matches this choice. Widen it."


def test_shared_mock_is_one_per_edition(db: None) -> None:
    six, five = make_blueprint("six-areas"), make_blueprint("five-areas", item_count=90)
    quizzes = [services.shared_mock(blueprint=blueprint) for blueprint in (six, five, six)]
    assert [(quiz.pk, quiz.question_count) for quiz in quizzes] == [
        (quizzes[0].pk, 100),
        (quizzes[1].pk, 90),
        (quizzes[0].pk, 100),
    ]


def test_shared_mock_shows_nothing_before_the_end(db: None) -> None:
    quiz = services.shared_mock(blueprint=make_blueprint())
    assert (quiz.kind, quiz.author, quiz.feedback, quiz.time_limit_minutes) == (
        Quiz.Kind.MOCK,
        None,
        Feedback.AT_END,
        180,
    )


def test_shared_mock_follows_a_changed_edition(db: None) -> None:
    blueprint = make_blueprint()
    services.shared_mock(blueprint=blueprint)
    blueprint.item_count, blueprint.minutes = 120, 200
    blueprint.save()
    quiz = services.shared_mock(blueprint=blueprint)
    assert (quiz.question_count, quiz.time_limit_minutes, Quiz.objects.count()) == (120, 200, 1)


def test_shared_mock_that_exists_costs_one_query(db: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    blueprint = make_blueprint()
    services.shared_mock(blueprint=blueprint)
    with django_assert_num_queries(1):
        services.shared_mock(blueprint=blueprint)
