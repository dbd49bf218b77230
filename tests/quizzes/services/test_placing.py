from __future__ import annotations

import uuid
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from questions.models import Question
from quizzes import services
from quizzes.models import Answer, Attempt, Feedback, Quiz, Response
from quizzes.queries.integrity import broken_rules
from quizzes.services.placing import FEWEST_ANSWERS
from reviews.models import ReviewLog
from tests.factories import COMPETENCIES, NOW, make_attempt, make_question, make_study_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(db: None) -> None:
    """Of each competency six objectives, from easy to hard, with two questions each."""
    for competency in COMPETENCIES:
        for number in range(1, 7):
            for _ in range(2):
                make_question(f"{competency}-K{number}.1", difficulty=min(number, 5))


def waiting(attempt: Attempt) -> Response:
    return attempt.responses.select_related("question").get(answered_at=None)


def answer(attempt: Attempt, label: str | None = None, **fields: Any) -> Attempt:
    """The waiting question; right unless a label is given."""
    response = waiting(attempt)
    return services.answer_placement(
        **{
            "attempt": attempt,
            "position": response.position,
            "label": response.question.key if label is None else label,
            "key": uuid.uuid4(),
            "now": NOW,
            **fields,
        }
    )


def start(candidate: User, now: datetime = NOW) -> Attempt:
    return services.start_placement(candidate=candidate, now=now)


def sit(candidate: User, count: int, label: str | None = None, now: datetime = NOW) -> Attempt:
    attempt = start(candidate, now)
    for _ in range(count):
        attempt = answer(attempt, label, now=now)
    return attempt


def faults(now: datetime = NOW) -> list[tuple[str, int]]:
    return [(rule, count) for rule, count in broken_rules(now=now, sample=3) if count and "schedule" not in rule]


# The shared quiz


def test_placement_test_is_one_row() -> None:
    first, second = services.shared_placement(), services.shared_placement()
    assert first == second == Quiz.objects.get()
    assert (first.kind, first.question_count, first.feedback, first.time_limit_minutes, first.author) == (
        Quiz.Kind.PLACEMENT,
        30,
        Feedback.AT_END,
        None,
        None,
    )


# What check_integrity counts


@pytest.mark.parametrize(
    ("fields", "count"),
    [({}, 0), ({"question_count": 1}, 1), ({"state": "submitted", "submitted_at": NOW}, 1)],
)
def test_integrity_lets_only_an_open_test_be_short_of_its_questions(
    bank: None, candidate: User, fields: dict[str, Any], count: int
) -> None:
    attempt = answer(start(candidate))
    Attempt.objects.filter(pk=attempt.pk).update(**fields)
    found = dict(broken_rules(now=NOW, sample=1))
    assert found["attempts without exactly the questions drawn"] == count


def test_integrity_counts_a_sealed_question_in_a_placement_test(bank: None, candidate: User) -> None:
    attempt = start(candidate)
    Question.objects.filter(responses__attempt=attempt).update(pool=Question.Pool.MOCK)
    found = dict(broken_rules(now=NOW, sample=1))
    assert found["sealed questions outside of mock exams"] == 1


# Starting


def test_start_draws_the_first_question_only(bank: None, candidate: User) -> None:
    attempt = start(candidate)
    assert (attempt.question_count, attempt.deadline_at, attempt.feedback) == (30, None, Feedback.AT_END)
    assert [response.position for response in attempt.responses.all()] == [1]
    assert faults() == []


def test_second_start_returns_the_open_attempt(bank: None, candidate: User) -> None:
    assert start(candidate) == start(candidate)
    assert Response.objects.count() == 1


def test_start_takes_the_own_target(bank: None, candidate: User) -> None:
    make_study_plan(candidate, target_percent=82)
    assert start(candidate).cut_score == 82


def test_small_bank_makes_a_shorter_test(candidate: User) -> None:
    for competency in COMPETENCIES:
        for number in range(1, 4):
            make_question(f"{competency}-K{number}.1")
    assert start(candidate).question_count == 18


