"""The simulation on few candidates: that it measures rightly, and that it fails for each target missed."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from quizzes.management.commands import simulate_readiness
from quizzes.simulation.forecasts import OURS, Forecasts, above_cut, beta_binomial, naive_normal
from quizzes.simulation.measures import Estimate, Figures, brier, calibration_error, log_loss, measured
from quizzes.simulation.report import Report, missed_targets
from quizzes.simulation.selection import SELECTION_MODES, SelectionFigures, run_selection
from quizzes.simulation.trials import Trial, run_trial
from quizzes.simulation.world import (
    ANSWER_COUNTS,
    ASSUMED,
    BLUEPRINT,
    CALIBRATED_ERROR,
    DIFFICULTY_ERROR,
    MATCHED,
    SHIPPED,
    make_abilities,
    make_items,
    make_sample,
    true_chances,
)

FEW = 300


@pytest.fixture(scope="module")
def matched() -> Trial:
    return run_trial(MATCHED, candidates=FEW)


@pytest.fixture(scope="module")
def shipped() -> Trial:
    return run_trial(SHIPPED, candidates=FEW)


@pytest.fixture(scope="module")
def selection() -> dict[str, SelectionFigures]:
    return {mode: run_selection(mode, candidates=100) for mode in SELECTION_MODES}


def of(trial: Trial, method: str = OURS) -> dict[int, Figures]:
    return {figures.n: figures for figures in trial.figures if figures.method == method}


def exact(value: float) -> Estimate:
    return Estimate(value, value, value)


GOOD = Figures(OURS, 30, 0.12, 0.38, exact(0.04), 0.03, exact(0.4), exact(0.9), 21.0)


def report(*figures: Figures) -> Report:
    return Report(FEW, 1, [Trial("matched", 0.7, 0.21, 0.65, list(figures))], [])


# The world


def test_items_come_by_the_blueprint() -> None:
    items = make_items(900, np.random.default_rng(1), is_calibrated=False)
    assert np.bincount(items.competency).tolist() == (9 * BLUEPRINT).tolist()


@pytest.mark.parametrize(("is_calibrated", "error"), [(False, DIFFICULTY_ERROR), (True, CALIBRATED_ERROR)])
def test_believed_difficulties_are_as_wrong_as_they_claim(is_calibrated: bool, error: float) -> None:
    items = make_items(20_000, np.random.default_rng(1), is_calibrated=is_calibrated)
    assert (items.believed - items.difficulty).std() == pytest.approx(error, abs=0.02)
    assert np.polyfit(items.believed, items.difficulty, 1)[0] == pytest.approx(1, abs=0.03)


def test_the_shipped_population_differs_from_the_assumed_one() -> None:
    theta = make_abilities(20_000, SHIPPED.truth, np.random.default_rng(1))
    assert theta.mean() - ASSUMED.mean == pytest.approx(-0.15, abs=0.01)
    assert theta.std(axis=0).mean() == pytest.approx(np.hypot(0.9, 0.5), abs=0.02)
    assert np.corrcoef(theta.T)[0, 1] == pytest.approx(0.81 / 1.06, abs=0.02)


def test_the_truth_forecasts_without_bias() -> None:
    rng = np.random.default_rng(2)
    practice, sealed = (make_items(400, rng, is_calibrated=False) for _ in range(2))
    sample = make_sample(2_000, SHIPPED, practice, sealed, rng)
    truth = true_chances(sample, sealed, SHIPPED.form_spread)
    assert truth.mean() == pytest.approx(sample.has_passed.mean(), abs=0.02)
    assert calibration_error(truth, sample.has_passed) < 0.04


# The measures


def test_measures_of_known_forecasts() -> None:
    probability, outcome = np.array([0.9, 0.2, 0.0]), np.array([True, False, True])
    assert brier(probability, outcome) == pytest.approx((0.01 + 0.04 + 1) / 3)
    assert log_loss(probability, outcome) == pytest.approx(-(np.log(0.9) + np.log(0.8) + np.log(1e-4)) / 3)


def test_calibration_error_is_the_mean_distance_over_bins() -> None:
    probability = np.repeat(np.arange(10) / 10, 10)
    outcome = np.tile(np.arange(10), 10) < np.repeat(np.arange(10), 10)
    assert calibration_error(probability, outcome) == pytest.approx(0)
    assert calibration_error(np.minimum(1, probability + 0.05), outcome) == pytest.approx(0.05)


def test_the_interval_takes_back_the_error_of_few_candidates() -> None:
    """Forecasts made true by construction: their calibration error is chance, and the interval says so."""
    rng = np.random.default_rng(4)
    probability = rng.random(100)
    score = np.where(rng.random(100) < probability, 80, 70)
    found = measured(OURS, 30, Forecasts(probability), score, 0.25, rng)
    assert found.calibration_error.value > 0.05
    assert found.calibration_error.low < 0.03
    assert found.error_floor == pytest.approx(found.calibration_error.value, abs=0.05)


def test_the_simple_methods_know_half_when_half_is_known() -> None:
    at_cut, above, below = 74.5, 95.0, 40.0
    right = np.array([below, at_cut, above]) * 3
    for forecasts in (beta_binomial(right, 300, 0.7, 0.1), naive_normal(right, 300)):
        assert forecasts.probability == pytest.approx([0, 0.5, 1], abs=0.06)
    assert above_cut(right, 300).probability.tolist() == [0, 0, 1]


# What must hold


@pytest.mark.parametrize("setting", ["matched", "shipped"])
def test_a_small_run_misses_no_target(setting: str, request: pytest.FixtureRequest) -> None:
    assert missed_targets(Report(FEW, 1, [request.getfixturevalue(setting)], [])) == []


def test_about_seven_of_ten_pass_in_the_setting_of_the_prototype(matched: Trial) -> None:
    assert matched.pass_rate == pytest.approx(0.7, abs=0.06)


def test_ours_gains_with_answers_and_beats_the_simple_methods_early(matched: Trial) -> None:
    skills = [of(matched)[n].skill.value for n in ANSWER_COUNTS]
    assert skills == sorted(skills)
    for method in ("independent competencies", "beta-binomial", "naive normal", "share >= cut"):
        assert of(matched)[12].brier < of(matched, method)[12].brier


def test_nothing_forecasts_better_than_the_truth(matched: Trial) -> None:
    assert max(figures.skill.value for figures in matched.figures) < matched.best_skill + 0.03


def test_the_same_seed_gives_the_same_trial() -> None:
    assert run_trial(MATCHED, candidates=30) == run_trial(MATCHED, candidates=30)


def test_our_selection_measures_as_well_as_the_most_informative_one(selection: dict[str, SelectionFigures]) -> None:
    assert selection["ours"].composite_error < 0.41 < selection["random"].composite_error
    assert selection["ours"].composite_error < selection["most information"].composite_error * 1.02


def test_our_selection_shows_no_item_too_often(selection: dict[str, SelectionFigures]) -> None:
    assert selection["ours"].max_exposure <= 0.26 < selection["most information"].max_exposure
    assert [figures.overexposed_choices for figures in selection.values()] == [0, 0, 0]


def test_figures_on_target_are_not_missed() -> None:
    assert missed_targets(report(GOOD)) == []


@pytest.mark.parametrize(
    ("figures", "sentence"),
    [
        (
            replace(GOOD, calibration_error=Estimate(0.08, 0.051, 0.11)),
            "matched, 30 answers: the calibration error is 0.080, at most 0.05 is wanted.",
        ),
        (
            replace(GOOD, coverage=Estimate(0.85, 0.83, 0.869)),
            "matched, 30 answers: the interval covers 0.850, 0.87 to 0.93 is wanted.",
        ),
        (
            replace(GOOD, coverage=Estimate(0.95, 0.931, 0.97)),
            "matched, 30 answers: the interval covers 0.950, 0.87 to 0.93 is wanted.",
        ),
        (
            replace(GOOD, skill=Estimate(0.3, 0.26, 0.34)),
            "matched, 30 answers: the skill is 0.300, at least 0.35 is wanted.",
        ),
        (
            replace(GOOD, n=120, skill=Estimate(0.45, 0.4, 0.49)),
            "matched, 120 answers: the skill is 0.450, at least 0.5 is wanted.",
        ),
    ],
)
def test_each_target_missed_is_named(figures: Figures, sentence: str) -> None:
    assert missed_targets(report(figures)) == [sentence]


def test_a_target_missed_within_chance_is_not_missed() -> None:
    near = replace(
        GOOD,
        calibration_error=Estimate(0.06, 0.049, 0.08),
        coverage=Estimate(0.86, 0.84, 0.88),
        skill=Estimate(0.34, 0.30, 0.38),
    )
    assert missed_targets(report(near)) == []


def test_other_methods_have_no_target() -> None:
    assert missed_targets(report(replace(GOOD, method="naive normal", skill=exact(0.0)))) == []


# The command


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, matched: Trial, selection: dict[str, SelectionFigures]) -> Report:
    """The command with a run already made."""
    made = Report(FEW, 1, [matched], list(selection.values()))
    monkeypatch.setattr(simulate_readiness, "run_all", lambda *, candidates, seed: made)
    return made


def test_the_command_prints_a_line_for_each_method_and_count(quick: Report) -> None:
    output = StringIO()
    call_command("simulate_readiness", stdout=output)
    lines = output.getvalue().splitlines()
    assert [line[:26].strip() for line in lines[2:7]] == [OURS] * 5
    assert lines[2].split()[1:3] == ["12", f"{of(quick.trials[0])[12].brier:.3f}"]
    assert lines[-1] == "Every target is met."


def test_the_command_prints_json(quick: Report) -> None:
    output = StringIO()
    call_command("simulate_readiness", as_json=True, stdout=output)
    found = json.loads(output.getvalue())
    assert found["missed"] == []
    assert found["trials"][0]["figures"][0]["brier"] == round(quick.trials[0].figures[0].brier, 4)
    assert [row["mode"] for row in found["selection"]] == list(SELECTION_MODES)


def test_the_command_fails_when_a_target_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = report(replace(GOOD, skill=exact(0.1)))
    monkeypatch.setattr(simulate_readiness, "run_all", lambda *, candidates, seed: missing)
    errors = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("simulate_readiness", stdout=StringIO(), stderr=errors)
    assert stopped.value.code == 1
    assert errors.getvalue() == "Missed: matched, 30 answers: the skill is 0.100, at least 0.35 is wanted.\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--candidates", "99"], "99 candidates are too few or too many: 100 to 100000."),
        (["--candidates", "100001"], "100001 candidates are too few or too many: 100 to 100000."),
        (["--candidates", "many"], "“many” is no whole number."),
        (["--seed", "-1"], "A seed must not be negative."),
    ],
)
def test_the_command_refuses_what_it_cannot_run(arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("simulate_readiness", *arguments)
    assert str(refused.value).endswith(sentence)
