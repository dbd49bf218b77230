from __future__ import annotations

from datetime import timedelta
from itertools import count

import numpy as np
import pytest
from django.db.models import Max
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from questions.models import Question
from quizzes import services
from quizzes.ability import Prior, authored_difficulty
from quizzes.calibration import MODEL_VERSION, MOST_MOVED_AT_ONCE, Outcome
from quizzes.models import Attempt, Calibration, ItemParameters, Response
from quizzes.queries.statistics import population_in_force
from quizzes.services import calibrating
from tests.factories import NOW, make_question, make_quiz, make_user

HOUR = timedelta(hours=1)


def make_answers(people: list[User], questions: list[Question], *, seed: int = 1, at: timedelta = timedelta()) -> None:
    """Graded attempts, written at once. A question is as hard as its place in the list says.

    The key of a response decides whether it is held out, so it must not follow from what other tests have written.
    """
    rng = np.random.default_rng(seed)
    keys = count((Response.objects.aggregate(newest=Max("pk"))["newest"] or 0) + 1)
    places = np.linspace(-1.5, 1.5, len(questions))
    quiz = make_quiz(author=people[0], question_count=len(questions))
    attempts = Attempt.objects.bulk_create(
        Attempt(
            quiz=quiz,
            candidate=person,
            state=Attempt.State.GRADED,
            feedback=quiz.feedback,
            cut_score=quiz.cut_score,
            question_count=len(questions),
            started_at=NOW + at,
            submitted_at=NOW + at,
        )
        for person in people
    )
    for attempt in attempts:
        is_right = rng.random(len(questions)) < 0.22 + 0.78 / (1 + np.exp(places - rng.normal(0.8, 0.8)))
        Response.objects.bulk_create(
            Response(
                pk=next(keys),
                attempt=attempt,
                position=place,
                question=question,
                option_order="ABCD",
                selected_label="B" if right else "A",
                is_correct=right,
            )
            for place, (question, right) in enumerate(zip(questions, is_right.tolist(), strict=True), start=1)
        )


@pytest.fixture
def questions(db: None) -> list[Question]:
    """All authored in the middle, of two competencies."""
    return [make_question(f"{'MET' if number % 2 else 'VOC'}-K{number}.1") for number in range(1, 31)]


@pytest.fixture
def people(db: None) -> list[User]:
    return [User.objects.create(email=f"person{number}@example.com") for number in range(40)]


@pytest.fixture
def answered(people: list[User], questions: list[Question]) -> None:
    make_answers(people, questions)


def calibrate() -> Calibration:
    calibration = services.calibrate_items(now=NOW)
    assert calibration is not None
    return calibration


def test_a_run_finds_what_is_hard_and_is_recorded(answered: None, questions: list[Question]) -> None:
    calibration = calibrate()
    assert (calibration.is_accepted, calibration.answers, calibration.candidates, calibration.questions) == (
        True,
        1200,
        40,
        30,
    )
    assert (calibration.model_version, calibration.computed_at) == (MODEL_VERSION, NOW)
    assert calibration.as_of_response_id == Response.objects.order_by("-pk")[0].pk
    assert calibration.log_loss_after < calibration.log_loss_before
    rows = {row.question_id: row for row in ItemParameters.objects.all()}
    difficulties = [rows[question.pk].difficulty for question in questions]
    assert np.corrcoef(difficulties, np.arange(30))[0, 1] > 0.8
    assert {row.calibration_id for row in rows.values()} == {calibration.pk}
    assert all(0 < row.difficulty_se < 0.8 and row.n > 25 and row.discrimination == 1 for row in rows.values())


def test_one_night_moves_a_difficulty_by_half_a_logit_at_most(answered: None) -> None:
    calibrate()
    moved = [abs(difficulty) for difficulty in ItemParameters.objects.values_list("difficulty", flat=True)]
    assert max(moved) == pytest.approx(MOST_MOVED_AT_ONCE)


def test_the_next_night_starts_from_the_last(answered: None, people: list[User], questions: list[Question]) -> None:
    calibrate()
    first = dict(ItemParameters.objects.values_list("question_id", "difficulty"))
    make_answers([make_user("newcomer")], questions, at=HOUR)
    assert calibrate().is_accepted
    second = dict(ItemParameters.objects.values_list("question_id", "difficulty"))
    assert max(abs(value) for value in second.values()) > MOST_MOVED_AT_ONCE
    assert max(abs(second[pk] - first[pk]) for pk in first) <= MOST_MOVED_AT_ONCE + 1e-9


