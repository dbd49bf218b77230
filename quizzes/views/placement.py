from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import signed_in
from accounts.http import SignedInRequest
from quizzes.forms.placement import AnswerPlacementForm
from quizzes.models import Attempt, Response
from quizzes.queries import get_attempt_for
from quizzes.queries.placement import waiting_response
from quizzes.services import (
    AnswerRefused,
    FinishRefused,
    StartRefused,
    answer_placement,
    finish_placement,
    start_placement,
)
from quizzes.views.placement_page import placement_page, placement_question_page
from quizzes.views.visits import room_of, settle
from reviews.tasks import build_schedule


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def placement(request: SignedInRequest) -> HttpResponse:
    """What the test is; POST starts it, or leads back into the open one."""
    now = timezone.now()
    if request.method != "POST":
        return render(request, "quizzes/placement.html", {"page": placement_page(request.user, now)})
    try:
        attempt = start_placement(candidate=request.user, now=now)
    except StartRefused as refusal:
        messages.warning(request, refusal.sentence)
        return redirect("quizzes:placement")
    return redirect(room_of(attempt))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def placement_question(request: SignedInRequest, code: UUID) -> HttpResponse:
    """The question that waits for an answer; POST answers it and leads back here, to the next one."""
    now = timezone.now()
    attempt = get_attempt_for(request.user, code)
    settle(request, attempt, now)
    if not attempt.is_placement or not attempt.is_open:
        return redirect(attempt)
    response = waiting_response(attempt)
    if response is None:
        # Finished in another tab since.
        return redirect("quizzes:placement")
    if request.method != "POST":
        return show(request, response, empty_form(response))
    form = AnswerPlacementForm(request.POST)
    if form.is_valid():
        return answer(request, attempt, form, now)
    # What is wrong with an answer to an earlier question is nothing to mend in this one.
    is_of_another = form.cleaned_data.get("position") not in (None, response.position)
    return redirect(room_of(attempt)) if is_of_another else show(request, response, form)


@signed_in
@require_POST
def placement_finish(request: SignedInRequest, code: UUID) -> HttpResponse:
    """Before the last question. A second time changes nothing."""
    now = timezone.now()
    attempt = get_attempt_for(request.user, code)
    if not attempt.is_placement or not attempt.is_open:
        return redirect(attempt)
    try:
        finish_placement(attempt=attempt, now=now)
    except FinishRefused as refusal:
        messages.warning(request, refusal.sentence)
        return redirect(room_of(attempt))
    build_schedule.delay_on_commit(request.user.pk)
    return redirect(attempt)


def answer(request: SignedInRequest, attempt: Attempt, form: AnswerPlacementForm, now: datetime) -> HttpResponse:
    try:
        answered = answer_placement(attempt=attempt, now=now, **form.cleaned_data)
    except AnswerRefused as refusal:
        messages.warning(request, refusal.sentence)
        return redirect(room_of(attempt))
    if answered.is_open:
        return redirect(room_of(attempt))
    build_schedule.delay_on_commit(request.user.pk)
    return redirect(attempt)


def show(request: SignedInRequest, response: Response, form: AnswerPlacementForm) -> HttpResponse:
    page = placement_question_page(response, form)
    return render(request, "quizzes/placement_question.html", {"page": page, "form": form})


def empty_form(response: Response) -> AnswerPlacementForm:
    return AnswerPlacementForm(initial={"seconds": 0, "key": uuid4(), "position": response.position})
