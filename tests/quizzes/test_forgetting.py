from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.ability import GUESSING
from quizzes.forgetting import FORGETTING, Forgetting, fitted_forgetting, remembered_chance


def test_remembered_chance_follows_the_formula() -> None:
    logit = 0.5 * math.log(0.7 / 0.3) + 0.5 * math.log(0.6 / 0.4)
    assert remembered_chance(np.array(0.7), np.array(0.6)) == pytest.approx(1 / (1 + math.exp(-logit)))


@given(st.floats(GUESSING, 1), st.floats(0, 1))
def test_remembered_chance_stays_between_guessing_and_the_better_of_ability_and_memory(
    probability: float, recall: float
) -> None:
    for forgetting in (FORGETTING, Forgetting(3.0, 2.0, 2.0), Forgetting(-3.0, 0.0, 0.0)):
        found = float(remembered_chance(np.array(probability), np.array(recall), forgetting))
        most = max(probability, GUESSING + (1 - GUESSING) * min(0.98, max(0.02, recall)))
        assert GUESSING <= found <= most


def test_forgetting_without_answers_is_the_prior() -> None:
    assert fitted_forgetting(np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.bool_)) == FORGETTING


def test_fitted_forgetting_finds_what_made_the_answers() -> None:
    rng = np.random.default_rng(8)
    chances, recall = rng.uniform(0.3, 0.95, 40_000), rng.uniform(0.2, 0.97, 40_000)
    logit = 0.2 + 0.8 * np.log(chances / (1 - chances)) + 0.3 * np.log(recall / (1 - recall))
    found = fitted_forgetting(chances, recall, rng.random(40_000) < 1 / (1 + np.exp(-logit)))
    assert [found.intercept, found.ability_weight, found.recall_weight] == pytest.approx([0.2, 0.8, 0.3], abs=0.05)


def test_fitted_forgetting_never_turns_a_weight_around() -> None:
    recall = np.tile([0.05, 0.95], 500)
    found = fitted_forgetting(np.full(1000, 0.6), recall, recall < 0.5)
    assert found.recall_weight == 0


@pytest.mark.parametrize(
    ("chances", "recall", "sentence"),
    [
        ([0.5], [], "Every answer needs a chance, a recall and an outcome."),
        ([math.nan], [0.5], "Chances and recalls must be finite numbers."),
    ],
)
def test_fitted_forgetting_refuses_what_is_no_answer(chances: list[float], recall: list[float], sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        fitted_forgetting(np.array(chances), np.array(recall), np.array([True]))
