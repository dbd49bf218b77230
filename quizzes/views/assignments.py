"""Assignments: the candidate's page and start, and everything the coordinator does with them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import coordinator_required, signed_in
from accounts.http import SignedInRequest
from accounts.models import User
from cohorts.queries import get_cohort_for
from quizzes.charts import competency_heat
from quizzes.exports import csv_response
from quizzes.forms.assignments import CreateAssignmentForm, SearchQuestionsForm, WindowForm
from quizzes.models import Attempt, Quiz
from quizzes.queries.boards import (
    assignments_of,
    board_of,
    get_assignment_for,
    get_led_assignment,
    question_board,
)
from quizzes.services import Refusal, StartRefused, start_attempt
from quizzes.services.assigning import (
    assign_quiz,
    build_chosen_quiz,
    build_mock_quiz,
    build_rule_quiz,
    update_assignment,
)
from quizzes.views.visits import settle

STATES = {"not_started": "Not started", "in_progress": "In progress", "finished": "Finished", "late": "Late"}


# The candidate's


@require_safe
@signed_in
def assignment_detail(request: SignedInRequest, code: UUID) -> HttpResponse:
    now = timezone.now()
    assignment = get_assignment_for(request.user, code)
    attempts = list(
        Attempt.objects.for_candidate(request.user).filter(assignment=assignment).select_related("quiz", "assignment")
    )
    for attempt in attempts:
        settle(request, attempt, now)
    context = {
        "assignment": assignment,
        "attempts": attempts,
        "open_attempt": next((attempt for attempt in attempts if attempt.is_open), None),
        "may_start": assignment.opens_at <= now < assignment.due_at and len(attempts) < assignment.attempts_allowed,
        "is_early": now < assignment.opens_at,
        "is_over": now >= assignment.due_at,
        "minutes": own_minutes(assignment.quiz, request.user),
    }
    return render(request, "quizzes/assignment_detail.html", context)


@require_POST
@signed_in
def assignment_start(request: SignedInRequest, code: UUID) -> HttpResponse:
    assignment = get_assignment_for(request.user, code)
    try:
        attempt = start_attempt(candidate=request.user, quiz=assignment.quiz, now=timezone.now(), assignment=assignment)
    except StartRefused as refusal:
        messages.error(request, refusal.sentence)
        return redirect(assignment)
    return redirect(attempt)


def own_minutes(quiz: Quiz, candidate: User) -> int | None:
    """The time limit with this candidate's extra time."""
    if quiz.time_limit_minutes is None:
        return None
    return candidate.minutes_of(quiz.time_limit_minutes)


# The coordinator's


