from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.ability import Prior
from quizzes.calibration import FirstAnswers, Fit, Items, calibrated
from quizzes.calibration.acceptance import (
    MOST_FROM_AUTHORED,
    MOST_MOVED_AT_ONCE,
    foresight,
    guarded,
    held_out,
    log_loss,
)
from quizzes.calibration.fitting import FREE_DISCRIMINATION_FROM, fitted

CENTERED = Prior(0.0, 0.8, 0.4)


@dataclass(frozen=True)
class World:
    items: Items
    answers: FirstAnswers
    difficulty: np.ndarray  # the true one, on the scale of the authored one
    discrimination: np.ndarray


def simulated(
    candidates: int,
    each: int,
    *,
    count: int = 900,
    seed: int = 1,
    mean: float = 0.0,
    steepness: float = 0.0,
    guess: tuple[float, float] = (0.22, 0.22),
) -> World:
    """Authored difficulties miss the true ones by 0.78 logits and correlate with them by about .65."""
    rng = np.random.default_rng(seed)
    true = rng.normal(0, 1, count)
    authored = 0.45 * true + rng.normal(0, 0.55, count)
    true += authored.mean() - true.mean()
    competency = np.arange(count) % 6
    slope, floor = np.exp(rng.normal(0, steepness, count)), rng.uniform(*guess, count)
    ability = rng.normal(mean, 0.8, (candidates, 1)) + rng.normal(0, 0.4, (candidates, 6))
    candidate = np.repeat(np.arange(candidates), each)
    item = np.concatenate([rng.choice(count, each, replace=False) for _ in range(candidates)])
    z = slope[item] * (ability[candidate, competency[item]] - true[item])
    is_correct = rng.random(len(item)) < floor[item] + (1 - floor[item]) / (1 + np.exp(-z))
    answers = FirstAnswers(candidate, item, is_correct, np.arange(1, len(item) + 1))
    return World(Items(competency, authored, authored.copy(), np.ones(count)), answers, true, slope)


def rmse(found: np.ndarray, true: np.ndarray) -> float:
    return float(np.sqrt(np.mean((found - true) ** 2)))


@pytest.fixture(scope="module")
def world() -> World:
    return simulated(300, 150)


@pytest.fixture(scope="module")
def fit(world: World) -> Fit:
    return fitted(world.answers, world.items, CENTERED)


def test_three_hundred_candidates_nearly_halve_the_error_of_the_authors(world: World, fit: Fit) -> None:
    authored = rmse(world.items.authored, world.difficulty)
    assert 0.72 < authored < 0.84
    assert rmse(fit.difficulty, world.difficulty) < 0.47
    assert np.corrcoef(fit.difficulty, world.difficulty)[0, 1] > 0.88


@pytest.mark.parametrize(
    ("candidates", "each", "most"),
    [(60, 80, 0.70), (1000, 200, 0.40)],
)
def test_error_falls_with_answers_of_a_world_unlike_the_model(candidates: int, each: int, most: float) -> None:
    world = simulated(candidates, each, steepness=0.25, guess=(0.15, 0.30))
    fit = fitted(world.answers, world.items, CENTERED)
    assert rmse(fit.difficulty, world.difficulty) < min(most, rmse(world.items.authored, world.difficulty))


def test_standard_errors_cover_the_truth(world: World, fit: Fit) -> None:
    is_covered = np.abs(fit.difficulty - world.difficulty) < 1.96 * fit.difficulty_se
    assert 0.91 < is_covered.mean() < 0.98


def test_mean_difficulty_stays_the_authored_one(world: World, fit: Fit) -> None:
    assert fit.difficulty.mean() == pytest.approx(world.items.authored.mean(), abs=1e-9)


def test_an_easy_crowd_moves_the_mean_of_candidates_and_not_the_scale() -> None:
    world = simulated(300, 150, mean=1.0)
    fit = fitted(world.answers, world.items, CENTERED)
    assert fit.population.mean == pytest.approx(1.0, abs=0.15)
    assert fit.difficulty.mean() == pytest.approx(world.items.authored.mean(), abs=1e-9)


def test_spreads_of_candidates_are_recovered(fit: Fit) -> None:
    assert fit.population.general_spread == pytest.approx(0.8, abs=0.1)
    assert fit.population.specific_spread == pytest.approx(0.4, abs=0.07)


def test_with_few_candidates_the_population_stays_as_it_was() -> None:
    world = simulated(60, 80)
    assert fitted(world.answers, world.items, CENTERED).population == CENTERED


def test_discriminations_are_one_below_two_hundred_answers(fit: Fit) -> None:
    assert fit.n.max() < FREE_DISCRIMINATION_FROM
    assert (fit.discrimination == 1).all()


def test_discriminations_are_found_from_two_hundred_answers_on() -> None:
    world = simulated(1000, 100, count=200, steepness=0.3)
    fit = fitted(world.answers, world.items, CENTERED)
    assert np.corrcoef(fit.discrimination, world.discrimination)[0, 1] > 0.75
    assert np.log(fit.discrimination).mean() == pytest.approx(0, abs=1e-9)