def test_nothing_new_is_not_run_again(answered: None) -> None:
    calibrate()
    assert services.calibrate_items(now=NOW + HOUR) is None
    assert Calibration.objects.count() == 1


def test_without_answers_there_is_no_run(questions: list[Question]) -> None:
    assert services.calibrate_items(now=NOW) is None
    assert Calibration.objects.count() == 0


def test_repeated_answers_are_not_counted(answered: None, people: list[User], questions: list[Question]) -> None:
    make_answers(people[:5], questions, seed=9, at=HOUR)
    assert calibrate().answers == 1200


def test_too_few_answers_are_refused_with_the_reason(people: list[User], questions: list[Question]) -> None:
    make_answers(people[:3], questions)
    calibration = calibrate()
    assert (calibration.is_accepted, calibration.reason, calibration.log_loss_after) == (
        False,
        "There are 90 first answers by 3 candidates; 200 answers by 5 candidates are needed.",
        None,
    )
    assert ItemParameters.objects.count() == 0


def test_a_refused_run_leaves_what_is_in_force(
    answered: None, questions: list[Question], monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted = calibrate()
    before = list(ItemParameters.objects.order_by("pk").values())
    real = calibrating.calibrated

    def worse(*args: object) -> Outcome:
        outcome = real(*args)  # type: ignore[arg-type]
        return Outcome(False, "Foretold worse.", outcome.fit, 0.5, 0.6)

    monkeypatch.setattr(calibrating, "calibrated", worse)
    make_answers([make_user("newcomer")], questions, at=HOUR)
    refused = calibrate()
    assert (refused.is_accepted, refused.reason, refused.log_loss_after) == (False, "Foretold worse.", 0.6)
    assert list(ItemParameters.objects.order_by("pk").values()) == before
    assert population_in_force() == Prior(accepted.prior_mean, accepted.general_spread, accepted.specific_spread)


def test_without_a_calibration_the_assumed_population_is_in_force(db: None) -> None:
    assert population_in_force() == Prior()


def test_the_authored_level_is_where_a_question_starts(people: list[User]) -> None:
    """Hard ones and easy ones, answered alike: what is known of them keeps them apart."""
    questions = [make_question(f"MET-K{number}.1", difficulty=5 if number % 2 else 1) for number in range(1, 11)]
    make_answers(people, questions)
    calibrate()
    rows = dict(ItemParameters.objects.values_list("question_id", "difficulty"))
    hard = np.mean([rows[question.pk] for question in questions if question.difficulty == 5])
    easy = np.mean([rows[question.pk] for question in questions if question.difficulty == 1])
    assert hard - easy > authored_difficulty(5) - authored_difficulty(1) - 2 * MOST_MOVED_AT_ONCE - 1e-9
    assert np.mean(list(rows.values())) == pytest.approx(0, abs=1e-6)


def test_parameters_without_answers_any_more_are_deleted(answered: None, questions: list[Question]) -> None:
    calibrate()
    Response.objects.filter(question=questions[0]).delete()
    make_answers([make_user("newcomer")], questions[1:], at=HOUR)
    assert calibrate().is_accepted
    assert not ItemParameters.objects.filter(question=questions[0]).exists()
    assert ItemParameters.objects.count() == 29


def test_of_two_runs_at_once_one_is_recorded(answered: None, monkeypatch: pytest.MonkeyPatch) -> None:
    real = calibrating.calibrated

    def overtaken(*args: object) -> Outcome:
        monkeypatch.setattr(calibrating, "calibrated", real)
        calibrate()
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(calibrating, "calibrated", overtaken)
    assert services.calibrate_items(now=NOW) is None
    assert (Calibration.objects.count(), ItemParameters.objects.count()) == (1, 30)


@pytest.mark.parametrize("how_many", [10, 30])
def test_the_number_of_queries_does_not_grow_with_questions(
    people: list[User], questions: list[Question], django_assert_num_queries: DjangoAssertNumQueries, how_many: int
) -> None:
    make_answers(people, questions[:how_many])
    # Answers, whether they were seen, questions, the population; the run, its rows, which rows there are, a savepoint.
    with django_assert_num_queries(9):
        services.calibrate_items(now=NOW)
