"""Solving a bank blind, and what the solving shows.

A solver sees stem and options in shuffled order, or the options alone, and never key, rationale, code or tags. How far
the solvers agree with the keys when they see the stem says whether the keys are right; how far they fall when the stem
is taken away says whether a question asks for knowledge (Balepur, Ravichander and Rudinger 2024 on answering from
choices alone).

Each question on a sheet has a number made of the sheet's seed and the question's words, so that answers find their
question again without a list of keys, and an answer to words that have since changed finds none.
"""

from __future__ import annotations

import csv
import hashlib
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TextIO

from questions.validation import QuestionContent, canonical

LETTERS = ("W", "X", "Y", "Z")  # not those of the labels, which the bank's own files show
COLUMNS = ("question", "words", "view", "solver", "answer", "agrees", "remark")
SOLVES_NEEDED = 2  # with the stem
# Screening shows the options alone too, to choose what is rewritten. What it chose from is then no fair sample of what
# stands, so it is kept in the record and out of the figures.
STEM, OPTIONS, SCREENING, ADJUDICATION = "stem", "options", "screening", "adjudication"


@dataclass(frozen=True, slots=True)
class BlindItem:
    number: str
    content: QuestionContent
    labels: tuple[str, ...]  # in the order shown

    def label(self, letter: str) -> str:
        """The label behind a letter of the sheet; KeyError where the sheet has none."""
        return dict(zip(LETTERS, self.labels, strict=False))[letter]


@dataclass(frozen=True, slots=True)
class Solve:
    """A row of the record: one solver's answer to one version, or an adjudicator's decision about it."""

    question: str
    words: str  # `words_digest` of the version
    view: str
    solver: str
    answer: str  # a label; of an adjudication: kept, mended or dropped
    agrees: bool
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ReviewFigures:
    """How the solving came out; shares are 0 where nothing was solved."""

    solves: int
    agreement: float  # share of solves with the stem that gave the key
    blind_solves: int
    blind_agreement: float  # the same without the stem
    adjudicated: int

    @property
    def gap(self) -> float:
        return self.agreement - self.blind_agreement

    @property
    def agreement_percent(self) -> float:
        return 100 * self.agreement

    @property
    def blind_percent(self) -> float:
        return 100 * self.blind_agreement


def words_digest(content: QuestionContent) -> str:
    """Of what a solver sees and of the key: rationales and references can be mended without solving again."""
    options = sorted((option.label, canonical(option.text)) for option in content.options)
    return hashlib.sha256(repr((content.code, canonical(content.stem), options, content.key)).encode()).hexdigest()[:12]


def blind_items(contents: Iterable[QuestionContent], *, seed: str) -> list[BlindItem]:
    """In an order and with letters that depend on the seed and the words alone."""
    items = []
    for content in contents:
        digest = hashlib.sha256(f"{seed} {words_digest(content)}".encode()).hexdigest()
        labels = sorted(option.label for option in content.options)
        random.Random(digest).shuffle(labels)
        items.append(BlindItem(digest[:8], content, tuple(labels)))
    return sorted(items, key=lambda item: item.number)


def write_sheet(items: Iterable[BlindItem], *, view: str, stream: TextIO) -> None:
    """Markdown for a solver."""
    for item in items:
        stream.write(f"## {item.number}\n\n")
        if view == STEM:
            stream.write(f"{item.content.stem.strip()}\n\n")
        texts = {option.label: option.text for option in item.content.options}
        for letter, label in zip(LETTERS, item.labels, strict=False):
            stream.write(f"- {letter}: {texts[label]}\n")
        stream.write("\n")


def read_answers(
    lines: Iterable[str], items: Iterable[BlindItem], *, view: str, solver: str
) -> tuple[list[Solve], list[str]]:
    """Solves of `number,letter[,remark]` lines, and a sentence for each line that is none."""
    by_number = {item.number: item for item in items}
    solves: list[Solve] = []
    refusals: list[str] = []
    seen: set[str] = set()
    for place, row in enumerate(csv.reader(lines), start=1):
        if not any(row) or row[0].strip().lower() == "number":
            continue
        number, letter, remark = (*(cell.strip() for cell in row[:3]), "", "", "")[:3]
        if number not in by_number:
            refusals.append(f"{place}: No published question has the number “{number}” on this sheet.")
        elif number in seen:
            refusals.append(f"{place}: {number} is answered twice.")
        elif letter not in LETTERS:
            refusals.append(f"{place}: The answer must be one of {', '.join(LETTERS)}, not “{letter}”.")
        else:
            seen.add(number)
            item = by_number[number]
            answer = item.label(letter)
            solves.append(
                Solve(
                    question=item.content.code,
                    words=words_digest(item.content),
                    view=view,
                    solver=solver,
                    answer=answer,
                    agrees=answer == item.content.key,
                    remark=remark,
                )
            )
    return solves, refusals


# The record


def read_record(stream: Iterable[str]) -> list[Solve]:
    rows = list(csv.reader(stream))[1:]
    return [
        Solve(question, words, view, solver, answer, agrees == "yes", remark)
        for question, words, view, solver, answer, agrees, remark in rows
    ]


def write_record(solves: Iterable[Solve], stream: TextIO) -> None:
    """Sorted, so that two records differ where the solving does."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for solve in sorted(solves, key=lambda solve: (solve.question, solve.view, solve.solver, solve.words)):
        row = [getattr(solve, column) for column in COLUMNS]
        row[COLUMNS.index("agrees")] = "yes" if solve.agrees else "no"
        writer.writerow(row)


def review_figures(solves: Iterable[Solve]) -> ReviewFigures:
    by_view: dict[str, list[bool]] = defaultdict(list)
    for solve in solves:
        by_view[solve.view].append(solve.agrees)
    return ReviewFigures(
        solves=len(by_view[STEM]),
        agreement=_share(by_view[STEM]),
        blind_solves=len(by_view[OPTIONS]),
        blind_agreement=_share(by_view[OPTIONS]),
        adjudicated=len(by_view[ADJUDICATION]),
    )


def _share(marks: Sequence[bool]) -> float:
    return sum(marks) / len(marks) if marks else 0.0


def standing(solves: Iterable[Solve], words: Mapping[str, str]) -> list[Solve]:
    """Those about the words that stand now: `words_digest` by code of question."""
    return [solve for solve in solves if words.get(solve.question) == solve.words]


def unsolved(solves: Iterable[Solve], words: Mapping[str, str]) -> dict[str, str]:
    """What each question still lacks, by code: solvers with the stem, or one without it."""
    solvers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for solve in standing(solves, words):
        solvers[solve.question, solve.view].add(solve.solver)
    lacks: dict[str, str] = {}
    for code in words:
        if len(solvers[code, STEM]) < SOLVES_NEEDED:
            lacks[code] = STEM
        elif not solvers[code, OPTIONS]:
            lacks[code] = OPTIONS
    return lacks
