"""What the study pages read: each a constant number of queries, however much there is to study."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple, TypeVar

from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404

from competencies.models import Blueprint, BlueprintArea, Competency, Objective, Reference, Statement

KIND_HEADINGS = {"job_task": "Job tasks", "knowledge": "Knowledge", "skill": "Skills or abilities"}
Row = TypeVar("Row", Statement, Objective)


class StatementGroup(NamedTuple):
    heading: str
    statements: list[Statement]


class ReferenceGroup(NamedTuple):
    heading: str
    references: list[Reference]


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


def get_objective(code: str) -> Objective:
    return get_object_or_404(
        Objective.objects.select_related("statement__competency").prefetch_related("references"), code=code
    )


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


def neighbours(row: Row) -> tuple[Row | None, Row | None]:
    """The ones before and after in the handbook's order, across competencies."""
    rows: QuerySet[Row] = type(row).objects.all()
    codes = list(rows.values_list("code", flat=True))
    place = codes.index(row.code)
    found = {other.code: other for other in rows.filter(code__in=codes[max(place - 1, 0) : place + 2])}
    before = found[codes[place - 1]] if place else None
    after = found[codes[place + 1]] if place + 1 < len(codes) else None
    return before, after
