from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import signed_in
from accounts.http import SignedInRequest
from competencies.models import Competency, Objective, Statement
from quizzes import scoring
from quizzes.forms.responses import FilterResponsesForm
from quizzes.models import Attempt
from quizzes.queries import get_attempt_for, missed_objectives, response_states, responses_of, scored_responses
from quizzes.queries.practice import attempts_of
from quizzes.views import result_page
from quizzes.views.placement_page import placement_outcome
from quizzes.views.practice import can_repeat
from quizzes.views.question_page import EXPLAINED, clock_text, href_of, next_open, places_of, show_question, tally_of
from quizzes.views.visits import finish, has_room, lead_to, room_of, settle

ATTEMPTS_PER_PAGE = 20


@signed_in
@require_safe
def attempt_list(request: SignedInRequest) -> HttpResponse:
    page = Paginator(attempts_of(request.user), ATTEMPTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "quizzes/attempt_list.html", {"page": page})


@signed_in
@require_safe
def attempt_detail(request: SignedInRequest, code: UUID) -> HttpResponse:
    """The result; while the attempt is open, the way back into it."""
    now = timezone.now()
    attempt = get_attempt_for(request.user, code)
    settle(request, attempt, now)
    if attempt.is_open:
        return redirect(where_it_goes_on(attempt))
    if attempt.raw_score is None:
        return render(request, "quizzes/attempt_detail_abandoned.html", {"attempt": attempt})
    if attempt.is_placement:
        context = {**result_of(attempt, now), "placement": placement_outcome(attempt), "missed_variant": "secondary"}
        return render(request, "quizzes/attempt_detail_placement.html", context)
    return render(request, "quizzes/attempt_detail.html", result_of(attempt, now))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def attempt_submit(request: SignedInRequest, code: UUID) -> HttpResponse:
    """GET says what is still unanswered; POST finishes. A second time changes nothing.

    A placement test ends on its own page.
    """
    now = timezone.now()
    attempt = get_attempt_for(request.user, code)
    settle(request, attempt, now)
    if attempt.is_open and attempt.is_placement:
        return lead_to(request, room_of(attempt))
    if request.method == "POST":
        return finish(request, attempt, now)
    if not attempt.is_open:
        return redirect(attempt)
    states = list(response_states(attempt))
    context = {
        "attempt": attempt,
        "tally": tally_of(states),
        "places": places_of(attempt, states),
        "back_href": room_of(attempt) if attempt.is_mock else href_of(attempt, next_open(attempt, states) or 1),
        "remaining_seconds": (left := attempt.remaining_seconds(now)),
        "remaining_text": clock_text(left or 0),
    }
    return render(request, "quizzes/attempt_submit.html", context)


@signed_in
@require_safe
def response_list(request: SignedInRequest, code: UUID) -> HttpResponse:
    """Every question again, with the reasons as soon as the feedback policy allows them."""
    now = timezone.now()
    attempt = get_attempt_for(request.user, code)
    settle(request, attempt, now)
    if attempt.is_open:
        return redirect(attempt)
    is_explained = attempt.shows_rationales(now)
    review = result_page.review_of(
        response_states(attempt), FilterResponsesForm(request.GET), is_explained=is_explained
    )
    page = Paginator(review.positions, result_page.QUESTIONS_PER_PAGE).get_page(request.GET.get("page"))
    responses = responses_of(attempt).filter(position__in=list(page)).prefetch_related(*EXPLAINED)
    context = {
        "attempt": attempt,
        "page": page,
        "questions": [show_question(response, explained=is_explained) for response in responses],
        "review": review,
        "tabs": result_page.tabs_of(attempt, review),
        "due_text": "" if is_explained else result_page.due_text(attempt),
        "crumbs": [{"href": attempt.get_absolute_url(), "label": "Result"}],
    }
    return render(request, "quizzes/response_list.html", context)


def result_of(attempt: Attempt, now: datetime) -> dict[str, Any]:
    is_explained = attempt.shows_rationales(now)
    marks = scored_responses(attempt)
    bars = result_page.competency_rows(marks, dict(Competency.objects.values_list("code", "name")))
    review = result_page.review_of(response_states(attempt), FilterResponsesForm({}), is_explained=is_explained)
    context = {
        "attempt": attempt,
        "is_explained": is_explained,
        "competency_rows": bars,
        "score_text": result_page.score_text(attempt),
        "honest_text": result_page.honest_text(attempt.question_count),
        "few_text": result_page.few_text(bars),
        "target_label": f"Practice target {attempt.cut_score} %",
        "time_taken": result_page.time_taken(attempt),
        "time_basis": result_page.time_basis(attempt),
        "unanswered": review.counts["unanswered"],
        "tabs": result_page.tabs_of(attempt, review),
        "repeat_code": uuid4() if can_repeat(attempt) else None,
    }
    if not is_explained:
        return {**context, "due_text": result_page.due_text(attempt)}
    return {**context, **what_next(attempt, marks, review)}


def what_next(attempt: Attempt, marks: list[scoring.ScoredResponse], review: result_page.Review) -> dict[str, Any]:
    """Tells question by question what was missed, so only when the feedback policy allows it."""
    codes = missed_objectives(attempt)
    statements = Statement.objects.select_related("competency").filter(code__in={mark.statement for mark in marks})
    study_again = Objective.objects.select_related("statement__competency").filter(code__in=codes)
    rows = result_page.statement_rows(marks, {statement.code: statement for statement in statements})
    return {
        "missed_count": len(codes),
        "missed_href": result_page.builder_href(codes),
        "wrong_href": result_page.filter_href(attempt, "wrong") if review.counts["wrong"] else "",
        "study_again": study_again[: result_page.STUDY_AGAIN_AT_MOST],
        "more_to_study": max(0, len(codes) - result_page.STUDY_AGAIN_AT_MOST),
        "weak_statements": [row for row in rows if row.correct < row.total],
        "sound_statements": [row for row in rows if row.correct == row.total],
    }


def where_it_goes_on(attempt: Attempt) -> str:
    """A room of its own, or the first question without an answer, or the way out when there is none."""
    if has_room(attempt):
        return room_of(attempt)
    position = next_open(attempt, list(response_states(attempt)))
    return href_of(attempt, position) if position else reverse("quizzes:attempt-submit", args=[attempt.code])
