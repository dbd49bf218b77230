from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.ability import (
    DRIFT,
    GUESSING,
    Answers,
    Floats,
    Item,
    Prior,
    ability_trail,
    authored_difficulty,
    chance,
    drifted,
    estimated,
    joint_ability,
    prior_ability,
    updated,
)
from tests.quizzes.histories import PRIOR, answers, at, histories


def simulated(seed: int, size: int = 40) -> Answers:
    """A day's answers of somebody out of the population."""
    rng = np.random.default_rng(seed)
    theta = rng.normal(PRIOR.mean, PRIOR.general_spread) + rng.normal(0, PRIOR.specific_spread, 6)
    competency, difficulty = rng.integers(0, 6, size), rng.normal(0, 1.2, size)
    discrimination = np.exp(rng.normal(0, 0.3, size))
    is_correct = rng.random(size) < chance(theta[competency], difficulty, discrimination)
    return Answers(competency, difficulty, discrimination, is_correct, np.zeros(size))


def test_authored_difficulty_is_linear_around_level_three() -> None:
    assert [authored_difficulty(level) for level in range(1, 6)] == pytest.approx([-1.6, -0.8, 0, 0.8, 1.6])


@pytest.mark.parametrize("level", [0, 6])
def test_authored_difficulty_refuses_other_levels(level: int) -> None:
    with pytest.raises(ValueError, match=f"^A difficulty is a level from 1 to 5, not {level}.$"):
        authored_difficulty(level)


def test_chance_starts_at_guessing_and_is_half_known_where_ability_meets_difficulty() -> None:
    found = chance(np.array([-50.0, 1.0, 50.0]), np.array(1.0), np.array(1.0))
    assert found.tolist() == pytest.approx([GUESSING, GUESSING + (1 - GUESSING) / 2, 1.0])


def test_prior_ability_ties_competencies_together() -> None:
    ability = prior_ability(Prior(mean=0.5, general_spread=0.8, specific_spread=0.4), 2)
    assert ability.mean.tolist() == [0.5, 0.5]
    assert ability.covariance.tolist() == [pytest.approx([0.8, 0.64]), pytest.approx([0.64, 0.8])]
    assert ability.spread.tolist() == pytest.approx([math.sqrt(0.8)] * 2)


def test_no_answer_leaves_the_prior() -> None:
    assert estimated(answers(), PRIOR).mean.tolist() == prior_ability(PRIOR).mean.tolist()
    assert estimated(answers(), PRIOR).covariance.tolist() == prior_ability(PRIOR).covariance.tolist()


@pytest.mark.parametrize("is_correct", [True, False])
def test_updated_moves_to_what_is_most_probable(is_correct: bool) -> None:
    ability, item = prior_ability(PRIOR), Item(0.3, 1.4)
    theta = np.linspace(-4, 4, 800_001)
    right = chance(theta, np.array(0.3), np.array(1.4))
    variance = float(ability.covariance[2, 2])
    log_posterior = np.log(right if is_correct else 1 - right) - (theta - PRIOR.mean) ** 2 / (2 * variance)
    best = theta[log_posterior.argmax()]
    found = updated(ability, 2, item, is_correct)
    column = ability.covariance[:, 2]
    assert found.mean == pytest.approx(ability.mean + column / variance * (best - PRIOR.mean), abs=1e-3)
    expected = float(chance(best, np.array(0.3), np.array(1.4)))
    known = (expected - GUESSING) / (1 - GUESSING)
    information = ((1 - GUESSING) * 1.4 * known * (1 - known)) ** 2 / (expected * (1 - expected))
    reduced = ability.covariance - np.outer(column, column) * information / (1 + information * variance)
    assert found.covariance == pytest.approx(reduced, abs=1e-3)


def test_an_answer_says_most_about_its_own_competency_and_something_about_the_others() -> None:
    moved = updated(prior_ability(PRIOR), 3, Item(0.0), True).mean - PRIOR.mean
    assert moved.argmax() == 3
    assert (moved > 0).all()


@pytest.mark.parametrize("competency", [-1, 6])
def test_updated_refuses_an_unknown_competency(competency: int) -> None:
    with pytest.raises(ValueError, match=f"^There is no competency {competency} among 6.$"):
        updated(prior_ability(PRIOR), competency, Item(0.0), True)


@pytest.mark.parametrize("item", [Item(math.nan), Item(math.inf), Item(0.0, math.nan)])
def test_updated_refuses_what_is_no_number(item: Item) -> None:
    with pytest.raises(ValueError, match=r"^Abilities, difficulties and discriminations must be finite numbers\.$"):
        updated(prior_ability(PRIOR), 0, item, True)


def test_updated_survives_answers_that_nobody_expected() -> None:
    ability = updated(updated(prior_ability(PRIOR), 0, Item(500.0), True), 0, Item(-500.0), False)
    assert np.isfinite(ability.mean).all()
    assert np.isfinite(ability.covariance).all()


