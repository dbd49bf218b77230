"""Fixture files to validated values, before anything is written.

YAML is read event by event: aliases, anchors, tags, doubled keys and words that YAML 1.1 takes for something else than
text are refused where they stand, and every value keeps its line. Plain `loaddata` reads the same files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Never

import yaml
from yaml.reader import Reader
from yaml.resolver import Resolver

from questions.validation import FieldPath, QuestionContent, Severity, check_question, read_question

MODEL = "questions.question"
MAX_BYTES = 10 * 1024 * 1024
MAX_DEPTH = 12
MAX_VALUES = 1000  # in one row, which has about fifty
MAX_PROBLEMS = 100  # in one file; whoever mends those loads it again
TEXT = "tag:yaml.org,2002:str"
WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,8})")
READ_AS = {
    "tag:yaml.org,2002:bool": "true or false",
    "tag:yaml.org,2002:float": "a decimal number",
    "tag:yaml.org,2002:int": "a number in another notation",
    "tag:yaml.org,2002:timestamp": "a date",
    "tag:yaml.org,2002:merge": "a merge key",
}
SafeLoader: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
RESOLVER = Resolver()


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    file: str
    line: int  # 0: the file as a whole
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}" if self.line else f"{self.file}: {self.reason}"


@dataclass(frozen=True, slots=True)
class FixtureFile:
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class FixtureRow:
    content: QuestionContent
    file: str
    lines: Mapping[FieldPath, int]

    def line_of(self, *path: str | int) -> int:
        """Of the value at this path into the fields, or of what is nearest around it."""
        return _line_of(self.lines, path)

    def problem(self, reason: str, *path: str | int) -> Problem:
        return Problem(self.file, self.line_of(*path), reason)


@dataclass(slots=True)
class Reading:
    """What a load brings: sound rows, and every reason why another row or file is not."""

    rows: list[FixtureRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def open_files(paths: Iterable[str | Path]) -> tuple[list[FixtureFile], list[Problem]]:
    """The files named, and those below the folders named, in the order of their names."""
    files: dict[Path, FixtureFile] = {}
    problems: list[Problem] = []
    for path in map(Path, paths):
        found = [path]
        if path.is_dir():
            found = sorted(child for child in path.rglob("*") if child.suffix in {".yaml", ".yml"} and child.is_file())
            if not found:
                problems.append(Problem(str(path), 0, "There is no YAML file in this folder."))
        for file in found:
            try:
                with file.open("rb") as stream:
                    files.setdefault(file.resolve(), FixtureFile(str(file), stream.read(MAX_BYTES + 1)))
            except OSError as error:
                problems.append(Problem(str(file), 0, f"The file cannot be read: {error.strerror}."))
    return list(files.values()), problems


def read_files(files: Iterable[FixtureFile]) -> Reading:
    reading = Reading()
    seen: dict[str, FixtureRow] = {}
    for file in files:
        rows, problems = _read_file(file)
        reading.problems += problems
        for row in rows:
            first = seen.setdefault(row.content.code, row)
            if first is row:
                reading.rows.append(row)
                continue
            reason = f"The code {row.content.code} stands already in {first.file}, line {first.line_of('code')}."
            reading.problems.append(row.problem(reason, "code"))
    return reading


def _read_file(file: FixtureFile) -> tuple[list[FixtureRow], list[Problem]]:
    report = _Report(file.name)
    rows: list[FixtureRow] = []
    try:
        for row in _rows(_text(file, report), report):
            if (fixture_row := _read_row(row, report)) is not None:
                rows.append(fixture_row)
    except _GivenUp:
        pass
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        what = getattr(error, "problem", None) or getattr(error, "context", None) or error
        report.problems.append(Problem(file.name, mark.line + 1 if mark else 0, f"This is not valid YAML: {what}."))
    return rows, report.problems


class _GivenUp(Exception):
    """Nothing more of this file is to be read."""


@dataclass(slots=True)
class _Report:
    file: str
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, line: int, reason: str) -> None:
        self.problems.append(Problem(self.file, line, reason))
        if len(self.problems) == MAX_PROBLEMS:
            self.give_up(line, f"This is problem number {MAX_PROBLEMS}; the rest of the file was not read.")

    def give_up(self, line: int, reason: str) -> Never:
        self.problems.append(Problem(self.file, line, reason))
        raise _GivenUp


def _text(file: FixtureFile, report: _Report) -> str:
    if len(file.data) > MAX_BYTES:
        report.give_up(0, f"The file is larger than {MAX_BYTES // 1024**2} MB.")
    try:
        text = file.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        report.give_up(file.data.count(b"\n", 0, error.start) + 1, "The file is not UTF-8 text.")
    if match := Reader.NON_PRINTABLE.search(text):
        line = text.count("\n", 0, match.start()) + 1
        report.give_up(line, f"The file holds the control character U+{ord(match[0]):04X}.")
    return text


@dataclass(slots=True)
class _Row:
    """One entry of a file: plain values, and the line of each by its path."""

    value: object
    lines: dict[FieldPath, int]
    is_broken: bool


Refuse = Callable[..., None]


def _read_row(row: _Row, report: _Report) -> FixtureRow | None:
    """The checked row, or nothing where the report says why not."""

    def refuse(reason: str, *path: str | int) -> None:
        report.refuse(_line_of(row.lines, path), reason)

    if row.is_broken:
        return None
    if (fields := _fields(row.value, refuse)) is None:
        return None
    content, findings = read_question(fields)
    if content is not None:
        findings = [finding for finding in check_question(content) if finding.severity is Severity.ERROR]
    for finding in findings:
        refuse(finding.message, "fields", *finding.path)
    if content is None or findings:
        return None
    lines = {path[1:]: line for path, line in row.lines.items() if path[:1] == ("fields",)}
    return FixtureRow(content, report.file, lines)


def _fields(row: object, refuse: Refuse) -> dict[str, object] | None:
    if not isinstance(row, dict):
        refuse("A row must be a mapping with “model” and “fields”.")
    elif (model := row.get("model")) != MODEL:
        name = f"Rows of {model}" if isinstance(model, str) else "Rows without a model"
        refuse(f"{name} are not loaded here, only rows of {MODEL}.", "model")
    elif unknown := [key for key in row if key not in {"model", "fields"}]:
        refuse(f"A row has no “{unknown[0]}”, only “model” and “fields”.", unknown[0])
    elif not isinstance(fields := row.get("fields"), dict):
        refuse("The row has no “fields”.", "fields")
    else:
        return fields
    return None


def _line_of(lines: Mapping[FieldPath, int], path: FieldPath) -> int:
    while path not in lines:
        path = path[:-1]
    return lines[path]


def _rows(text: str, report: _Report) -> Iterator[_Row]:
    events: Iterator[yaml.Event] = yaml.parse(text, Loader=SafeLoader)
    top = next(event for event in events if isinstance(event, yaml.NodeEvent | yaml.StreamEndEvent))
    if isinstance(top, yaml.StreamEndEvent):
        report.give_up(0, "The file holds no rows.")
    if not isinstance(top, yaml.SequenceStartEvent):
        report.give_up(_line(top), "The file must be a list of rows, each beginning with “- model:”.")
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        before = len(report.problems)
        composer = _Composer(events, report)
        value = composer.value(event, ())
        yield _Row(value, composer.lines, is_broken=len(report.problems) > before)
    last = next(event for event in events if isinstance(event, yaml.DocumentStartEvent | yaml.StreamEndEvent))
    if isinstance(last, yaml.DocumentStartEvent):
        report.refuse(_line(last), "A second document begins here: put all rows into one list.")


class _Composer:
    """Makes one row of events, and notes what YAML allows and we do not."""

    def __init__(self, events: Iterator[yaml.Event], report: _Report) -> None:
        self.events = events
        self.report = report
        self.lines: dict[FieldPath, int] = {}

    def value(self, event: yaml.Event, path: FieldPath) -> object:
        line = self.lines[path] = _line(event)
        if len(self.lines) > MAX_VALUES:
            self.report.give_up(line, f"A row holds more than {MAX_VALUES} values; the rest was not read.")
        if isinstance(event, yaml.AliasEvent):
            self.report.refuse(line, f"The alias *{event.anchor} is refused: write the value out.")
            return None
        if (anchor := getattr(event, "anchor", None)) is not None:
            self.report.refuse(line, f"The anchor &{anchor} is refused: write values where they are needed.")
        if (tag := getattr(event, "tag", None)) is not None:
            self.report.refuse(line, f"The tag {tag} is refused: a row holds plain values.")
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        if len(path) == MAX_DEPTH:
            self.report.give_up(line, f"Values are nested more than {MAX_DEPTH} deep; the rest was not read.")
        return self.sequence(path) if isinstance(event, yaml.SequenceStartEvent) else self.mapping(path)

    def sequence(self, path: FieldPath) -> list[object]:
        values: list[object] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            values.append(self.value(event, (*path, len(values))))
        return values

    def mapping(self, path: FieldPath) -> dict[str, object]:
        values: dict[str, object] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.value(event, (*path, ""))
            if not isinstance(key, str):
                self.report.refuse(_line(event), "The name of a field must be text.")
            elif key in values:
                first = self.lines[*path, key]
                self.report.refuse(_line(event), f"“{key}” stands twice; the first time in line {first}.")
            name = str(key)
            values[name] = self.value(next(self.events), (*path, name))
            # Where the name stands, also when the value begins on the next line.
            self.lines[*path, name] = _line(event)
        return values

    def scalar(self, event: yaml.ScalarEvent) -> str | int | None:
        """Text, a plain whole number, or nothing."""
        text: str = event.value
        if not event.implicit[0]:
            return text
        tag = RESOLVER.resolve(yaml.ScalarNode, text, event.implicit)  # type: ignore[no-untyped-call]
        if tag == TEXT:
            return text
        if tag == "tag:yaml.org,2002:null":
            return None
        if tag == "tag:yaml.org,2002:int" and WHOLE_NUMBER.fullmatch(text):
            return int(text)
        kind = READ_AS.get(tag, "something else than text")
        self.report.refuse(_line(event), f"“{text}” without quotes is read as {kind}: put it in quotes.")
        return text


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0
