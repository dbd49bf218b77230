from __future__ import annotations

import uuid
from collections import Counter
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from quizzes import services
from quizzes.models import Answer, Attempt, Quiz
from reviews.models import ReviewLog
from tests.factories import COMPETENCIES, NOW, make_question
from tests.quizzes.races.connections import Beside, InParallel, outcome, state_of

pytestmark = pytest.mark.postgres


@pytest.fixture
def placed(candidate: User) -> Attempt:
    """Open, with its first question waiting; the key is B."""
    for competency in COMPETENCIES:
        for number in range(1, 7):
            make_question(f"{competency}-K{number}.1")
    return services.start_placement(candidate=candidate, now=NOW)


def place(attempt: Attempt, position: int, label: str = "B", key: uuid.UUID | None = None) -> Attempt:
    return services.answer_placement(
        attempt=attempt, position=position, label=label, key=key or uuid.uuid4(), now=NOW, seconds=5
    )


def test_fifty_starts_of_the_placement_test_are_one(
    placed: Attempt, other_candidate: User, in_parallel: InParallel
) -> None:
    started = in_parallel(50, lambda _: services.start_placement(candidate=other_candidate, now=NOW).pk)
    attempt = Attempt.objects.get(candidate=other_candidate)
    assert (set(started), attempt.responses.count()) == ({attempt.pk}, 1)
    assert Quiz.objects.filter(kind=Quiz.Kind.PLACEMENT).count() == 1


def test_twenty_posts_of_one_placement_answer_draw_one_next_question(placed: Attempt, in_parallel: InParallel) -> None:
    key = uuid.uuid4()
    in_parallel(20, lambda _: place(placed, 1, "C", key))
    assert list(placed.responses.values_list("position", "selected_label", "seconds")) == [(1, "C", 5), (2, "", 0)]
    assert Answer.objects.count() == 1


def test_of_twenty_placement_answers_from_as_many_tabs_one_stands(placed: Attempt, in_parallel: InParallel) -> None:
    outcomes = in_parallel(20, lambda number: outcome(lambda: place(placed, 1, "ABCD"[number % 4]).is_open))
    assert Counter(outcomes) == {True: 1, "AnswerRefused": 19}
    assert (Answer.objects.count(), placed.responses.count()) == (1, 2)


def test_last_placement_answer_and_early_finish_at_once_grade_once(placed: Attempt, in_parallel: InParallel) -> None:
    for position in range(1, 30):
        place(placed, position)

    def act(number: int) -> Any:
        if number % 2:
            return outcome(lambda: services.finish_placement(attempt=Attempt.objects.get(), now=NOW).state)
        return outcome(lambda: place(placed, 30).state)

    in_parallel(20, act)
    attempt = Attempt.objects.get()
    assert attempt.state == Attempt.State.GRADED
    assert attempt.question_count == attempt.raw_score == attempt.responses.count() == ReviewLog.objects.count()


def test_a_placement_answer_waits_for_the_one_in_another_tab(placed: Attempt, beside: Beside) -> None:
    with transaction.atomic():
        place(placed, 1, "C")
        other = beside.start(lambda: place(placed, 1, "D"))
        assert not other.done()
    assert (other.result(10), state_of(placed), placed.responses.count()) == ("AnswerRefused", (1, "C"), 2)
