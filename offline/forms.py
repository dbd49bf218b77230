"""What the offline page sends: a wish for a set, and the answers given to one, read strictly."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn
from uuid import UUID

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.models import User
from offline.services import TakenAnswer
from reviews.forms import CONFIDENCES, MOST_SECONDS

COUNTS = (10, 20, 40)
KINDS = [("reviews", "Reviews"), ("practice", "Practice")]
# How long answers to a set are taken.
VALID_FOR = timedelta(days=14)
# An answer takes about 500 bytes.
MOST_ANSWERS = 50
MOST_BYTES = 60_000
FIELDS = {"source", "ticket", "label", "confidence", "seconds", "answered_at"}
UUID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class PrepareSetForm(forms.Form):
    kind = forms.ChoiceField(
        label="What",
        choices=KINDS,
        error_messages={"required": "Choose reviews or practice.", "invalid_choice": "Choose reviews or practice."},
    )
    count = forms.TypedChoiceField(
        label="How many",
        choices=[(count, str(count)) for count in COUNTS],
        coerce=int,
        error_messages={"required": "Choose 10, 20 or 40.", "invalid_choice": "Choose 10, 20 or 40."},
    )


@dataclass(frozen=True, slots=True)
class TakenTicket:
    """That this question was taken along by this candidate, signed: no table has to remember it."""

    source: UUID
    question_id: int
    is_practice: bool
    prepared_at: datetime

    def signed_for(self, candidate: User) -> str:
        content = [str(self.source), self.question_id, self.is_practice, self.prepared_at.isoformat()]
        return signing.dumps(content, salt=_salt(candidate))

    @classmethod
    def read(cls, text: str, candidate: User) -> TakenTicket | None:
        try:
            source, question_id, is_practice, prepared_at = signing.loads(text, salt=_salt(candidate))
        except (signing.BadSignature, UnicodeEncodeError):
            # JSON can hold half a character, and there is no signature of one.
            return None
        return cls(UUID(source), question_id, is_practice, datetime.fromisoformat(prepared_at))


def _salt(candidate: User) -> str:
    return f"offline.ticket.{candidate.pk}"


@dataclass(frozen=True, slots=True)
class PostedAnswers:
    """By the source that was sent: a sound answer, or why it cannot be counted."""

    candidate: str
    sound: list[TakenAnswer]
    refused: dict[str, str]


def read_answers(request: HttpRequest, candidate: User, *, now: datetime) -> PostedAnswers:
    """Raises ValidationError with one sentence where the whole cannot be read; a bad answer spoils no other."""
    content = _read_object(request)
    owner, rows = content.get("candidate"), content.get("answers")
    if content.keys() != {"candidate", "answers"} or not isinstance(owner, str) or not isinstance(rows, list):
        raise ValidationError("This is no list of answers.")
    if len(rows) > MOST_ANSWERS:
        raise ValidationError(f"Send at most {MOST_ANSWERS} answers at once.")
    sound, refused = [], {}
    for row in rows:
        source = _source(row)
        try:
            sound.append(_answer(row, source, candidate, now))
        except ValidationError as error:
            refused[source] = str(error.message)
    return PostedAnswers(owner, sound, refused)


def _source(row: Any) -> str:
    """Without one nobody could be told what became of the answer."""
    source = row.get("source") if isinstance(row, dict) else None
    if not isinstance(source, str) or not UUID_TEXT.fullmatch(source):
        raise ValidationError("Each answer needs its source.")
    return source


def _answer(row: Mapping[str, Any], source: str, candidate: User, now: datetime) -> TakenAnswer:
    if row.keys() != FIELDS:
        raise ValidationError("The answer is incomplete, so it was not counted.")
    ticket = TakenTicket.read(row["ticket"], candidate) if isinstance(row["ticket"], str) else None
    if ticket is None or str(ticket.source) != source:
        raise ValidationError("That question was not taken along by you, so the answer was not counted.")
    if now - ticket.prepared_at > VALID_FOR:
        raise ValidationError("That set was taken along more than 14 days ago, so the answer was not counted.")
    if row["label"] not in ("A", "B", "C", "D"):
        raise ValidationError("That is no option of the question, so the answer was not counted.")
    if row["confidence"] not in ("", *dict(CONFIDENCES)):
        raise ValidationError("How sure you were cannot be read, so the answer was not counted.")
    return TakenAnswer(
        source=ticket.source,
        question_id=ticket.question_id,
        is_practice=ticket.is_practice,
        label=row["label"],
        confidence=row["confidence"],
        seconds=_seconds(row["seconds"]),
        # The browser's clock may be wrong; the answer was given after the taking along and before now.
        answered_at=min(max(_moment(row["answered_at"]), ticket.prepared_at), now),
    )


def _seconds(value: Any) -> int:
    """Time on screen is no reason to refuse an answer; what cannot be is not known."""
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return value if is_whole and 0 <= value <= MOST_SECONDS else 0


def _moment(value: Any) -> datetime:
    sentence = "When you answered cannot be read, so the answer was not counted."
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise ValidationError(sentence) from error
    if moment.tzinfo is None:
        raise ValidationError(sentence)
    return moment


def _read_object(request: HttpRequest) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise ValidationError("Answers are sent as application/json.")
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            raise ValidationError("This is too long for a list of answers.")
        content = json.loads(request.body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ValidationError("This is no JSON.") from error
    if not isinstance(content, dict):
        raise ValidationError("Answers are one JSON object.")
    return content


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
