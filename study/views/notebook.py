from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.decorators import signed_in
from accounts.http import SignedInRequest
from competencies.models import Competency
from study.forms import KEPT_KINDS, FilterNotebookForm
from study.queries import notebook as kept_by

ENTRIES_PER_PAGE = 40


@require_safe
@signed_in
def notebook(request: SignedInRequest) -> HttpResponse:
    """A filter that cannot be read shows everything all the same, and says what was wrong with it."""
    competencies = list(Competency.objects.all())
    form = FilterNotebookForm(competencies, request.GET)
    entries = kept_by(request.user, competency=form.competency_code, kind=form.kind_name, words=form.words)
    context = {
        "form": form,
        "page": Paginator(entries, ENTRIES_PER_PAGE).get_page(request.GET.get("page")),
        "query": form.query(),
        "kinds": [
            {"label": label, "query": form.query(kind=name), "is_current": form.kind_name == name}
            for name, label in [("", "All"), *KEPT_KINDS]
        ],
        "competencies": [
            {
                "competency": each,
                "query": form.query(competency=each.code),
                "is_current": form.competency_code == each.code,
            }
            for each in competencies
        ],
        "all_query": form.query(competency=""),
    }
    return render(request, "study/notebook.html", context)
