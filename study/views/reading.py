"""The study pages are open to everybody; who is signed in finds there what they kept."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import HttpRequest
from competencies.models import Competency
from competencies.queries import (
    blueprints_with_areas,
    competencies_with_counts,
    get_competency,
    get_objective,
    get_reference,
    get_sheet,
    get_statement,
    get_term,
    glossary,
    neighbouring_terms,
    neighbours,
    references_by_kind,
    sheets_beside,
    sheets_by_kind,
    statements_by_kind,
)
from study.forms import FilterTermsForm
from study.queries import bookmarked_ids, is_bookmarked, note_on, study_text_of


@require_safe
def competency_list(request: HttpRequest) -> HttpResponse:
    context = {"competencies": competencies_with_counts(), "blueprints": blueprints_with_areas()}
    return render(request, "study/competency_list.html", context)


@require_safe
def competency_detail(request: HttpRequest, code: str) -> HttpResponse:
    competency = get_competency(code)
    context = {"competency": competency, "groups": statements_by_kind(competency)}
    return render(request, "study/competency_detail.html", context)


@require_safe
def statement_detail(request: HttpRequest, code: str) -> HttpResponse:
    statement = get_statement(code)
    before, after = neighbours(statement)
    candidate = request.user if request.user.is_authenticated else None
    context = {
        "statement": statement,
        "competency": statement.competency,
        "bookmarked": bookmarked_ids(candidate, statement.objectives.all()) if candidate else set(),
        "before": before,
        "after": after,
    }
    return render(request, "study/statement_detail.html", context)


@require_safe
def objective_detail(request: HttpRequest, code: str) -> HttpResponse:
    objective = get_objective(code)
    before, after = neighbours(objective)
    candidate = request.user if request.user.is_authenticated else None
    context = {
        "objective": objective,
        "study_text": study_text_of(objective, candidate),
        "note": note_on(candidate, objective) if candidate else None,
        "is_bookmarked": is_bookmarked(candidate, objective) if candidate else False,
        "statement": objective.statement,
        "competency": objective.statement.competency,
        "before": before,
        "after": after,
    }
    return render(request, "study/objective_detail.html", context)


@require_safe
def reference_list(request: HttpRequest) -> HttpResponse:
    return render(request, "study/reference_list.html", {"groups": references_by_kind()})


@require_safe
def reference_detail(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "study/reference_detail.html", {"reference": get_reference(code)})


@require_safe
def term_list(request: HttpRequest) -> HttpResponse:
    """A filter that cannot be read shows the terms all the same, and says what was wrong with it."""
    competencies = list(Competency.objects.all())
    form = FilterTermsForm(competencies, request.GET)
    groups = glossary(competency=form.competency_code, words=form.words)
    context = {
        "form": form,
        "competencies": competencies,
        "competency": next((each for each in competencies if each.code == form.competency_code), None),
        "groups": groups,
        "count": sum(len(group.terms) for group in groups),
        "is_filtered": bool(form.competency_code or form.words),
    }
    return render(request, "study/term_list.html", context)


@require_safe
def term_detail(request: HttpRequest, code: str) -> HttpResponse:
    term = get_term(code)
    before, after = neighbouring_terms(term)
    context = {"term": term, "sheets": sheets_beside(term), "before": before, "after": after}
    return render(request, "study/term_detail.html", context)


@require_safe
def sheet_list(request: HttpRequest) -> HttpResponse:
    return render(request, "study/sheet_list.html", {"groups": sheets_by_kind()})


@require_safe
def sheet_detail(request: HttpRequest, code: str) -> HttpResponse:
    sheet = get_sheet(code)
    before, after = neighbours(sheet)
    return render(request, "study/sheet_detail.html", {"sheet": sheet, "before": before, "after": after})
