"""Findings that no single question shows.

A share is too large when it lies more than two standard errors, sqrt(p (1 - p) / n), above chance p; where many cues
are tried at once the limit is 2.6 standard errors, so that one of thirteen rarely fails by chance. Shares, medians and
guessers are taken in the practice pool and in the sealed pool apart: only the second decides what a mock exam is worth.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from questions.validation.content import LABELS, Finding, QuestionContent, Severity
from questions.validation.duplicates import near_duplicates
from questions.validation.guessing import CUES, Choice, cue_accuracy, learned_accuracy, read_choice
from questions.validation.item import SHORT, negation
from questions.validation.words import ABSOLUTES, HEDGES, normal, reading_grade, words

CHANCE = 1 / len(LABELS)
ENOUGH = 100  # questions; a share or a median of fewer says little about a pool
LEARNED_LIMIT = 0.30  # however small the pool is
NEGATIVE_LIMIT = 0.03
WORD_RATE_LIMIT = 0.05
LENGTH_RATIO = (0.95, 1.05)  # median length of the key over that of the mean distractor
GRADE = (9.0, 12.0)  # median years of schooling that a stem asks for


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


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of the gate, what it must lie between, and how many questions it rests on."""

    code: str
    pool: str
    what: str
    value: float
    lowest: float
    highest: float
    count: int
    competency: str = ""  # empty: of the whole pool

    @property
    def is_met(self) -> bool:
        return self.lowest <= self.value <= self.highest

    @property
    def subject(self) -> str:
        return f"{self.pool} {self.competency}".rstrip()

    @property
    def is_share(self) -> bool:
        return self.lowest == 0

    def __str__(self) -> str:
        what = f"{self.what[0].upper()}{self.what[1:]}"
        if self.is_share:
            return f"{what}: {self.value:.1%} of {self.count} (at most {self.highest:.1%})"
        return f"{what}: {self.value:.2f} over {self.count} ({self.lowest:g} to {self.highest:g})"


def check_bank(
    questions: Iterable[QuestionContent], *, objectives: Iterable[str], editions: Iterable[Edition]
) -> list[Finding]:
    """About the published questions, which are read once and may come from a cursor."""
    published = list(questions)
    practiced = {question.objective for question in published if question.pool == "practice"}
    sealed = Counter(question.objective.partition("-")[0] for question in published if question.pool == "mock")
    findings = [
        Finding("objective_without_question", Severity.ERROR, "No practice question is published.", subject=code)
        for code in objectives
        if code not in practiced
    ]
    findings.extend(_duplicate_findings(published))
    findings.extend(_measure_finding(measure) for measure in measure_bank(published) if not measure.is_met)
    for edition in editions:
        findings.extend(_edition_findings(edition, sealed))
    return findings


# Figures of a pool


def measure_bank(questions: Sequence[QuestionContent]) -> list[Measure]:
    """The figures of each pool, and what the learned guesser finds in each competency of it."""
    measures: list[Measure] = []
    for pool in ("practice", "mock"):
        inside = [question for question in questions if question.pool == pool]
        if len(inside) >= ENOUGH:
            measures.extend(_stem_measures(pool, [question.stem for question in inside]))
        choices = _choices(inside)
        if len(choices) >= ENOUGH:
            measures.extend(_option_measures(pool, choices))
            measures.append(_learned(pool, choices, highest=min(LEARNED_LIMIT, limit(len(choices), 2))))
        for competency in sorted({question.objective.partition("-")[0] for question in inside}):
            choices = _choices(question for question in inside if question.objective.startswith(competency))
            if len(choices) >= ENOUGH:
                measures.append(_learned(pool, choices, highest=limit(len(choices), 2), competency=competency))
    return measures


def _stem_measures(pool: str, stems: Sequence[str]) -> Iterator[Measure]:
    negative = statistics.fmean(negation(stem) is not None for stem in stems)
    yield Measure("negative_stems", pool, "questions put negatively", negative, 0, NEGATIVE_LIMIT, len(stems))
    grade = statistics.median(map(reading_grade, stems))
    yield Measure("reading_grade", pool, "median reading grade of the stems", grade, *GRADE, len(stems))


