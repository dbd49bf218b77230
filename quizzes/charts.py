"""Arguments for the templates in templates/components/charts/."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

from competencies.models import Competency
from quizzes.attempt_facts import SLOW_TIMES, ResponseFacts, Share, median_seconds, slow_rows
from quizzes.queries.placement import CompetencyEstimate
from quizzes.readiness import Show
from quizzes.scoring import CompetencyScore

# Points from the target within which neither side is named.
CLOSE = 3
# One question left open for long must not make the others look alike: columns end at so many medians.
TALLEST_MEDIANS = 4


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


def pace_strip(rows: Sequence[ResponseFacts], exam: float | None, *, outcomes: Sequence[str]) -> dict[str, Any]:
    """Arguments of strip.html: a column per question, as high as it was long on screen."""
    ceiling = max(TALLEST_MEDIANS * (median_seconds(rows) or 0), exam or 0, 1)
    tallest = min(ceiling, max(*(row.seconds for row in rows), round(exam or 0), 1))
    slow = {row.position for row in slow_rows(rows)}
    return {
        "columns": [
            {
                "x": place,
                "height": round(100 * min(row.seconds, tallest) / tallest),
                "label": f"Question {row.position}",
                "text": seconds_text(row.seconds) if row.seconds else "not timed",
                "is_marked": row.position in slow,
                "outcome": outcome,
            }
            for place, (row, outcome) in enumerate(zip(rows, outcomes, strict=True))
        ],
        "count": len(rows),
        "rule": None if exam is None else round(100 * exam / tallest),
        "rule_label": "" if exam is None else f"Pace of the exam, {seconds_text(exam)} a question",
        "scale_label": _scale_label(rows, tallest),
        "marked_name": f"More than {SLOW_TIMES} times your median" if slow else "",
        "outcome_name": "Answer" if any(outcomes) else "",
    }


def _scale_label(rows: Sequence[ResponseFacts], tallest: float) -> str:
    cut = sum(row.seconds > tallest for row in rows)
    if cut:
        return f"Columns end at {seconds_text(tallest)}; {cut} question{'' if cut == 1 else 's'} took longer."
    return f"Highest column: {seconds_text(max(row.seconds for row in rows))}."


def seconds_text(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def certainty_rows(shares: Mapping[str, Share], names: Mapping[str, str]) -> list[IntervalRow]:
    """Rows of interval.html: the share right at each degree of certainty."""
    return [_certainty_row(names[name], share) for name, share in shares.items()]


def _certainty_row(name: str, share: Share) -> IntervalRow:
    low, high = share.interval
    return {
        "label": name,
        "code": "",
        "low": low,
        "width": high - low,
        "value": share.percent,
        "text": f"{share.percent} %",
        "note": f"{share.right} of {share.total} right; 90 % interval {low} to {high} %",
        "n": share.total,
    }


def score_line(points: Sequence[tuple[str, Share]]) -> dict[str, Any]:
    """Arguments of line.html for scores in percent, evenly spaced, with their 90 % intervals as the band."""
    step = 100 / max(1, len(points) - 1)
    marks = [(round(place * step, 2), label, share) for place, (label, share) in enumerate(points)]
    upper = [(x, share.interval[1]) for x, _, share in marks]
    lower = [(x, share.interval[0]) for x, _, share in reversed(marks)]
    return {
        "points": [
            {
                "x": x,
                "y": share.percent,
                "label": label,
                "text": f"{share.percent} %, n = {share.total}",
                "band_text": "{} to {} %".format(*share.interval),
            }
            for x, label, share in marks
        ],
        "path": " ".join(f"{x},{share.percent}" for x, _, share in marks),
        "band": " ".join(f"{x},{y}" for x, y in [*upper, *lower]),
        "x_start": points[0][0],
        "x_end": points[-1][0],
    }
