"""The sample question, and options as they are shown."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.conf import settings

from questions.models import Question


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
