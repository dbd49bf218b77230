"""Each rule is broken once, behind the services, and then it alone is counted."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from questions.models import Question
from quizzes import services
from quizzes.models import Answer, Assignment, Attempt, Quiz, Response
from quizzes.queries.integrity import broken_rules
from reviews.models import Card, ReviewLog, Schedule
from reviews.services import build_schedule, undo_review
from tests.factories import (
    make_assignment,
    make_attempt,
    make_blueprint,
    make_cohort,
    make_mock_question,
    make_question,
)
from tests.reviews.builders import make_fit, review

HOUR = timedelta(hours=1)


@pytest.fixture
def graded(candidate: User) -> Attempt:
    """A whole history of an hour ago, written by the services: a mock, half of it answered, graded and scheduled."""
    for number in (1, 2, 3, 4):
        make_mock_question(f"MET-K{number}.1")
    start = timezone.now() - HOUR
    quiz = services.shared_mock(blueprint=make_blueprint(item_count=4, MET=100))
    attempt = services.start_attempt(candidate=candidate, quiz=quiz, now=start)
    for position, label in ((1, "B"), (2, "A")):
        for sequence, chosen in ((1, "C"), (2, label)):
            services.record_answer(
                attempt_code=attempt.code,
                candidate=candidate,
                position=position,
                key=uuid.uuid4(),
                sequence=sequence,
                label=chosen,
                now=start + timedelta(seconds=position),
            )
    services.finish_attempt(attempt=attempt, now=start + timedelta(minutes=20))
    build_schedule(candidate=candidate, now=timezone.now())
    return attempt


def broken() -> dict[str, int]:
    return {rule: count for rule, count in broken_rules(now=timezone.now(), sample=10) if count}


def test_what_the_services_write_breaks_no_rule(graded: Attempt) -> None:
    assert broken() == {}


def _open_long_after_the_deadline(attempt: Attempt) -> None:
    question = make_question("CUL-K1.1")
    now = timezone.now()
    make_attempt(attempt.candidate, question, started_at=now - 3 * HOUR, deadline_at=now - timedelta(minutes=3))


def _leave_ungraded(attempt: Attempt) -> None:
    other = make_attempt(attempt.candidate, make_question("CUL-K1.1"), started_at=timezone.now() - HOUR)
    services.submit_attempt(attempt=other, now=timezone.now() - timedelta(minutes=3))


def _lose_a_response(attempt: Attempt) -> None:
    attempt.responses.get(position=4).delete()


def _change_the_score(attempt: Attempt) -> None:
    Attempt.objects.update(raw_score=2)


def _change_a_mark(attempt: Attempt) -> None:
    Response.objects.filter(position=2).update(is_correct=True)


def _move_the_key(attempt: Attempt) -> None:
    Question.objects.filter(responses__position=1).update(key="D")


def _call_the_mock_practice(attempt: Attempt) -> None:
    Quiz.objects.update(kind=Quiz.Kind.PRACTICE)


def _answer_too_late(attempt: Attempt) -> None:
    Answer.objects.filter(sequence=2, response__position=1).update(answered_at=timezone.now())


def _answer_too_early(attempt: Attempt) -> None:
    Answer.objects.filter(sequence=1, response__position=1).update(answered_at=attempt.started_at - HOUR)


def _change_a_response(attempt: Attempt) -> None:
    Response.objects.filter(position=2).update(selected_label="D")


def _lose_an_answer(attempt: Attempt) -> None:
    Answer.objects.filter(sequence=2, response__position=2).delete()


def _lose_a_review(attempt: Attempt) -> None:
    gone = ReviewLog.objects.first()
    assert gone is not None
    Card.objects.filter(objective=gone.objective).delete()
    gone.delete()


def _invent_a_review(attempt: Attempt) -> None:
    ReviewLog.objects.filter(selected_label="B").update(source=uuid.uuid4())


def _assign_to_a_stranger(attempt: Attempt) -> None:
    from_elsewhere: Assignment = make_assignment(make_cohort(attempt.candidate), attempt.quiz)
    Attempt.objects.update(assignment=from_elsewhere)


def _change_a_card(attempt: Attempt) -> None:
    Card.objects.filter(pk=Card.objects.first().pk).update(stability=99)  # type: ignore[union-attr]


def _lose_a_card(attempt: Attempt) -> None:
    Card.objects.first().delete()  # type: ignore[union-attr]


def _call_a_card_a_leech(attempt: Attempt) -> None:
    Card.objects.filter(pk=Card.objects.first().pk).update(leech_on="2026-03-02")  # type: ignore[union-attr]


def _take_a_card_for_fitted(attempt: Attempt) -> None:
    fit = make_fit(attempt.candidate, is_accepted=False)
    Card.objects.filter(pk=Card.objects.first().pk).update(fit=fit)  # type: ignore[union-attr]


def _accept_a_fit_without_folding(attempt: Attempt) -> None:
    make_fit(attempt.candidate)


def _lose_the_schedule(attempt: Attempt) -> None:
    Schedule.objects.all().delete()


SCORE, REGRADE = (
    "graded attempts whose score is not the sum of the marks",
    "graded attempts whose score a regrade would change",
)
NOT_TOLD = "answered questions of graded attempts missing from the review log"
INVENTED = "review log rows of a quiz without an answered question"


@pytest.mark.parametrize(
    ("fault", "counts"),
    [
        (_open_long_after_the_deadline, {"attempts open after deadline, grace and sweep": 1}),
        (_leave_ungraded, {"attempts left ungraded after the sweep": 1}),
        (_lose_a_response, {"attempts without exactly the questions drawn": 1}),
        (_change_the_score, {SCORE: 1, REGRADE: 1}),
        (_change_a_mark, {SCORE: 1}),
        (_move_the_key, {REGRADE: 1}),
        (_call_the_mock_practice, {"sealed questions outside of mock exams": 4}),
        (_answer_too_late, {"answers outside of the time of their attempt": 1}),
        (_answer_too_early, {"answers outside of the time of their attempt": 1}),
        (_change_a_response, {"responses that differ from their newest answer": 1}),
        (_lose_an_answer, {"responses that differ from their newest answer": 1}),
        (_lose_a_review, {NOT_TOLD: 1}),
        (_invent_a_review, {NOT_TOLD: 1, INVENTED: 1}),
        (_assign_to_a_stranger, {"attempts of an assignment by people who never joined its cohort": 1}),
        (_change_a_card, {"cards that differ from a fold of the review log": 1}),
        (_lose_a_card, {"cards that differ from a fold of the review log": 1}),
        (_call_a_card_a_leech, {"cards that differ from a fold of the review log": 1}),
        (_take_a_card_for_fitted, {"cards that differ from a fold of the review log": 1}),
        (_accept_a_fit_without_folding, {"cards that differ from a fold of the review log": 2}),
        (_lose_the_schedule, {"schedules behind their facts after the sweep": 1}),
    ],
)
def test_a_broken_rule_is_counted(graded: Attempt, fault: Callable[[Attempt], None], counts: dict[str, int]) -> None:
    fault(graded)
    assert broken() == counts


def test_a_review_that_was_taken_back_breaks_no_rule(graded: Attempt) -> None:
    now = timezone.now()
    log = review(graded.candidate, make_question("CUL-K1.1"), at=now, is_from_review=True)
    undo_review(candidate=graded.candidate, source=log.source, now=now)
    assert broken() == {}


def test_an_attempt_that_ran_out_just_now_is_no_fault(candidate: User) -> None:
    now = timezone.now()
    make_attempt(candidate, make_question(), started_at=now - HOUR, deadline_at=now - timedelta(minutes=1))
    assert broken() == {}


def test_the_command_says_that_every_rule_holds(graded: Attempt) -> None:
    out = StringIO()
    call_command("check_integrity", stdout=out, no_color=True)
    *lines, last = out.getvalue().splitlines()
    assert ({line.split()[0] for line in lines}, len(lines), last) == ({"0"}, 15, "Every rule holds.")


def test_the_command_exits_with_one_when_a_rule_is_broken(graded: Attempt) -> None:
    _change_a_mark(graded)
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as exited:
        call_command("check_integrity", "--sample", "1", stdout=out, stderr=err, no_color=True)
    counted = [line for line in out.getvalue().splitlines() if not line.startswith("      0 ")]
    assert (exited.value.code, counted) == (1, [f"      1 {SCORE}"])
    assert err.getvalue() == "The rules above with a count are broken.\n"