def test_estimated_refuses_an_unknown_competency() -> None:
    with pytest.raises(ValueError, match=r"^An answer is about a competency that is none of the 6\.$"):
        estimated(answers(True, competency=6), PRIOR)


def test_answers_refuse_unequal_lengths() -> None:
    with pytest.raises(ValueError, match=r"^Every answer needs a competency, an item, an outcome and a day\.$"):
        Answers(np.array([0]), np.zeros(2), np.ones(2), np.ones(2, dtype=np.bool_), np.zeros(2))


@pytest.mark.parametrize("place", [1, 2, 4])
def test_answers_refuse_what_is_no_number(place: int) -> None:
    columns: list[Floats] = [np.array([0]), np.zeros(1), np.ones(1), np.array([True]), np.zeros(1)]
    columns[place] = np.array([math.nan])
    with pytest.raises(ValueError, match=r"^Difficulties, discriminations and days must be finite numbers\.$"):
        Answers(*columns)


@given(histories())
def test_covariances_are_symmetric_and_positive_definite(history: Answers) -> None:
    for _, ability in ability_trail(history, PRIOR):
        assert (ability.covariance == ability.covariance.T).all()
        assert np.linalg.eigvalsh(ability.covariance).min() > 0


@given(st.integers(0, 2**32))
def test_order_within_a_day_hardly_matters(seed: int) -> None:
    history = simulated(seed)
    order = np.random.default_rng(seed).permutation(len(history))
    mixed = Answers(*(getattr(history, name)[order] for name in Answers.__dataclass_fields__))
    one, other = estimated(history, PRIOR), estimated(mixed, PRIOR)
    assert np.abs(one.mean - other.mean).max() < 0.6 * one.spread.min()


@given(st.integers(0, 2**32))
def test_the_filter_comes_close_to_all_answers_at_once(seed: int) -> None:
    history = simulated(seed)
    filtered, joint = estimated(history, PRIOR), joint_ability(history, PRIOR)
    assert np.abs(filtered.mean - joint.mean).max() < 0.6 * joint.spread.min()
    assert filtered.spread == pytest.approx(joint.spread, rel=0.2)


def test_the_filter_and_all_answers_at_once_agree_on_the_whole() -> None:
    gaps, shuffles, spreads = [], [], []
    for seed in range(50):
        history = simulated(seed, size=120)
        backwards = Answers(*(getattr(history, name)[::-1] for name in Answers.__dataclass_fields__))
        filtered, joint = estimated(history, PRIOR), joint_ability(history, PRIOR)
        gaps.append(filtered.mean - joint.mean)
        shuffles.append(filtered.mean - estimated(backwards, PRIOR).mean)
        spreads.append(joint.spread)
    assert np.sqrt(np.mean(np.square(gaps))) < 0.07 * np.mean(spreads)
    assert np.sqrt(np.mean(np.square(shuffles))) < 0.12 * np.mean(spreads)


def test_trail_has_the_last_state_of_each_day_with_answers() -> None:
    history = Answers(
        np.array([0, 1, 0]), np.zeros(3), np.ones(3), np.array([True, False, True]), np.array([8.0, 3.0, 8.0])
    )
    trail = ability_trail(history, PRIOR)
    assert [day for day, _ in trail] == [3.0, 8.0]
    first = updated(prior_ability(PRIOR), 1, Item(0.0), False)
    assert trail[0][1].mean.tolist() == first.mean.tolist()
    last = updated(updated(drifted(first, 5, PRIOR), 0, Item(0.0), True), 0, Item(0.0), True)
    assert trail[1][1].mean.tolist() == last.mean.tolist()
    assert estimated(history, PRIOR).covariance.tolist() == last.covariance.tolist()


def test_estimated_goes_on_to_the_day_asked_for() -> None:
    history = answers(True, False, day=2)
    there = estimated(history, PRIOR, on_day=12)
    assert there.covariance.tolist() == drifted(estimated(history, PRIOR), 10, PRIOR).covariance.tolist()


def test_drift_adds_its_rate_to_what_is_well_known() -> None:
    ability = drifted(at(1.0, 1e-6), 10, PRIOR)
    assert np.diag(ability.covariance) == pytest.approx(10 * DRIFT, rel=1e-6)


def test_drift_ends_at_the_prior() -> None:
    ability = drifted(at(1.0), 10_000, PRIOR)
    assert ability.mean.tolist() == [1.0] * 6
    assert ability.covariance.tolist() == prior_ability(PRIOR).covariance.tolist()


@pytest.mark.parametrize("days", [-1, math.nan])
def test_drift_refuses_days_that_cannot_be(days: float) -> None:
    with pytest.raises(ValueError, match=r"^Days between answers must not be negative\.$"):
        drifted(at(1.0), days, PRIOR)
