from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Prefetch

from competencies.models import Blueprint, Objective, Reference
from questions.models import Question
from questions.validation import (
    POOLS,
    Area,
    Edition,
    Finding,
    QuestionContent,
    Severity,
    check_bank,
    check_question,
    fingerprint,
    read_question,
)

REFERENCE_CODES = Prefetch("references", Reference.objects.only("code").order_by("code"))
CHUNK = 500


# What a row says


def question_fields(question: Question, *, objective: str, references: Iterable[str]) -> dict[str, object]:
    """The fields of a fixture row, for the checks that a fixture row passes."""
    return {
        "code": question.code,
        "objective": [objective],
        "pool": question.pool,
        "status": question.status,
        "cognitive_level": question.cognitive_level,
        "difficulty": question.difficulty,
        "stem": question.stem,
        "options": question.options,
        "key": question.key,
        "references": [[code] for code in references],
        "locators": question.locators,
    }


def question_content(question: Question) -> tuple[QuestionContent | None, list[Finding]]:
    """The content, or nothing and the errors of a row that was written behind the services."""
    references = sorted(reference.code for reference in question.references.all())
    return read_question(question_fields(question, objective=question.objective.code, references=references))


def next_code(*, objective: str, pool: str) -> str:
    """The code of a new question: the first number after those that the bank has of this objective and pool."""
    stem = f"{objective}-{POOLS[pool]}"
    codes = Question.objects.filter(code__startswith=stem).values_list("code", flat=True)
    numbers = [code.removeprefix(stem) for code in codes]
    return f"{stem}{max((int(number) for number in numbers if number.isdecimal()), default=0) + 1}"


def question_findings(question: Question) -> list[Finding]:
    """Everything to be said about one question; a fixed number of queries for a list with `REFERENCE_CODES`."""
    content, findings = question_content(question)
    if content is None:
        return findings
    return [*check_question(content), *_seal_findings(question, content)]


def _seal_findings(question: Question, content: QuestionContent) -> Iterator[Finding]:
    if question.status != Question.Status.PUBLISHED:
        return
    if not question.fingerprint:
        message = "Published by plain loaddata, which takes no fingerprint: load_questions does."
        yield Finding("not_sealed", Severity.WARNING, message, subject=content.code)
    elif question.fingerprint != fingerprint(content):
        message = "Changed in place after publication: people who answered it saw another text."
        yield Finding("changed_in_place", Severity.ERROR, message, subject=content.code)


def bank_findings() -> list[Finding]:
    """Findings about every published question and about the bank as a whole, errors first."""
    findings: list[Finding] = []

    def contents() -> Iterator[QuestionContent]:
        published = Question.objects.published().select_related("objective").prefetch_related(REFERENCE_CODES)
        for question in published.order_by("code").iterator(chunk_size=CHUNK):
            content, errors = question_content(question)
            if content is None:
                findings.extend(errors)
                continue
            findings.extend(check_question(content))
            findings.extend(_seal_findings(question, content))
            yield content

    objectives = Objective.objects.order_by("code").values_list("code", flat=True)
    findings.extend(check_bank(contents(), objectives=objectives, editions=_editions()))
    return sorted(findings, key=lambda finding: finding.severity is not Severity.ERROR)


def _editions() -> list[Edition]:
    """The first edition must be filled; the others are told what they lack."""
    editions = []
    for place, blueprint in enumerate(Blueprint.objects.order_by("position").prefetch_related("areas__competencies")):
        areas = [
            Area(area.name, area.weight, frozenset(competency.code for competency in area.competencies.all()))
            for area in blueprint.areas.all()
        ]
        editions.append(
            Edition(blueprint.code, blueprint.name, blueprint.item_count, tuple(areas), must_fill=place == 0)
        )
    return editions


# The sample question, and options as they are shown


@dataclass(frozen=True, slots=True)
class OptionRow:
    """An option before the check: the letter is its place on the page, the label what is posted."""

    letter: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class OptionResult(OptionRow):
    """An option after the check."""

    rationale: str
    is_key: bool
    is_chosen: bool


def sample_question() -> Question | None:
    """The question that visitors answer without an account: of the practice pool, never a sealed one."""
    practice = Question.objects.published().practice().with_blueprint()
    chosen = practice.filter(code=settings.SAMPLE_QUESTION_CODE).first()
    # By objective, because the index that serves draws gives that order without sorting the bank.
    return chosen or practice.order_by("objective_id").first()


def option_rows(question: Question) -> list[OptionRow]:
    """In an order that is the question's own, so that a page shown twice is the same page."""
    options = sorted(question.options, key=lambda option: _place(question.code, option["label"]))
    return [OptionRow(letter, option["label"], option["text"]) for letter, option in zip("ABCD", options, strict=False)]


def option_results(question: Question, *, chosen: str = "") -> list[OptionResult]:
    return [
        OptionResult(
            row.letter,
            row.label,
            row.text,
            rationale=question.option(row.label)["rationale"],
            is_key=row.label == question.key,
            is_chosen=row.label == chosen,
        )
        for row in option_rows(question)
    ]


def _place(code: str, label: str) -> bytes:
    return hashlib.sha256(f"{code} {label}".encode()).digest()
