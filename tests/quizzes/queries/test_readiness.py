from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from competencies.models import Blueprint
from questions.models import Question
from quizzes.forgetting import Forgetting
from quizzes.models import Attempt, Calibration, ItemParameters, Quiz
from quizzes.queries.memories import forgetting_in_force
from quizzes.queries.readiness import CandidateReadiness, readiness_before, readiness_of
from quizzes.queries.rewarding import most_rewarding_competency
from quizzes.readiness import Show
from reviews.queries import study_of
from tests.factories import (
    COMPETENCIES,
    NOW,
    TODAY,
    make_attempt,
    make_blueprint,
    make_competency,
    make_mock_question,
    make_objective,
    make_question,
    make_quiz,
    make_study_plan,
)
from tests.reviews.builders import review

DAY = timedelta(days=1)


@pytest.fixture
def edition(db: None) -> Blueprint:
    """The handbook's six areas, with a practice question and a sealed one in each."""
    blueprint = make_blueprint()
    for code in COMPETENCIES:
        make_question(f"{code}-K1.1")
        make_mock_question(f"{code}-K1.1")
    return blueprint


def finish(candidate: User, *questions: Question, right: int = 1, at: datetime = NOW, **fields: Any) -> Attempt:
    """A graded attempt; the first so many of its questions are right."""
    attempt = make_attempt(
        candidate,
        *questions,
        state=Attempt.State.GRADED,
        started_at=at - timedelta(hours=1),
        submitted_at=at,
        raw_score=min(right, len(questions)),
        **fields,
    )
    for place, response in enumerate(attempt.responses.order_by("position")):
        is_correct = place < right
        response.selected_label, response.is_correct, response.answered_at = "B" if is_correct else "A", is_correct, at
        response.save()
    return attempt


def answer(candidate: User, *, each: int, right: int, at: datetime = NOW) -> None:
    """So many first answers in every competency, of which so many right."""
    for code in COMPETENCIES:
        finish(candidate, *(make_question(f"{code}-K1.1") for _ in range(each)), right=right, at=at)


def read(candidate: User, *, on: date = TODAY, at: datetime = NOW) -> CandidateReadiness:
    return readiness_of(candidate, on=on, at=at)


def shown(found: CandidateReadiness) -> Show:
    assert found.readiness
    return found.readiness.show


# What may be shown


def test_without_answers_nothing_is_shown_and_twelve_are_missing(candidate: User, edition: Blueprint) -> None:
    found = read(candidate)

    assert (shown(found), found.n, found.missing.answers, found.missing.in_competencies) == (Show.NOTHING, 0, 12, [])
    assert found.trend() == []
    assert found.rewarding == []


def test_five_answers_leave_seven_missing(candidate: User, edition: Blueprint) -> None:
    finish(candidate, *(make_question() for _ in range(5)))

    assert read(candidate).missing.answers == 7


def test_twelve_answers_show_a_rough_range(candidate: User, edition: Blueprint) -> None:
    answer(candidate, each=2, right=1)

    found = read(candidate)

    assert (shown(found), found.missing.answers) == (Show.ROUGH, 18)
    assert [(each.code, count) for each, count in found.missing.in_competencies] == [(code, 1) for code in COMPETENCIES]
    assert found.readiness
    assert found.readiness.shown_percent is None


def test_thirty_answers_in_one_competency_are_rough_still(candidate: User, edition: Blueprint) -> None:
    finish(candidate, *(make_question("MET-K1.1") for _ in range(30)), right=20)

    found = read(candidate)

    assert (shown(found), found.missing.answers) == (Show.ROUGH, 0)
    assert [each.code for each, _ in found.missing.in_competencies] == ["CUL", "ORG", "VOC", "DES", "STR"]


def test_thirty_answers_with_three_in_each_competency_show_a_chance(candidate: User, edition: Blueprint) -> None:
    answer(candidate, each=5, right=3)

    found = read(candidate)

    assert shown(found) is Show.FULL
    assert (found.missing.answers, found.missing.in_competencies) == (0, [])
    assert found.readiness
    assert found.readiness.shown_percent in range(3, 98)


