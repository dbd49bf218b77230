"""The memory model fitted to one candidate, and measured."""

from __future__ import annotations

from reviews.fitting.history import History
from reviews.fitting.parameters import fitted
from reviews.fitting.scores import Scores, average, measured, moving_average, scored
from reviews.fitting.verdicts import Verdict, compared, verdict

__all__ = [
    "History",
    "Scores",
    "Verdict",
    "average",
    "compared",
    "fitted",
    "measured",
    "moving_average",
    "scored",
    "verdict",
]
