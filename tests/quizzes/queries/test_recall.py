from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

from accounts.models import User
from questions.models import Question
from quizzes.ability import GUESSING, Prior
from quizzes.queries.recall import chances_before, recall_trials
from reviews.scheduler import DEFAULT_PARAMETERS, Rating, recall, usable_parameters
from tests.factories import NOW, TODAY, make_attempt, make_question
from tests.quizzes.queries.test_readiness import finish
from tests.reviews.builders import make_fit, review

DAY = timedelta(days=1)


def ask(candidate: User, *, at: datetime, label: str = "B", objective: str = "MET-K1.1") -> Question:
    """A question never asked before."""
    question = make_question(objective)
    rating = Rating.GOOD if label == question.key else Rating.AGAIN
    review(candidate, question, at=at, selected_label=label, rating=rating, is_from_review=True)
    return question


def test_first_answers_about_reviewed_objectives_are_foretold(candidate: User) -> None:
    ask(candidate, at=NOW - 10 * DAY)
    right = ask(candidate, at=NOW - 7 * DAY)
    wrong = ask(candidate, at=NOW, label="A")

    trials = recall_trials()

    assert trials.question.tolist() == [right.pk, wrong.pk]
    assert trials.is_correct.tolist() == [True, False]
    assert trials.day.tolist() == [TODAY.toordinal() - 7, TODAY.toordinal()]
    parameters = usable_parameters(None)
    assert trials.recall[0] == pytest.approx(float(recall(np.array(parameters[2]), np.array(3), parameters)))


def test_question_asked_again_and_the_same_day_are_no_trials(candidate: User) -> None:
    question = ask(candidate, at=NOW - 10 * DAY)
    review(candidate, question, at=NOW - 5 * DAY)
    ask(candidate, at=NOW - 5 * DAY + timedelta(hours=1))

    assert len(recall_trials()) == 0


def test_question_left_blank_before_is_no_trial(candidate: User) -> None:
    ask(candidate, at=NOW - 10 * DAY)
    question = make_question()
    make_attempt(candidate, question, started_at=NOW - DAY)
    review(candidate, question, at=NOW)

    assert len(recall_trials()) == 0


def test_lucky_guess_is_a_right_answer(candidate: User) -> None:
    ask(candidate, at=NOW - 10 * DAY)
    review(candidate, make_question(), at=NOW, rating=Rating.AGAIN)

    assert recall_trials().is_correct.tolist() == [True]


def test_candidates_are_kept_apart_and_foretold_by_their_own_fit(candidate: User, other_candidate: User) -> None:
    for person in (candidate, other_candidate):
        ask(person, at=NOW - 10 * DAY)
        ask(person, at=NOW)
    make_fit(other_candidate, parameters=[0.2, 1.0, 90.0, 95.0, *DEFAULT_PARAMETERS[4:]])

    trials = recall_trials()

    own, others = trials.recall[trials.candidate == candidate.pk], trials.recall[trials.candidate == other_candidate.pk]
    assert (len(own), len(others)) == (1, 1)
    assert others[0] > own[0]


def test_without_reviews_there_are_no_trials(db: None) -> None:
    assert len(recall_trials()) == 0


def test_chance_rests_on_answers_of_earlier_days_only(candidate: User) -> None:
    ask(candidate, at=NOW - 20 * DAY)
    ask(candidate, at=NOW - 9 * DAY)
    finish(candidate, *(make_question() for _ in range(10)), right=10, at=NOW - 5 * DAY)
    ask(candidate, at=NOW)

    before, after = chances_before(recall_trials(), at=NOW).tolist()

    assert before == pytest.approx(GUESSING + (1 - GUESSING) / (1 + np.exp(-Prior().mean)))
    assert after > before
