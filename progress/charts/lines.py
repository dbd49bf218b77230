"""What line.html is given: points from 0 to 100 on both axes, and words beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

FEWEST_TREND_POINTS = 2


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share on a day, in percent, with the ends of its interval and what it rests on."""

    on: date
    n: int
    value: float
    low: float
    high: float


def line_with_band(estimates: Sequence[Estimate]) -> dict[str, Any] | None:
    """By day; None while a single day is no trend."""
    if len({estimate.on for estimate in estimates}) < FEWEST_TREND_POINTS:
        return None
    first, last = estimates[0].on, estimates[-1].on
    x = [round(100 * (each.on - first).days / (last - first).days, 1) for each in estimates]
    drawn = [
        {
            "x": place,
            "y": round(each.value, 1),
            "label": f"{day_words(each.on)}, n = {each.n}",
            "text": f"{round(each.value)} %",
            "band_text": f"{round(each.low)} to {round(each.high)} %",
        }
        for place, each in zip(x, estimates, strict=True)
    ]
    upper = [f"{place},{round(each.high, 1)}" for place, each in zip(x, estimates, strict=True)]
    lower = [f"{place},{round(each.low, 1)}" for place, each in zip(x, estimates, strict=True)]
    newest = estimates[-1]
    return {
        "points": drawn,
        "path": path_of(drawn),
        "band": " ".join([*upper, *reversed(lower)]),
        "x_start": day_words(first),
        "x_end": day_words(last),
        "last_text": f"Latest {round(newest.value)} %, n = {newest.n}",
    }


def path_of(points: Iterable[dict[str, Any]]) -> str:
    return " ".join(f"{point['x']},{point['y']}" for point in points)


def day_words(on: date) -> str:
    return f"{on.day} {on:%B}"
