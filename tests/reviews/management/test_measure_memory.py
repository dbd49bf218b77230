from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from reviews.fitting import compared
from reviews.management.commands import measure_memory
from tests.reviews.test_fitting import FORGETFUL, History, remembered

HEADER = "card_id,review_rating,review_datetime,review_duration\n"
START = datetime(2025, 1, 6, 12, tzinfo=UTC)
MODELS = ["FSRS-6, fitted", "FSRS-6, our start", "FSRS-6, defaults", "moving average", "average"]
PEER = "fsrs package, defaults"


def write_csv(file: Path, history: History) -> Path:
    """A minute from review to review, so that their order is told."""
    rows = zip(history.cards.tolist(), history.ratings.tolist(), history.days.tolist(), strict=True)
    with file.open("w", newline="") as opened:
        opened.write(HEADER)
        csv.writer(opened).writerows(
            (1000 + card, rating, START + timedelta(days=day, seconds=place), 4000)
            for place, (card, rating, day) in enumerate(rows)
        )
    return file


def measure(*arguments: Any) -> str:
    out = StringIO()
    call_command("measure_memory", *map(str, arguments), stdout=out)
    return out.getvalue()


def measured(*arguments: Any) -> Any:
    return json.loads(measure(*arguments, "--json"))


def refusal(*arguments: Any) -> str:
    with pytest.raises(CommandError) as refused:
        measure(*arguments)
    return str(refused.value)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "log.csv", remembered(FORGETFUL))


def test_a_log_is_measured_with_every_model(file: Path) -> None:
    (table,) = measured(file).values()
    expected = compared(remembered(FORGETFUL))
    assert list(table) == [*MODELS, PEER]
    assert {name: table[name] for name in MODELS} == {name: expected[name]._asdict() for name in MODELS}


def test_the_fsrs_package_says_what_we_say(file: Path) -> None:
    (table,) = measured(file).values()
    assert table[PEER] == pytest.approx(table["FSRS-6, defaults"], rel=1e-9)


def test_without_the_fsrs_package_its_row_is_left_out(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure_memory, "peer", None)
    (table,) = measured(file).values()
    assert list(table) == MODELS


def test_the_table_names_the_file_and_every_model(file: Path) -> None:
    title, columns, *rows = measure(file).splitlines()
    assert (title.split(": ")[0], columns.split()) == (str(file), ["log", "loss", "RMSE(bins)"])
    assert [row[:24].rstrip() for row in rows if row] == [*MODELS, PEER]


def test_rows_out_of_order_or_doubled_change_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = measured(file)
    header, *rows = file.read_text().splitlines()
    file.write_text("\n".join([header, *reversed(rows), rows[0], rows[5]]) + "\n")
    err = StringIO()
    out = StringIO()
    call_command("measure_memory", str(file), "--json", stdout=out, stderr=err)
    assert json.loads(out.getvalue()) == before
    assert err.getvalue() == f"{file}: 2 rows tell a review again and were left out.\n"


def test_study_days_are_those_of_the_time_zone(file: Path) -> None:
    """At noon in UTC it is early morning in Honolulu: before the cut-off, and of the day before, all alike."""
    assert measured(file, "--time-zone", "Pacific/Honolulu") == measured(file)


def test_bad_rows_are_told_with_file_line_and_reason(tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    bad = [
        ",3,2025-01-06T12:00:00+00:00,1",
        "1,5,2025-01-06T12:00:00+00:00,1",
        "1,,2025-01-06T12:00:00+00:00,1",
        "1,3,yesterday,1",
        "1,3,2025-01-06T12:00:00,1",
        "1,3,0001-01-01T00:00:00+00:00,1",
        "1,3,9999-01-01T00:00:00+00:00,1",
        "1,3",
        "1,3,2025-01-06T12:00:00+00:00,1",
    ]
    file.write_text(HEADER + "\n".join(bad) + "\n")
    undated = "is no ISO date and time with a time zone"
    assert refusal(file, "--time-zone", "America/New_York").splitlines() == [
        f"{file}:2: there is no card_id",
        f"{file}:3: review_rating '5' is not 1, 2, 3 or 4",
        f"{file}:4: review_rating '' is not 1, 2, 3 or 4",
        f"{file}:5: review_datetime 'yesterday' {undated}",
        f"{file}:6: review_datetime '2025-01-06T12:00:00' {undated}",
        f"{file}:7: review_datetime '0001-01-01T00:00:00+00:00' {undated}",
        f"{file}:8: review_datetime '9999-01-01T00:00:00+00:00' lies in the future",
        f"{file}:9: review_datetime '' {undated}",
    ]


def test_many_bad_rows_are_counted(tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(HEADER + "1,9,2025-01-06T12:00:00+00:00,1\n" * 23)
    lines = refusal(file).splitlines()
    assert (len(lines), lines[-1]) == (21, "and 3 more bad rows")


@pytest.mark.parametrize("content", ["", "card_id,review_datetime\n"])
def test_a_file_without_the_columns_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "empty.csv"
    file.write_text(content)
    missing = "review_rating" if content else "card_id, review_rating, review_datetime"
    assert refusal(file) == f"{file}:1: there is no column {missing}"


def test_a_log_that_is_too_short_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "short.csv"
    file.write_text(HEADER + "1,3,2025-01-06T12:00:00+00:00,1\n")
    assert refusal(file) == f"{file}: too few reviews on a later day than the one before to measure anything."


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", HEADER.encode() + b"1,3,\x00,1\n"])
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "binary.csv"
    file.write_bytes(content)
    assert refusal(file).startswith(f"{file}")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.csv").startswith(f"{tmp_path / 'none.csv'} cannot be read: ")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", ""])
def test_an_unknown_time_zone_is_refused(file: Path, zone: str) -> None:
    assert refusal(file, "--time-zone", zone) == f"There is no time zone {zone!r}."


@pytest.mark.parametrize("arguments", [[], ["log.csv", "--simulated"], ["--simulated", "--candidates", "0"]])
def test_neither_or_both_sources_are_refused(arguments: list[str]) -> None:
    assert refusal(*arguments) == "Name either a file or --simulated, with at least one of --candidates."


def test_in_both_simulated_worlds_fitting_foretells_best() -> None:
    tables = measured("--simulated", "--candidates", 2)
    assert [name.split(",")[0] for name in tables] == ["World A", "World B"]
    for table in tables.values():
        assert min(table, key=lambda model: table[model]["log_loss"]) == "FSRS-6, fitted"
        assert table["FSRS-6, defaults"]["log_loss"] < table["average"]["log_loss"]
