"""What /style/ draws each chart with."""

from __future__ import annotations

from ccxp_prep.style_samples import Sample
from progress.charts.radar import Axis, radar_of

DAYS = [
    {
        "label": label,
        "name": name,
        "first": first,
        "second": second,
        "first_text": f"{first // 3} min",
        "second_text": f"{second // 3} min",
        "text": str((first + second) // 3),
        "is_current": label == "We",
    }
    for label, name, first, second in (
        ("Mo", "Monday", 30, 60),
        ("Tu", "Tuesday", 45, 45),
        ("We", "Wednesday", 60, 40),
        ("Th", "Thursday", 0, 0),
        ("Fr", "Friday", 75, 15),
    )
]
POINTS = [
    {"x": x, "y": y, "label": label, "text": f"{y} %", "band_text": f"{y - 12} to {y + 10} %"}
    for x, y, label in ((0, 52, "1 March"), (40, 61, "15 March"), (70, 58, "29 March"), (100, 71, "12 April"))
]
BARS = [
    {"label": "Culture", "value": 82, "n": 44, "code": "CUL"},
    {"label": "Metrics", "value": 58, "n": 31, "code": "MET", "href": "#charts"},
    {"label": "Strategy", "value": None, "text": "not yet", "n": 0, "code": "STR"},
]
INTERVALS = [
    {"label": "Culture", "low": 61, "width": 22, "value": 73, "text": "61 to 83 %", "n": 44, "code": "CUL"},
    {
        "label": "Metrics",
        "low": 30,
        "width": 48,
        "value": None,
        "text": "30 to 78 %",
        "note": "Too few answers for one figure",
        "n": 6,
        "code": "MET",
    },
]
HEAT_COLUMNS = [{"label": "CUL", "name": "Culture"}, {"label": "MET", "name": "Metrics"}]
HEAT_ROWS = [
    {"label": "Nora", "cells": [{"value": 88, "n": 24}, {"value": 41, "n": 17}]},
    {"label": "Wim", "cells": [{"value": 63, "n": 30}, {"value": None}]},
]

CERTAINTIES = [
    {"label": "Guessing", "n": 6, "value": None, "missing": "4 more needed"},
    {"label": "Unsure", "n": 31, "value": 55, "y": 45, "top": 31, "bottom": 60, "range_text": "40 to 69 %"},
    {"label": "Sure", "n": 57, "value": 84, "y": 16, "top": 10, "bottom": 25, "range_text": "75 to 90 %"},
]
DAY_GRID = {
    "cells": [
        {"x": 25 * week, "y": round(100 * day / 7, 2), "step": (3 * week + day) % 5, "text": "some answers"}
        for week in range(4)
        for day in range(7)
    ],
    "cell_width": 21,
    "cell_height": 12,
    "months": [{"x": 0, "label": "Mar"}],
    "steps": [{"step": 0, "label": "none"}, {"step": 1, "label": "1 to 9"}, {"step": 4, "label": "10 and more"}],
    "weeks": [{"label": "2 March 2026", "counts": [0, 12, 0, 3, 0, 0, ""], "total": 15, "minutes": 11}],
}
STATES = [{"state": "known", "name": "Known"}, {"state": "fading", "name": "Fading"}]
STATE_ROWS = [
    {
        "label": label,
        "code": code,
        "segments": [{"state": "known", "x": 0, "width": known}, {"state": "fading", "x": known, "width": 100 - known}],
        "counts": [known, 100 - known],
        "value_text": f"{known} of 100",
        "note": f"{known} known, {100 - known} fading",
    }
    for label, code, known in (("Culture", "CUL", 62), ("Metrics", "MET", 35))
]
AXES = [
    Axis("CUL", "Culture", 44, 82, 71, 89),
    Axis("ORG", "Adoption", 31, 61, 46, 74),
    Axis("VOC", "Customer insight", 52, 90, 81, 95),
    Axis("DES", "Design", 37, 68, 54, 79),
    Axis("MET", "Metrics", 24, 50, 34, 66),
    Axis("STR", "Strategy", 40, 84, 72, 91),
]
GAPPED_AXES = [*AXES[:4], Axis("MET", "Metrics", 6, None, 19, 81), AXES[5]]
RADAR = {"interval_label": "90 % interval", "target_label": "Practice target 75 %", "fewest": 10}
STRIP = [
    {
        "x": place,
        "height": round(100 * seconds / 193),
        "label": f"Question {place + 1}",
        "text": f"{seconds} s",
        "is_marked": seconds > 100,
        "outcome": "Right" if place % 3 else "Wrong",
    }
    for place, seconds in enumerate([41, 64, 72, 58, 193, 66, 37, 81, 70, 49])
]

CHARTS: dict[str, list[Sample]] = {
    "charts/bar.html": [
        Sample(
            "with a target",
            {"title": "Share right", "rows": BARS, "target": 75, "target_label": "Practice target 75 %"},
        )
    ],
    "charts/calibration.html": [
        Sample(
            "with too few answers of one kind",
            {
                "title": "First answers right, by what you said",
                "points": CERTAINTIES,
                "interval_label": "90 % interval",
                "target": 25,
                "target_y": 75,
                "target_label": "25 %: one of four options, blindly",
            },
        )
    ],
    "charts/day_grid.html": [
        Sample("four weeks", {"title": "Answers a day", "summary": "44 answers on 3 days.", "grid": DAY_GRID})
    ],
    "charts/heat_table.html": [
        Sample(
            "with a gap", {"title": "Share right", "row_name": "Candidate", "columns": HEAT_COLUMNS, "rows": HEAT_ROWS}
        )
    ],
    "charts/interval.html": [
        Sample("with and without a figure", {"title": "Chance", "rows": INTERVALS, "interval_label": "90 % interval"})
    ],
    "charts/line.html": [
        Sample(
            "with a band and a target",
            {
                "title": "Expected score",
                "points": POINTS,
                "path": " ".join(f"{point['x']},{point['y']}" for point in POINTS),
                "band": "0,62 40,71 70,68 100,81 100,59 70,46 40,49 0,40",
                "band_label": "90 % interval",
                "target": 75,
                "target_label": "Practice target 75 %",
                "y_top": "100 %",
                "y_middle": "50 %",
                "y_bottom": "0",
                "x_start": "1 March",
                "x_end": "12 April",
                "last_text": "Now 71 %, n = 128",
            },
        )
    ],
    "charts/place.html": [
        Sample(
            "above the middle",
            {"title": "Your score among first attempts", "low": 58, "width": 18, "median": 68, "own": 83, "n": 26},
        )
    ],
    "charts/radar.html": [
        Sample("with every point", {**RADAR, "title": "First answers right", "radar": radar_of(AXES, 75)}),
        Sample("with a gap", {**RADAR, "title": "First answers right so far", "radar": radar_of(GAPPED_AXES, 75)}),
    ],
    "charts/states.html": [
        Sample("two competencies", {"title": "Objectives known", "states": STATES, "rows": STATE_ROWS})
    ],
    "charts/states_bar.html": [Sample("alone", {"segments": STATE_ROWS[0]["segments"]})],
    "charts/stacked_bar.html": [
        Sample(
            "a week",
            {
                "title": "Minutes a day",
                "first_name": "Review",
                "second_name": "New",
                "days": DAYS,
                "scale_label": "The highest day has 33 minutes.",
            },
        )
    ],
    "charts/strip.html": [
        Sample(
            "with a slow one",
            {
                "title": "Time on each question",
                "columns": STRIP,
                "count": len(STRIP),
                "column_name": "Time on screen",
                "marked_name": "More than 1.5 times your median",
                "rule": 56,
                "rule_label": "Pace of the exam, 1 min 48 s a question",
                "x_start": "Question 1",
                "x_end": str(len(STRIP)),
                "scale_label": "Highest column: 3 min 13 s.",
                "value_name": "Time",
                "outcome_name": "Answer",
            },
        )
    ],
}
