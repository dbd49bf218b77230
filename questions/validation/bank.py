"""Findings that no single question shows.

A share is too large when it lies more than two standard errors, sqrt(p (1 - p) / n), above chance p.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from questions.validation.content import LABELS, Finding, QuestionContent, Severity
from questions.validation.item import normal


@dataclass(frozen=True, slots=True)
class Area:
    name: str
    weight: int
    competencies: frozenset[str]


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of the blueprint, as far as filling a mock exam of it is concerned."""

    code: str
    name: str
    item_count: int
    areas: tuple[Area, ...]
    must_fill: bool


def check_bank(
    questions: Iterable[QuestionContent], *, objectives: Iterable[str], editions: Iterable[Edition]
) -> list[Finding]:
    """About the published questions, which are read once and may come from a cursor."""
    practised: set[str] = set()
    sealed: Counter[str] = Counter()
    codes_by_stem: dict[bytes, list[str]] = defaultdict(list)
    count = longest = 0
    for question in questions:
        count += 1
        longest += _key_is_strictly_longest(question)
        codes_by_stem[hashlib.sha256(normal(question.stem).encode()).digest()].append(question.code)
        if question.pool == "mock":
            sealed[question.objective.partition("-")[0]] += 1
        else:
            practised.add(question.objective)
    findings = [
        Finding("objective_without_question", Severity.ERROR, "No practice question is published.", subject=code)
        for code in objectives
        if code not in practised
    ]
    for first, *others in codes_by_stem.values():
        for code in others:
            findings.append(Finding("duplicate_stem", Severity.ERROR, f"Has the same stem as {first}.", subject=code))
    chance = 1 / len(LABELS)
    if count and longest / count > (limit := chance + 2 * math.sqrt(chance * (1 - chance) / count)):
        message = f"The key is the longest option in {longest / count:.0%} of {count} questions (limit {limit:.0%})."
        findings.append(Finding("longest_is_key", Severity.WARNING, message, subject="bank"))
    for edition in editions:
        findings.extend(_edition_findings(edition, sealed))
    return findings


def _key_is_strictly_longest(question: QuestionContent) -> bool:
    lengths = {option.label: len(option.text) for option in question.options}
    return all(lengths.get(question.key, 0) > length for label, length in lengths.items() if label != question.key)


def _edition_findings(edition: Edition, sealed: Mapping[str, int]) -> Iterator[Finding]:
    total = sum(area.weight for area in edition.areas)
    for area in edition.areas:
        # Rounded up: largest remainders never give an area more.
        needed = -(-edition.item_count * area.weight // total) if total else 0
        found = sum(sealed.get(code, 0) for code in area.competencies)
        if found < needed:
            severity = Severity.ERROR if edition.must_fill else Severity.WARNING
            message = f"The sealed pool has {found} of {needed} questions for {area.name} ({edition.name})."
            yield Finding("mock_pool_short", severity, message, subject=edition.code)
