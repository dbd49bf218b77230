"""How questions perform on a fixed form, answered completely by everybody: the definitions are Moodle's.

Discrimination index = 100 cov(mark, other marks) / sqrt(var var), efficiency = 100 cov / cov_max as in practice,
facility = mean mark / highest mark, SD = sqrt(sample variance). Reliability alpha = k/(k-1) (1 - sum of item variances
/ variance of totals), which for right and wrong is KR-20; SEM = SD sqrt(1 - alpha).

Sources: L. J. Cronbach, Psychometrika 16 (1951) 297-334; Moodle documentation, Quiz statistics calculations.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from quizzes.item_analysis.practice import NOISE, Floats, ratio


@dataclass(frozen=True, slots=True, eq=False)
class FormAnalysis:
    """Mean, SD and SEM in percent of the highest score; arrays by item. None or NaN without variance."""

    n: int
    items: int
    mean: float
    sd: float
    alpha: float | None
    sem: float | None
    facility: Floats
    item_sd: Floats
    discrimination_index: Floats
    efficiency: Floats


def analyse_form(marks: Floats) -> FormAnalysis:
    """`marks` from 0 to 1: a row per candidate, a column per item, nothing missing."""
    n, items = marks.shape
    if n < 1 or items < 1:
        raise ValueError("A form needs an item and somebody who answered it.")
    if not (np.isfinite(marks).all() and marks.min() >= 0 and marks.max() <= 1):
        raise ValueError("A mark is a number from 0 to 1, and none is missing.")
    totals = marks.sum(axis=1)
    rests = totals[:, np.newaxis] - marks
    off, rest_off = marks - marks.mean(axis=0), rests - rests.mean(axis=0)
    freedom = max(n - 1, 1)
    variance, rest_variance = _variance(off, freedom), _variance(rest_off, freedom)
    covariance = (off * rest_off).sum(axis=0) / freedom
    highest = (np.sort(off, axis=0) * np.sort(rest_off, axis=0)).sum(axis=0) / freedom
    is_defined = (variance > 0) & (rest_variance > 0)
    total_variance = float(_variance((totals - totals.mean())[:, np.newaxis], freedom)[0])
    sd = 100 * float(np.sqrt(total_variance)) / items
    alpha = None
    if items > 1 and total_variance > 0:
        alpha = items / (items - 1) * (1 - float(variance.sum()) / total_variance)
    return FormAnalysis(
        n=n,
        items=items,
        mean=100 * float(totals.mean()) / items,
        sd=sd,
        alpha=alpha,
        sem=None if alpha is None else sd * float(np.sqrt(1 - alpha)),
        facility=marks.mean(axis=0),
        item_sd=np.sqrt(variance),
        discrimination_index=ratio(100 * covariance, np.where(is_defined, np.sqrt(variance * rest_variance), 0.0)),
        efficiency=ratio(100 * covariance, np.where(is_defined, highest, 0.0)),
    )


def _variance(off: Floats, freedom: int) -> Floats:
    variance = (off**2).sum(axis=0) / freedom
    return np.where(variance < NOISE, 0.0, variance)
