"""One search over everything there is to study, and over what one has answered oneself.

Texts are compared here and not in the database, because databases differ in what they take for the same letter. There
is a bounded amount of study text; of answered questions, only the stems of one candidate are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from accounts.models import User
from competencies.matching import Part, excerpt, fold, has_all, marked, plain_text, rank
from competencies.models import Objective, Reference, Sheet, Statement, Term
from quizzes.queries.answered import answered_questions

HITS_SHOWN = 20
# Of what has no name: behind everything that has one.
NO_NAME = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Something that can be found."""

    href: str
    title: str  # what the link says; empty where the text itself does
    names: tuple[str, ...]  # what it is called: a word found here counts more
    text: str = ""  # Markdown
    code: str = ""
    competency: str = ""
    is_correct: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    href: str
    title: list[Part]
    excerpt: list[Part]
    code: str
    competency: str
    is_correct: bool | None


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    heading: str
    best: int  # how well its first hit answers, as `rank` has it
    total: int
    hits: list[Hit]

    @property
    def is_cut(self) -> bool:
        return self.total > len(self.hits)


def search(words: Sequence[str], *, candidate: User | None, at: datetime) -> list[Group]:
    """What holds every word, by kind: the kind with the best match first, none without a hit. Six queries at most."""
    groups = [
        _group("objectives", "Objectives and study texts", _objectives(), words),
        _group("terms", "Glossary", _terms(), words),
        _group("sheets", "Formulas and frameworks", _sheets(), words),
        _group("statements", "Statements of the handbook", _statements(), words),
        _group("references", "Works cited", _references(), words),
    ]
    if candidate:
        groups.append(_group("answered", "Questions you have answered", _answered(candidate, at), words))
    return sorted((group for group in groups if group.hits), key=lambda group: group.best)


def _group(name: str, heading: str, documents: Iterable[Document], words: Sequence[str]) -> Group:
    """Best matches first; among equals, the documents' own order stands."""
    found = [document for document in documents if has_all(_folded(document), words)]
    found.sort(key=lambda document: _rank(document, words))
    hits = [_hit(document, words) for document in found[:HITS_SHOWN]]
    return Group(name, heading, _rank(found[0], words) if found else 0, len(found), hits)


def _rank(document: Document, words: Sequence[str]) -> int:
    return min((rank(name, words) for name in document.names), default=NO_NAME)


def _folded(document: Document) -> str:
    return fold("\n".join([document.title, *document.names, document.text]))


def _hit(document: Document, words: Sequence[str]) -> Hit:
    quoted = excerpt(plain_text(document.text), words)
    return Hit(
        href=document.href,
        title=marked(document.title, words) if document.title else quoted,
        excerpt=quoted if document.title else [],
        code=document.code,
        competency=document.competency,
        is_correct=document.is_correct,
    )


def _objectives() -> Iterator[Document]:
    for objective in Objective.objects.select_related("statement__competency"):
        yield Document(
            href=objective.get_absolute_url(),
            title=objective.text,
            names=(objective.text, objective.code),
            text=objective.study_text,
            code=objective.code,
            competency=objective.statement.competency.code,
        )


def _terms() -> Iterator[Document]:
    for term in Term.objects.all():
        others = [name.strip() for name in term.also.split(",")] if term.also else []
        title = f"{term.name} ({term.also})" if term.also else term.name
        yield Document(href=term.get_absolute_url(), title=title, names=(term.name, *others), text=term.definition)


def _sheets() -> Iterator[Document]:
    for sheet in Sheet.objects.all():
        text = f"{sheet.summary}\n\n{sheet.body}"
        yield Document(href=sheet.get_absolute_url(), title=sheet.title, names=(sheet.title,), text=text)


def _statements() -> Iterator[Document]:
    for statement in Statement.objects.select_related("competency"):
        yield Document(
            href=statement.get_absolute_url(),
            title=statement.text,
            names=(statement.text, statement.code),
            code=statement.code,
            competency=statement.competency.code,
        )


def _references() -> Iterator[Document]:
    for reference in Reference.objects.all():
        names = (reference.title, reference.authors)
        yield Document(href=reference.get_absolute_url(), title=str(reference), names=names)


def _answered(candidate: User, at: datetime) -> Iterator[Document]:
    for response in answered_questions(candidate, at=at):
        objective = response.question.objective
        yield Document(
            href=reverse("quizzes:response-detail", args=[response.attempt.code, response.position]),
            title="",
            names=(),
            text=response.question.stem,
            code=objective.code,
            competency=objective.statement.competency.code,
            is_correct=response.is_correct,
        )
