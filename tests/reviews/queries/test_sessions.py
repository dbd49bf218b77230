"""Today's session, and which question asks next."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from questions.models import Question
from reviews.leeches import REST
from reviews.models import SpecialDays
from reviews.queries import answered_today, next_planned_day, next_question, same_question, study_session
from reviews.services import undo_review
from tests.factories import NOW, TODAY, make_question, make_study_plan
from tests.reviews.builders import LEECH, learn, make_due_card, make_schedule, review

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def due(candidate: User, *codes: str) -> list[Question]:
    """Met long ago and mostly forgotten."""
    questions = [make_question(code) for code in codes]
    for question in questions:
        make_due_card(candidate, question, days_ago=60)
    return questions


def asked(candidate: User, *, is_ahead: bool = False) -> tuple[str, str, int] | None:
    found = next_question(candidate, on=TODAY, is_ahead=is_ahead)
    return (found.question.objective.code, found.kind, found.left) if found else None


def test_a_session_counts_reviews_and_new_ones_by_competency(candidate: User) -> None:
    due(candidate, "MET-K1.1", "MET-K2.1", "CUL-K1.1")
    make_question("VOC-K1.1")
    session = study_session(candidate, on=TODAY)
    rows = [(row.competency.code, row.reviews, row.new, row.again) for row in session.competencies]
    assert rows == [("CUL", 1, 0, 0), ("VOC", 0, 1, 0), ("MET", 2, 0, 0)]
    assert (session.reviews, session.new, session.again, session.left, session.state) == (3, 1, 0, 4, "open")
    assert (session.capacity, session.has_plan, session.answered) == (20, False, 0)


def test_what_was_missed_today_is_asked_once_more_at_the_end(candidate: User) -> None:
    due(candidate, "MET-K1.1")
    learn(candidate, make_question("CUL-K1.1"), (0, 1), is_from_review=True)
    session = study_session(candidate, on=TODAY)
    assert (session.reviews, session.again, session.left, session.answered) == (1, 1, 2, 1)
    assert [(row.competency.code, row.again) for row in session.competencies] == [("CUL", 1), ("MET", 0)]
    assert asked(candidate) == ("MET-K1.1", "review", 2)


def test_it_is_asked_once_more_and_not_twice(candidate: User) -> None:
    question = make_question()
    learn(candidate, question, (0, 1), is_from_review=True)
    assert asked(candidate) == ("MET-K1.1", "again", 1)
    review(candidate, question, at=NOW + MINUTE, rating=1)
    assert asked(candidate) is None


def test_once_more_asks_another_variant(candidate: User) -> None:
    first, second = make_question(), make_question()
    learn(candidate, first, (0, 1), is_from_review=True)
    found = next_question(candidate, on=TODAY)
    assert found is not None
    assert (found.question, found.kind) == (second, "again")


def test_what_a_quiz_found_missed_is_not_asked_again_today(candidate: User) -> None:
    """The quiz may still keep its answers to itself."""
    learn(candidate, make_question(), (0, 1))
    assert (study_session(candidate, on=TODAY).again, asked(candidate)) == (0, None)


def test_a_new_objective_is_called_new(candidate: User) -> None:
    make_question()
    assert asked(candidate) == ("MET-K1.1", "new", 1)


def test_study_ahead_begins_when_the_session_is_over(candidate: User) -> None:
    due(candidate, "MET-K1.1")
    fresh = make_question("MET-K2.1")
    make_due_card(candidate, fresh, days_ago=1, stability=50.0)
    assert asked(candidate, is_ahead=True) == ("MET-K1.1", "review", 1)
    review(candidate, Question.objects.get(objective__code="MET-K1.1"), at=NOW)
    assert asked(candidate) is None
    assert asked(candidate, is_ahead=True) == ("MET-K2.1", "ahead", 0)


def test_going_on_something_stands_between_a_miss_and_its_second_question(candidate: User) -> None:
    fresh = make_question("MET-K2.1")
    make_due_card(candidate, fresh, days_ago=1, stability=50.0)
    learn(candidate, make_question("MET-K1.1"), (0, 1), is_from_review=True)
    assert asked(candidate, is_ahead=True) == ("MET-K2.1", "ahead", 0)
    review(candidate, fresh, at=NOW + MINUTE)
    assert asked(candidate, is_ahead=True) == ("MET-K1.1", "again", 1)


def test_when_everything_was_asked_there_is_nothing_ahead(candidate: User) -> None:
    review(candidate, make_question())
    session = study_session(candidate, on=TODAY)
    assert (session.state, session.can_go_on, asked(candidate, is_ahead=True)) == ("done", False, None)


def test_a_leech_rests_and_is_then_marked(candidate: User) -> None:
    question = make_question()
    learn(candidate, question, *LEECH)
    found = next_question(candidate, on=TODAY)
    assert found is not None
    assert found.is_leech
    learn(candidate, question, (0, 1))
    assert (asked(candidate), asked(candidate, is_ahead=True)) == (None, None)
    assert next_question(candidate, on=TODAY + DAY) is None
    again = next_question(candidate, on=TODAY + REST)
    assert again is not None
    assert (again.kind, again.is_leech) == ("review", True)


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"exam_on": TODAY}, "exam-day"),
        ({"minutes_by_weekday": [0] * 7}, "no-minutes"),
        ({"minutes_by_weekday": [0, 20, 20, 20, 20, 20, 20]}, "day-off"),
        ({"minutes_by_weekday": [1] * 7}, "time-used"),
        ({"exam_on": TODAY - DAY}, "open"),
        ({"exam_on": TODAY + DAY}, "open"),
    ],
)
def test_the_state_of_a_day(candidate: User, fields: dict[str, Any], state: str) -> None:
    make_question()
    make_study_plan(candidate, **fields)
    session = study_session(candidate, on=TODAY)
    assert (session.state, session.can_go_on) == (state, True)


@pytest.mark.parametrize(("kind", "state"), [("mock", "mock-day"), ("off", "day-off"), ("easy", "open")])
def test_the_state_of_a_special_day(candidate: User, kind: str, state: str) -> None:
    make_question()
    plan = make_study_plan(candidate)
    SpecialDays.objects.create(plan=plan, kind=kind, starts_on=TODAY, ends_on=TODAY)
    assert study_session(candidate, on=TODAY).state == state


def test_the_state_without_a_question_in_the_bank(candidate: User) -> None:
    session = study_session(candidate, on=TODAY)
    assert (session.state, session.can_go_on, session.left) == ("bank-empty", False, 0)


def test_the_minutes_of_the_plan_end_the_session(candidate: User) -> None:
    make_study_plan(candidate, minutes_by_weekday=[3] * 7)
    for number in range(1, 15):
        learn(candidate, make_question(f"MET-K{number}.1"), (60, 1))
    counts = []
    while (found := next_question(candidate, on=TODAY)) is not None:
        counts.append(found.left)
        review(candidate, found.question, at=NOW + len(counts) * MINUTE)
    session = study_session(candidate, on=TODAY)
    assert (session.state, session.answered, session.can_go_on) == ("time-used", len(counts), True)
    assert (counts[-1], 2 <= counts[0] <= len(counts) < 14) == (1, True)


def test_a_session_names_what_has_no_question(candidate: User) -> None:
    make_question("MET-K1.1")
    make_due_card(candidate, make_question("MET-K2.1", status=Question.Status.RETIRED))
    assert [objective.code for objective in study_session(candidate, on=TODAY).unaskable] == ["MET-K2.1"]


@pytest.mark.parametrize("count", [1, 300])
def test_session_and_next_question_take_the_same_queries_however_much_there_is(
    candidate: User, count: int, django_assert_num_queries: Any
) -> None:
    make_study_plan(candidate)
    due(candidate, *(f"MET-K{number}.1" for number in range(1, count + 1)))
    # The state of the candidate and the competencies; or the variant.
    for read in (study_session, next_question):
        with django_assert_num_queries(8):
            assert read(candidate, on=TODAY)


def test_the_same_question_keeps_its_kind(candidate: User) -> None:
    [question] = due(candidate, "MET-K1.1")
    make_question("MET-K1.1")
    found = same_question(candidate, question.pk, on=TODAY)
    assert found is not None
    assert (found.question, found.kind, found.left) == (question, "review", 1)
    Question.objects.filter(pk=question.pk).update(status=Question.Status.RETIRED)
    assert same_question(candidate, question.pk, on=TODAY) is None


def test_answered_today_tells_right_from_missed_and_leaves_quizzes_out(candidate: User, other_candidate: User) -> None:
    review(candidate, make_question("MET-K1.1"), is_from_review=True, at=NOW - DAY)
    review(candidate, make_question("MET-K2.1"), is_from_review=True, rating=1)
    review(candidate, make_question("MET-K3.1"), is_from_review=True, at=NOW + MINUTE, selected_label="C", rating=1)
    review(candidate, make_question("MET-K4.1"))
    review(other_candidate, make_question("MET-K5.1"), is_from_review=True)
    undone = review(candidate, make_question("MET-K6.1"), is_from_review=True, at=NOW + 2 * MINUTE)
    undo_review(candidate=candidate, source=undone.source, now=NOW + 3 * MINUTE)
    told = [(each.objective.code, each.is_right) for each in answered_today(candidate, on=TODAY)]
    assert told == [("MET-K3.1", False), ("MET-K2.1", True)]


def test_next_planned_day_skips_days_without_anything(candidate: User) -> None:
    make_schedule(candidate, 5, 0, 0, 10)
    day = next_planned_day(candidate, on=TODAY)
    assert day is not None
    assert (day.on, day.reviews, day.new, day.minutes, day.is_mock) == (TODAY + 3 * DAY, 10, 2, 10, False)


def test_next_planned_day_may_be_a_mock_exam(candidate: User) -> None:
    make_schedule(candidate, 5, 0, 0, 10, mocks=[2])
    day = next_planned_day(candidate, on=TODAY)
    assert day is not None
    assert (day.on, day.is_mock) == (TODAY + 2 * DAY, True)


def test_without_a_schedule_there_is_no_next_day(candidate: User) -> None:
    assert next_planned_day(candidate, on=TODAY) is None
