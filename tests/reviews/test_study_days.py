from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.study_days import is_past_midnight, study_day

ZONES = sorted(available_timezones() - {"localtime"})


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("UTC", datetime(2026, 3, 2, 3, 59, 59, tzinfo=UTC), date(2026, 3, 1)),
        ("UTC", datetime(2026, 3, 2, 4, 0, tzinfo=UTC), date(2026, 3, 2)),
        ("Asia/Tokyo", datetime(2026, 3, 1, 18, 59, tzinfo=UTC), date(2026, 3, 1)),
        ("Asia/Tokyo", datetime(2026, 3, 1, 19, 0, tzinfo=UTC), date(2026, 3, 2)),
        # Clocks spring forward at 01:00 UTC: 04:00 in Warsaw is 02:00 UTC on that day, 03:00 UTC the day before.
        ("Europe/Warsaw", datetime(2026, 3, 28, 2, 59, tzinfo=UTC), date(2026, 3, 27)),
        ("Europe/Warsaw", datetime(2026, 3, 29, 1, 59, tzinfo=UTC), date(2026, 3, 28)),
        ("Europe/Warsaw", datetime(2026, 3, 29, 2, 0, tzinfo=UTC), date(2026, 3, 29)),
        # Clocks fall back at 01:00 UTC: the night has an hour more.
        ("Europe/Warsaw", datetime(2026, 10, 25, 2, 59, tzinfo=UTC), date(2026, 10, 24)),
        ("Europe/Warsaw", datetime(2026, 10, 25, 3, 0, tzinfo=UTC), date(2026, 10, 25)),
    ],
)
def test_study_day_begins_at_four_on_the_wall_clock(zone: str, moment: datetime, day: date) -> None:
    assert study_day(moment, zone) == day


@pytest.mark.parametrize(
    ("zone", "hour", "is_past"),
    [("UTC", 23, False), ("UTC", 0, True), ("UTC", 3, True), ("UTC", 4, False), ("Asia/Tokyo", 15, True)],
)
def test_calendar_is_a_day_ahead_between_midnight_and_four(zone: str, hour: int, is_past: bool) -> None:
    moment = datetime(2026, 3, 2, hour, tzinfo=UTC)
    assert is_past_midnight(moment, zone) == is_past
    assert (moment.astimezone(ZoneInfo(zone)).date() != study_day(moment, zone)) == is_past


def test_study_day_refuses_a_naive_moment() -> None:
    with pytest.raises(ValueError, match="aware"):
        study_day(datetime(2026, 3, 2, 12, 0), "UTC")  # noqa: DTZ001


def clock_changes(zone: ZoneInfo, year: int) -> list[datetime]:
    """The hours of a year after which the offset differs."""
    first = datetime(year, 1, 1, tzinfo=UTC)
    days = [first + timedelta(days=n) for n in range(366)]
    changed = [day for day in days if offset(zone, day) != offset(zone, day + timedelta(days=1))]
    hours = [day + timedelta(hours=n) for day in changed for n in range(24)]
    return [hour for hour in hours if offset(zone, hour) != offset(zone, hour + timedelta(hours=1))]


def offset(zone: ZoneInfo, moment: datetime) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()


@pytest.mark.parametrize("year", [2026, 2027])
def test_study_day_never_runs_back_nor_skips_a_day_at_any_clock_change_of_any_zone(year: int) -> None:
    wrong = []
    for name in ZONES:
        for change in clock_changes(ZoneInfo(name), year):
            moments = [change + timedelta(minutes=10 * n) for n in range(-6 * 30, 6 * 30)]
            days = [study_day(moment, name) for moment in moments]
            if any(not timedelta(0) <= b - a <= timedelta(days=1) for a, b in pairwise(days)):
                wrong.append((name, change))
    assert wrong == []


@given(st.sampled_from(ZONES), st.integers(0, 17 * 365 * 86400))
def test_study_day_is_the_date_or_the_one_before(zone: str, seconds: int) -> None:
    moment = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    local = moment.astimezone(ZoneInfo(zone))
    assert study_day(moment, zone) == local.date() - timedelta(days=1 if local.hour < 4 else 0)
