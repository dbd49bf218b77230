"""What a row says and what is to be said about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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


def published_contents() -> Iterator[QuestionContent]:
    """Every published question that can be read, in the order of codes."""
    for question in _published():
        content, _ = question_content(question)
        if content is not None:
            yield content


def _published() -> Iterator[Question]:
    published = Question.objects.published().select_related("objective").prefetch_related(REFERENCE_CODES)
    return published.order_by("code").iterator(chunk_size=CHUNK)


def bank_findings() -> list[Finding]:
    """Findings about every published question and about the bank as a whole, errors first."""
    findings: list[Finding] = []

    def contents() -> Iterator[QuestionContent]:
        for question in _published():
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