def test_bank_too_small_for_a_result_is_refused(candidate: User) -> None:
    for number in range(1, 12):
        make_question(f"MET-K{number}.1")
    with pytest.raises(services.NotEnoughQuestions) as caught:
        start(candidate)
    assert caught.value.sentence == (
        "A placement test needs questions on at least 12 objectives; the bank has 11 that fit now."
    )
    assert Attempt.objects.count() == 0


def test_empty_bank_is_refused(candidate: User) -> None:
    with pytest.raises(services.NotEnoughQuestions):
        start(candidate)


def test_sealed_questions_are_never_drawn(bank: None, candidate: User) -> None:
    Question.objects.filter(objective__code__startswith="MET").update(pool=Question.Pool.MOCK)
    attempt = sit(candidate, 25)
    assert (attempt.question_count, attempt.state) == (25, Attempt.State.GRADED)
    assert set(attempt.responses.values_list("question__pool", flat=True)) == {Question.Pool.PRACTICE}


@pytest.mark.parametrize(("days", "is_allowed"), [(0, False), (29, False), (30, True), (400, True)])
def test_next_test_may_start_thirty_days_after_the_last(
    bank: None, candidate: User, days: int, is_allowed: bool
) -> None:
    first = sit(candidate, 30)
    later = NOW + timedelta(days=days)
    if is_allowed:
        assert start(candidate, later) != first
    else:
        with pytest.raises(services.StartRefused) as caught:
            start(candidate, later)
        assert caught.value.sentence == "You can sit the placement test again from 1 April 2026."


def test_another_candidates_test_does_not_stand_in_the_way(bank: None, candidate: User, other_candidate: User) -> None:
    sit(candidate, 30)
    assert start(other_candidate).candidate == other_candidate


# Answering


def test_answer_is_stored_and_the_next_question_drawn(bank: None, candidate: User) -> None:
    attempt = start(candidate)
    key = uuid.uuid4()
    answered = answer(attempt, "C", key=key, seconds=40)
    first, second = answered.responses.order_by("position")
    assert (first.selected_label, first.sequence, first.seconds, first.answered_at) == ("C", 1, 40, NOW)
    assert (second.position, second.selected_label, second.answered_at) == (2, "", None)
    assert (Answer.objects.get().key, first.is_correct, answered.is_open) == (key, None, True)
    assert faults() == []


def test_same_key_again_changes_nothing(bank: None, candidate: User) -> None:
    attempt, key = start(candidate), uuid.uuid4()
    answer(attempt, "C", key=key)
    again = services.answer_placement(attempt=attempt, position=1, label="C", key=key, now=NOW)
    assert (again.is_open, Answer.objects.count(), attempt.responses.count()) == (True, 1, 2)


def test_answer_is_final(bank: None, candidate: User) -> None:
    attempt = start(candidate)
    answer(attempt, "C")
    with pytest.raises(services.AnswerRefused) as caught:
        services.answer_placement(attempt=attempt, position=1, label="B", key=uuid.uuid4(), now=NOW)
    assert caught.value.sentence == "This question is answered already, and that answer stands."
    assert (attempt.responses.get(position=1).selected_label, attempt.responses.count()) == ("C", 2)


def test_answer_cannot_be_changed_by_way_of_the_exam_room(bank: None, candidate: User) -> None:
    attempt = start(candidate)
    answer(attempt, "C")
    for position in (1, 2):
        with pytest.raises(services.AnswerRefused) as caught:
            services.record_answer(
                attempt_code=attempt.code,
                candidate=candidate,
                position=position,
                key=uuid.uuid4(),
                sequence=9,
                label="B",
                now=NOW,
            )
        assert caught.value.sentence == "The placement test takes answers on its own page only."
    assert list(attempt.responses.values_list("selected_label", flat=True)) == ["C", ""]


