"""What every page of an attempt does first and last: close what ran out, and lead to where the attempt stands now."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django_htmx.http import HttpResponseClientRedirect

from accounts.http import SignedInRequest
from quizzes.forms.responses import FinishAttemptForm
from quizzes.models import Attempt
from quizzes.services import ReadingTime, finish_attempt, settle_attempt
from reviews.tasks import build_schedule

# What static/js/countdown.js sends along.
TIME_UP = "time_up"


def settle(request: SignedInRequest, attempt: Attempt, now: datetime) -> None:
    """Any visit closes an attempt that ran out, and says so."""
    was_open = attempt.is_open
    settle_attempt(attempt=attempt, now=now)
    if was_open and not attempt.is_open:
        tell_time_was_up(request, attempt)
        build_schedule.delay_on_commit(attempt.candidate_id)


def finish(request: SignedInRequest, attempt: Attempt, now: datetime) -> HttpResponse:
    if has_time_left(request, attempt, now):
        return lead_to(request, attempt.get_absolute_url())
    was_open, is_late = attempt.is_open, attempt.is_overdue(now)
    finish_attempt(attempt=attempt, now=now, times=reading_times(request))
    if was_open:
        build_schedule.delay_on_commit(attempt.candidate_id)
    if is_late:
        tell_time_was_up(request, attempt)
    return lead_to(request, attempt.get_absolute_url())


def reading_times(request: SignedInRequest) -> list[ReadingTime]:
    """How long somebody read on is no reason to refuse the end."""
    form = FinishAttemptForm(request.POST)
    return form.cleaned_data["times"] if form.is_valid() else []


def has_time_left(request: SignedInRequest, attempt: Attempt, now: datetime) -> bool:
    """Whether a page's clock ended an attempt too early: it was paused, or given more time, somewhere else."""
    return TIME_UP in request.POST and attempt.is_running(now)


def tell_time_was_up(request: SignedInRequest, attempt: Attempt) -> None:
    assert attempt.deadline_at is not None  # only a deadline closes an attempt by itself
    moment = date_format(timezone.localtime(attempt.deadline_at), "j F, H:i")
    messages.info(request, f"Time was up on {moment}. The quiz was closed with the answers saved by then.")


def lead_to(request: SignedInRequest, href: str) -> HttpResponse:
    """To another page: htmx would put it into a corner of this one if it were simply redirected."""
    return HttpResponseClientRedirect(href) if request.htmx else redirect(href)


def has_room(attempt: Attempt) -> bool:
    """Whether an open attempt is sat on a page of its own and not question by question."""
    return attempt.is_mock or attempt.is_placement


def room_of(attempt: Attempt) -> str:
    name = "quizzes:placement-question" if attempt.is_placement else "quizzes:exam-room"
    return reverse(name, args=[attempt.code])
