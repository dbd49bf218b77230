from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import signed_in
from accounts.http import SignedInRequest
from competencies.models import Competency
from quizzes.forms.practice import BuildPracticeForm, NarrowPracticeForm, RepeatPracticeForm
from quizzes.models import Attempt, DrawRule, Feedback, Quiz
from quizzes.queries import COUNTED_AT_MOST, count_practice_questions, get_attempt_for
from quizzes.queries.practice import attempts_of
from quizzes.queries.readiness import most_rewarding_competency
from quizzes.services import StartRefused, build_practice_quiz, start_attempt
from quizzes.views.question_page import href_of
from reviews.study_days import study_day

TEMPLATE = "quizzes/practice.html"
PRESET_QUESTIONS = 10
OPEN_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    title: str
    text: str
    code: UUID
    unseen_first: bool = False
    competency: Competency | None = None
    competencies: Sequence[Competency] = ()
    question_count: int = PRESET_QUESTIONS


@dataclass(frozen=True, slots=True)
class Choice:
    """One box of the builder."""

    code: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    name: str
    legend: str
    choices: list[Choice]


@dataclass(frozen=True, slots=True)
class Matching:
    count: int

    @property
    def count_text(self) -> str:
        return f"{self.count:,}{' or more' if self.count >= COUNTED_AT_MOST else ''}"


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def practice(request: SignedInRequest) -> HttpResponse:
    if request.method != "POST":
        return builder_page(request, BuildPracticeForm(initial=first_choice(request.GET)))
    form = BuildPracticeForm(request.POST)
    if form.is_valid():
        try:
            attempt = start_practice(request, form)
        except StartRefused as refusal:
            form.add_error("question_count", refusal.sentence)
        else:
            return redirect(href_of(attempt, 1))
    return builder_page(request, form)


@signed_in
@require_safe
def practice_count(request: SignedInRequest) -> HttpResponse:
    """The builder's live count; without htmx the builder itself, which shows it too."""
    if not request.htmx:
        return redirect(f"{reverse('quizzes:practice')}?{request.GET.urlencode()}")
    form = NarrowPracticeForm(request.GET)
    count = count_practice_questions(form.rule()) if form.is_valid() else 0
    return render(request, f"{TEMPLATE}#matching", {"matching": Matching(count)})


@signed_in
@require_POST
def attempt_repeat(request: SignedInRequest, code: UUID) -> HttpResponse:
    """Another quiz by the same choice, with other questions where there are any."""
    earlier = get_attempt_for(request.user, code)
    form = RepeatPracticeForm(request.POST)
    if earlier.is_open or not can_repeat(earlier) or not form.is_valid():
        return redirect(earlier)
    try:
        attempt = start_again(request, earlier.quiz, form.cleaned_data["code"])
    except StartRefused as refusal:
        messages.warning(request, refusal.sentence)
        return redirect(earlier)
    return redirect(href_of(attempt, 1))


def can_repeat(attempt: Attempt) -> bool:
    """What a coordinator assigned has its own number of attempts; a mock exam and a placement test, their own pages."""
    return attempt.assignment_id is None and not attempt.is_mock and not attempt.is_placement


def start_practice(request: SignedInRequest, form: BuildPracticeForm) -> Attempt:
    now = timezone.now()
    quiz = build_practice_quiz(
        candidate=request.user,
        code=form.cleaned_data["code"],
        title=form.title(),
        rule=form.rule(),
        question_count=form.cleaned_data["question_count"],
        feedback=form.cleaned_data["feedback"],
        time_limit_minutes=form.cleaned_data["time_limit_minutes"],
    )
    return start_attempt(candidate=request.user, quiz=quiz, now=now)


def start_again(request: SignedInRequest, earlier: Quiz, code: UUID) -> Attempt:
    now = timezone.now()
    quiz = build_practice_quiz(
        candidate=request.user,
        code=code,
        title=earlier.title,
        rule={**earlier.rule, "unseen_first": True},
        question_count=earlier.question_count,
        feedback=earlier.feedback,
        time_limit_minutes=earlier.time_limit_minutes,
    )
    return start_attempt(candidate=request.user, quiz=quiz, now=now)


def first_choice(query: QueryDict) -> dict[str, Any]:
    """What the builder shows first: the address may name competencies, statements or objectives."""
    asked = {name: query.getlist(name) for name in ("competencies", "statements", "objectives")}
    return {
        **asked,
        "question_count": PRESET_QUESTIONS,
        "unseen_first": True,
        "feedback": Feedback.AFTER_EACH,
    }


def builder_page(request: SignedInRequest, form: BuildPracticeForm) -> HttpResponse:
    matching = Matching(count_practice_questions(asked_rule(form)))
    if not form.is_bound and form.is_narrowed_to_codes:
        form.initial["question_count"] = max(1, min(PRESET_QUESTIONS, matching.count))
    unknown = form.unknown_codes()
    context = {
        "form": form,
        "code": uuid4(),
        "matching": matching,
        "competency_choices": choices_of(form, "competencies", form.all_competencies),
        "code_groups": code_groups(form),
        "unknown_text": f"There is nothing called {', '.join(unknown)} here." if unknown else "",
        "presets": presets_for(request, form),
        "open_attempts": attempts_of(request.user).in_progress()[:OPEN_SHOWN],
    }
    return render(request, TEMPLATE, context)


def asked_rule(form: BuildPracticeForm) -> DrawRule:
    """As far as it can be read: a form that is refused for its number still counts its competencies."""
    return {
        "competencies": form.chosen("competencies"),
        "statements": form.chosen("statements"),
        "objectives": form.chosen("objectives"),
    }


def code_groups(form: BuildPracticeForm) -> list[ChoiceGroup]:
    groups = [
        ChoiceGroup("statements", "Statements", choices_of(form, "statements", form.asked_statements)),
        ChoiceGroup("objectives", "Objectives", choices_of(form, "objectives", form.asked_objectives)),
    ]
    return [group for group in groups if group.choices]


def choices_of(form: BuildPracticeForm, name: str, rows: Sequence[Any]) -> list[Choice]:
    chosen = form.chosen(name)
    return [Choice(row.code, row.name if isinstance(row, Competency) else row.text, row.code in chosen) for row in rows]


def presets_for(request: SignedInRequest, form: BuildPracticeForm) -> list[Preset]:
    """None beside a choice that somebody came with: they know what they want."""
    if form.is_narrowed_to_codes:
        return []
    presets = [
        Preset(title="Quick ten", text="Ten questions, mixed from all competencies.", code=uuid4()),
        Preset(
            title="Unseen ten",
            text="Ten questions you have not seen yet, as far as there are any.",
            code=uuid4(),
            unseen_first=True,
        ),
    ]
    on = study_day(timezone.now(), request.user.time_zone)
    if competency := most_rewarding_competency(request.user, on=on):
        text = f"{competency.name}: where an hour of study wins most."
        presets.append(
            Preset(title="What pays most", text=text, code=uuid4(), unseen_first=True, competency=competency)
        )
    return [
        *presets,
        Preset(
            title="One competency",
            text="Ten questions, all from one.",
            code=uuid4(),
            unseen_first=True,
            competencies=form.all_competencies,
        ),
    ]