def test_key_of_an_earlier_answer_is_refused(bank: None, candidate: User) -> None:
    attempt, key = start(candidate), uuid.uuid4()
    answer(attempt, key=key)
    with pytest.raises(services.KeyReused):
        answer(attempt, key=key)
    assert attempt.responses.count() == 2


@pytest.mark.parametrize("label", ["E", "b", "AB"])
def test_unknown_label_is_refused(bank: None, candidate: User, label: str) -> None:
    attempt = start(candidate)
    with pytest.raises(services.UnknownLabel):
        answer(attempt, label)
    assert Answer.objects.count() == 0


@pytest.mark.parametrize("position", [0, 2, 31])
def test_question_that_was_not_drawn_takes_no_answer(bank: None, candidate: User, position: int) -> None:
    with pytest.raises(services.UnknownPosition):
        answer(start(candidate), position=position)


def test_not_to_know_is_an_answer_without_a_label(bank: None, candidate: User) -> None:
    attempt = answer(start(candidate), "")
    first = attempt.responses.get(position=1)
    assert (first.selected_label, first.sequence, first.answered_at) == ("", 1, NOW)
    assert (Answer.objects.get().label, attempt.responses.count()) == ("", 2)


def test_last_answer_finishes_and_grades(bank: None, candidate: User) -> None:
    attempt = sit(candidate, 30)
    stored = Attempt.objects.get()
    assert (stored.state, stored.raw_score, stored.question_count, stored.submitted_at) == (
        Attempt.State.GRADED,
        30,
        30,
        NOW,
    )
    assert (attempt.state, attempt.raw_score) == (Attempt.State.GRADED, 30)
    assert ReviewLog.objects.count() == 30
    assert faults() == []


def test_last_answer_twice_is_one(bank: None, candidate: User) -> None:
    attempt, key = sit(candidate, 29), uuid.uuid4()
    answer(attempt, key=key)
    again = services.answer_placement(attempt=attempt, position=30, label="B", key=key, now=NOW)
    assert (again.state, again.raw_score, Answer.objects.count()) == (Attempt.State.GRADED, 30, 30)


def test_not_known_is_wrong_and_no_review(bank: None, candidate: User) -> None:
    attempt = start(candidate)
    for number in range(30):
        attempt = answer(attempt, "" if number < 10 else None)
    assert (attempt.raw_score, attempt.question_count, ReviewLog.objects.count()) == (20, 30, 20)
    assert attempt.responses.filter(is_correct=False).count() == 10
    assert faults() == []


def test_bank_that_runs_dry_ends_the_test(bank: None, candidate: User) -> None:
    attempt = sit(candidate, 14)
    Question.objects.exclude(pk=waiting(attempt).question_id).update(status=Question.Status.RETIRED)
    attempt = answer(attempt)
    assert (attempt.state, attempt.question_count, attempt.raw_score) == (Attempt.State.GRADED, 15, 15)
    assert faults() == []


# Finishing early


def test_early_finish_takes_the_waiting_question_back(bank: None, candidate: User) -> None:
    attempt = sit(candidate, FEWEST_ANSWERS, now=NOW)
    finished = services.finish_placement(attempt=attempt, now=NOW)
    assert (finished.state, finished.raw_score, finished.question_count) == (Attempt.State.GRADED, 12, 12)
    assert list(finished.responses.values_list("position", flat=True)) == list(range(1, 13))
    assert faults() == []


def test_early_finish_before_twelve_answers_is_refused(bank: None, candidate: User) -> None:
    attempt = sit(candidate, 11)
    with pytest.raises(services.FinishRefused) as caught:
        services.finish_placement(attempt=attempt, now=NOW)
    assert caught.value.sentence == "Answer at least 12 questions before you finish; 11 are answered so far."
    attempt.refresh_from_db()
    assert (attempt.is_open, attempt.responses.count()) == (True, 12)


