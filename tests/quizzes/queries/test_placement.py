from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from accounts.models import User
from questions.models import Question
from quizzes import services
from quizzes.models import Attempt, Calibration, Feedback, ItemParameters, Response
from quizzes.queries import placement, pool
from quizzes.queries.placement import count_answered, next_question, placement_result, waiting_response
from quizzes.readiness import Show
from reviews.models import ReviewLog
from tests.factories import (
    COMPETENCIES,
    NOW,
    make_assignment,
    make_attempt,
    make_cohort,
    make_question,
    make_quiz,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(db: None) -> None:
    for competency in COMPETENCIES:
        for number in range(1, 9):
            make_question(f"{competency}-K{number}.1", difficulty=(number - 1) % 5 + 1)


def sit(candidate: User, answers: int, label: str | None = None) -> Attempt:
    """Right answers, unless a label is given; finished early when they are fewer than thirty."""
    attempt = services.start_placement(candidate=candidate, now=NOW)
    for position in range(1, answers + 1):
        attempt = services.answer_placement(
            attempt=attempt, position=position, label="B" if label is None else label, key=uuid.uuid4(), now=NOW
        )
    return services.finish_placement(attempt=attempt, now=NOW)


def expected_of(attempt: Attempt) -> list[float]:
    return [estimate.expected for estimate in placement_result(attempt).estimates]


def test_waiting_response_is_the_one_without_an_answer(bank: None, candidate: User) -> None:
    attempt = services.start_placement(candidate=candidate, now=NOW)
    services.answer_placement(attempt=attempt, position=1, label="", key=uuid.uuid4(), now=NOW)
    waiting = waiting_response(attempt)
    assert waiting is not None
    assert (waiting.position, count_answered(attempt)) == (2, 1)


def test_waiting_response_reads_no_key(bank: None, candidate: User) -> None:
    waiting = waiting_response(services.start_placement(candidate=candidate, now=NOW))
    assert waiting is not None
    assert waiting.question.get_deferred_fields() == {"key"}


def test_finished_test_has_no_waiting_response(bank: None, candidate: User) -> None:
    assert waiting_response(sit(candidate, 30)) is None


def test_next_question_is_the_same_for_the_same_state(bank: None, candidate: User) -> None:
    attempt = services.start_placement(candidate=candidate, now=NOW)
    drawn = {next_question(attempt, position=2, at=NOW) for _ in range(3)}
    assert len(drawn) == 1


def test_next_question_takes_as_many_queries_late_as_early(
    bank: None, candidate: User, django_assert_num_queries
) -> None:
    attempt = services.start_placement(candidate=candidate, now=NOW)
    with django_assert_num_queries(10):
        next_question(attempt, position=2, at=NOW)
    for position in range(1, 21):
        services.answer_placement(attempt=attempt, position=position, label="C", key=uuid.uuid4(), now=NOW)
    with django_assert_num_queries(10):
        next_question(attempt, position=21, at=NOW)


def test_calibrated_difficulty_counts_before_the_authored_one(bank: None, candidate: User) -> None:
    """By calibration the first eight of each competency are as hard as a candidate is able, the others far too hard."""
    calibration = Calibration.objects.create(
        is_accepted=True,
        reason="",
        answers=0,
        candidates=0,
        questions=0,
        prior_mean=0.0,
        general_spread=0.8,
        specific_spread=0.4,
        model_version="1",
        as_of_response_id=0,
        computed_at=NOW,
    )
    for competency in COMPETENCIES:
        for number in range(9, 30):
            make_question(f"{competency}-K{number}.1", difficulty=3)
    easy = Question.objects.filter(objective__statement__position__lte=8)
    hard = Question.objects.filter(objective__statement__position__gt=8)
    ItemParameters.objects.bulk_create(
        ItemParameters(question=question, calibration=calibration, difficulty=value, difficulty_se=0.2, n=50)
        for questions, value in ((easy, 0.0), (hard, 6.0))
        for question in questions
    )
    attempt = services.start_placement(candidate=candidate, now=NOW)
    assert attempt.responses.get().question in easy


# Exposure


def show(question: Question, share: float, tests: int) -> None:
    """So many earlier tests, of which a share showed the question."""
    quiz = services.shared_placement()
    for number in range(tests):
        shown = [question] if number < share * tests else []
        make_attempt(
            make_user(f"tested{number}"),
            *shown,
            quiz=quiz,
            state="graded",
            submitted_at=NOW,
            started_at=NOW,
            raw_score=0,
        )


@pytest.fixture
def best_question(db: None) -> Question:
    """Nine of each competency, one easier than the others, which are far too hard."""
    for competency in COMPETENCIES:
        for number in range(1, 10):
            make_question(f"{competency}-K{number}.1", difficulty=4 if number == 1 else 5)
    return Question.objects.filter(objective__code="MET-K1.1").get()


def exposure_of(question: Question, candidate: User) -> float:
    attempt = Attempt(quiz=services.shared_placement(), candidate=candidate)
    return float(placement._exposure(attempt, placement.np.array([question.pk]), NOW)[0])


@pytest.mark.parametrize(("tests", "exposure"), [(39, 0.0), (40, 0.5)])
def test_exposure_counts_from_forty_tests_on(
    best_question: Question, candidate: User, tests: int, exposure: float
) -> None:
    show(best_question, 0.5, tests)
    assert exposure_of(best_question, candidate) == exposure


def test_exposure_forgets_after_half_a_year(best_question: Question, candidate: User) -> None:
    show(best_question, 0.5, 40)
    Attempt.objects.update(started_at=NOW - timedelta(days=180))
    assert exposure_of(best_question, candidate) == 0.0


def test_question_that_a_quarter_of_the_tests_showed_is_barred(best_question: Question) -> None:
    show(best_question, 0.5, 40)
    people = [make_user(f"person{number}") for number in range(12)]
    attempts = [sit(person, 30) for person in people]
    assert not Response.objects.filter(attempt__in=attempts, question=best_question).exists()


# Results


def test_result_of_thirty_answers_is_full(bank: None, candidate: User) -> None:
    result = placement_result(sit(candidate, 30))
    assert result.show is Show.FULL
    assert [(estimate.competency.code, estimate.n) for estimate in result.estimates] == [
        (code, 5) for code in COMPETENCIES
    ]
    for estimate in result.estimates:
        assert 0 < estimate.low < estimate.expected < estimate.high < 100


@pytest.mark.parametrize("answers", [12, 29])
def test_result_of_fewer_answers_is_rough(bank: None, candidate: User, answers: int) -> None:
    assert placement_result(sit(candidate, answers)).show is Show.ROUGH


def test_right_answers_promise_more_than_wrong_ones_and_those_more_than_none_known(
    bank: None, candidate: User, other_candidate: User
) -> None:
    right, wrong = sit(candidate, 30), sit(other_candidate, 30, "A")
    assert all(high > low for high, low in zip(expected_of(right), expected_of(wrong), strict=True))


def test_not_known_counts_as_wrong(bank: None, candidate: User, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = sit(candidate, 30, "A")
    wrong = expected_of(attempt)
    attempt.responses.update(selected_label="")
    assert expected_of(attempt) == wrong


def test_earlier_first_answers_count(bank: None, candidate: User) -> None:
    attempt = sit(candidate, 30)
    alone = placement_result(attempt)
    earlier = make_attempt(
        candidate,
        *(make_question(f"MET-S{number}.1") for number in range(1, 21)),
        state="graded",
        started_at=NOW - timedelta(days=3),
        submitted_at=NOW - timedelta(days=3),
        raw_score=0,
    )
    earlier.responses.update(selected_label="A", is_correct=False, answered_at=NOW - timedelta(days=3))
    together = placement_result(attempt)
    assert [estimate.n for estimate in together.estimates] == [5, 5, 5, 5, 25, 5]
    assert together.estimates[4].expected < alone.estimates[4].expected - 10


def test_earlier_answers_that_waited_for_a_due_date_do_not_count(
    bank: None, candidate: User, coordinator: User
) -> None:
    moment = NOW - timedelta(days=3)
    quiz = make_quiz(author=coordinator, feedback=Feedback.AFTER_DUE)
    assignment = make_assignment(make_cohort(coordinator, candidate), quiz, due_at=NOW + timedelta(days=3))
    earlier = make_attempt(
        candidate,
        make_question("MET-S1.1"),
        quiz=quiz,
        assignment=assignment,
        state="graded",
        started_at=moment,
        submitted_at=moment,
        raw_score=0,
    )
    earlier.responses.update(selected_label="A", is_correct=False, answered_at=moment)
    attempt = sit(candidate, 30)
    assert [estimate.n for estimate in placement_result(attempt).estimates] == [5, 5, 5, 5, 5, 5]


def test_earlier_answers_that_were_no_first_ones_do_not_count(bank: None, candidate: User) -> None:
    question = make_question("MET-S1.1")
    ReviewLog.objects.create(
        candidate=candidate,
        objective=question.objective,
        question=question,
        source=uuid.uuid4(),
        is_from_review=True,
        selected_label="B",
        rating=3,
        study_day=(NOW - timedelta(days=9)).date(),
        reviewed_at=NOW - timedelta(days=9),
    )
    twice = make_question("MET-S2.1")
    for days in (5, 4, 3):
        moment = NOW - timedelta(days=days)
        earlier = make_attempt(
            candidate, question, twice, state="graded", started_at=moment, submitted_at=moment, raw_score=2
        )
        earlier.responses.update(selected_label="B", is_correct=True, answered_at=moment)
    attempt = sit(candidate, 30)
    assert [estimate.n for estimate in placement_result(attempt).estimates] == [5, 5, 5, 5, 6, 5]


def test_answers_after_the_test_leave_its_result_alone(bank: None, candidate: User) -> None:
    attempt = sit(candidate, 30)
    before = expected_of(attempt)
    later = make_attempt(
        candidate,
        make_question("MET-S1.1"),
        state="graded",
        started_at=NOW + timedelta(days=1),
        submitted_at=NOW + timedelta(days=1),
        raw_score=0,
    )
    later.responses.update(selected_label="A", is_correct=False, answered_at=NOW + timedelta(days=1))
    assert expected_of(attempt)[:4] == before[:4]


def test_weakest_are_those_expected_lowest(bank: None, candidate: User) -> None:
    attempt = sit(candidate, 30)
    missed = attempt.responses.filter(question__objective__code__startswith="VOC")
    missed.update(selected_label="A")
    result = placement_result(attempt)
    assert [estimate.competency.code for estimate in result.weakest(1)] == ["VOC"]


# Large banks


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "LISTED_AT_MOST", 10)
    monkeypatch.setattr(pool, "FEWEST_KEYS", 12)
    monkeypatch.setattr(pool, "KEYS_PER_QUESTION", 0)


def test_large_bank_is_sampled_and_the_test_still_whole(bank: None, small_limits: None, candidate: User) -> None:
    attempt = sit(candidate, 30)
    assert (attempt.question_count, placement_result(attempt).show) == (30, Show.FULL)
