from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

EVENING = time(18, 0)


def ago(now: datetime, days: int, time_zone: str) -> datetime:
    """Six in the evening there, so many days ago."""
    zone = ZoneInfo(time_zone)
    return datetime.combine(now.astimezone(zone).date() - timedelta(days=days), EVENING, zone)
