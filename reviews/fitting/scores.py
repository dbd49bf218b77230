"""How well forecasts of recall come true.

RMSE(bins), after `utils.py` of open-spaced-repetition/srs-benchmark: reviews are put into bins of days since the last
review, number of the review and lapses before it, each bin growing by a factor; then the root of the mean, weighted by
reviews, of (share recalled - mean forecast) ^ 2 over the bins.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from reviews.fitting.history import Booleans, History
from reviews.scheduler import START_PARAMETERS, Floats, Parameters

# No forecast counts as more certain, so that a single one that fails does not decide everything.
CERTAIN = 1e-4
# Of the newest review in the moving average.
NEWEST_SHARE = 0.05


class Scores(NamedTuple):
    log_loss: float
    rmse_bins: float
    n: int


def scored(history: History, forecast: Floats, judged: Booleans | None = None) -> Scores:
    """How well a forecast of each review came true, over the usable ones, or those of them that are to be judged."""
    counted = history.is_usable if judged is None else history.is_usable & judged
    n = int(counted.sum())
    if n == 0:
        return Scores(0.0, 0.0, 0)
    foretold, recalled, bins = forecast[counted], history.recalled[counted], history.bins[counted]
    # Of a bin, count x (share recalled - mean forecast) is the sum of the differences.
    counts, differences = np.bincount(bins), np.bincount(bins, recalled - foretold)
    is_used = counts > 0
    squares = differences[is_used] ** 2 / counts[is_used]
    return Scores(float(losses_of(foretold, recalled).mean()), float(np.sqrt(squares.sum() / n)), n)


def measured(history: History, parameters: Parameters = START_PARAMETERS, judged: Booleans | None = None) -> Scores:
    return scored(history, history.forecast(parameters), judged)


def average(history: History) -> float:
    """The share of usable reviews that were recalled: what a constant forecast would say."""
    return float(history.recalled[history.is_usable].mean()) if history.is_usable.any() else 0.5


def moving_average(history: History, start: float, share: float = NEWEST_SHARE) -> Floats:
    """m' = m + share (y - m) over usable reviews in the order given, each foretold by the m before it."""
    forecast, m = np.empty(len(history.cards)), start
    for place, (recalled, is_usable) in enumerate(zip(history.recalled, history.is_usable, strict=True)):
        forecast[place] = m
        if is_usable:
            m += share * (recalled - m)
    return forecast


def losses_of(forecast: Floats, recalled: Floats) -> Floats:
    p = np.clip(forecast, CERTAIN, 1 - CERTAIN)
    return np.asarray(-np.log(np.where(recalled > 0, p, 1 - p)))
