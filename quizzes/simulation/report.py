"""All trials, and the targets that they miss by more than chance explains: all of an interval lies beyond."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from quizzes.simulation.forecasts import CANDIDATES, OURS
from quizzes.simulation.measures import Figures
from quizzes.simulation.selection import SELECTION_CANDIDATES, SELECTION_MODES, SelectionFigures, run_selection
from quizzes.simulation.trials import Trial, run_trial
from quizzes.simulation.world import SETTINGS

# What must hold, or the command fails
MOST_CALIBRATION_ERROR = 0.05
COVERAGE_RANGE = (0.87, 0.93)
LEAST_SKILL: Mapping[int, float] = {30: 0.35, 120: 0.5}


@dataclass(frozen=True, slots=True)
class Report:
    candidates: int
    seed: int
    trials: list[Trial]
    selection: list[SelectionFigures]


def run_all(*, candidates: int = CANDIDATES, seed: int = 1) -> Report:
    return Report(
        candidates=candidates,
        seed=seed,
        trials=[run_trial(setting, candidates=candidates, seed=seed) for setting in SETTINGS],
        selection=[
            run_selection(mode, candidates=min(candidates, SELECTION_CANDIDATES), seed=seed) for mode in SELECTION_MODES
        ],
    )


def missed_targets(report: Report) -> list[str]:
    """A sentence for each target that the report misses by more than chance explains."""
    return [
        f"{trial.setting}, {figures.n} answers: {sentence}"
        for trial in report.trials
        for figures in trial.figures
        if figures.method == OURS
        for sentence in _misses(figures)
    ]


def _misses(figures: Figures) -> list[str]:
    misses = []
    error, skill, coverage = figures.calibration_error, figures.skill, figures.coverage
    if error.low > MOST_CALIBRATION_ERROR:
        misses.append(f"the calibration error is {error.value:.3f}, at most {MOST_CALIBRATION_ERROR} is wanted.")
    least_coverage, most_coverage = COVERAGE_RANGE
    if coverage and (coverage.high < least_coverage or coverage.low > most_coverage):
        misses.append(f"the interval covers {coverage.value:.3f}, {least_coverage} to {most_coverage} is wanted.")
    least_skill = LEAST_SKILL.get(figures.n)
    if least_skill is not None and skill.high < least_skill:
        misses.append(f"the skill is {skill.value:.3f}, at least {least_skill} is wanted.")
    return misses
