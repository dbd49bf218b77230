"""One search over everything there is to study, over one's own notes, and over what one has answered oneself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from competencies.matching import Part, excerpt_at, marked_at, plain_text
from competencies.models import Objective, Reference, Sheet, Statement, Term
from competencies.stems import Query, distance, spans
from progress.queries.full_text import Found, find
from quizzes.models import Response
from quizzes.queries.answered import answered_questions
from study.models import Note

HITS_SHOWN = 20
# Of what has no name: behind everything that has one.
NO_NAME = 5
Ranked = tuple[int, Found]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Something that was found."""

    href: str
    title: str  # what the link says; empty where the text itself does
    text: str = ""  # Markdown
    code: str = ""
    competency: str = ""
    is_correct: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Documents of one kind: where they are looked for, and what is shown of one."""

    name: str
    heading: str
    rows: QuerySet[Any]
    names: tuple[str, ...] = ()  # fields with what it is called: a word found here counts more
    texts: tuple[str, ...] = ()
    document: Callable[[Any], Document]


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
    best: int  # how far the nearest name is from what was asked
    page: Page[Ranked]
    hits: list[Hit]  # those of the page

    @property
    def total(self) -> int:
        return self.page.paginator.count


def search(query: Query, *, candidate: User | None, at: datetime, only: str = "", page: str = "") -> list[Group]:
    """What holds every phrase, by kind: the kind with the best match first, none without a hit.

    The first page of each kind, or one page of the kind that is named alone. A query for each kind, and one more for
    what is shown of it.
    """
    every = kinds(candidate, at)
    named = [kind for kind in every if kind.name == only]
    groups = [_group(kind, query, page if named else "") for kind in named or every]
    return sorted((group for group in groups if group.hits), key=lambda group: group.best)


def _group(kind: Kind, query: Query, number: str) -> Group:
    """The nearest names first, then what speaks of it most; among equals, the documents' own order stands."""
    ranked = [(_distance(found, query), found) for found in find(kind.rows, query, names=kind.names, texts=kind.texts)]
    ranked.sort(key=lambda pair: (pair[0], -pair[1].rank))
    page = Paginator(ranked, HITS_SHOWN).get_page(number)
    keys = [found.pk for _, found in page.object_list]
    rows = {row.pk: row for row in kind.rows.filter(pk__in=keys)} if keys else {}
    hits = [_hit(kind.document(rows[key]), query) for key in keys]
    return Group(kind.name, kind.heading, ranked[0][0] if ranked else NO_NAME, page, hits)


def _distance(found: Found, query: Query) -> int:
    called = {name for field in found.names for name in (field, *field.split(","))}
    return min((distance(name, query) for name in called), default=NO_NAME)


def _hit(document: Document, query: Query) -> Hit:
    text = plain_text(document.text)
    quoted = excerpt_at(text, spans(text, query))
    return Hit(
        href=document.href,
        title=marked_at(document.title, spans(document.title, query)) if document.title else quoted,
        excerpt=quoted if document.title else [],
        code=document.code,
        competency=document.competency,
        is_correct=document.is_correct,
    )


def kinds(candidate: User | None, at: datetime) -> Sequence[Kind]:
    studied = [_objectives(), _terms(), _sheets(), _statements(), _references()]
    return studied if candidate is None else [*studied, _notes(candidate), _answered_questions(candidate, at)]


def _objectives() -> Kind:
    return Kind(
        name="objectives",
        heading="Objectives and study texts",
        rows=Objective.objects.select_related("statement__competency"),
        names=("text", "code"),
        texts=("study_text",),
        document=_objective,
    )


def _objective(objective: Objective) -> Document:
    return Document(
        href=objective.get_absolute_url(),
        title=objective.text,
        text=objective.study_text,
        code=objective.code,
        competency=objective.statement.competency.code,
    )


def _terms() -> Kind:
    return Kind(
        name="terms",
        heading="Glossary",
        rows=Term.objects.all(),
        names=("name", "also"),
        texts=("definition",),
        document=_term,
    )


def _term(term: Term) -> Document:
    title = f"{term.name} ({term.also})" if term.also else term.name
    return Document(href=term.get_absolute_url(), title=title, text=term.definition)


def _sheets() -> Kind:
    return Kind(
        name="sheets",
        heading="Formulas and frameworks",
        rows=Sheet.objects.all(),
        names=("title",),
        texts=("summary", "body"),
        document=_sheet,
    )


def _sheet(sheet: Sheet) -> Document:
    return Document(href=sheet.get_absolute_url(), title=sheet.title, text=f"{sheet.summary}\n\n{sheet.body}")


def _statements() -> Kind:
    return Kind(
        name="statements",
        heading="Statements of the handbook",
        rows=Statement.objects.select_related("competency"),
        names=("text", "code"),
        document=_statement,
    )


def _statement(statement: Statement) -> Document:
    return Document(
        href=statement.get_absolute_url(),
        title=statement.text,
        code=statement.code,
        competency=statement.competency.code,
    )


def _references() -> Kind:
    return Kind(
        name="references",
        heading="References",
        rows=Reference.objects.all(),
        names=("title", "authors"),
        texts=("publication", "year"),
        document=_reference,
    )


def _reference(reference: Reference) -> Document:
    return Document(href=reference.get_absolute_url(), title=str(reference))


def _notes(candidate: User) -> Kind:
    return Kind(
        name="notes",
        heading="Your notes",
        rows=Note.objects.filter(candidate=candidate).select_related("objective__statement__competency"),
        texts=("text",),
        document=_note,
    )


def _note(note: Note) -> Document:
    return Document(
        href=f"{note.objective.get_absolute_url()}#note",
        title=note.objective.text,
        text=note.text,
        code=note.objective.code,
        competency=note.objective.statement.competency.code,
    )


def _answered_questions(candidate: User, at: datetime) -> Kind:
    return Kind(
        name="answered",
        heading="Questions you have answered",
        rows=answered_questions(candidate, at=at),
        texts=("question__stem",),
        document=_answered_question,
    )


def _answered_question(response: Response) -> Document:
    objective = response.question.objective
    return Document(
        href=reverse("quizzes:response-detail", args=[response.attempt.code, response.position]),
        title="",
        text=response.question.stem,
        code=objective.code,
        competency=objective.statement.competency.code,
        is_correct=response.is_correct,
    )
