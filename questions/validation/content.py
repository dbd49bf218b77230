"""What one question says, read from untyped fields into a typed value, and its fingerprint."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

LABELS = ("A", "B", "C", "D")
OPTION_FIELDS = ("label", "text", "rationale")
REQUIRED_FIELDS = (
    "code",
    "objective",
    "pool",
    "status",
    "cognitive_level",
    "difficulty",
    "stem",
    "options",
    "key",
    "references",
)
FIELDS = (*REQUIRED_FIELDS, "locators")

FieldPath = tuple[str | int, ...]


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    code: str
    severity: Severity
    message: str
    path: FieldPath = ()  # into the fields of a question: ("options", 1, "rationale")
    subject: str = ""  # code of the question, objective or edition that it is about


@dataclass(frozen=True, slots=True)
class OptionContent:
    label: str
    text: str
    rationale: str


@dataclass(frozen=True, slots=True)
class QuestionContent:
    """What a fixture row says, with natural keys as plain codes."""

    code: str
    objective: str
    pool: str
    status: str
    cognitive_level: str
    difficulty: int
    stem: str
    options: tuple[OptionContent, ...]
    key: str
    references: tuple[str, ...]
    locators: tuple[tuple[str, str], ...] = ()


def canonical(text: str) -> str:
    """As stored and compared: a browser's line ends and the newline that ends a YAML block say nothing."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def fingerprint(content: QuestionContent) -> str:
    """SHA-256 of everything that a candidate or a draw can see; the status is no content."""
    facts = {
        "code": content.code,
        "objective": content.objective,
        "pool": content.pool,
        "cognitive_level": content.cognitive_level,
        "difficulty": content.difficulty,
        "stem": canonical(content.stem),
        "options": sorted((part.label, canonical(part.text), canonical(part.rationale)) for part in content.options),
        "key": content.key,
        "references": sorted(content.references),
        "locators": sorted(content.locators),
    }
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def read_question(fields: Mapping[str, object]) -> tuple[QuestionContent | None, list[Finding]]:
    """The content and no finding, or no content and the errors of type and presence."""
    reader = _Reader(subject=str(fields.get("code", "")))
    for name in fields:
        if name == "version":
            reader.refuse("unknown_field", "A file carries no version: the loader gives the next one.", name)
        elif name not in FIELDS:
            reader.refuse("unknown_field", f"“{name}” is not a field of a question.", name)
    for name in REQUIRED_FIELDS:
        if name not in fields:
            reader.refuse("missing_field", f"The field “{name}” is missing.")
    content = QuestionContent(
        code=reader.text(fields, "code"),
        objective=reader.natural_key(fields.get("objective", [""]), "objective"),
        pool=reader.text(fields, "pool"),
        status=reader.text(fields, "status"),
        cognitive_level=reader.text(fields, "cognitive_level"),
        difficulty=reader.whole_number(fields, "difficulty"),
        stem=reader.text(fields, "stem"),
        options=tuple(reader.options(fields.get("options", []))),
        key=reader.text(fields, "key"),
        references=tuple(reader.references(fields.get("references", []))),
        locators=tuple(reader.locators(fields.get("locators", {}))),
    )
    return (None if reader.findings else content), reader.findings


class _Reader:
    def __init__(self, *, subject: str) -> None:
        self.subject = subject
        self.findings: list[Finding] = []

    def refuse(self, code: str, message: str, *path: str | int) -> None:
        self.findings.append(Finding(code, Severity.ERROR, message, path, self.subject))

    def text(self, fields: Mapping[str, object], name: str, *parents: str | int) -> str:
        path = (*parents, name)
        value = fields.get(name, "")
        if value is None:
            return ""  # nothing was written: the check for emptiness says so
        if not isinstance(value, str):
            self.refuse("wrong_type", f"{in_words(path)} must be text, not {_kind(value)}.", *path)
            return ""
        for character in value:
            # PostgreSQL stores no NUL and UTF-8 no surrogate; a YAML escape can write both.
            if unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\r\t":
                message = f"{in_words(path)} holds the control character U+{ord(character):04X}."
                self.refuse("control_character", message, *path)
                break
        return canonical(value)

    def whole_number(self, fields: Mapping[str, object], name: str) -> int:
        value = fields.get(name, 0)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.refuse("wrong_type", f"{in_words((name,))} must be a whole number, not {_kind(value)}.", name)
        return 0

    def natural_key(self, value: object, *path: str | int) -> str:
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
            return value[0].strip()
        noun = "The objective" if path == ("objective",) else "A reference"
        self.refuse("wrong_type", f"{noun} must be one code in brackets, such as [CODE], not {_kind(value)}.", *path)
        return ""

    def references(self, value: object) -> Iterator[str]:
        if not isinstance(value, list):
            self.refuse("wrong_type", f"The references must be a list, not {_kind(value)}.", "references")
            return
        for place, reference in enumerate(value):
            yield self.natural_key(reference, "references", place)

    def locators(self, value: object) -> Iterator[tuple[str, str]]:
        if not isinstance(value, dict):
            self.refuse("wrong_type", f"The locators must be a mapping, not {_kind(value)}.", "locators")
            return
        for code in sorted(value):
            yield code, self.text(value, code, "locators")

    def options(self, value: object) -> Iterator[OptionContent]:
        if not isinstance(value, list):
            self.refuse("wrong_type", f"The options must be a list, not {_kind(value)}.", "options")
            return
        for place, option in enumerate(value):
            if not isinstance(option, dict):
                self.refuse("wrong_type", f"An option must be a mapping, not {_kind(option)}.", "options", place)
                continue
            for name in option:
                if name not in OPTION_FIELDS:
                    self.refuse("unknown_field", f"“{name}” is not a field of an option.", "options", place, name)
            label, text, rationale = (self.text(option, name, "options", place) for name in OPTION_FIELDS)
            yield OptionContent(label, text, rationale)


def in_words(path: FieldPath) -> str:
    """Where, as the start of a sentence."""
    if path[0] == "locators":
        return f"The locator of {path[-1]}"
    if path[0] == "options":
        return f"The {path[-1]} of an option"
    return f"The {path[-1]}".replace("_", " ")


def _kind(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the text “{value[:20]}”"
        case list():
            return "a list"
        case dict():
            return "a mapping"
    return f"a {type(value).__name__}"