def test_an_item_without_answers_keeps_the_authored_difficulty(world: World) -> None:
    without = world.answers.where(world.answers.item != 7)
    fit = fitted(without, replace(world.items, difficulty=world.items.authored + 0.3), CENTERED)
    assert (fit.n[7], fit.difficulty[7], fit.difficulty_se[7]) == (0, world.items.authored[7], pytest.approx(0.8))


def test_starting_from_the_last_parameters_ends_at_the_same_place_sooner(world: World, fit: Fit) -> None:
    warm = replace(world.items, difficulty=fit.difficulty, discrimination=fit.discrimination)
    again = fitted(world.answers, warm, fit.population)
    assert again.steps < fit.steps
    assert np.abs(again.difficulty - fit.difficulty).max() < 0.05


def test_order_of_answers_changes_nothing(world: World, fit: Fit) -> None:
    shuffled = np.random.default_rng(3).permutation(len(world.answers))
    answers = FirstAnswers(
        *(column[shuffled] for column in (world.answers.candidate, world.answers.item)),
        world.answers.is_correct[shuffled],
        world.answers.row[shuffled],
    )
    assert np.allclose(fitted(answers, world.items, CENTERED).difficulty, fit.difficulty, atol=1e-9)


# Guards


def test_one_run_moves_no_item_far(world: World, fit: Fit) -> None:
    safe = guarded(fit, world.items)
    assert np.abs(safe.difficulty - world.items.difficulty).max() == pytest.approx(MOST_MOVED_AT_ONCE)
    assert safe.difficulty.mean() == pytest.approx(world.items.authored.mean(), abs=1e-6)


def test_items_stay_near_the_authored_difficulty_for_ever() -> None:
    count = 40
    authored = np.zeros(count)
    in_force = np.where(np.arange(count) < 20, 2.4, -2.4)
    items = Items(np.zeros(count, dtype=np.int64), authored, in_force, np.ones(count))
    fit = Fit(2 * in_force, np.ones(count), np.ones(count), np.full(count, 500), CENTERED, 1)
    safe = guarded(fit, items)
    assert np.abs(safe.difficulty - authored).max() == pytest.approx(MOST_FROM_AUTHORED)


def test_runs_one_after_another_reach_what_one_run_may_not(world: World, fit: Fit) -> None:
    items, population = world.items, CENTERED
    errors = []
    for _ in range(6):
        safe = guarded(fitted(world.answers, items, population), items)
        items = replace(items, difficulty=safe.difficulty, discrimination=safe.discrimination)
        population = safe.population
        errors.append(rmse(items.difficulty, world.difficulty))
    assert errors[0] > errors[-1]
    assert errors[-1] == pytest.approx(rmse(fit.difficulty, world.difficulty), abs=0.02)


def test_a_changed_author_brings_an_item_back_by_one_move_a_night() -> None:
    items = Items(np.zeros(1, dtype=np.int64), np.array([-1.6]), np.array([2.0]), np.ones(1))
    fit = Fit(np.array([2.0]), np.ones(1), np.ones(1), np.array([50]), CENTERED, 1)
    assert guarded(fit, items).difficulty.tolist() == [1.5]


# Acceptance


def test_a_run_that_foretells_better_is_accepted(world: World) -> None:
    outcome = calibrated(world.answers, world.items, CENTERED)
    assert outcome.is_accepted
    assert outcome.log_loss_before is not None
    assert outcome.log_loss_after is not None
    assert outcome.log_loss_after < outcome.log_loss_before - 0.005
    assert outcome.reason.startswith("Answers that were held out are foretold no worse: log loss 0.")


def test_a_run_that_foretells_worse_is_refused(world: World) -> None:
    """The true parameters are in force, and what the run may fit is turned upside down."""
    in_force = replace(world.items, difficulty=world.difficulty)
    is_kept = held_out(world.answers.row)
    upset = replace(world.answers, is_correct=np.where(is_kept, world.answers.is_correct, ~world.answers.is_correct))
    outcome = calibrated(upset, in_force, CENTERED)
    assert not outcome.is_accepted
    assert outcome.log_loss_after is not None
    assert outcome.log_loss_before is not None
    assert outcome.log_loss_after > outcome.log_loss_before
    assert outcome.reason.startswith("Answers that were held out are foretold worse: log loss ")
    assert outcome.fit is not None


@pytest.mark.parametrize(
    ("candidates", "each", "reason"),
    [
        (4, 100, "There are 400 first answers by 4 candidates; 200 answers by 5 candidates are needed."),
        (6, 30, "There are 180 first answers by 6 candidates; 200 answers by 5 candidates are needed."),
    ],
)
def test_too_few_answers_are_not_fitted(candidates: int, each: int, reason: str) -> None:
    world = simulated(candidates, each)
    outcome = calibrated(world.answers, world.items, CENTERED)
    assert (outcome.is_accepted, outcome.reason, outcome.fit) == (False, reason, None)


