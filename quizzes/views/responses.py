from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django_htmx.http import push_url

from accounts.decorators import signed_in
from accounts.http import SignedInRequest
from quizzes.forms.responses import CheckResponseForm, SaveResponseForm
from quizzes.models import Attempt, Feedback, Response
from quizzes.queries import get_response_for, response_states
from quizzes.services import (
    AnswerRefused,
    AttemptClosed,
    AttemptPaused,
    check_response,
    record_answer,
)
from quizzes.views.miss_reasons import is_classified, reason_form
from quizzes.views.navigator import MARKS_SHOWN, place_context, places_to_tell, tally_of
from quizzes.views.question_page import clock_text, href_of, question_page
from quizzes.views.result_page import href_of_reviewed
from quizzes.views.visits import finish, has_room, has_time_left, lead_to, room_of, settle
from study.queries import note_on

TEMPLATE = "quizzes/response_detail.html"
# What static/js/question-save.js sends along: saved, and nobody goes anywhere.
STAYS = "stays"
# By this it knows that it was us who took the answer, and which; not a proxy, which may answer anything with 200.
STORED_KEY = "Answer-Key"


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def response_detail(request: SignedInRequest, code: UUID, position: int) -> HttpResponse:
    now = timezone.now()
    response = get_response_for(request.user, code, position)
    settle(request, response.attempt, now)
    if not response.attempt.is_open or has_room(response.attempt):
        return lead_elsewhere(request, response)
    if response.attempt.is_paused:
        return pausing(request, response, now)
    if request.method != "POST":
        return show(request, response, empty_form(response), now)
    form = bound_form(request, response)
    if has_time_left(request, response.attempt, now) or not form.is_valid():
        shown = show(request, response, form, now)
        # Its script is told by the status alone.
        shown.status_code = 422 if stays(request, response.attempt) else 200
        return shown
    return answer(request, response, form, now)


def pausing(request: SignedInRequest, response: Response, now: datetime) -> HttpResponse:
    """No question is shown and no answer taken while the clock stands still."""
    attempt = response.attempt
    if request.method == "POST":
        messages.warning(request, AttemptPaused().sentence)
    if request.method == "POST" or request.htmx:
        return lead_to(request, href_of(attempt, response.position))
    context = {
        "attempt": attempt,
        "position": response.position,
        "remaining_text": clock_text(attempt.remaining_seconds(now) or 0),
        "tally": tally_of(response_states(attempt)),
        "count_text": str(attempt.question_count),
    }
    return render(request, "quizzes/attempt_paused.html", context)


def answer(request: SignedInRequest, response: Response, form: forms.Form, now: datetime) -> HttpResponse:
    """Store it, then lead on."""
    attempt = response.attempt
    try:
        store(request, response, form, now)
    except AttemptClosed as refusal:
        messages.warning(request, refusal.sentence)
        return lead_to(request, attempt.get_absolute_url())
    except AnswerRefused as refusal:
        messages.warning(request, refusal.sentence)
        return lead_to(request, href_of(attempt, response.position))
    answered = lead_on(request, response, now)
    if key := form.cleaned_data.get("key"):
        answered[STORED_KEY] = str(key)
    return answered


def store(request: SignedInRequest, response: Response, form: forms.Form, now: datetime) -> None:
    attempt, choice = response.attempt, form.cleaned_data
    if checks_at_once(attempt):
        if check_response(response=response, now=now, **choice).selected_label != choice["label"]:
            raise AnswerRefused("This question was checked elsewhere in the meantime. The first answer stands.")
        return
    record_answer(attempt_code=attempt.code, candidate=request.user, position=response.position, now=now, **choice)


def lead_on(request: SignedInRequest, response: Response, now: datetime) -> HttpResponse:
    """To the feedback of what was answered, to the next question, behind the last one to the end of the quiz, or to the
    result when time is up; by a save that stays, nowhere."""
    attempt = response.attempt
    if stays(request, attempt):
        # It does not close the quiz either: after the deadline, within the grace, others may still be on their way.
        return render(request, f"{TEMPLATE}#saved", place_context(response, list(response_states(attempt))))
    if attempt.is_overdue(now):
        return finish(request, attempt, now)
    place = response.position if checks_at_once(attempt) else response.position + 1
    if place > attempt.question_count:
        return lead_to(request, reverse("quizzes:attempt-submit", args=[attempt.code]))
    if not request.htmx:
        return redirect(href_of(attempt, place))
    # The feedback or the next question at once, as a fragment: a redirect would cost another round trip.
    shown = get_response_for(request.user, attempt.code, place)
    fragment = show(request, shown, empty_form(shown), now)
    return fragment if place == response.position else push_url(fragment, href_of(attempt, place))


def show(request: SignedInRequest, response: Response, form: forms.Form, now: datetime) -> HttpResponse:
    states = list(response_states(response.attempt))
    note = note_on(request.user, response.question.objective) if response.shows_rationale(now) else None
    page = question_page(response, states, candidate=request.user, form=form, now=now, note=note)
    reason = reason_form(response.attempt, response, next_href=page.href) if is_classified(response, now) else None
    context = {"page": page, "form": form, "reason": reason}
    if not request.htmx:
        return render(request, TEMPLATE, context)
    changed = places_to_tell(page.places, request.headers.get(MARKS_SHOWN))
    return render(request, f"{TEMPLATE}#question", {**context, "changed": changed})


def lead_elsewhere(request: SignedInRequest, response: Response) -> HttpResponse:
    attempt = response.attempt
    if attempt.is_open:
        return lead_to(request, room_of(attempt))
    if request.method == "POST":
        messages.warning(request, "This quiz is finished; answers are no longer taken.")
        return lead_to(request, attempt.get_absolute_url())
    return lead_to(request, href_of_reviewed(attempt, response.position))


def stays(request: SignedInRequest, attempt: Attempt) -> bool:
    return STAYS in request.POST and bool(request.htmx) and not checks_at_once(attempt)


def checks_at_once(attempt: Attempt) -> bool:
    return attempt.feedback == Feedback.AFTER_EACH


def empty_form(response: Response) -> forms.Form:
    if checks_at_once(response.attempt):
        return CheckResponseForm(initial={"seconds": 0})
    return SaveResponseForm(initial={"seconds": 0, "key": uuid4(), "sequence": response.sequence + 1})


def bound_form(request: SignedInRequest, response: Response) -> forms.Form:
    if checks_at_once(response.attempt):
        return CheckResponseForm(request.POST)
    return SaveResponseForm(request.POST)
