"""A calendar as text: iCalendar (RFC 5545) with all-day entries, for programs that subscribe to an address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

# Octets in a line, without its end (3.1).
LONGEST_LINE = 75
PRODUCT = "-//CCXP Prep//Study schedule//EN"
# Some programs ask every few minutes unless they are told.
REFRESH = "PT6H"


@dataclass(frozen=True, slots=True)
class Entry:
    """One on a day; `kind` tells several of a day apart, so that an entry that changes its words stays the same."""

    on: date
    kind: str
    summary: str


def calendar_text(entries: Iterable[Entry], *, name: str, key: UUID, stamped_at: datetime) -> str:
    """`key` makes the entries' names this calendar's own without appearing in them."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}",
        f"X-PUBLISHED-TTL:{REFRESH}",
        *_ZONE,
    ]
    for entry in entries:
        lines += _event(entry, key, stamped_at)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


# All-day entries need no time zone; but a calendar must hold at least one component, and this one may have no entry.
_ZONE = (
    "BEGIN:VTIMEZONE",
    "TZID:UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "END:STANDARD",
    "END:VTIMEZONE",
)


def _event(entry: Entry, key: UUID, stamped_at: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{uuid5(key, f'{entry.kind} {entry.on.isoformat()}')}",
        f"DTSTAMP:{stamped_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{_date(entry.on)}",
        f"DTEND;VALUE=DATE:{_date(entry.on + timedelta(days=1))}",
        f"SUMMARY:{escaped(entry.summary)}",
        # A study day leaves the candidate free for a meeting.
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _date(on: date) -> str:
    return on.isoformat().replace("-", "")


def escaped(text: str) -> str:
    """A value of type TEXT (3.3.11)."""
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        text = text.replace(sign, written)
    return text


def folded(line: str) -> Iterator[str]:
    """A long line in parts of at most 75 octets, each but the first begun with a space; no character is cut."""
    part = ""
    for sign in line:
        if len((part + sign).encode()) > LONGEST_LINE:
            yield part
            part = " "
        part += sign
    yield part
