"""Rows for templates/components/charts/bar.html."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from progress.queries.candidate import Mastery


def score_bars(rows: Iterable[Mastery]) -> list[dict[str, Any]]:
    return [_bar(row, value=row.percent, n=row.answered) for row in rows]


def coverage_bars(rows: Iterable[Mastery]) -> list[dict[str, Any]]:
    return [_bar(row, value=row.coverage, text=f"{row.seen} of {row.objectives}") for row in rows]


def recall_bars(rows: Iterable[Mastery]) -> list[dict[str, Any]]:
    return [_bar(row, value=row.recall_percent, n=row.seen) for row in rows]


def _bar(row: Mastery, *, value: int | None, n: int | None = None, text: str = "") -> dict[str, Any]:
    competency = row.competency
    return {
        "label": competency.name,
        "code": competency.code,
        "href": competency.get_absolute_url(),
        "value": value,
        "text": text,
        "n": n,
    }
