"""What radar.html is given: corners of a hexagon around 0 0, one per competency, the first at the top, clockwise.

A share of p percent stands p units from the middle on the axis of its competency, and SVG counts y downwards:

    x = p sin(turn)    y = -p cos(turn)    turn = 2 pi place / 6
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Any

# As many as the handbook has competencies; labels and plot are laid out around a hexagon.
AXES = 6
# Fewer points give no shape.
FEWEST_POINTS = 3
RINGS = (50, 100)


@dataclass(frozen=True, slots=True)
class Axis:
    """A share in percent with the ends of its interval; value is None where too few answers speak for one."""

    code: str
    name: str
    n: int
    value: int | None
    low: int
    high: int


def radar_of(axes: Sequence[Axis], target: int) -> dict[str, Any] | None:
    """None where there are too few points for a shape. A line runs between neighbours that both have a point."""
    told = [axis.value for axis in axes if axis.value is not None]
    if len(axes) != AXES or len(told) < FEWEST_POINTS:
        return None
    corners = [_corner(place, axis.value or 0) for place, axis in enumerate(axes)]
    return {
        "axes": [_axis(place, axis) for place, axis in enumerate(axes)],
        "rings": [_hexagon(percent) for percent in RINGS],
        "target": _hexagon(target),
        "area": " ".join(corners) if len(told) == AXES else "",
        "lines": [
            f"{corners[place - 1]} {corners[place]}"
            for place in range(AXES)
            if axes[place - 1].value is not None and axes[place].value is not None
        ],
        "description": ", ".join(_words(axis) for axis in axes),
    }


def _axis(place: int, axis: Axis) -> dict[str, Any]:
    drawn = {"code": axis.code, "label": axis.name, "n": axis.n, "value": axis.value, "end": _corner(place, RINGS[-1])}
    if axis.value is None:
        return drawn
    return {
        **drawn,
        "point": _corner(place, axis.value),
        "span": f"{_corner(place, axis.low)} {_corner(place, axis.high)}",
        "range_text": f"{axis.low} to {axis.high} %",
    }


def _hexagon(percent: int) -> str:
    return " ".join(_corner(place, percent) for place in range(AXES))


def _corner(place: int, percent: int) -> str:
    turn = 2 * pi * place / AXES
    # Adding nothing makes the zero of a rounded -0.0 a plain one.
    return f"{round(percent * sin(turn), 1) + 0},{round(-percent * cos(turn), 1) + 0}"


def _words(axis: Axis) -> str:
    return f"{axis.code} too few answers" if axis.value is None else f"{axis.code} {axis.value} %"
