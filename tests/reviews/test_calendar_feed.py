from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.calendar_feed import Entry, calendar_text, escaped, folded

KEY = UUID("2f1c3f3e-7d6a-4a52-9a39-0e6a3f0f9b11")
BUILT_AT = datetime(2026, 3, 2, 13, 5, tzinfo=timezone(timedelta(hours=2)))
DAY = date(2026, 12, 31)


def text_of(*entries: Entry, key: UUID = KEY) -> str:
    return calendar_text(entries, name="CCXP study schedule", key=key, stamped_at=BUILT_AT)


def uids(text: str) -> list[str]:
    return [line for line in text.split("\r\n") if line.startswith("UID:")]


def test_calendar_text_of_one_study_day() -> None:
    event = text_of(Entry(DAY, "study", "Study 20 min: 6 reviews, 3 new")).partition("END:VTIMEZONE\r\n")[2]
    lines = event.split("\r\n")
    assert lines.pop(1).startswith("UID:")
    assert lines == [
        "BEGIN:VEVENT",
        "DTSTAMP:20260302T110500Z",
        "DTSTART;VALUE=DATE:20261231",
        "DTEND;VALUE=DATE:20270101",
        "SUMMARY:Study 20 min: 6 reviews\\, 3 new",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_calendar_text_begins_with_what_every_calendar_must_say() -> None:
    lines = text_of().split("\r\n")
    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//CCXP Prep//Study schedule//EN"]
    # One component at least, also without an entry.
    assert (lines.count("BEGIN:VTIMEZONE"), lines.count("BEGIN:VEVENT")) == (1, 0)


def test_uids_stay_while_the_words_change_and_differ_by_day_and_kind() -> None:
    first = uids(text_of(Entry(DAY, "study", "Study 20 min"), Entry(DAY, "exam", "CCXP exam")))
    again = uids(text_of(Entry(DAY, "study", "Study 5 min"), Entry(DAY - timedelta(days=1), "exam", "CCXP exam")))
    assert first[0] == again[0]
    assert len({*first, *again}) == 3


def test_uids_are_of_one_calendar_and_do_not_tell_its_key() -> None:
    text = text_of(Entry(DAY, "study", "Study 20 min"))
    other = text_of(Entry(DAY, "study", "Study 20 min"), key=UUID(int=1))
    assert uids(text) != uids(other)
    assert (str(KEY) in text, KEY.hex in text) == (False, False)


@pytest.mark.parametrize(
    ("text", "written"),
    [("a, b; c", "a\\, b\\; c"), ("back\\slash", "back\\\\slash"), ("two\nlines\r\nthree", "two\\nlines\\nthree")],
)
def test_escaped_text(text: str, written: str) -> None:
    assert escaped(text) == written


def test_folded_line_is_cut_at_75_octets() -> None:
    assert list(folded("x" * 75)) == ["x" * 75]
    assert list(folded("x" * 150)) == ["x" * 75, " " + "x" * 74, " x"]


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_folded_lines_unfold_to_what_was_folded(line: str) -> None:
    parts = list(folded(line))
    assert all(len(part.encode()) <= 75 for part in parts)
    assert "\r\n".join(parts).replace("\r\n ", "") == line


def test_stamp_is_in_utc() -> None:
    stamped = calendar_text(
        [Entry(DAY, "exam", "CCXP exam")], name="n", key=KEY, stamped_at=datetime(2026, 3, 2, 1, 2, 3, tzinfo=UTC)
    )
    assert "DTSTAMP:20260302T010203Z\r\n" in stamped
