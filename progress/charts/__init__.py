"""Arguments for the templates in templates/components/charts/."""

from __future__ import annotations

from progress.charts.activity import activity_grid, activity_words
from progress.charts.answers import (
    calibration_points,
    calibration_words,
    first_and_repeat_rows,
    mock_line,
    month_rows,
    pace_bars,
    peer_words,
    reason_bars,
    reason_months,
    week_line,
)
from progress.charts.estimates import nobody_ahead, policy_tables, simulated_tables
from progress.charts.figures import four_figures
from progress.charts.mastery import (
    coverage_bars,
    recall_bars,
    score_bars,
    score_radar,
    state_chart,
    state_meanings,
    state_total,
    with_state_bars,
)
from progress.charts.readiness import chance_curve, estimate_rows, readiness_words, rewarding_links, trend_line

__all__ = [
    "activity_grid",
    "activity_words",
    "calibration_points",
    "calibration_words",
    "chance_curve",
    "coverage_bars",
    "estimate_rows",
    "first_and_repeat_rows",
    "four_figures",
    "mock_line",
    "month_rows",
    "nobody_ahead",
    "pace_bars",
    "peer_words",
    "policy_tables",
    "readiness_words",
    "reason_bars",
    "reason_months",
    "recall_bars",
    "rewarding_links",
    "score_bars",
    "score_radar",
    "simulated_tables",
    "state_chart",
    "state_meanings",
    "state_total",
    "trend_line",
    "week_line",
    "with_state_bars",
]
