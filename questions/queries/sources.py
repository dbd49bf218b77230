from __future__ import annotations

from dataclasses import dataclass

from questions.models import Question


@dataclass(frozen=True, slots=True)
class Source:
    """A work cited by a question, and where in it."""

    citation: str
    locator: str
    href: str


def sources_of(question: Question) -> list[Source]:
    return [
        Source(str(work), question.locators.get(work.code, ""), work.get_absolute_url())
        for work in question.references.all()
    ]
