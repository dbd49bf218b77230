"""Classical item analysis: how questions perform, from first answers."""

from __future__ import annotations

from quizzes.item_analysis.flags import IDLE_BELOW, Flag, Measured, flags
from quizzes.item_analysis.forms import FormAnalysis, analyse_form
from quizzes.item_analysis.practice import FEWEST_ANSWERS_OF_CANDIDATE, Analysis, Answers, analyse, standard_error

__all__ = [
    "FEWEST_ANSWERS_OF_CANDIDATE",
    "IDLE_BELOW",
    "Analysis",
    "Answers",
    "Flag",
    "FormAnalysis",
    "Measured",
    "analyse",
    "analyse_form",
    "flags",
    "standard_error",
]