def _option_measures(pool: str, choices: Sequence[Choice]) -> Iterator[Measure]:
    count = len(choices)
    longest = statistics.fmean(map(_is_strictly_longest, choices))
    yield Measure("longest_is_key", pool, "keys strictly longest", longest, 0, limit(count, 2), count)
    if prose := [choice for choice in choices if max(map(len, choice.options)) > SHORT]:
        ratio = statistics.median(map(_length_ratio, prose))
        yield Measure("length_ratio", pool, "median length of key over distractors", ratio, *LENGTH_RATIO, len(prose))
    for what, vocabulary, sign in (("absolute words", ABSOLUTES, -1), ("hedging words", HEDGES, 1)):
        difference = max(0.0, sign * _rate_difference(choices, vocabulary))
        betrayed = "distractors than keys" if sign < 0 else "keys than distractors"
        yield Measure("word_rate", pool, f"{what} in more {betrayed}", difference, 0, WORD_RATE_LIMIT, count)
    for name, cue in CUES.items():
        accuracy = cue_accuracy(cue, choices)
        yield Measure("single_cue", pool, f"keys guessed by {name}", accuracy, 0, limit(count, 2.6), count)


def _learned(pool: str, choices: Sequence[Choice], *, highest: float, competency: str = "") -> Measure:
    accuracy = learned_accuracy(choices)
    what = "keys guessed by the learned guesser"
    return Measure("learned_guesser", pool, what, accuracy, 0, highest, len(choices), competency)


def limit(count: int, errors: float) -> float:
    """What chance, with so many standard errors above it, gives among so many questions."""
    return CHANCE + errors * math.sqrt(CHANCE * (1 - CHANCE) / count)


def _choices(questions: Iterable[QuestionContent]) -> list[Choice]:
    return [choice for question in questions if (choice := read_choice(question)) is not None]


def _is_strictly_longest(choice: Choice) -> bool:
    key = len(choice.options[choice.key])
    return all(key > len(option) for place, option in enumerate(choice.options) if place != choice.key)


def _length_ratio(choice: Choice) -> float:
    distractors = [len(option) for place, option in enumerate(choice.options) if place != choice.key]
    return len(choice.options[choice.key]) / statistics.fmean(distractors)


def _rate_difference(choices: Sequence[Choice], vocabulary: set[str]) -> float:
    """Share of keys that hold such a word, less the share of distractors that do."""
    held = [[not vocabulary.isdisjoint(words(option)) for option in choice.options] for choice in choices]
    keys = sum(marks[choice.key] for choice, marks in zip(choices, held, strict=True))
    distractors = sum(map(sum, held)) - keys
    return keys / len(choices) - distractors / (len(choices) * (len(LABELS) - 1))


def _measure_finding(measure: Measure) -> Finding:
    # Within a competency there are too few questions for a verdict.
    severity = Severity.WARNING if measure.competency else Severity.ERROR
    return Finding(measure.code, severity, f"{measure}.", subject=measure.subject)


# Questions that say the same


def _duplicate_findings(questions: Sequence[QuestionContent]) -> Iterator[Finding]:
    first_by_stem: dict[str, str] = {}
    for question in questions:
        first = first_by_stem.setdefault(normal(question.stem), question.code)
        if first != question.code:
            yield Finding("duplicate_stem", Severity.ERROR, f"Has the same stem as {first}.", subject=question.code)
    alike: dict[tuple[int, int], float] = defaultdict(float)
    items = [" ".join([question.stem, *(option.text for option in question.options)]) for question in questions]
    for texts in ([question.stem for question in questions], items):
        for pair, likeness in near_duplicates(texts).items():
            alike[pair] = max(alike[pair], likeness)
    for (place, later_place), likeness in sorted(alike.items()):
        one, later = questions[place], questions[later_place]
        # Questions of one objective and pool are meant to ask the same in other situations.
        is_variant = (one.objective, one.pool) == (later.objective, later.pool)
        if not is_variant and normal(one.stem) != normal(later.stem):
            message = f"Says nearly the same as {one.code} (likeness {likeness:.2f})."
            yield Finding("near_duplicate", Severity.ERROR, message, subject=later.code)


# Editions of the exam


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
