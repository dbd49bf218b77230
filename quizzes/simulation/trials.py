"""One setting: each tenth of the candidates meets a bank of its own.

Even somebody's true ability does not tell the score: `best_skill` is that of forecasting from the truth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from quizzes.simulation.forecasts import CANDIDATES, Forecasts, all_forecasts
from quizzes.simulation.measures import Figures, brier, measured
from quizzes.simulation.world import (
    ANSWER_COUNTS,
    CUT,
    PRACTICE_ITEMS,
    SEALED_ITEMS,
    SETTINGS,
    Floats,
    Setting,
    make_items,
    make_sample,
    true_chances,
)

BANKS = 10


@dataclass(frozen=True, slots=True)
class Trial:
    setting: str
    pass_rate: float
    climatology: float  # Brier score of telling everybody the pass rate
    best_skill: float
    figures: list[Figures]


def run_trial(setting: Setting, *, candidates: int = CANDIDATES, seed: int = 1) -> Trial:
    """Over several banks, as the luck of one would be taken for a property of the method."""
    rng = np.random.default_rng([seed, SETTINGS.index(setting)])
    samples, truths, forecasts = [], [], []
    for bank in range(BANKS):
        practice = make_items(PRACTICE_ITEMS, rng, is_calibrated=setting.is_calibrated)
        sealed = make_items(SEALED_ITEMS, rng, is_calibrated=setting.is_calibrated)
        share = candidates * (bank + 1) // BANKS - candidates * bank // BANKS
        samples.append(make_sample(share, setting, practice, sealed, rng))
        truths.append(true_chances(samples[-1], sealed, setting.form_spread))
        forecasts.append(all_forecasts(samples[-1], practice, sealed, setting, rng))
    score = np.concatenate([sample.score for sample in samples])
    pass_rate = float((score >= CUT).mean())
    climatology = pass_rate * (1 - pass_rate)
    return Trial(
        setting=setting.name,
        pass_rate=pass_rate,
        climatology=climatology,
        best_skill=1 - brier(np.concatenate(truths), score >= CUT) / climatology,
        figures=[
            measured(method, n, _joined([bank[method][n] for bank in forecasts]), score, climatology, rng)
            for method in forecasts[0]
            for n in ANSWER_COUNTS
        ],
    )


def _joined(parts: Sequence[Forecasts]) -> Forecasts:
    def joined(bounds: Sequence[Floats | None]) -> Floats | None:
        known = [bound for bound in bounds if bound is not None]
        return np.concatenate(known) if known else None

    return Forecasts(
        np.concatenate([part.probability for part in parts]),
        joined([part.low for part in parts]),
        joined([part.high for part in parts]),
    )
