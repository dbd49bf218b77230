from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import HttpRequest
from progress.forms import SearchForm
from progress.queries import search as queries


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Open to everybody; one's own notes and answered questions are looked through when one is signed in."""
    form = SearchForm(request.GET)
    candidate = request.user if request.user.is_authenticated else None
    only, page = request.GET.get("kind", ""), request.GET.get("page", "")
    asked = form.asked
    groups = (
        queries.search(asked, candidate=candidate, at=timezone.now(), only=only, page=page) if asked.phrases else []
    )
    is_one_kind = [group.name for group in groups] == [only]
    context = {
        "form": form,
        "groups": groups,
        "total": sum(group.total for group in groups),
        "query": urlencode({"q": form.query}),
        "page_query": urlencode({"q": form.query, "kind": only}),
        "is_one_kind": is_one_kind,
    }
    return render(request, "progress/search.html", context)
