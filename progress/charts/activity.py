"""The days of the last weeks, for day_grid.html."""

from __future__ import annotations

from typing import Any

from progress.activity import STEPS, Activity
from progress.charts.lines import day_words

# The share of a cell that is drawn; the rest parts it from its neighbours.
FILLED = 0.84


def activity_grid(activity: Activity) -> dict[str, Any]:
    """Columns of weeks and rows of weekdays in percent of the plot, and the same figures by week for the table."""
    width, height = 100 / len(activity.weeks), 100 / 7
    return {
        "cells": [
            {
                "x": round(column * width, 3),
                "y": round(day.on.weekday() * height, 3),
                "step": day.step,
                "text": f"{day_words(day.on)}: {_answers(day.answers)}",
            }
            for column, week in enumerate(activity.weeks)
            for day in week
        ],
        "cell_width": round(FILLED * width, 3),
        "cell_height": round(FILLED * height, 3),
        "months": _months(activity, width),
        "steps": [{"step": 0, "label": "none"}, *_steps()],
        "weeks": [
            {
                "label": f"{day_words(week[0].on)} {week[0].on.year}",
                "counts": [day.answers for day in week] + [""] * (7 - len(week)),
                "total": sum(day.answers for day in week),
                "minutes": round(sum(day.seconds for day in week) / 60),
            }
            for week in reversed(activity.weeks)
        ],
    }


def activity_words(activity: Activity) -> str:
    """The whole grid in a sentence or two."""
    fullest = activity.fullest
    if fullest is None:
        return ""
    days = len(activity.active)
    return (
        f"{_answers(activity.answers)} on {days} day{'' if days == 1 else 's'} "
        f"in the last {len(activity.weeks)} weeks, with questions on screen for {_span(activity.seconds)}. "
        f"The fullest day was {day_words(fullest.on)}, with {_answers(fullest.answers)}."
    )


def _months(activity: Activity, width: float) -> list[dict[str, Any]]:
    """Over the first week of each month, without one that would stand too close to the edge or the next."""
    starts = [
        (column, week[0])
        for column, week in enumerate(activity.weeks)
        if column == 0 or week[0].on.month != activity.weeks[column - 1][0].on.month
    ]
    return [
        {"x": round(column * width, 3), "label": f"{day.on:%b}"}
        for place, (column, day) in enumerate(starts)
        if column + 2 <= (starts[place + 1][0] if place + 1 < len(starts) else len(activity.weeks))
    ]


def _steps() -> list[dict[str, Any]]:
    ends = [*(start - 1 for start in STEPS[1:]), None]
    return [
        {"step": number, "label": f"{start} to {end}" if end else f"{start} and more"}
        for number, (start, end) in enumerate(zip(STEPS, ends, strict=True), start=1)
    ]


def _answers(count: int) -> str:
    return f"{count} answer{'' if count == 1 else 's'}"


def _span(seconds: int) -> str:
    if seconds < 60:
        return "less than a minute"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
