"""Everything about one person as a ZIP archive, written while it is sent: memory holds some rows, never all.

Each kind of record is a JSON file, as a program wants it, and a CSV file, as a spreadsheet does; schema.json describes
the JSON files (JSON Schema 2020-12).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from django.template.loader import render_to_string

from accounts.models import User
from progress.queries.personal_data import GROUPS, LEFT_OUT, RECORDS, Column, Record
from quizzes.exports import cell

DIALECT = "https://json-schema.org/draft/2020-12/schema"
# A spreadsheet's half of a file waits here until the other half is written; beyond this size, on disk.
SPOOL_BYTES = 1024 * 1024
CHUNK_BYTES = 64 * 1024


class Outlet(io.RawIOBase):
    """Where the archive is written: what has come so far is taken away piece by piece."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def personal_archive(person: User, *, at: datetime) -> Iterator[bytes]:
    outlet = Outlet()
    # It is no seekable file, so the archive is written in one go, front to back.
    with ZipFile(outlet, "w", ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _readme(person, at))
        archive.writestr("schema.json", json.dumps(schema(), indent=2, ensure_ascii=False))
        for record in RECORDS:
            yield from _write(archive, record, person, at, outlet)
    yield outlet.take()


def schema() -> dict[str, Any]:
    """Of an object that holds every JSON file under its name; each file alone is one of the definitions."""
    return {
        "$schema": DIALECT,
        "title": "Everything that CCXP Prep holds about one person",
        "type": "object",
        "properties": {f"{record.name}.json": {"$ref": f"#/$defs/{record.name}"} for record in RECORDS},
        "required": [f"{record.name}.json" for record in RECORDS],
        "additionalProperties": False,
        "$defs": {record.name: _schema_of(record) for record in RECORDS},
    }


def _schema_of(record: Record) -> dict[str, Any]:
    return {
        "title": record.title,
        "description": record.words,
        "type": "array",
        "items": {
            "type": "object",
            "properties": {column.name: _schema_of_value(column) for column in record.columns},
            "required": [column.name for column in record.columns],
            "additionalProperties": False,
        },
    }


def _schema_of_value(column: Column) -> dict[str, Any]:
    described = {"description": column.words, **column.kind.value}
    if column.may_be_missing:
        described["type"] = [described["type"], "null"]
    return described


def _write(archive: ZipFile, record: Record, person: User, at: datetime, outlet: Outlet) -> Iterator[bytes]:
    """Both files in one pass over the rows, so that they tell the same."""
    with SpooledTemporaryFile(SPOOL_BYTES, "w+", encoding="utf-8", newline="") as sheet:
        # The byte-order mark is what spreadsheets know UTF-8 by.
        sheet.write("\ufeff")
        lines = csv.writer(sheet)
        lines.writerow(column.name for column in record.columns)
        with archive.open(f"json/{record.name}.json", "w") as file:
            mark = "[\n"
            for row in record.rows(person, at):
                values = {column.name: plain(column.value_of(row)) for column in record.columns}
                lines.writerow(in_a_cell(value) for value in values.values())
                file.write(f"{mark}{json.dumps(values, ensure_ascii=False)}".encode())
                mark = ",\n"
                if piece := outlet.take():
                    yield piece
            file.write(b"[]\n" if mark == "[\n" else b"\n]\n")
        sheet.seek(0)
        yield from _copy(sheet, archive, f"csv/{record.name}.csv", outlet)


def _copy(sheet: IO[str], archive: ZipFile, name: str, outlet: Outlet) -> Iterator[bytes]:
    with archive.open(name, "w") as file:
        while text := sheet.read(CHUNK_BYTES):
            file.write(text.encode())
            if piece := outlet.take():
                yield piece


def plain(value: Any) -> Any:
    """As JSON has it: moments in UTC, days and codes as text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, UUID) else value


def in_a_cell(value: Any) -> str:
    """What a person typed must not become a formula in a spreadsheet."""
    return cell(json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value)


def _readme(person: User, at: datetime) -> str:
    context = {"person": person, "at": at.astimezone(UTC), "groups": GROUPS, "left_out": LEFT_OUT.values()}
    return render_to_string("progress/account_data_readme.txt", context)
