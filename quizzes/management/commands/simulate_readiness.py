from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from quizzes.simulation.forecasts import CANDIDATES
from quizzes.simulation.measures import Estimate, Figures
from quizzes.simulation.report import missed_targets, run_all
from quizzes.simulation.selection import SelectionFigures
from quizzes.simulation.trials import Trial

FEWEST, MOST = 100, 100_000


class Command(BaseCommand):
    help = "Measure readiness and adaptive selection on simulated candidates; exit code 1 if a target is missed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="Print everything as JSON.")
        parser.add_argument(
            "--candidates", type=candidate_count, default=CANDIDATES, help="How many (default: %(default)s)."
        )
        parser.add_argument("--seed", type=seed_number, default=1, help="Of every draw (default: %(default)s).")

    def handle(self, *, as_json: bool, candidates: int, seed: int, **options: Any) -> None:
        report = run_all(candidates=candidates, seed=seed)
        missed = missed_targets(report)
        made_on = timezone.localdate().isoformat()
        if as_json:
            self.stdout.write(json.dumps(rounded({"made_on": made_on, **asdict(report), "missed": missed}), indent=2))
        else:
            for trial in report.trials:
                self.write_trial(trial)
            self.write_selection(report.selection)
            if not missed:
                self.stdout.write("Every target is met.")
        for sentence in missed:
            self.stderr.write(f"Missed: {sentence}")
        if missed:
            sys.exit(1)

    def write_trial(self, trial: Trial) -> None:
        self.stdout.write(
            f"Setting “{trial.setting}”: {trial.pass_rate:.1%} pass, Brier score of that rate {trial.climatology:.3f},"
            f" skill of knowing the truth {trial.best_skill:.2f}"
        )
        self.stdout.write(
            f"{'method':<26}{'answers':>7}{'Brier':>7}{'log loss':>9}{'ECE (95 %)':>20}{'floor':>7}"
            f"{'skill (95 %)':>21}{'cover':>7}{'width':>7}"
        )
        for figures in trial.figures:
            self.stdout.write(line(figures))
        self.stdout.write()

    def write_selection(self, rows: list[SelectionFigures]) -> None:
        self.stdout.write("Placement test of 30 items out of 900")
        self.stdout.write(
            f"{'selection':<18}{'believed SE':>12}{'true error':>12}{'Brier':>8}{'max exposure':>14}{'never used':>12}"
            f"{'overexposed':>13}"
        )
        for row in rows:
            self.stdout.write(
                f"{row.mode:<18}{row.composite_error:>12.3f}{row.true_error:>12.3f}{row.brier:>8.3f}"
                f"{row.max_exposure:>14.2f}{row.never_used:>12.0%}{row.overexposed_choices:>13}"
            )
        self.stdout.write()


def line(figures: Figures) -> str:
    coverage = f"{figures.coverage.value:.3f}" if figures.coverage else "-"
    width = f"{figures.width:.1f}" if figures.width is not None else "-"
    return (
        f"{figures.method:<26}{figures.n:>7}{figures.brier:>7.3f}{figures.log_loss:>9.3f}"
        f"{with_interval(figures.calibration_error, 3):>20}{figures.error_floor:>7.3f}"
        f"{with_interval(figures.skill, 2):>21}{coverage:>7}{width:>7}"
    )


def with_interval(estimate: Estimate, digits: int) -> str:
    return f"{estimate.value:.{digits}f} ({estimate.low:.{digits}f}-{estimate.high:.{digits}f})"


def rounded(value: Any) -> Any:
    """To four digits, beyond which a simulation of this size says nothing."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: rounded(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(entry) for entry in value]
    return value


def candidate_count(text: str) -> int:
    count = whole_number(text)
    if not FEWEST <= count <= MOST:
        raise ArgumentTypeError(f"{count} candidates are too few or too many: {FEWEST} to {MOST}.")
    return count


def seed_number(text: str) -> int:
    seed = whole_number(text)
    if seed < 0:
        raise ArgumentTypeError("A seed must not be negative.")
    return seed


def whole_number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise ArgumentTypeError(f"“{text}” is no whole number.") from error
