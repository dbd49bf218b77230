from __future__ import annotations

from datetime import date, timedelta

import pytest

from reviews.charts import Load, schedule_chart, weeks

TODAY = date(2026, 3, 4)  # a Wednesday


def make_loads(count: int, *, reviews: int = 4, new: int = 2) -> list[Load]:
    return [Load(TODAY + timedelta(days=n), 20, 6, reviews, new) for n in range(count)]


def test_chart_of_a_week_has_a_labelled_column_a_day() -> None:
    loads = [Load(TODAY, 20, 6, reviews=4, new=2), Load(TODAY + timedelta(days=1), 20, 3, reviews=4, new=0)]
    chart = schedule_chart(loads, TODAY)
    assert chart.columns[0] == {
        "label": "We",
        "name": "Wednesday 4 March",
        "first": 50.0,
        "second": 50.0,
        "first_text": "3 min",
        "second_text": "3 min",
        "text": "6",
        "is_current": True,
    }
    assert [chart.columns[1][name] for name in ("label", "first", "second", "is_current")] == ["Th", 50.0, 0.0, False]
    assert (chart.is_dense, chart.is_weekly, chart.scale_label) == (False, False, "The highest day has 6 minutes.")


def test_chart_of_four_weeks_labels_its_first_day_and_mondays() -> None:
    chart = schedule_chart(make_loads(28), TODAY)
    labels = {number: column["label"] for number, column in enumerate(chart.columns) if column["label"]}
    assert (chart.is_dense, labels) == (True, {0: "4 Mar", 5: "9 Mar", 12: "16 Mar", 19: "23 Mar", 26: "30 Mar"})


def test_chart_of_more_than_four_weeks_adds_up_calendar_weeks() -> None:
    chart = schedule_chart(make_loads(29), TODAY)
    assert (chart.is_weekly, [column["name"] for column in chart.columns[:2]]) == (
        True,
        ["Week from 4 March", "Week from 9 March"],
    )
    # Five days from Wednesday, then seven.
    assert [column["text"] for column in chart.columns[:2]] == ["30", "42"]


@pytest.mark.parametrize("count", [0, 1, 14, 28, 29, 100, 730])
def test_columns_never_rise_above_the_chart(count: int) -> None:
    chart = schedule_chart(make_loads(count), TODAY)
    assert all(column["first"] + column["second"] <= 100 for column in chart.columns)
    assert len(chart.columns) <= 30


def test_chart_without_any_work_is_flat() -> None:
    chart = schedule_chart(make_loads(3, reviews=0, new=0), TODAY)
    assert [(column["first"], column["second"]) for column in chart.columns] == [(0.0, 0.0)] * 3


def test_weeks_begin_on_mondays_and_know_their_sums() -> None:
    grouped = weeks(make_loads(14))
    assert [(week.together.on, week.last_on, week.together.reviews) for week in grouped] == [
        (date(2026, 3, 4), date(2026, 3, 8), 20),
        (date(2026, 3, 9), date(2026, 3, 15), 28),
        (date(2026, 3, 16), date(2026, 3, 17), 8),
    ]
