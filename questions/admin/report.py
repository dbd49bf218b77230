"""A page of figures about the bank."""

from __future__ import annotations

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from questions.queries import bank_coverage, bank_measures, blind_review


def bank_report(request: HttpRequest, *, page: ModelAdmin) -> HttpResponse:
    if not page.has_view_permission(request):
        raise PermissionDenied
    measures = bank_measures()
    context = {
        **page.admin_site.each_context(request),
        "title": "What the bank holds",
        "opts": page.opts,
        "coverage": bank_coverage(),
        "measures": measures,
        "failed": [measure for measure in measures if not measure.is_met],
        "review": blind_review(),
        "steps": range(1, 6),
    }
    return render(request, "admin/questions/question/report.html", context)