def test_no_answers_are_not_fitted() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    answers = FirstAnswers(nothing, nothing, np.zeros(0, dtype=np.bool_), nothing)
    items = Items(nothing, np.zeros(0), np.zeros(0), np.zeros(0))
    assert calibrated(answers, items, CENTERED).reason.startswith("There are 0 first answers by 0 candidates;")
    assert foresight(answers, answers, items, CENTERED).tolist() == []


def test_held_out_is_a_tenth_and_always_the_same() -> None:
    rows = np.arange(1, 100_001)
    assert held_out(rows).mean() == pytest.approx(0.1, abs=0.005)
    assert (held_out(rows)[50_000:] == held_out(rows[50_000:])).all()


def test_held_out_answers_move_no_parameter(world: World) -> None:
    is_kept = held_out(world.answers.row)
    other = replace(world.answers, is_correct=np.where(is_kept, ~world.answers.is_correct, world.answers.is_correct))
    fits = [calibrated(answers, world.items, CENTERED).fit for answers in (world.answers, other)]
    assert fits[0] is not None
    assert fits[1] is not None
    assert (fits[0].difficulty == fits[1].difficulty).all()


def test_competencies_foretell_better_than_one_ability() -> None:
    """Why the model keeps them: with 150 answers each, and no worse with fewer."""
    gains = []
    for seed in range(3):
        world = simulated(300, 150, seed=seed)
        is_kept = held_out(world.answers.row)
        losses = []
        for competency in (world.items.competency, np.zeros_like(world.items.competency)):
            items = replace(world.items, competency=competency)
            fit = fitted(world.answers.where(~is_kept), items, CENTERED)
            items = replace(items, difficulty=fit.difficulty)
            known, unknown = world.answers.where(~is_kept), world.answers.where(is_kept)
            losses.append(log_loss(known, unknown, items, fit.population))
        gains.append(losses[1] - losses[0])
    assert np.mean(gains) > 0.0005


def test_somebody_without_known_answers_is_foretold_by_the_population() -> None:
    items = Items(np.array([0]), np.zeros(1), np.zeros(1), np.ones(1))
    nothing = np.zeros(0, dtype=np.int64)
    known = FirstAnswers(nothing, nothing, np.zeros(0, dtype=np.bool_), nothing)
    one = FirstAnswers(np.array([0]), np.array([0]), np.array([True]), np.array([1]))
    assert foresight(known, one, items, CENTERED).tolist() == [pytest.approx(0.22 + 0.78 / 2)]


# Bad input


def test_columns_of_unlike_length_are_refused() -> None:
    with pytest.raises(ValueError, match="Every answer needs a candidate"):
        FirstAnswers(np.zeros(2, dtype=np.int64), np.zeros(1, dtype=np.int64), np.ones(1, bool), np.ones(1, np.int64))
    with pytest.raises(ValueError, match="Every item needs a competency"):
        Items(np.zeros(2, dtype=np.int64), np.zeros(1), np.zeros(1), np.ones(1))


def test_negative_numbers_and_unknown_items_are_refused() -> None:
    ones, items = np.ones(1, dtype=np.int64), Items(np.zeros(1, dtype=np.int64), np.zeros(1), np.zeros(1), np.ones(1))
    with pytest.raises(ValueError, match="numbered from 0"):
        FirstAnswers(-ones, ones, np.ones(1, dtype=np.bool_), ones)
    with pytest.raises(ValueError, match="not there"):
        fitted(FirstAnswers(ones, ones, np.ones(1, dtype=np.bool_), ones), items, CENTERED)


@pytest.mark.parametrize(
    ("difficulty", "slope"), [(np.nan, 1.0), (np.inf, 1.0), (0.0, np.nan), (0.0, 0.0), (0.0, -1.0)]
)
def test_parameters_that_are_no_numbers_are_refused(difficulty: float, slope: float) -> None:
    with pytest.raises(ValueError, match=r"not a number|above 0"):
        Items(np.zeros(1, dtype=np.int64), np.zeros(1), np.array([difficulty]), np.array([slope]))


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from(["random", "all right", "all wrong"]))
def test_whatever_is_answered_parameters_are_numbers_within_their_guards(seed: int, kind: str) -> None:
    rng = np.random.default_rng(seed)
    candidates, count = int(rng.integers(5, 40)), int(rng.integers(5, 30))
    candidate, item = (axis.ravel() for axis in np.indices((candidates, count)))
    marks = {"random": rng.random(len(item)) < 0.5, "all right": np.ones(len(item), bool)}.get(
        kind, np.zeros(len(item), bool)
    )
    authored = rng.choice([-1.6, -0.8, 0.0, 0.8, 1.6], count)
    items = Items(rng.integers(0, 6, count), authored, authored.copy(), np.ones(count))
    outcome = calibrated(FirstAnswers(candidate, item, marks, np.arange(1, len(item) + 1)), items, CENTERED)
    if outcome.fit is not None:
        moved = np.abs(outcome.fit.difficulty - authored)
        assert np.isfinite(outcome.fit.difficulty_se).all()
        assert moved.max() <= MOST_MOVED_AT_ONCE + 1e-9
        assert (outcome.fit.discrimination > 0).all()
