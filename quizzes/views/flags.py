from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.decorators import signed_in
from accounts.http import SignedInRequest, next_of
from quizzes.forms.responses import FlagResponseForm
from quizzes.models import Response
from quizzes.queries import get_response_for, response_states
from quizzes.services import FlagRefused, flag_response
from quizzes.views.navigator import place_context
from quizzes.views.question_page import href_of, show_question
from quizzes.views.visits import lead_to, settle

# Longer than any address of ours.


@require_POST
@signed_in
def response_flag(request: SignedInRequest, code: UUID, position: int) -> HttpResponse:
    """After the check, or when the quiz is over; before, the flag goes with the answer."""
    now = timezone.now()
    response = get_response_for(request.user, code, position)
    settle(request, response.attempt, now)
    form = FlagResponseForm(request.POST)
    if not form.is_valid():
        return refuse(request, response, "Open the question again to flag it.")
    try:
        flag_response(response=response, is_flagged=form.cleaned_data["is_flagged"])
    except FlagRefused as refusal:
        return refuse(request, response, refusal.sentence)
    if request.htmx:
        return render(request, "quizzes/response_detail.html#flagged", flagged_context(request, response))
    return redirect(next_of(request) or href_of(response.attempt, position))


def refuse(request: SignedInRequest, response: Response, sentence: str) -> HttpResponse:
    messages.warning(request, sentence)
    return lead_to(request, href_of(response.attempt, response.position))


def flagged_context(request: SignedInRequest, response: Response) -> dict[str, Any]:
    """The button, and in an open quiz what its navigator says of the question."""
    context = {"question": show_question(response, explained=False), "next_href": next_of(request)}
    if not response.attempt.is_open:
        return context
    return {**context, **place_context(response, list(response_states(response.attempt)))}