@require_safe
@coordinator_required
def assignment_list(request: SignedInRequest, cohort: UUID) -> HttpResponse:
    led = get_cohort_for(request.user, cohort)
    context = {
        "cohort": led,
        "assignments": assignments_of(led),
        "now": timezone.now(),
    }
    return render(request, "quizzes/assignment_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_required
def assignment_create(request: SignedInRequest, cohort: UUID) -> HttpResponse:
    led, now = get_cohort_for(request.user, cohort), timezone.now()
    form = CreateAssignmentForm(request.POST or None, initial=first_window(now), now=now)
    if request.method == "POST" and form.is_valid():
        try:
            assignment = assign_quiz(cohort=led, **new_assignment(request.user, form.cleaned_data))
        except Refusal as refusal:
            form.add_error("content", refusal.sentence)
        else:
            messages.success(request, f"{assignment.quiz.title} is assigned to {led.name}.")
            return redirect("quizzes:assignment-board", assignment.code)
    context = {"cohort": led, "form": form, "search": SearchQuestionsForm()}
    return render(request, "quizzes/assignment_create.html", context)


@require_safe
@coordinator_required
def question_search(request: SignedInRequest, cohort: UUID) -> HttpResponse:
    """Practice questions to choose from: a fragment for htmx, a page of its own without."""
    led = get_cohort_for(request.user, cohort)
    search = SearchQuestionsForm(request.GET)
    questions = search.questions() if search.is_valid() else []
    template = "quizzes/question_search.html" + ("#found" if request.htmx else "")
    return render(request, template, {"cohort": led, "search": search, "questions": questions})


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_required
def assignment_update(request: SignedInRequest, code: UUID) -> HttpResponse:
    assignment, now = get_led_assignment(request.user, code), timezone.now()
    fields = ("opens_at", "due_at", "attempts_allowed")
    form = WindowForm(request.POST or None, initial={name: getattr(assignment, name) for name in fields}, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            update_assignment(assignment=assignment, now=now, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "The assignment is changed.")
            return redirect("quizzes:assignment-board", code)
    return render(
        request, "quizzes/assignment_update.html", {"assignment": assignment, "cohort": assignment.cohort, "form": form}
    )


@require_safe
@coordinator_required
def assignment_board(request: SignedInRequest, code: UUID) -> HttpResponse:
    assignment = get_led_assignment(request.user, code)
    board = board_of(assignment, at=timezone.now())
    shown = [(row.candidate.name, row.scores) for row in board.rows if row.is_sharing and row.best]
    context = {
        "assignment": assignment,
        "cohort": assignment.cohort,
        "board": board,
        "heat": competency_heat(board.competencies, shown),
        "states": STATES,
    }
    return render(request, "quizzes/assignment_board.html", context)


@require_safe
@coordinator_required
def assignment_questions(request: SignedInRequest, code: UUID) -> HttpResponse:
    assignment = get_led_assignment(request.user, code)
    context = {"assignment": assignment, "cohort": assignment.cohort, "board": question_board(assignment)}
    return render(request, "quizzes/assignment_questions.html", context)


@require_safe
@coordinator_required
def assignment_export(request: SignedInRequest, code: UUID) -> HttpResponse:
    """What the board shows, and nothing else."""
    assignment = get_led_assignment(request.user, code)
    board = board_of(assignment, at=timezone.now())
    heading = ["Candidate", "State", "Started", "Finished", "Attempts", "Score in percent"]
    rows = [
        [
            row.candidate.name,
            STATES[row.state],
            row.started_at,
            row.finished_at,
            row.attempts_used,
            row.percent,
            *(row.scores[one.code].percent if one.code in row.scores else None for one in board.competencies),
        ]
        for row in board.rows
    ]
    codes = [competency.code for competency in board.competencies]
    return csv_response(f"{assignment.quiz.title} scores", [[*heading, *codes], *rows])


def first_window(now: datetime) -> dict[str, Any]:
    """From now on, for a week."""
    opens_at = timezone.localtime(now).replace(second=0, microsecond=0)
    return {"code": uuid4(), "opens_at": opens_at, "due_at": opens_at + timedelta(days=7)}


def new_assignment(author: User, data: dict[str, Any]) -> dict[str, Any]:
    """The arguments of `assign_quiz` from a valid form. Raises NotEnoughQuestions."""
    content, questions = data["content"], data.get("questions", [])
    if content == CreateAssignmentForm.Content.CHOSEN:
        quiz = build_chosen_quiz(author=author, title=data["title"], questions=questions)
    elif content == CreateAssignmentForm.Content.MOCK:
        quiz = build_mock_quiz(author=author, title=data["title"], blueprint=data["blueprint"])
    else:
        codes = [competency.code for competency in data["competencies"]]
        quiz = build_rule_quiz(
            author=author, title=data["title"], rule={"competencies": codes}, question_count=data["question_count"]
        )
    quiz.feedback = data["feedback"]
    quiz.time_limit_minutes = data["time_limit_minutes"] or (quiz.blueprint.minutes if quiz.blueprint else None)
    window = {name: data[name] for name in ("code", "opens_at", "due_at", "attempts_allowed")}
    return {**window, "quiz": quiz, "questions": questions}
