from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import signed_in
from accounts.http import SignedInRequest
from quizzes.forms.practice import (
    BuildPracticeForm,
    NarrowPracticeForm,
    RepeatPracticeForm,
    ResetStatusForm,
    StartShortMockForm,
    TakeResetBackForm,
)
from quizzes.models import Attempt, DrawRule
from quizzes.queries import count_practice_questions, get_attempt_for
from quizzes.queries.practice import asked_codes, edition_of, missed_codes
from quizzes.queries.statuses import Standing, reset_to_take_back, standing_of
from quizzes.services import (
    RepeatMode,
    StartRefused,
    build_practice_quiz,
    build_repeat,
    build_short_mock,
    reset_statuses,
    short_mocks,
    start_attempt,
    start_daily_ten,
    take_reset_back,
)
from quizzes.views.practice_page import TEMPLATE, Matching, first_choice, practice_context
from quizzes.views.question_page import href_of


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def practice(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    if request.method != "POST":
        form = BuildPracticeForm(initial=first_choice(request.GET))
        return render(request, TEMPLATE, practice_context(request.user, form, now))
    form = BuildPracticeForm(request.POST)
    if form.is_valid():
        try:
            attempt = start_practice(request, form)
        except StartRefused as refusal:
            form.add_error("question_count", refusal.sentence)
        else:
            return redirect(href_of(attempt, 1))
    return render(request, TEMPLATE, practice_context(request.user, form, now))


@signed_in
@require_safe
def practice_count(request: SignedInRequest) -> HttpResponse:
    """The builder's live count; without htmx the builder itself, which shows it too."""
    if not request.htmx:
        return redirect(f"{reverse('quizzes:practice')}?{request.GET.urlencode()}")
    form = NarrowPracticeForm(request.GET)
    rule = form.rule() if form.is_valid() else None
    count = count_practice_questions(rule, standing_for(request, rule)) if rule else 0
    return render(request, f"{TEMPLATE}#matching", {"matching": Matching(count)})


@signed_in
@require_POST
def daily_ten_start(request: SignedInRequest) -> HttpResponse:
    """Ten questions a day: starts, goes on, or leads to the result."""
    try:
        attempt = start_daily_ten(candidate=request.user, now=timezone.now())
    except StartRefused as refusal:
        messages.warning(request, refusal.sentence)
        return redirect("quizzes:practice")
    return redirect(attempt)


@signed_in
@require_POST
def short_mock_start(request: SignedInRequest) -> HttpResponse:
    form, edition = StartShortMockForm(request.POST), edition_of(request.user)
    mocks = {mock.size: mock for mock in short_mocks(edition)} if edition else {}
    if not form.is_valid() or not (chosen := mocks.get(form.cleaned_data["size"])):
        messages.warning(request, "That could not be started. Choose again.")
        return redirect("quizzes:practice")
    try:
        quiz = build_short_mock(candidate=request.user, code=form.cleaned_data["code"], mock=chosen)
        attempt = start_attempt(candidate=request.user, quiz=quiz, now=timezone.now())
    except StartRefused as refusal:
        messages.warning(request, refusal.sentence)
        return redirect("quizzes:practice")
    return redirect(href_of(attempt, 1))


@signed_in
@require_POST
def attempt_repeat(request: SignedInRequest, code: UUID) -> HttpResponse:
    """Another quiz: the same questions, those that were missed, or a fresh draw by the same choice."""
    earlier = get_attempt_for(request.user, code)
    form = RepeatPracticeForm(request.POST)
    if earlier.is_open or not can_repeat(earlier) or not form.is_valid():
        return redirect(earlier)
    mode, now = form.cleaned_data["mode"], timezone.now()
    try:
        quiz = build_repeat(attempt=earlier, mode=mode, code=form.cleaned_data["code"], now=now)
        attempt = start_attempt(candidate=request.user, quiz=quiz, now=now)
    except StartRefused as refusal:
        messages.warning(request, refusal.sentence)
        return redirect(earlier)
    if sentence := shorter_text(earlier, mode, attempt):
        messages.info(request, sentence)
    return redirect(href_of(attempt, 1))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def practice_reset(request: SignedInRequest) -> HttpResponse:
    """GET says what a reset does and what stays; POST resets."""
    now = timezone.now()
    form = ResetStatusForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if reset_statuses(candidate=request.user, now=now):
            messages.success(request, "Every question counts as not seen from now on.")
        else:
            messages.info(request, "There is nothing to reset: no question was seen since the last reset.")
        return redirect("quizzes:practice-reset")
    context = {
        "form": form,
        "reset": reset_to_take_back(request.user, at=now),
        "seen": len(standing_of(request.user, at=now).seen),
    }
    return render(request, "quizzes/practice_reset.html", context)


@signed_in
@require_POST
def practice_reset_undo(request: SignedInRequest) -> HttpResponse:
    form = TakeResetBackForm(request.POST)
    if form.is_valid() and take_reset_back(candidate=request.user, now=timezone.now(), **form.cleaned_data):
        messages.success(request, "The reset is taken back. Your questions are as they were.")
    else:
        messages.info(request, "That reset is taken back already, or its day is over.")
    return redirect("quizzes:practice-reset")


def can_repeat(attempt: Attempt) -> bool:
    """What a coordinator assigned has its own number of attempts; a mock exam and a placement test, their own pages."""
    return attempt.assignment_id is None and not attempt.is_mock and not attempt.is_placement


def repeat_context(attempt: Attempt) -> dict[str, Any]:
    """What quizzes/attempt_repeat_form.html takes: a key for each way, so that a double click starts one quiz."""
    return {
        "attempt": attempt,
        "missed_count": len(missed_codes(attempt)),
        "codes": {mode.value: uuid4() for mode in RepeatMode},
    }


def start_practice(request: SignedInRequest, form: BuildPracticeForm) -> Attempt:
    rule = form.rule()
    quiz = build_practice_quiz(
        candidate=request.user,
        code=form.cleaned_data["code"],
        title=form.title(),
        rule=rule,
        question_count=form.cleaned_data["question_count"],
        feedback=form.cleaned_data["feedback"],
        time_limit_minutes=form.cleaned_data["time_limit_minutes"],
        standing=standing_for(request, rule),
    )
    return start_attempt(candidate=request.user, quiz=quiz, now=timezone.now())


def standing_for(request: SignedInRequest, rule: DrawRule | None) -> Standing | None:
    """Read only where the rule asks for it."""
    return standing_of(request.user, at=timezone.now()) if rule and rule.get("statuses") else None


def shorter_text(earlier: Attempt, mode: RepeatMode, attempt: Attempt) -> str:
    """Why a repeat has fewer questions than what it repeats; nothing where it has as many."""
    if mode == RepeatMode.FRESH:
        missing = earlier.quiz.question_count - attempt.question_count
        return f"Fewer questions match the same choice now: {attempt.question_count}." if missing > 0 else ""
    asked = asked_codes(earlier) if mode == RepeatMode.SAME else missed_codes(earlier)
    missing = len(asked) - attempt.question_count
    if missing <= 0:
        return ""
    return f"{missing} question{' was' if missing == 1 else 's were'} retired since and left out."