def test_finish_twice_changes_nothing(bank: None, candidate: User) -> None:
    attempt = sit(candidate, 12)
    services.finish_placement(attempt=attempt, now=NOW)
    again = services.finish_placement(attempt=attempt, now=NOW + timedelta(hours=1))
    assert (again.submitted_at, again.question_count, ReviewLog.objects.count()) == (NOW, 12, 12)


def test_finished_test_takes_no_answer(bank: None, candidate: User) -> None:
    attempt = sit(candidate, 12)
    services.finish_placement(attempt=attempt, now=NOW)
    with pytest.raises(services.UnknownPosition):
        services.answer_placement(attempt=attempt, position=13, label="B", key=uuid.uuid4(), now=NOW)


def test_test_that_is_left_open_is_never_swept(bank: None, candidate: User) -> None:
    start(candidate)
    assert services.close_overdue_attempts(now=NOW + timedelta(days=400)) == []


# What is drawn


@pytest.mark.parametrize("label", [None, "A", ""])
def test_each_competency_has_five_questions_of_different_objectives(
    bank: None, candidate: User, label: str | None
) -> None:
    attempt = sit(candidate, 30, label)
    rows = attempt.responses.values_list("question__objective__code", flat=True)
    assert len(set(rows)) == 30
    assert Counter(code[:3] for code in rows) == dict.fromkeys(COMPETENCIES, 5)


def test_questions_follow_the_answers(
    bank: None, candidate: User, other_candidate: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mean_difficulty(attempt: Attempt) -> float:
        levels = attempt.responses.filter(position__gt=6).values_list("question__difficulty", flat=True)
        return sum(levels) / len(levels)

    # Eight of the best are as good as one another, so that a small bank follows slowly and by chance.
    for competency in COMPETENCIES:
        for number in range(10, 30):
            make_question(f"{competency}-K{number}.1", difficulty=1 if number % 2 else 5)
    codes = iter([uuid.UUID(int=7, version=4), uuid.UUID(int=8, version=4)])
    monkeypatch.setattr("quizzes.services.starting.uuid4", lambda: next(codes))
    strong, weak = sit(candidate, 20), sit(other_candidate, 20, "")
    assert mean_difficulty(strong) > mean_difficulty(weak) + 1


def test_seen_questions_come_last(bank: None, candidate: User) -> None:
    """One question of each objective was seen: the other one is asked."""
    seen = [
        questions[0]
        for code in COMPETENCIES
        for number in range(1, 7)
        if (questions := list(Question.objects.filter(objective__code=f"{code}-K{number}.1").order_by("pk")))
    ]
    make_attempt(candidate, *seen, started_at=NOW - timedelta(days=90))
    attempt = sit(candidate, 30)
    assert set(attempt.responses.values_list("question_id", flat=True)).isdisjoint(each.pk for each in seen)


def test_seen_questions_are_asked_when_nothing_else_is_left(bank: None, candidate: User) -> None:
    make_attempt(candidate, *Question.objects.all(), started_at=NOW - timedelta(days=90))
    assert sit(candidate, 30).question_count == 30


def test_draw_can_be_told_again(
    bank: None, candidate: User, other_candidate: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = iter([uuid.UUID(int=7, version=4), uuid.UUID(int=8, version=4)])
    monkeypatch.setattr("quizzes.services.starting.uuid4", lambda: next(codes))
    first = sit(candidate, 5)
    drawn = list(first.responses.values_list("question_id", "option_order"))
    Attempt.objects.filter(pk=first.pk).update(code=uuid.uuid4())
    codes = iter([uuid.UUID(int=7, version=4)])
    again = sit(other_candidate, 5)
    assert list(again.responses.values_list("question_id", "option_order")) == drawn


def test_answers_of_two_days_make_one_test(bank: None, candidate: User) -> None:
    attempt = sit(candidate, 5)
    for number in range(25):
        attempt = answer(attempt, now=NOW + timedelta(days=number))
    assert (attempt.raw_score, attempt.submitted_at) == (30, NOW + timedelta(days=24))
    assert faults(attempt.submitted_at or timezone.now()) == []