def test_competency_that_the_edition_does_not_ask_needs_no_answers(candidate: User) -> None:
    make_blueprint(item_count=20, MET=100)
    make_competency("CUL")
    make_mock_question("MET-K1.1")
    finish(candidate, *(make_question("MET-K1.1") for _ in range(30)), right=20)

    found = read(candidate)

    assert shown(found) is Show.FULL
    assert [each.competency.code for each in found.estimates] == ["MET"]


# What counts


def test_only_the_first_answer_to_a_question_counts(candidate: User, edition: Blueprint) -> None:
    question = make_question()
    finish(candidate, question, right=0, at=NOW - DAY)
    finish(candidate, question, right=1)

    found = read(candidate)

    assert (found.n, found.answers.is_correct.tolist()) == (1, [False])


def test_another_version_of_a_question_is_no_first_answer(candidate: User, edition: Blueprint) -> None:
    earlier = make_question(status=Question.Status.RETIRED)
    finish(candidate, earlier, at=NOW - DAY)
    finish(candidate, make_question(code=earlier.code, version=2))

    assert read(candidate).n == 1


def test_question_left_blank_before_counts_as_seen(candidate: User, edition: Blueprint) -> None:
    question = make_question()
    attempt = finish(candidate, question, right=0, at=NOW - DAY)
    attempt.responses.update(selected_label="", answered_at=None)
    finish(candidate, question)

    assert read(candidate).n == 0


def test_question_met_in_a_review_before_counts_as_seen(candidate: User, edition: Blueprint) -> None:
    question = make_question()
    review(candidate, question, at=NOW - 2 * DAY, is_from_review=True)
    finish(candidate, question)

    assert read(candidate).n == 0


def test_what_is_said_not_to_be_known_is_a_wrong_answer(candidate: User, edition: Blueprint) -> None:
    attempt = finish(candidate, make_question(), right=0)
    attempt.responses.update(selected_label="")

    assert read(candidate).answers.is_correct.tolist() == [False]


def test_answers_of_others_and_of_open_attempts_do_not_count(
    candidate: User, other_candidate: User, edition: Blueprint
) -> None:
    finish(other_candidate, make_question())
    make_attempt(candidate, make_question())

    assert read(candidate).n == 0


def test_better_answers_give_a_better_chance(candidate: User, other_candidate: User, edition: Blueprint) -> None:
    answer(candidate, each=5, right=5)
    answer(other_candidate, each=5, right=1)

    better, worse = read(candidate).readiness, read(other_candidate).readiness

    assert better
    assert worse
    assert better.probability > worse.probability + 0.3
    assert better.expected > worse.expected
    assert dict(better.curve)[50] >= dict(better.curve)[75] >= dict(better.curve)[100]


def test_calibrated_difficulty_is_taken_where_there_is_one(candidate: User, edition: Blueprint) -> None:
    question = make_question(difficulty=5)
    calibration = make_calibration()
    ItemParameters.objects.create(
        question=question, calibration=calibration, difficulty=-0.5, difficulty_se=0.3, discrimination=1.2, n=200
    )
    finish(candidate, question)

    answers = read(candidate).answers

    assert (answers.difficulty.tolist(), answers.discrimination.tolist()) == ([-0.5], [1.2])


def test_forgetting_before_the_exam_lowers_the_expected_score(
    candidate: User, other_candidate: User, edition: Blueprint
) -> None:
    for person in (candidate, other_candidate):
        answer(person, each=5, right=4)
        for code in COMPETENCIES:
            review(person, make_question(f"{code}-K1.1"), at=NOW - DAY)
    make_study_plan(candidate, exam_on=TODAY + 180 * DAY)
    make_study_plan(other_candidate, exam_on=TODAY + DAY)

    late, soon = read(candidate), read(other_candidate)

    assert (late.reviewed, soon.reviewed) == (6, 6)
    assert late.readiness
    assert soon.readiness
    assert late.readiness.expected < soon.readiness.expected


