"""Study days: a candidate's day runs from 04:00 to 04:00 on the wall clock, so that a late evening is one day.

The memory model counts days, not hours: without the cut-off, yesterday evening and this morning would be either the
same day or two, depending on the hour (Anki draws the same line).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CUT_OFF = time(4, 0)


def study_day(moment: datetime, zone_name: str) -> date:
    """The study day that an aware moment belongs to. Clock changes are safe: wall-clock times are compared."""
    if moment.tzinfo is None:
        raise ValueError("A study day needs an aware moment.")
    local = moment.astimezone(ZoneInfo(zone_name))
    return local.date() - timedelta(days=1) if is_past_midnight(moment, zone_name) else local.date()


def is_past_midnight(moment: datetime, zone_name: str) -> bool:
    """Whether the calendar, by which an exam is dated, is a day ahead of the study day."""
    return moment.astimezone(ZoneInfo(zone_name)).time() < CUT_OFF
