from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.decorators import signed_in
from accounts.http import SignedInRequest
from quizzes.forms.responses import PlaceForm
from quizzes.models import Attempt
from quizzes.queries import get_attempt_for
from quizzes.services import Refusal, pause_attempt, resume_attempt
from quizzes.views.question_page import href_of
from quizzes.views.visits import lead_to, settle


@require_POST
@signed_in
def attempt_pause(request: SignedInRequest, code: UUID) -> HttpResponse:
    now = timezone.now()
    attempt = get_attempt_for(request.user, code)
    settle(request, attempt, now)
    try:
        pause_attempt(attempt=attempt, now=now)
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
    return lead_to(request, place_in(attempt, request))


@require_POST
@signed_in
def attempt_resume(request: SignedInRequest, code: UUID) -> HttpResponse:
    now = timezone.now()
    attempt = get_attempt_for(request.user, code)
    settle(request, attempt, now)
    try:
        resume_attempt(attempt=attempt, now=now)
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
    return lead_to(request, place_in(attempt, request))


def place_in(attempt: Attempt, request: SignedInRequest) -> str:
    """The question that the form was on; where the attempt goes on, when there is none such."""
    form = PlaceForm(request.POST)
    if form.is_valid() and form.cleaned_data["position"] <= attempt.question_count:
        return href_of(attempt, form.cleaned_data["position"])
    return attempt.get_absolute_url()
