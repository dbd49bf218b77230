"""What the exam room posts: one JSON object per choice, read strictly."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, NoReturn
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from quizzes.forms.responses import MOST_SECONDS

# An answer takes about 200 bytes.
MOST_BYTES = 2_000
MOST_POSITIONS = 200
MOST_ANSWERS = 1_000_000
FIELDS = {"key", "sequence", "position", "label", "is_flagged", "seconds"}
KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedAnswer:
    key: UUID
    sequence: int
    position: int
    label: str
    is_flagged: bool
    seconds: int


def read_answer(request: HttpRequest) -> PostedAnswer:
    """Raises ValidationError with one sentence."""
    content = _read_object(request)
    if unknown := sorted(content.keys() - FIELDS):
        raise ValidationError(f"Unknown field: {unknown[0][:40]}.")
    if missing := sorted(FIELDS - content.keys()):
        raise ValidationError(f"Missing field: {missing[0]}.")
    key = content["key"]
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise ValidationError("The key must be a UUID.")
    if content["label"] not in ("", "A", "B", "C", "D"):
        raise ValidationError("The label must be A, B, C, D or empty.")
    if not isinstance(content["is_flagged"], bool):
        raise ValidationError("The flag must be true or false.")
    return PostedAnswer(
        key=UUID(key),
        sequence=_whole_number(content, "sequence", 1, MOST_ANSWERS),
        position=_whole_number(content, "position", 1, MOST_POSITIONS),
        label=content["label"],
        is_flagged=content["is_flagged"],
        # A question left open over night was not on screen all the time; that is no reason to refuse the answer.
        seconds=min(_whole_number(content, "seconds", 0, 10**9), MOST_SECONDS),
    )


def _read_object(request: HttpRequest) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise ValidationError("An answer is sent as application/json.")
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            raise ValidationError("This is too long for an answer.")
        content = json.loads(request.body, object_pairs_hook=_without_repeats, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ValidationError("This is no JSON.") from error
    if not isinstance(content, dict):
        raise ValidationError("An answer is one JSON object.")
    return content


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Python would keep the last of two equal names; which one was meant is not ours to choose."""
    content = dict(pairs)
    if len(content) < len(pairs):
        raise ValueError("repeated name")
    return content


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _whole_number(content: dict[str, Any], name: str, least: int, most: int) -> int:
    value = content[name]
    # True is an int to Python.
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValidationError(f"The {name} must be a whole number from {least} to {most}.")
    return value
