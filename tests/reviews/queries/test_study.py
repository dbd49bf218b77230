"""Where a candidate stands, as the arrays that planner and study queue work on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from accounts.models import User
from competencies.models import Blueprint, BlueprintArea
from questions.models import Question
from reviews import study_queue
from reviews.models import SpecialDays, StudyPlan
from reviews.queries import newcomers_plan, study_of
from reviews.services import undo_review
from reviews.study_queue import expected_difficulty
from tests.factories import NOW, TODAY, make_blueprint, make_competency, make_question, make_study_plan
from tests.reviews.builders import make_due_card, make_fit, review

DAY = timedelta(days=1)


def test_objectives_come_in_the_order_of_the_handbook_and_only_with_a_question_to_ask(candidate: User) -> None:
    for code in ("MET-K1.1", "CUL-S1.1", "CUL-T1.1", "MET-K1.2"):
        make_question(code)
    make_question("MET-K2.1", status=Question.Status.RETIRED)
    make_question("MET-K3.1", pool=Question.Pool.MOCK)
    study = study_of(candidate, on=TODAY)
    assert study.outset.codes == ("CUL-T1.1", "CUL-S1.1", "MET-K1.1", "MET-K1.2")
    assert study.competencies == ["CUL", "MET"]
    assert list(study.outset.bank.competency) == [0, 0, 1, 1]


def test_what_was_never_met_has_no_stability(candidate: User) -> None:
    met, _ = make_question("MET-K1.1"), make_question("MET-K2.1")
    make_due_card(candidate, met, days_ago=10, stability=3.0, difficulty=6.0)
    outset = study_of(candidate, on=TODAY).outset
    assert list(outset.is_met) == [True, False]
    assert (outset.progress.stability[0], outset.progress.difficulty[0]) == (3.0, 6.0)
    assert list(outset.progress.elapsed) == [10, 0]


def test_the_memory_of_somebody_else_does_not_count(candidate: User, other_candidate: User) -> None:
    make_due_card(other_candidate, make_question())
    study = study_of(candidate, on=TODAY)
    assert (list(study.outset.is_met), dict(study.cards)) == ([False], {})


def test_what_was_met_and_has_no_question_is_not_asked(candidate: User) -> None:
    make_question("MET-K1.1")
    withdrawn = make_question("MET-K2.1", status=Question.Status.RETIRED)
    make_due_card(candidate, withdrawn)
    study = study_of(candidate, on=TODAY)
    assert (study.outset.codes, study.unaskable) == (("MET-K1.1",), [withdrawn.objective_id])


def test_weights_share_an_area_between_its_competencies_and_their_objectives(candidate: User) -> None:
    blueprint = Blueprint.objects.create(code="two", name="Two", position=1, item_count=80, minutes=100)
    for place, (codes, weight) in enumerate([(("CUL", "ORG"), 40), (("MET",), 60)], start=1):
        area = BlueprintArea.objects.create(
            blueprint=blueprint, code=codes[0], name=codes[0], weight=weight, position=place
        )
        area.competencies.set([make_competency(code) for code in codes])
    for code in ("CUL-K1.1", "ORG-K1.1", "ORG-K2.1", "ORG-K3.1", "MET-K1.1", "MET-K2.1"):
        make_question(code)
    make_study_plan(candidate, blueprint=blueprint)
    study = study_of(candidate, on=TODAY)
    assert study.outset.bank.weight == pytest.approx([0.1, 0.1, 0.1, 0.1, 0.3, 0.3])
    assert study.items == 80


def test_without_an_edition_all_objectives_weigh_alike(candidate: User) -> None:
    for code in ("CUL-K1.1", "MET-K1.1", "MET-K2.1"):
        make_question(code)
    assert study_of(candidate, on=TODAY).outset.bank.weight == pytest.approx([1 / 3] * 3)


def test_a_plan_without_an_edition_takes_the_default(candidate: User) -> None:
    make_blueprint(item_count=100, CUL=75, MET=25)
    make_question("CUL-K1.1")
    make_question("MET-K1.1")
    make_study_plan(candidate)
    assert study_of(candidate, on=TODAY).outset.bank.weight == pytest.approx([0.75, 0.25])


def test_minutes_come_from_the_weekdays_and_the_special_days(candidate: User) -> None:
    plan = make_study_plan(candidate, exam_on=TODAY + 6 * DAY, minutes_by_weekday=[20, 30, 40, 0, 50, 10, 10])
    for kind, days in (("mock", 0), ("off", 1), ("easy", 2)):
        SpecialDays.objects.create(plan=plan, kind=kind, starts_on=TODAY + days * DAY, ends_on=TODAY + days * DAY)
    capacities = study_of(candidate, on=TODAY).capacities
    assert [day.minutes for day in capacities][1:] == [0, 20, 0, 50, 10]
    assert [day.is_mock for day in capacities] == [True, False, False, False, False, False]
    assert capacities[-1].on == TODAY + 5 * DAY


@pytest.mark.parametrize(("days", "count"), [(0, 0), (1, 1), (40, 40), (-1, 28)])
def test_days_are_planned_up_to_the_exam_or_four_weeks(candidate: User, days: int, count: int) -> None:
    make_study_plan(candidate, exam_on=TODAY + days * DAY)
    study = study_of(candidate, on=TODAY)
    assert (len(study.capacities), study.days_left) == (count, days)


def test_without_a_plan_the_usual_minutes_are_assumed(candidate: User) -> None:
    study = study_of(candidate, on=TODAY)
    assert [day.minutes for day in study.capacities[:7]] == [20, 20, 20, 20, 20, 30, 30]
    assert (study.plan, study.exam_on, study.days_left, study.horizon.days) == (None, None, None, None)


def test_a_mock_day_has_no_seconds_for_anything_else(candidate: User) -> None:
    plan = make_study_plan(candidate)
    SpecialDays.objects.create(plan=plan, kind="mock", starts_on=TODAY, ends_on=TODAY)
    assert study_of(candidate, on=TODAY).seconds_left == 0


def test_what_today_took_goes_off_the_seconds(candidate: User) -> None:
    make_study_plan(candidate, minutes_by_weekday=[10] * 7)
    review(candidate, make_question("MET-K1.1"), at=NOW - timedelta(days=3))
    old, new = make_question("MET-K1.1"), make_question("MET-K2.1")
    review(candidate, old, at=NOW - timedelta(hours=2))
    review(candidate, new, at=NOW - timedelta(hours=1), selected_label="A", rating=1)
    study = study_of(candidate, on=TODAY)
    spent = study_queue.SECONDS_RIGHT + study_queue.SECONDS_WRONG + study_queue.SECONDS_OF_FIRST_MEETING
    assert (study.outset.seconds_spent, study.seconds_left) == (spent, 600 - spent)
    assert study.outset.progress.met_today == 1


def test_an_undone_answer_of_today_leaves_no_trace(candidate: User) -> None:
    make_question("MET-K2.1")
    log = review(candidate, make_question("MET-K1.1"), at=NOW, selected_label="A", rating=1, is_from_review=True)
    before = study_of(candidate, on=TODAY).outset
    undo_review(candidate=candidate, source=log.source, now=NOW)
    study = study_of(candidate, on=TODAY)
    assert (list(before.asked_today), list(before.is_missed), int(before.progress.met_today)) == (
        [1, 0],
        [True, False],
        1,
    )
    assert (list(study.outset.asked_today), list(study.outset.is_missed)) == ([0, 0], [False, False])
    assert (int(study.outset.progress.met_today), study.outset.seconds_spent, study.newest_today) == (0, 0, None)


def test_missed_is_what_a_session_of_today_missed(candidate: User) -> None:
    questions = [make_question(f"MET-K{number}.1") for number in (1, 2, 3)]
    for question, ratings in zip(questions, ([1, 3], [3, 1], [1]), strict=True):
        for minute, rating in enumerate(ratings):
            review(candidate, question, at=NOW + timedelta(minutes=minute), rating=rating, is_from_review=True)
    review(candidate, make_question("MET-K4.1"), rating=1)
    outset = study_of(candidate, on=TODAY).outset
    assert (list(outset.asked_today), list(outset.is_missed)) == ([2, 2, 1, 1], [True, True, True, False])


@pytest.mark.parametrize(("days_ago", "rest"), [(0, 2), (1, 1), (2, 0), (9, 0)])
def test_a_leech_rests_for_two_days(candidate: User, days_ago: int, rest: int) -> None:
    make_due_card(candidate, make_question(), days_ago=days_ago, leech_on=TODAY - days_ago * DAY)
    assert list(study_of(candidate, on=TODAY).outset.rests_for) == [rest]


def test_first_answers_tell_what_was_known(candidate: User) -> None:
    for code, first in (("CUL-K1.1", 3), ("CUL-K2.1", 1), ("MET-K1.1", 2)):
        make_due_card(candidate, make_question(code), first_rating=first)
    make_question("MET-K2.1")
    first = study_of(candidate, on=TODAY).outset.progress.first
    np.testing.assert_array_equal(first, [0.9, 0.05, 0.2, np.nan])


def test_an_objective_is_as_difficult_as_its_questions_are_in_the_middle(candidate: User) -> None:
    for code, levels in (("MET-K1.1", (1, 3)), ("MET-K2.1", (4, 4)), ("MET-K3.1", (3, 3))):
        for level in levels:
            make_question(code, difficulty=level)
    expected = expected_difficulty(np.array([2.0, 4.0, 3.0]))
    np.testing.assert_allclose(study_of(candidate, on=TODAY).outset.bank.difficulty, expected)


def test_the_parameters_are_those_fitted_to_the_candidate(candidate: User, other_candidate: User) -> None:
    fit = make_fit(candidate)
    fit.parameters[0] = 0.5
    fit.save()
    assert study_of(candidate, on=TODAY).outset.parameters[0] == 0.5
    assert study_of(other_candidate, on=TODAY).outset.parameters[0] != 0.5


def test_an_empty_bank_is_no_error(candidate: User) -> None:
    study = study_of(candidate, on=TODAY)
    assert (study.objectives, study.session.places, study.session.again, study.beyond) == ([], [], [], None)


def test_a_newcomer_gets_a_plan_to_the_exam(db: None) -> None:
    make_blueprint()
    for number in range(1, 30):
        make_question(f"MET-K{number}.1")
    plan = newcomers_plan(on=TODAY, weeks=2)
    assert len(plan.days) == 14
    assert len({code for day in plan.days for code in day.new}) == 29


@pytest.mark.parametrize("count", [1, 300])
def test_it_takes_the_same_queries_however_much_there_is(
    candidate: User, count: int, django_assert_num_queries: Any
) -> None:
    plan = make_study_plan(candidate, blueprint=make_blueprint())
    SpecialDays.objects.create(plan=plan, kind="off", starts_on=TODAY + DAY, ends_on=TODAY + DAY)
    for number in range(1, count + 1):
        make_due_card(candidate, make_question(f"MET-K{number}.1"))
    plan = StudyPlan.objects.get()
    # The plan, the objectives, the cards, today, the fit, the weights, the special days.
    with django_assert_num_queries(7):
        study = study_of(candidate, on=TODAY)
    assert np.count_nonzero(study.outset.is_met) == count
