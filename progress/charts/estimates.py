"""What the simulations printed, for the page that tells how everything is estimated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from progress.queries.estimates import Measurement


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
