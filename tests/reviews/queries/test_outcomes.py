"""What an answered review leads to."""

from __future__ import annotations

from datetime import timedelta

from accounts.models import User
from questions.models import Question
from reviews.leeches import REST
from reviews.models import ReviewLog
from reviews.queries import Outcome, outcome_of
from reviews.services import undo_review
from tests.factories import NOW, TODAY, make_question, make_study_plan
from tests.reviews.builders import LEECH, learn, make_schedule, review

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def outcome(candidate: User, log: ReviewLog, *, days_later: int = 0) -> Outcome:
    return outcome_of(candidate, ReviewLog.objects.get(pk=log.pk), on=TODAY + days_later * DAY)


def test_a_miss_comes_back_today(candidate: User) -> None:
    log = learn(candidate, make_question(), (0, 1), is_from_review=True)
    found = outcome(candidate, log)
    assert (found.comes_back.when, found.left, found.can_undo, found.can_go_on) == ("today", 1, True, False)


def test_a_leech_comes_back_after_its_rest(candidate: User) -> None:
    question = make_question()
    learn(candidate, question, *LEECH)
    found = outcome(candidate, learn(candidate, question, (0, 1), is_from_review=True))
    assert (found.comes_back.when, found.comes_back.on, found.comes_back.days) == ("rest", TODAY + REST, 2)


def test_it_comes_back_when_the_schedule_that_saw_it_has_it_next(candidate: User) -> None:
    log = learn(candidate, make_question("CUL-K1.1"), (0, 3), is_from_review=True)
    schedule = make_schedule(candidate, 5, 0, 0, 10, as_of_log_id=log.pk)
    back = outcome(candidate, log).comes_back
    assert (back.when, back.on, back.days) == ("planned", TODAY + 3 * DAY, 3)
    for day in schedule.days:
        day["reviews"] = []
    schedule.save()
    assert outcome(candidate, log).comes_back.when == "not-planned"
    schedule.as_of_log_id = log.pk - 1
    schedule.save()
    assert outcome(candidate, log).comes_back.when == "about"


def test_before_the_schedule_is_built_the_memory_model_tells_when(candidate: User) -> None:
    make_study_plan(candidate)
    back = outcome(candidate, learn(candidate, make_question(), (0, 3), is_from_review=True)).comes_back
    assert back.when == "about"
    assert back.days > 1
    assert back.on == TODAY + back.days * DAY


def test_what_would_come_after_the_exam_is_not_expected(candidate: User) -> None:
    make_study_plan(candidate, exam_on=TODAY + 2 * DAY)
    back = outcome(candidate, learn(candidate, make_question(), (0, 3), is_from_review=True)).comes_back
    assert (back.when, back.on) == ("not-expected", None)


def test_seen_later_it_is_in_the_session_again(candidate: User) -> None:
    log = learn(candidate, make_question(), (0, 3), is_from_review=True)
    found = outcome(candidate, log, days_later=400)
    assert (found.comes_back.when, found.left, found.can_undo) == ("session", 1, False)


def test_without_a_question_it_cannot_come_back(candidate: User) -> None:
    log = learn(candidate, make_question(), (0, 3), is_from_review=True)
    Question.objects.update(status=Question.Status.RETIRED)
    assert outcome(candidate, log).comes_back.when == "unaskable"


def test_an_undone_answer_says_so(candidate: User) -> None:
    log = learn(candidate, make_question(), (0, 3), is_from_review=True)
    undo_review(candidate=candidate, source=log.source, now=NOW)
    found = outcome(candidate, log)
    assert (found.comes_back.when, found.can_undo, found.left) == ("undone", False, 1)


def test_only_the_newest_answer_of_today_can_be_undone(candidate: User) -> None:
    first = learn(candidate, make_question("MET-K1.1"), (0, 3), is_from_review=True)
    second = review(candidate, make_question("MET-K2.1"), at=NOW + MINUTE, is_from_review=True)
    assert [outcome(candidate, log).can_undo for log in (first, second)] == [False, True]
    assert not outcome(candidate, second, days_later=1).can_undo
