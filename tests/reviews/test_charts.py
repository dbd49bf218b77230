from __future__ import annotations

from datetime import date, timedelta

import pytest

from reviews.charts import Load, ScoreRange, month, schedule_chart, score_range, weeks
from reviews.models import Schedule

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


@pytest.mark.parametrize(
    ("kind", "name", "is_off", "spare"),
    [
        ("", "Wednesday 4 March", False, 14),
        ("easy", "Wednesday 4 March, easy day", False, 14),
        ("off", "Wednesday 4 March, off", True, 0),
        ("mock", "Wednesday 4 March, mock exam", False, 0),
    ],
)
def test_special_days_are_named_and_leave_nothing_to_spare(kind: str, name: str, is_off: bool, spare: int) -> None:
    load = Load(TODAY, 20, 6, reviews=4, new=2, kind=kind)
    assert schedule_chart([load], TODAY).columns[0]["name"] == name
    assert (load.is_off, load.spare) == (is_off, spare)


def test_a_day_that_holds_more_than_its_minutes_has_none_to_spare() -> None:
    assert Load(TODAY, 5, 6, reviews=8, new=0).spare == 0


def test_a_week_counts_its_mock_exams_and_its_spare_minutes() -> None:
    loads = [Load(TODAY + timedelta(days=n), 20, 6, 4, 2, kind) for n, kind in enumerate(["", "mock", "off", "easy"])]
    [week] = weeks(loads)
    assert (week.mocks, week.spare) == (1, 28)


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ((74.2, 68.4, 80.6), ScoreRange(expected=74, low=68, high=81, target=75)),
        ((99.0, 95.0, 104.0), ScoreRange(expected=99, low=95, high=100, target=75)),
        ((None, None, None), None),
        ((74.2, None, 80.6), None),
    ],
)
def test_score_range_of_a_schedule(figures: tuple[float | None, ...], expected: ScoreRange | None) -> None:
    score, low, high = figures
    assert score_range(Schedule(expected_score=score, score_low=low, score_high=high), 75) == expected


@pytest.mark.parametrize(
    ("target", "verdict"),
    [
        (68, "All of that range reaches your practice target of 68 %."),
        (75, "Your practice target of 75 % lies within that range, so it may go either way."),
        (81, "Your practice target of 81 % lies within that range, so it may go either way."),
        (82, "All of that range stays below your practice target of 82 %."),
    ],
)
def test_score_range_is_held_against_the_target(target: int, verdict: str) -> None:
    assert ScoreRange(expected=74, low=68, high=81, target=target).verdict == verdict


def test_month_that_is_named() -> None:
    shown = month("2026-04", TODAY, date(2026, 5, 20))
    assert (shown.name, shown.first_weekday, shown.previous, shown.next) == ("April 2026", 3, "2026-03", "2026-05")
    assert (len(shown.days), shown.days[0], shown.days[-1]) == (30, date(2026, 4, 1), date(2026, 4, 30))


def test_month_ends_where_there_is_no_more_to_show() -> None:
    first, last = month("", TODAY, date(2027, 1, 1)), month("2027-01", TODAY, date(2027, 1, 1))
    assert (first.name, first.previous, first.next) == ("March 2026", "", "2026-04")
    assert (last.name, last.previous, last.next) == ("January 2027", "2026-12", "")


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13", "2026-00", "2026-02", "2027-02", "0000-01", "9999-12", "2026-4", "\x00", "9" * 400]
)
def test_month_of_a_bad_name_is_this_month(text: str) -> None:
    assert month(text, TODAY, date(2027, 1, 31)).name == "March 2026"


@pytest.mark.parametrize(("today", "days"), [(date(2026, 2, 9), 28), (date(2028, 2, 29), 29), (date(2026, 12, 31), 31)])
def test_month_has_all_its_days(today: date, days: int) -> None:
    assert len(month("", today, today).days) == days
