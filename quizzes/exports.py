"""CSV for spreadsheets: what a person typed must not become a formula there."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify

from quizzes.attempt_facts import ResponseFacts
from quizzes.models import Response

# OWASP, "CSV Injection": a cell that begins so is taken for a formula, or breaks out of its cell.
FORMULA = re.compile(r"^[=+\-@\t\r\n\x00]")
LETTERS = "ABCD"
ANSWER_COLUMNS = (
    "position",
    "question",
    "competency",
    "objective",
    "answer",
    "answer text",
    "key",
    "key text",
    "correct",
    "confidence",
    "seconds",
    "changes",
    "flagged",
    "reason",
)


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


def answer_rows(
    responses: Iterable[Response], facts: Iterable[ResponseFacts], *, is_explained: bool
) -> Iterator[Sequence[object]]:
    """One row per question, in letters as the page showed them. What tells the key is left empty until it may be told.

    Both are in the order of the attempt; the questions come with objective and competency.
    """
    yield ANSWER_COLUMNS
    for response, row in zip(responses, facts, strict=True):
        question = response.question
        yield (
            row.position,
            question.code,
            row.competency,
            question.objective.code,
            *_letter_and_text(response, row.selected),
            *_letter_and_text(response, row.key if is_explained else ""),
            _yes_or_no(row.is_correct) if is_explained else "",
            row.confidence,
            row.seconds or "",
            row.changes,
            _yes_or_no(row.is_flagged),
            row.miss_reason if is_explained else "",
        )


def _letter_and_text(response: Response, label: str) -> tuple[str, str]:
    if not label:
        return "", ""
    return LETTERS[response.option_order.index(label)], response.question.option(label)["text"]


def _yes_or_no(value: bool) -> str:
    return "yes" if value else "no"
