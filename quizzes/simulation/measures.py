"""What forecasts are worth.

Brier score mean (p - y)^2, log loss with p clipped to 1e-4, expected calibration error over ten bins of equal mass,
skill 1 - Brier / Brier of the pass rate, coverage and width of the 90 % interval; what is judged has a 95 % bootstrap
interval over candidates. Even a perfect forecast has a calibration error in a finite sample: `error_floor` is its mean.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from quizzes.simulation.forecasts import Forecasts
from quizzes.simulation.world import CUT, Booleans, Floats, Integers

BINS = 10
RESAMPLES = 400


@dataclass(frozen=True, slots=True)
class Estimate:
    """With its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one method after n first answers; coverage and width of methods that give an interval."""

    method: str
    n: int
    brier: float
    log_loss: float
    calibration_error: Estimate
    error_floor: float
    skill: Estimate
    coverage: Estimate | None
    width: float | None


def brier(probability: Floats, outcome: Booleans) -> float:
    return float(((probability - outcome) ** 2).mean())


def log_loss(probability: Floats, outcome: Booleans) -> float:
    clipped = np.clip(probability, 1e-4, 1 - 1e-4)
    return float(-np.where(outcome, np.log(clipped), np.log(1 - clipped)).mean())


def calibration_error(probability: Floats, outcome: Booleans) -> float:
    """Mean distance of forecast and frequency over BINS of equal mass."""
    order = np.argsort(probability, kind="stable")
    distance = np.add.reduceat((probability - outcome)[order], np.arange(BINS) * len(order) // BINS)
    return float(np.abs(distance).sum() / len(order))


def measured(
    method: str, n: int, forecasts: Forecasts, exam_score: Integers, climatology: float, rng: np.random.Generator
) -> Figures:
    probability, outcome = forecasts.probability, exam_score >= CUT
    size = len(outcome)
    resamples = rng.integers(0, size, (RESAMPLES, size))
    squares = (probability - outcome) ** 2
    rates = outcome[resamples].mean(axis=1)
    score = brier(probability, outcome)
    errors = np.array([calibration_error(probability[rows], outcome[rows]) for rows in resamples])
    perfect = [calibration_error(probability, rng.random(size) < probability) for _ in range(RESAMPLES)]
    coverage = width = None
    if forecasts.low is not None and forecasts.high is not None:
        covered = (forecasts.low <= exam_score) & (exam_score <= forecasts.high)
        coverage = _estimate(float(covered.mean()), covered[resamples].mean(axis=1))
        width = float((forecasts.high - forecasts.low).mean())
    return Figures(
        method=method,
        n=n,
        brier=score,
        log_loss=log_loss(probability, outcome),
        calibration_error=_estimate(calibration_error(probability, outcome), errors, least=0.0),
        error_floor=float(np.mean(perfect)),
        skill=_estimate(1 - score / climatology, 1 - squares[resamples].mean(axis=1) / (rates * (1 - rates))),
        coverage=coverage,
        width=width,
    )


def _estimate(value: float, resampled: Floats, least: float = -math.inf) -> Estimate:
    """The basic interval, which reflects the resampled values: where sampling errs to one side, as it does with a mean
    of absolute distances, it takes the error back instead of doubling it."""
    low, high = np.quantile(resampled, [0.025, 0.975])
    return Estimate(value, max(least, 2 * value - float(high)), max(least, 2 * value - float(low)))