def test_target_is_that_of_the_plan(candidate: User, other_candidate: User, edition: Blueprint, settings: Any) -> None:
    settings.PRACTICE_TARGET_PERCENT = 70
    make_study_plan(candidate, target_percent=85)

    assert (read(candidate).target, read(other_candidate).target) == (85, 70)


def test_edition_is_that_of_the_plan(candidate: User, edition: Blueprint) -> None:
    small = make_blueprint("small", item_count=10, MET=60, CUL=40)
    make_study_plan(candidate, blueprint=small)

    found = read(candidate)

    assert found.exam
    assert dict(zip(COMPETENCIES, found.exam.items.tolist(), strict=True)) == {
        "CUL": 4,
        "ORG": 0,
        "VOC": 0,
        "DES": 0,
        "MET": 6,
        "STR": 0,
    }


def test_area_of_two_competencies_is_shared_out_by_their_objectives(candidate: User) -> None:
    edition = make_blueprint(item_count=30, CUL=50, MET=50)
    edition.areas.get(code="CUL").competencies.add(make_competency("ORG"))
    for code in ("CUL-K1.1", "ORG-K1.1", "ORG-K1.2", "MET-K1.1"):
        make_objective(code)

    found = read(candidate)

    assert found.exam
    assert found.exam.items.tolist() == [5, 10, 15]


# Bad data


def test_empty_bank_has_no_readiness(candidate: User) -> None:
    found = read(candidate)

    assert (found.exam, found.readiness, found.estimates, found.trend(), found.rewarding) == (None, None, [], [], [])


def test_edition_without_areas_has_no_readiness(candidate: User) -> None:
    Blueprint.objects.create(code="six-areas", name="Empty", position=1, item_count=100, minutes=180)
    make_competency("MET")

    assert read(candidate).readiness is None


def test_edition_without_weights_or_items_has_no_readiness(candidate: User, edition: Blueprint) -> None:
    weightless = make_blueprint("weightless", MET=0)
    plan = make_study_plan(candidate, blueprint=weightless)
    assert read(candidate).readiness is None

    plan.blueprint = make_blueprint("itemless", item_count=0, MET=100)
    plan.save()
    assert read(candidate).readiness is None


def test_without_sealed_questions_they_count_as_of_medium_difficulty(candidate: User) -> None:
    make_blueprint()
    answer(candidate, each=5, right=3)

    found = read(candidate)

    assert shown(found) is Show.FULL
    assert len(found.estimates) == 6


@pytest.mark.parametrize(("days", "expected"), [(-3, None), (0, TODAY), (3, TODAY + 3 * DAY)])
def test_exam_date_that_is_over_counts_as_none(
    candidate: User, edition: Blueprint, days: int, expected: date | None
) -> None:
    make_study_plan(candidate, exam_on=TODAY + days * DAY)
    answer(candidate, each=5, right=3)
    review(candidate, make_question("MET-K1.1"), at=NOW - DAY)

    found = read(candidate)

    assert found.exam_on == expected
    assert shown(found) is Show.FULL
    assert found.rewarding != []


def test_answer_on_what_is_tomorrow_elsewhere_is_no_fault(candidate: User, edition: Blueprint) -> None:
    answer(candidate, each=5, right=3, at=NOW)

    assert read(candidate, on=TODAY - DAY, at=NOW).n == 30


# Over time


def test_trend_begins_with_the_twelfth_answer_and_ends_with_the_newest(candidate: User, edition: Blueprint) -> None:
    for days_ago in (3, 2, 1):
        answer(candidate, each=1, right=1, at=NOW - days_ago * DAY)

    trend = read(candidate).trend()

    assert [(point.on, point.n) for point in trend] == [(TODAY - 2 * DAY, 12), (TODAY - DAY, 18)]
    assert all(point.low < point.expected < point.high for point in trend)


