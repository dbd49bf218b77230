"""Arguments for the templates in templates/components/charts/."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from competencies.models import Competency
from quizzes.scoring import CompetencyScore


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
