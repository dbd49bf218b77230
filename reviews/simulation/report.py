"""The comparison as text for people, as a document for machines and as a chart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from html import escape
from itertools import groupby
from typing import Any

from reviews.simulation.acceptance import Line
from reviews.simulation.comparison import NO_STUDY, OURS, Result, Study
from reviews.simulation.worlds import DesignCell

COLUMNS = f"{'policy':<18}{'score':>7}{'ours - policy':>22}{'met':>7}{'answers':>9}{'points/h':>10}{'>= 75':>7}"


def text_lines(study: Study, results: Sequence[Result]) -> Iterator[str]:
    yield (
        f"{study.seeds} x {study.candidates} candidates, {study.objectives} objectives, {study.days} days. "
        "Score: expected percent on unseen variants."
    )
    for (minutes, world), table in groupby(results, key=lambda each: (each.minutes, each.world)):
        yield ""
        yield f"World {world}, {minutes} minutes a day"
        yield COLUMNS
        for row in table:
            yield _row(row)


def as_json(
    study: Study, results: Sequence[Result], cells: Iterable[DesignCell], lines: Iterable[Line]
) -> dict[str, Any]:
    return {
        "study": asdict(study),
        "results": [_rounded(asdict(result)) for result in results],
        "worlds": [_rounded(asdict(cell)) for cell in cells],
        "acceptance": [asdict(line) for line in lines],
    }


def _row(row: Result) -> str:
    ahead = ""
    if row.policy != OURS:
        ahead = f"{row.ours_ahead:+.1f} [{row.ours_ahead_low:+.1f}, {row.ours_ahead_high:+.1f}]"
    per_hour = "" if row.policy == NO_STUDY else f"{row.points_per_hour:.2f}"
    return (
        f"{row.policy:<18}{row.score:>7.1f}{ahead:>22}{row.coverage:>7.0%}{row.answers_per_objective:>9.1f}"
        f"{per_hour:>10}{row.reached_target:>7.0%}"
    )


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in values.items()}


# The chart: a panel per world, a group per budget, a row per policy; a dot with its interval, 0 is our queue.
# Text and axes take the color of the page, the two marks read on white and on near-black.
WIDTH, LABELS, GAP = 780, 150, 24
ROW, GROUP, TOP, BOTTOM = 22, 26, 44, 40
AHEAD, BEHIND = "#2f7fd1", "#d9662b"
LOWEST_POINTS, HIGHEST_POINTS, STEP = -2, 16, 2


def chart_svg(study: Study, results: Sequence[Result]) -> str:
    """An SVG document without styles or scripts. Intervals that leave the scale are cut at its end."""
    compared = [row for row in results if row.policy not in (OURS, NO_STUDY)]
    worlds = list(dict.fromkeys(row.world for row in compared))
    rows = max(sum(row.world == world for row in compared) for world in worlds)
    height = TOP + rows * ROW + len(study.minutes) * GROUP + BOTTOM
    title = "Points of exam score by which our queue is ahead of each policy, with the 95 % interval"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'role="img" font-family="system-ui, sans-serif" font-size="13" fill="currentColor" color="#767676">',
        f"<title>{escape(title)}</title>",
    ]
    for number, world in enumerate(worlds):
        left = LABELS + number * (_panel_width(len(worlds)) + GAP)
        panel = [row for row in compared if row.world == world]
        parts += _panel(world, panel, left, _panel_width(len(worlds)), height, has_labels=number == 0)
    parts.append(_text(LABELS, height - 6, "Points ahead of the policy: right of 0 our queue is better."))
    return "\n".join([*parts, "</svg>", ""])


def _panel(
    world: str, rows: Sequence[Result], left: float, width: float, height: int, *, has_labels: bool
) -> Iterator[str]:
    yield _text(left, 18, f"World {world}", weight="bold")
    for points in range(LOWEST_POINTS, HIGHEST_POINTS + 1, STEP):
        x = _x(points, left, width)
        opacity = 0.9 if points == 0 else 0.25
        yield (
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 12}" y2="{height - BOTTOM}" stroke="currentColor" '
            f'stroke-opacity="{opacity}"/>'
        )
        if points % (2 * STEP) == 0:
            yield _text(x, height - BOTTOM + 16, f"{points:+d}" if points else "0", anchor="middle")
    y = TOP
    for minutes, group in groupby(rows, key=lambda each: each.minutes):
        if has_labels:
            yield _text(4, y + 13, f"{minutes} minutes a day", weight="bold")
        y += GROUP
        for row in group:
            if has_labels:
                yield _text(4, y + 4, row.policy)
            yield from _mark(row, left, width, y)
            y += ROW


def _mark(row: Result, left: float, width: float, y: int) -> Iterator[str]:
    color = AHEAD if row.ours_ahead >= 0 else BEHIND
    low, high, at = (_x(value, left, width) for value in (row.ours_ahead_low, row.ours_ahead_high, row.ours_ahead))
    yield f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{y}" y2="{y}" stroke="{color}" stroke-width="3"/>'
    said = f"{row.policy}, world {row.world}, {row.minutes} minutes: {row.ours_ahead:+.1f}"
    yield f'<circle cx="{at:.1f}" cy="{y}" r="4.5" fill="{color}"><title>{escape(said)}</title></circle>'
    yield _text(min(max(high, at) + 8, left + width - 28), y + 4, f"{row.ours_ahead:+.1f}", size=11)


def _panel_width(panels: int) -> float:
    return (WIDTH - LABELS - GAP * panels) / panels


def _x(points: float, left: float, width: float) -> float:
    inside = min(max(points, LOWEST_POINTS), HIGHEST_POINTS)
    return left + width * (inside - LOWEST_POINTS) / (HIGHEST_POINTS - LOWEST_POINTS)


def _text(x: float, y: float, words: str, *, anchor: str = "start", weight: str = "normal", size: int = 13) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" font-size="{size}">'
        f"{escape(words)}</text>"
    )
