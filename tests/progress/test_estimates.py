from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from accounts.models import User
from competencies.models import Blueprint
from progress.queries.estimates import fit_figures, mock_figures, recall_figures
from quizzes.models import Quiz
from quizzes.queries.recall import RecallTrials
from tests.factories import COMPETENCIES, NOW, make_blueprint, make_mock_question, make_quiz
from tests.quizzes.queries.test_readiness import answer, finish
from tests.reviews.builders import make_fit

DAY = timedelta(days=1)


def trials(recall: list[float], is_correct: list[bool]) -> RecallTrials:
    numbers = np.arange(len(recall))
    return RecallTrials(numbers, numbers, numbers, np.array(recall), np.array(is_correct, dtype=bool))


@pytest.fixture
def edition(db: None) -> Blueprint:
    blueprint = make_blueprint()
    for code in COMPETENCIES:
        make_mock_question(f"{code}-K1.1")
    return blueprint


def test_recall_is_compared_in_bins_with_guessing_added() -> None:
    figures = recall_figures(trials([0.2, 0.92, 0.96], [False, True, False]))

    assert [(each.low, each.high, each.n) for each in figures.bins] == [
        (0, 50, 1),
        (50, 60, 0),
        (60, 70, 0),
        (70, 80, 0),
        (80, 90, 0),
        (90, 100, 1 + 1),
    ]
    assert figures.bins[0].expected == pytest.approx(40)
    assert (figures.bins[0].right, figures.bins[5].right) == (0, 50)
    assert not figures.bins[5].is_telling


def test_log_loss_is_compared_with_the_average() -> None:
    figures = recall_figures(trials([0.0, 1.0], [False, True]))

    assert figures.log_loss == pytest.approx((-np.log(0.75) - np.log(1 - 1e-4)) / 2)
    assert figures.log_loss_average == pytest.approx(np.log(2))


def test_without_trials_there_is_no_log_loss() -> None:
    figures = recall_figures(trials([], []))

    assert (figures.n, figures.log_loss, figures.log_loss_average) == (0, None, None)


def test_mock_scores_are_compared_with_the_readiness_before(candidate: User, edition: Blueprint) -> None:
    answer(candidate, each=5, right=4, at=NOW - 2 * DAY)
    mock = make_quiz(kind=Quiz.Kind.MOCK, blueprint=edition)
    finish(candidate, *(make_mock_question() for _ in range(10)), quiz=mock, right=0, at=NOW)

    figures = mock_figures()

    assert (figures.n, figures.within, figures.scored) == (1, 0, 0)
    assert figures.expected
    assert figures.expected > 50
    assert figures.brier_average == 0


def test_mock_before_which_nothing_was_shown_is_left_out(candidate: User, edition: Blueprint) -> None:
    mock = make_quiz(kind=Quiz.Kind.MOCK, blueprint=edition)
    finish(candidate, make_mock_question(), quiz=mock)

    assert mock_figures().n == 0


def test_newest_fit_of_each_candidate_counts(candidate: User, other_candidate: User) -> None:
    make_fit(candidate, is_accepted=False, log_loss=0.9)
    make_fit(candidate, as_of_log_id=2, log_loss=0.4)
    make_fit(other_candidate, is_accepted=False, log_loss=0.6)

    figures = fit_figures()

    assert (figures.n, figures.accepted, figures.refused, figures.log_loss) == (2, 1, 1, 0.5)
