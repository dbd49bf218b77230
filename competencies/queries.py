"""What the study pages read: each a constant number of queries, however much there is to study."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from string import ascii_uppercase
from typing import NamedTuple, TypeVar

from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404

from competencies.matching import fold, has_all
from competencies.models import Blueprint, BlueprintArea, Competency, Objective, Reference, Sheet, Statement, Term

KIND_HEADINGS = {"job_task": "Job tasks", "knowledge": "Knowledge", "skill": "Skills or abilities"}
SHEET_HEADINGS = {"formula": "Formulas", "framework": "Frameworks"}
# Where names stand that begin with no letter, such as "5 whys".
DIGITS = "0-9"
Row = TypeVar("Row", Statement, Objective, Term, Sheet)


class StatementGroup(NamedTuple):
    heading: str
    statements: list[Statement]


class ReferenceGroup(NamedTuple):
    heading: str
    references: list[Reference]


class SheetGroup(NamedTuple):
    heading: str
    sheets: list[Sheet]


class LetterGroup(NamedTuple):
    letter: str
    terms: list[Term]


def get_competency(code: str) -> Competency:
    return get_object_or_404(
        Competency.objects.prefetch_related(
            Prefetch(
                "blueprint_areas", BlueprintArea.objects.select_related("blueprint").order_by("blueprint__position")
            )
        ),
        code=code,
    )


def get_statement(code: str) -> Statement:
    return get_object_or_404(Statement.objects.select_related("competency").prefetch_related("objectives"), code=code)


def practice_questions() -> Count:
    """Named by the relation alone: the bank lies above these pages. Sealed questions are nobody's to count on."""
    return Count("questions", filter=Q(questions__status="published", questions__pool="practice"), distinct=True)


def get_objective(code: str) -> Objective:
    """With what explains it, and how many questions a candidate may be asked on it as `question_count`."""
    objectives = Objective.objects.select_related("statement__competency")
    related = objectives.prefetch_related("references", "terms", Prefetch("sheets", Sheet.objects.defer("body")))
    return get_object_or_404(related.annotate(question_count=practice_questions()), code=code)


def get_term(code: str) -> Term:
    return get_object_or_404(Term.objects.prefetch_related(Prefetch("objectives", _named()), "references"), code=code)


def get_sheet(code: str) -> Sheet:
    return get_object_or_404(Sheet.objects.prefetch_related(Prefetch("objectives", _named()), "references"), code=code)


def get_reference(code: str) -> Reference:
    """With everything that cites it, and how many questions for practice do as `question_count`."""
    references = Reference.objects.prefetch_related(
        Prefetch("objectives", _named()), "terms", Prefetch("sheets", Sheet.objects.defer("body"))
    )
    return get_object_or_404(references.annotate(question_count=practice_questions()), code=code)


def _named() -> QuerySet[Objective]:
    """Objectives for a list of links: without their study texts."""
    return Objective.objects.select_related("statement__competency").defer("study_text")


def competencies_with_counts() -> QuerySet[Competency]:
    def statements(kind: Statement.Kind) -> Count:
        return Count("statements", filter=Q(statements__kind=kind), distinct=True)

    return Competency.objects.annotate(
        job_task_count=statements(Statement.Kind.JOB_TASK),
        knowledge_count=statements(Statement.Kind.KNOWLEDGE),
        skill_count=statements(Statement.Kind.SKILL),
        objective_count=Count("statements__objectives", distinct=True),
    )


def blueprints_with_areas() -> QuerySet[Blueprint]:
    return Blueprint.objects.annotate(heaviest=Max("areas__weight")).prefetch_related(
        Prefetch("areas", BlueprintArea.objects.order_by("position")), "areas__competencies"
    )


def statements_by_kind(competency: Competency) -> list[StatementGroup]:
    """Job tasks, knowledge, skills: the handbook's order, which is the model's."""
    statements = competency.statements.prefetch_related("objectives")
    return [
        StatementGroup(KIND_HEADINGS[kind], list(group))
        for kind, group in groupby(statements, key=lambda statement: statement.kind)
    ]


def references_by_kind() -> list[ReferenceGroup]:
    headings = {"book": "Books", "article": "Articles", "standard": "Standards", "guide": "Guides"}
    references = list(Reference.objects.prefetch_related("objectives"))
    groups = [
        ReferenceGroup(heading, [reference for reference in references if reference.kind == kind])
        for kind, heading in headings.items()
    ]
    return [group for group in groups if group.references]


def glossary(*, competency: str = "", words: Sequence[str] = ()) -> list[LetterGroup]:
    """The terms of one competency or of all that hold every word, by letter; letters without terms come empty."""
    terms = Term.objects.all()
    if competency:
        objectives = Objective.objects.filter(statement__competency__code=competency)
        terms = terms.filter(pk__in=Term.objects.filter(objectives__in=objectives).values("pk"))
    found = [term for term in terms if has_all(fold(f"{term.name} {term.also} {term.definition}"), words)]
    # Databases differ in where they put capitals, accents and hyphens.
    found.sort(key=lambda term: fold(term.name))
    by_letter: dict[str, list[Term]] = defaultdict(list)
    for term in found:
        by_letter[_letter_of(term)].append(term)
    digits = [DIGITS] if DIGITS in by_letter else []
    return [LetterGroup(letter, by_letter[letter]) for letter in [*digits, *ascii_uppercase]]


def _letter_of(term: Term) -> str:
    letter = fold(term.name)[0].upper()
    return letter if letter in ascii_uppercase else DIGITS


def sheets_by_kind() -> list[SheetGroup]:
    sheets = list(Sheet.objects.defer("body"))
    groups = [
        SheetGroup(heading, [sheet for sheet in sheets if sheet.kind == kind])
        for kind, heading in SHEET_HEADINGS.items()
    ]
    return [group for group in groups if group.sheets]


def sheets_beside(term: Term) -> QuerySet[Sheet]:
    """Those that share an objective with the term."""
    return Sheet.objects.defer("body").filter(pk__in=Sheet.objects.filter(objectives__terms=term).values("pk"))


def neighbours(row: Row) -> tuple[Row | None, Row | None]:
    """The ones before and after in the model's order: the handbook's, across competencies, or that of the sheets."""
    return _around(row, list(type(row).objects.values_list("code", flat=True)))


def neighbouring_terms(term: Term) -> tuple[Term | None, Term | None]:
    """In the order of the glossary."""
    names = sorted(Term.objects.order_by().values_list("name", "code"), key=lambda pair: fold(pair[0]))
    return _around(term, [code for _, code in names])


def _around(row: Row, codes: list[str]) -> tuple[Row | None, Row | None]:
    rows: QuerySet[Row] = type(row).objects.all()
    place = codes.index(row.code)
    found = {other.code: other for other in rows.filter(code__in=codes[max(place - 1, 0) : place + 2])}
    before = found[codes[place - 1]] if place else None
    after = found[codes[place + 1]] if place + 1 < len(codes) else None
    return before, after