def test_trend_has_at_most_twelve_points(candidate: User, edition: Blueprint) -> None:
    answer(candidate, each=2, right=1, at=NOW - 30 * DAY)
    for days_ago in range(29, 0, -1):
        finish(candidate, make_question(), at=NOW - days_ago * DAY)

    trend = read(candidate).trend()

    assert len(trend) == 12
    assert (trend[0].on, trend[-1].on) == (TODAY - 30 * DAY, TODAY - DAY)


# What moves it most


def test_most_rewarding_is_the_competency_with_the_heaviest_unlearned_objectives(candidate: User) -> None:
    make_blueprint(item_count=100, CUL=80, MET=20)
    for code in ("CUL-K1.1", "CUL-K1.2", "MET-K1.1", "MET-K1.2"):
        make_question(code)
    make_study_plan(candidate, exam_on=TODAY + 20 * DAY)
    review(candidate, Question.objects.get(objective__code="MET-K1.1"), at=NOW - DAY)

    areas = read(candidate).rewarding

    assert [area.competency.code for area in areas] == ["CUL", "MET"]
    assert set(areas[0].objectives) == {"CUL-K1.1", "CUL-K1.2"}
    assert areas[0].points > areas[1].points > 0
    assert most_rewarding_competency(candidate, on=TODAY) == areas[0].competency


def test_objective_asked_today_wins_nothing_more_today(candidate: User, edition: Blueprint) -> None:
    make_study_plan(candidate, exam_on=TODAY + 20 * DAY)
    review(candidate, Question.objects.practice().get(objective__code="MET-K1.1"), at=NOW)

    assert "MET" not in [area.competency.code for area in read(candidate).rewarding]


def test_an_area_names_at_most_ten_objectives(candidate: User) -> None:
    make_blueprint(item_count=100, MET=100)
    questions = [make_question(f"MET-K1.{number}") for number in range(1, 15)]
    review(candidate, questions[0], at=NOW - DAY)

    (area,) = read(candidate).rewarding

    assert len(area.objectives) == 10


def test_nobody_is_told_what_pays_before_the_first_answer(candidate: User, edition: Blueprint) -> None:
    assert most_rewarding_competency(candidate, on=TODAY) is None


# Before a mock exam


def test_readiness_before_a_mock_leaves_out_what_came_after_its_start(candidate: User, edition: Blueprint) -> None:
    answer(candidate, each=5, right=3, at=NOW - 2 * DAY)
    mock = make_quiz(kind=Quiz.Kind.MOCK, blueprint=edition)
    attempt = finish(candidate, make_mock_question(), quiz=mock, at=NOW)
    before = readiness_before(attempt)
    answer(candidate, each=5, right=0, at=NOW + DAY)

    assert before
    assert before.show is Show.FULL
    assert readiness_before(attempt) == before


# Weights of ability and memory


def make_calibration(**fields: Any) -> Calibration:
    number = Calibration.objects.count() + 1
    counts = {"answers": 1000, "candidates": 10, "questions": 100}
    population = {"prior_mean": 0.8, "general_spread": 0.8, "specific_spread": 0.4}
    run = {"is_accepted": True, "reason": "", "model_version": "1", "as_of_response_id": number, "computed_at": NOW}
    return Calibration.objects.create(**{**counts, **population, **run, **fields})


def test_forgetting_in_force_is_that_of_the_newest_accepted_calibration(db: None) -> None:
    assert forgetting_in_force() == Forgetting()
    make_calibration(forgetting=[0.1, 0.4, 0.6])
    make_calibration(forgetting=[0.9, 0.9, 0.9], is_accepted=False)

    assert forgetting_in_force() == Forgetting(0.1, 0.4, 0.6)


@pytest.mark.parametrize("answers", [1, 30])
def test_readiness_takes_a_fixed_number_of_queries(
    candidate: User, edition: Blueprint, answers: int, django_assert_num_queries: Any
) -> None:
    finish(candidate, *(make_question() for _ in range(answers)))
    review(candidate, make_question(), at=NOW - DAY)
    study = study_of(candidate, on=TODAY)

    with django_assert_num_queries(10):
        readiness_of(candidate, on=TODAY, at=NOW, study=study)
