"""CSV for spreadsheets: what a person typed must not become a formula there."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify

# OWASP, "CSV Injection": a cell that begins so is taken for a formula, or breaks out of its cell.
FORMULA = re.compile(r"^[=+\-@\t\r\n\x00]")


def csv_response(name: str, rows: Iterable[Sequence[object]]) -> HttpResponse:
    """UTF-8 with a byte-order mark, which spreadsheets need; `name` becomes a safe file name."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slugify(name) or "export"}.csv"'
    response.write("\ufeff")
    csv.writer(response).writerows([cell(value) for value in row] for row in rows)
    return response


def cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    text = str(value)
    return f"'{text}" if isinstance(value, str) and FORMULA.match(text) else text
