from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import HttpRequest
from progress.forms import SearchForm
from progress.queries import search as queries


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Open to everybody; one's own answered questions are looked through when one is signed in."""
    form = SearchForm(request.GET)
    candidate = request.user if request.user.is_authenticated else None
    groups = queries.search(form.words, candidate=candidate, at=timezone.now()) if form.words else []
    context = {"form": form, "groups": groups, "total": sum(group.total for group in groups)}
    return render(request, "progress/search.html", context)
