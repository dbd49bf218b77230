"""How a kind of record is declared: once, for the files of the export and for the schema that describes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from django.db.models import Model

from accounts.models import User


class Kind(Enum):
    """What a value is; the value is its JSON Schema."""

    TEXT = {"type": "string"}
    WHOLE = {"type": "integer"}
    NUMBER = {"type": "number"}
    YES_NO = {"type": "boolean"}
    DAY = {"type": "string", "format": "date"}
    MOMENT = {"type": "string", "format": "date-time"}
    CODE = {"type": "string", "format": "uuid"}
    TEXTS = {"type": "array", "items": {"type": "string"}}
    NUMBERS = {"type": "array", "items": {"type": "number"}}
    ENTRIES = {"type": "array", "items": {"type": "object"}}
    RULE = {"type": "object"}


@dataclass(frozen=True, slots=True)
class Column:
    """`read` is a path through attributes, such as "question.code", or a function of the row; without it, the name."""

    name: str
    kind: Kind
    words: str
    read: str | Callable[[Any], Any] = ""
    may_be_missing: bool = False

    def value_of(self, row: Any) -> Any:
        if callable(self.read):
            return self.read(row)
        value = row
        for part in (self.read or self.name).split("."):
            if value is None:
                return None
            value = getattr(value, part)
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One kind of record, a file of its own. `rows` are those of one person, as far as they may be told at a moment."""

    name: str
    title: str
    words: str
    models: tuple[type[Model], ...]
    columns: tuple[Column, ...]
    rows: Callable[[User, datetime], Iterable[Any]]
