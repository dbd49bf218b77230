from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from quizzes import tasks
from quizzes.queries.memories import forgetting_in_force
from quizzes.services import fit_forgetting, statistics
from tests.factories import NOW, make_question
from tests.quizzes.queries.test_readiness import make_calibration
from tests.reviews.builders import review

DAY = timedelta(days=1)


@pytest.fixture
def few(monkeypatch: Any) -> None:
    """Ten answers are enough."""
    monkeypatch.setattr(statistics, "FEWEST_TRIALS", 10)


def answer(candidate: User, *, trials: int, right: int) -> None:
    for number in range(1, trials + 1):
        objective = f"MET-K1.{number}"
        review(candidate, make_question(objective), at=NOW - 20 * DAY)
        label = "B" if number <= right else "A"
        review(candidate, make_question(objective), at=NOW - DAY, selected_label=label)


def test_weights_are_fitted_into_the_calibration_in_force(candidate: User, few: None) -> None:
    calibration = make_calibration()
    make_calibration(is_accepted=False)
    answer(candidate, trials=10, right=10)

    fit_forgetting(now=NOW)

    calibration.refresh_from_db()
    assert len(calibration.forgetting) == 3
    assert forgetting_in_force().intercept == calibration.forgetting[0] > 0


def test_a_second_time_changes_nothing(candidate: User, few: None) -> None:
    make_calibration()
    answer(candidate, trials=10, right=4)
    first = fit_forgetting(now=NOW)

    again = fit_forgetting(now=NOW)

    assert first
    assert again
    assert again.forgetting == first.forgetting


def test_with_too_few_answers_the_assumed_weights_hold(candidate: User, few: None) -> None:
    calibration = make_calibration(forgetting=[0.3, 0.3, 0.3])
    answer(candidate, trials=9, right=9)

    fit_forgetting(now=NOW)

    calibration.refresh_from_db()
    assert calibration.forgetting == []


def test_before_any_calibration_there_is_nothing_to_write(candidate: User) -> None:
    assert fit_forgetting(now=NOW) is None


def test_task_fits(candidate: User, few: None) -> None:
    calibration = make_calibration()
    answer(candidate, trials=10, right=5)

    tasks.fit_forgetting()

    calibration.refresh_from_db()
    assert len(calibration.forgetting) == 3
