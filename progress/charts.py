"""Arguments for the templates in templates/components/charts/, and readiness in the words of its pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from progress.queries.candidate import Mastery
from progress.queries.estimates import Measurement
from quizzes.ability import Show, told_percent
from quizzes.charts import IntervalRow, interval_row
from quizzes.queries.readiness import CandidateReadiness, Missing, RewardingArea, TrendPoint

FEWEST_TREND_POINTS = 2


@dataclass(frozen=True, slots=True)
class ReadinessWords:
    """As much of a readiness as its answers bear. Figures are whole percent; the interval stands from `rough` on."""

    show: str  # "none" without an exam to aim at, then "nothing", "rough", "full"
    n: int
    target: int
    missing: str
    chance: int | None
    expected: int | None
    low: int
    high: int

    @property
    def width(self) -> int:
        return self.high - self.low

    @property
    def verdict(self) -> str:
        if self.low >= self.target:
            return "All of that range reaches your practice target."
        if self.high < self.target:
            return "All of that range stays below your practice target."
        return "Your practice target lies within that range, so it may go either way."


def readiness_words(read: CandidateReadiness) -> ReadinessWords:
    if read.readiness is None:
        return ReadinessWords("none", read.n, read.target, "", None, None, 0, 0)
    show = read.readiness.show
    return ReadinessWords(
        show=show.value,
        n=read.n,
        target=read.target,
        missing=missing_words(read.missing),
        chance=read.readiness.shown_percent,
        expected=round(read.readiness.expected) if show is Show.FULL else None,
        low=round(read.readiness.low),
        high=round(read.readiness.high),
    )


def missing_words(missing: Missing) -> str:
    """ "7 more first answers, and of these 3 in MET"; empty where nothing is missing."""
    areas = " and ".join(f"{count} in {competency.code}" for competency, count in missing.in_competencies)
    if not missing.answers:
        return f"more first answers: {areas}" if areas else ""
    answers = f"{missing.answers} more first answer{'' if missing.answers == 1 else 's'}"
    return f"{answers}, at least {areas}" if areas else answers


@dataclass(frozen=True, slots=True)
class RewardingLink:
    area: RewardingArea
    points: str  # "1.4"
    href: str  # studies exactly its objectives

    @property
    def count(self) -> int:
        return len(self.area.objectives)


def rewarding_links(areas: Iterable[RewardingArea]) -> list[RewardingLink]:
    practice = reverse("quizzes:practice")
    return [
        RewardingLink(
            area, f"{area.points:.1f}", f"{practice}?{urlencode({'objectives': area.objectives}, doseq=True)}"
        )
        for area in areas
    ]


def estimate_rows(read: CandidateReadiness) -> list[IntervalRow]:
    show = read.readiness.show if read.readiness else Show.NOTHING
    return [interval_row(estimate, show, read.target) for estimate in read.estimates]


def trend_line(points: Sequence[TrendPoint]) -> dict[str, Any] | None:
    """A line with its band; None while a single day is no trend."""
    if len(points) < FEWEST_TREND_POINTS:
        return None
    first, last = points[0].on, points[-1].on
    x = [round(100 * (point.on - first).days / (last - first).days, 1) for point in points]
    drawn = [
        {
            "x": place,
            "y": round(point.expected, 1),
            "label": f"{_day(point.on)}, n = {point.n}",
            "text": f"{round(point.expected)} %",
            "band_text": f"{round(point.low)} to {round(point.high)} %",
        }
        for place, point in zip(x, points, strict=True)
    ]
    upper = [f"{place},{round(point.high, 1)}" for place, point in zip(x, points, strict=True)]
    lower = [f"{place},{round(point.low, 1)}" for place, point in zip(x, points, strict=True)]
    newest = points[-1]
    return {
        "points": drawn,
        "path": _path(drawn),
        "band": " ".join([*upper, *reversed(lower)]),
        "x_start": _day(first),
        "x_end": _day(last),
        "last_text": f"Latest {round(newest.expected)} %, n = {newest.n}",
    }


def chance_curve(curve: Sequence[tuple[int, float]]) -> dict[str, Any]:
    """The chance to reach each score, as it may be told."""
    first, last = curve[0][0], curve[-1][0]
    points = [
        {
            "x": round(100 * (percent - first) / (last - first), 1),
            "y": told_percent(probability),
            "label": f"{percent} %",
            "text": f"about {told_percent(probability)} %",
        }
        for percent, probability in curve
    ]
    return {"points": points, "path": _path(points), "x_start": f"{first} %", "x_end": f"{last} %"}


# What the simulations printed


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """By how many points of exam score our study queue is ahead of another policy, and where that is drawn."""

    policy: str
    score: float
    ahead: float
    low: float
    high: float

    @property
    def text(self) -> str:
        return f"{self.ahead:+.1f}"

    @property
    def range_text(self) -> str:
        return f"{self.low:+.1f} to {self.high:+.1f}"

    @property
    def x(self) -> float:
        return _policy_place(self.ahead)

    @property
    def x_low(self) -> float:
        return _policy_place(self.low)

    @property
    def width(self) -> float:
        return round(_policy_place(self.high) - self.x_low, 1)

    @property
    def is_behind(self) -> bool:
        return self.ahead < 0


@dataclass(frozen=True, slots=True)
class PolicyTable:
    world: str
    minutes: int
    score: float  # ours
    rows: list[PolicyRow]


LEAST_AHEAD, MOST_AHEAD = -2.0, 16.0
NOT_COMPARED = ("ours", "no study")


def policy_tables(measurement: Measurement | None) -> list[PolicyTable]:
    """By world and minutes a day; none from a file that says something else."""
    results = measurement.content.get("results") if measurement else None
    tables: dict[tuple[str, int], PolicyTable] = {}
    try:
        for row in results or []:
            table = PolicyTable(str(row["world"]), int(row["minutes"]), 0.0, [])
            table = tables.setdefault((table.world, table.minutes), table)
            if row["policy"] == "ours":
                tables[table.world, table.minutes] = replace(table, score=float(row["score"]))
            elif row["policy"] not in NOT_COMPARED:
                ahead = (float(row[name]) for name in ("ours_ahead", "ours_ahead_low", "ours_ahead_high"))
                table.rows.append(PolicyRow(str(row["policy"]), float(row["score"]), *ahead))
    except (KeyError, TypeError, ValueError):
        return []
    return list(tables.values())


def nobody_ahead() -> float:
    """Where the line stands on which two policies are equal."""
    return _policy_place(0.0)


def _policy_place(points: float) -> float:
    inside = min(max(points, LEAST_AHEAD), MOST_AHEAD)
    return round(100 * (inside - LEAST_AHEAD) / (MOST_AHEAD - LEAST_AHEAD), 1)


@dataclass(frozen=True, slots=True)
class SimulatedRow:
    """Readiness of simulated candidates after n first answers; percent but for n and the Brier score."""

    n: int
    brier: float
    calibration_error: float
    coverage: float
    width: float


@dataclass(frozen=True, slots=True)
class SimulatedTable:
    setting: str
    pass_rate: float  # percent
    brier_of_rate: float
    rows: list[SimulatedRow]


def simulated_tables(measurement: Measurement | None) -> list[SimulatedTable]:
    """By setting, of our own method; none from a file that says something else."""
    trials = measurement.content.get("trials") if measurement else None
    try:
        return [
            SimulatedTable(
                str(trial["setting"]),
                100 * float(trial["pass_rate"]),
                float(trial["climatology"]),
                [_simulated_row(figures) for figures in trial["figures"] if figures["method"] == "ours"],
            )
            for trial in trials or []
        ]
    except (KeyError, TypeError, ValueError):
        return []


def _simulated_row(figures: dict[str, Any]) -> SimulatedRow:
    return SimulatedRow(
        n=int(figures["n"]),
        brier=float(figures["brier"]),
        calibration_error=100 * float(figures["calibration_error"]["value"]),
        coverage=100 * float(figures["coverage"]["value"]),
        width=float(figures["width"]),
    )


# Progress


def score_bars(rows: Iterable[Mastery]) -> list[dict[str, Any]]:
    return [_bar(row, value=row.percent, n=row.answered) for row in rows]


def coverage_bars(rows: Iterable[Mastery]) -> list[dict[str, Any]]:
    return [_bar(row, value=row.coverage, text=f"{row.seen} of {row.objectives}") for row in rows]


def recall_bars(rows: Iterable[Mastery]) -> list[dict[str, Any]]:
    return [_bar(row, value=row.recall_percent, n=row.seen) for row in rows]


def _path(points: Iterable[dict[str, Any]]) -> str:
    return " ".join(f"{point['x']},{point['y']}" for point in points)


def _day(on: date) -> str:
    return f"{on.day} {on:%B}"


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
