"""The mock exam: choosing an edition, getting ready, the exam room, and each answer from it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.defaults import page_not_found

from accounts.decorators import signed_in
from accounts.http import SignedInRequest
from competencies.models import Blueprint
from quizzes.forms.answers import read_answer
from quizzes.models import Attempt
from quizzes.queries import get_attempt_for
from quizzes.services import (
    AnswerReceipt,
    AnswerRefused,
    AttemptClosed,
    StaleAnswer,
    StartRefused,
    UnknownPosition,
    record_answer,
    shared_mock,
    start_attempt,
)
from quizzes.views.exam_page import clock_of, edition_of, exam_room_of, open_mocks, past_mocks
from quizzes.views.visits import settle
from reviews.tasks import build_schedule


@signed_in
@require_safe
def mock(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    open_attempts = _settled(request, now)
    editions = [
        edition_of(blueprint, request.user, open_attempts)
        for blueprint in Blueprint.objects.prefetch_related("areas").order_by("position")
    ]
    context = {"editions": editions, "open_attempts": open_attempts, "past_attempts": past_mocks(request.user)}
    return render(request, "quizzes/mock.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def mock_start(request: SignedInRequest, blueprint: str) -> HttpResponse:
    """GET: the screen and the rules, before the clock starts. POST starts it."""
    now = timezone.now()
    chosen = get_object_or_404(Blueprint, code=blueprint)
    if request.method != "POST":
        edition = edition_of(chosen, request.user, _settled(request, now))
        return render(request, "quizzes/mock_start.html", {"edition": edition, "time_left": clock_of(edition)})
    try:
        attempt = start_attempt(candidate=request.user, quiz=shared_mock(blueprint=chosen), now=now)
    except StartRefused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("quizzes:mock")
    return redirect("quizzes:exam-room", code=attempt.code)


@signed_in
@require_safe
@gzip_page
def exam_room(request: SignedInRequest, code: UUID) -> HttpResponse:
    now = timezone.now()
    try:
        attempt = get_attempt_for(request.user, code)
    except Http404 as error:
        not_found = page_not_found(request, error)
        # By this the room knows that it was us, not a proxy, who said so.
        not_found["Remaining-Seconds"] = ""
        return not_found
    if not attempt.is_mock:
        return redirect(attempt)
    settle(request, attempt, now)
    if not attempt.is_open:
        return redirect(attempt)
    room = exam_room_of(attempt, request.user, now)
    response = render(request, "quizzes/exam_room.html", {"attempt": attempt, "room": room})
    # A page that slept asks for this alone, by HEAD, to set its clock.
    response["Remaining-Seconds"] = "" if room.remaining_seconds is None else str(room.remaining_seconds)
    return response


@require_POST
def answer_record(request: HttpRequest, code: UUID) -> JsonResponse:
    """Every way this ends is JSON with a status of its own; static/js/exam-room/server.js reads them."""
    now = timezone.now()
    if not request.user.is_authenticated:
        return _refused(401, "Sign in again to save your answers.")
    try:
        answer = read_answer(request)
        receipt = record_answer(
            attempt_code=code,
            candidate=request.user,
            position=answer.position,
            key=answer.key,
            sequence=answer.sequence,
            label=answer.label,
            is_flagged=answer.is_flagged,
            seconds=answer.seconds,
            now=now,
        )
    except ValidationError as error:
        return _refused(422, str(error.message))
    except UnknownPosition:
        return _refused(404, "You have no such question in an exam of yours.")
    except AttemptClosed as closed:
        build_schedule.delay_on_commit(request.user.pk)
        return _refused(410, closed.sentence, url=reverse("quizzes:attempt-detail", args=[code]))
    except StaleAnswer as stale:
        return _refused(409, stale.sentence, **_state(stale.current))
    except AnswerRefused as refusal:
        return _refused(422, refusal.sentence)
    return JsonResponse(_state(receipt))


def _settled(request: SignedInRequest, now: datetime) -> list[Attempt]:
    """The candidate's open mock exams; one that ran out is closed by this visit."""
    attempts = open_mocks(request.user)
    for attempt in attempts:
        settle(request, attempt, now)
    return [attempt for attempt in attempts if attempt.is_open]


def _state(receipt: AnswerReceipt) -> dict[str, Any]:
    return {
        "sequence": receipt.sequence,
        "label": receipt.label,
        "is_flagged": receipt.is_flagged,
        "remaining_seconds": receipt.remaining_seconds,
    }


def _refused(status: int, sentence: str, **content: Any) -> JsonResponse:
    return JsonResponse({"error": sentence, **content}, status=status)
