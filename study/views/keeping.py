"""What a candidate keeps while reading: each a form that works without a script, and a fragment for htmx."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.decorators import signed_in
from accounts.http import SignedInRequest, next_of
from competencies.models import Objective
from competencies.queries import get_objective
from study import services
from study.forms import PassageForm, UpdateNoteForm
from study.models import Note
from study.queries import study_text_of


@require_POST
@signed_in
def note_update(request: SignedInRequest, code: str) -> HttpResponse:
    """From the objective's own page, or from wherever `next` names on this site."""
    objective = get_object_or_404(Objective, code=code)
    form = UpdateNoteForm(request.POST)
    if not form.is_valid():
        return _refused_note(request, objective, form.refusal)
    try:
        note = services.save_note(
            candidate=request.user,
            objective=objective,
            text=form.cleaned_data["text"],
            began_from=form.cleaned_data["began_from"],
            now=timezone.now(),
        )
    except services.NoteChanged as refusal:
        return _refused_note(request, objective, str(refusal), newer=refusal.newer)
    outcome = "Saved" if note else "Deleted"
    if request.htmx:
        return render(request, "study/note_outcome.html", {"text": outcome, "note": note})
    messages.success(request, f"Your note is {outcome.lower()}.")
    return redirect(next_of(request) or objective.get_absolute_url())


@require_POST
@signed_in
def bookmark_create(request: SignedInRequest, code: str) -> HttpResponse:
    objective = get_object_or_404(Objective, code=code)
    services.add_bookmark(candidate=request.user, objective=objective, now=timezone.now())
    return _bookmark(request, objective, is_bookmarked=True)


@require_POST
@signed_in
def bookmark_remove(request: SignedInRequest, code: str) -> HttpResponse:
    objective = get_object_or_404(Objective, code=code)
    services.remove_bookmark(candidate=request.user, objective=objective)
    return _bookmark(request, objective, is_bookmarked=False)


@require_POST
@signed_in
def highlight_create(request: SignedInRequest, code: str) -> HttpResponse:
    objective = get_objective(code)
    form = PassageForm(request.POST)
    refusal = form.refusal
    if form.is_valid():
        try:
            services.add_highlight(candidate=request.user, objective=objective, passage=form.value, now=timezone.now())
        except services.HighlightRefused as error:
            refusal = str(error)
    return _highlights(request, objective, outcome="Highlighted", refusal=refusal)


@require_POST
@signed_in
def highlight_remove(request: SignedInRequest, code: str) -> HttpResponse:
    objective = get_objective(code)
    form = PassageForm(request.POST)
    if form.is_valid():
        services.remove_highlight(candidate=request.user, objective=objective, passage=form.value)
    return _highlights(request, objective, outcome="Highlight removed", refusal=form.refusal)


def _refused_note(
    request: SignedInRequest, objective: Objective, sentence: str, newer: Note | None = None
) -> HttpResponse:
    """Without a script the words would be gone with the page that they were typed on: they stand in the answer."""
    if request.htmx:
        context = {"text": sentence, "is_refused": True, "newer": newer}
        return render(request, "study/note_outcome.html", context)
    context = {
        "objective": objective,
        "sentence": sentence,
        "typed": {name: request.POST.get(name, "") for name in ("text", "began_from")},
        "newer": newer,
        "next_href": next_of(request) or objective.get_absolute_url(),
    }
    return render(request, "study/note_update.html", context)


def _bookmark(request: SignedInRequest, objective: Objective, *, is_bookmarked: bool) -> HttpResponse:
    if request.htmx:
        context = {"objective_code": objective.code, "is_bookmarked": is_bookmarked}
        return render(request, "study/bookmark_form.html", context)
    return redirect(next_of(request) or objective.get_absolute_url())


def _highlights(request: SignedInRequest, objective: Objective, *, outcome: str, refusal: str) -> HttpResponse:
    if request.htmx:
        context = {
            "objective": objective,
            "study_text": study_text_of(objective, request.user),
            "outcome": refusal or outcome,
            "is_refused": bool(refusal),
        }
        return render(request, "study/study_text.html", context)
    if refusal:
        messages.error(request, refusal)
    return redirect(next_of(request) or objective.get_absolute_url())
