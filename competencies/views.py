"""The study pages are open to everybody; nothing on them is about a person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from competencies.queries import (
    blueprints_with_areas,
    competencies_with_counts,
    get_competency,
    get_objective,
    get_statement,
    neighbours,
    references_by_kind,
    statements_by_kind,
)


@require_safe
def competency_list(request: HttpRequest) -> HttpResponse:
    context = {"competencies": competencies_with_counts(), "blueprints": blueprints_with_areas()}
    return render(request, "competencies/competency_list.html", context)


@require_safe
def competency_detail(request: HttpRequest, code: str) -> HttpResponse:
    competency = get_competency(code)
    context = {"competency": competency, "groups": statements_by_kind(competency)}
    return render(request, "competencies/competency_detail.html", context)


@require_safe
def statement_detail(request: HttpRequest, code: str) -> HttpResponse:
    statement = get_statement(code)
    before, after = neighbours(statement)
    context = {"statement": statement, "competency": statement.competency, "before": before, "after": after}
    return render(request, "competencies/statement_detail.html", context)


@require_safe
def objective_detail(request: HttpRequest, code: str) -> HttpResponse:
    objective = get_objective(code)
    before, after = neighbours(objective)
    context = {
        "objective": objective,
        "statement": objective.statement,
        "competency": objective.statement.competency,
        "before": before,
        "after": after,
    }
    return render(request, "competencies/objective_detail.html", context)


@require_safe
def reference_list(request: HttpRequest) -> HttpResponse:
    return render(request, "competencies/reference_list.html", {"groups": references_by_kind()})
