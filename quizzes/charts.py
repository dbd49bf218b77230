"""Arguments for the templates in templates/components/charts/."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

from competencies.models import Competency
from quizzes.ability import Show
from quizzes.queries.placement import CompetencyEstimate
from quizzes.scoring import CompetencyScore

# Points from the target within which neither side is named.
CLOSE = 3


class IntervalRow(TypedDict):
    """A row of interval.html."""

    label: str
    code: str
    low: int
    width: int
    value: int | None
    text: str
    note: str
    n: int


def interval_row(estimate: CompetencyEstimate, show: Show, target: int) -> IntervalRow:
    low, high = round(estimate.low), round(estimate.high)
    return {
        "label": estimate.competency.name,
        "code": estimate.competency.code,
        "low": low,
        "width": high - low,
        "value": round(estimate.expected) if show is Show.FULL else None,
        "text": f"{low} to {high} %",
        "note": _standing(estimate, target),
        "n": estimate.n,
    }


def _standing(estimate: CompetencyEstimate, target: int) -> str:
    if estimate.low >= target:
        return "Above your practice target."
    if estimate.high < target:
        return "Below your practice target."
    if abs(estimate.expected - target) < CLOSE:
        return "Too close to call: about at your practice target."
    side = "above" if estimate.expected > target else "below"
    return f"Too close to call: more likely {side} your practice target."


def competency_heat(
    competencies: Sequence[Competency], people: Iterable[tuple[str, Mapping[str, CompetencyScore]]]
) -> dict[str, Any]:
    """Columns and rows of heat_table.html: a row per person, named, with scores by competency code."""
    return {
        "columns": [{"label": competency.code, "name": competency.name} for competency in competencies],
        "rows": [
            {"label": name, "cells": [_cell(scores.get(competency.code)) for competency in competencies]}
            for name, scores in people
        ],
    }


def _cell(score: CompetencyScore | None) -> dict[str, int | None]:
    return {"value": score.percent if score else None, "n": score.total if score else None}
