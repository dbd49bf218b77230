from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import signed_in
from accounts.http import SignedInRequest
from accounts.models import User
from competencies.models import Competency, Statement
from quizzes import scoring
from quizzes.attempt_facts import ResponseFacts
from quizzes.exports import answer_rows, csv_response
from quizzes.forms.results import FilterAttemptsForm
from quizzes.models import Attempt
from quizzes.queries import get_attempt_for, missed_objectives, response_states, responses_of, scored_responses
from quizzes.queries.results import attempts_of_kind, count_by_kind, response_facts
from quizzes.views import result_page
from quizzes.views.comparison import first_text, peers_of, trend_of
from quizzes.views.how_answered import certainty_of, changes_of, pace_of, read_first
from quizzes.views.miss_reasons import reason_summary
from quizzes.views.navigator import next_open, places_of, tally_of
from quizzes.views.placement_page import placement_outcome
from quizzes.views.practice import can_repeat, repeat_context
from quizzes.views.question_page import EXPLAINED, clock_text, due_at, href_of
from quizzes.views.review_filters import Review, kind_tabs, review_of, slow_text
from quizzes.views.reviewed import reviewed_questions
from quizzes.views.visits import finish, has_room, lead_to, room_of, settle

ATTEMPTS_PER_PAGE = 20


@signed_in
@require_safe
def attempt_list(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    form = FilterAttemptsForm(request.GET)
    kind = form.cleaned_data["kind"] if form.is_valid() else ""
    page = Paginator(attempts_of_kind(request.user, kind), ATTEMPTS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(attempt, result_page.kind_text(attempt), attempt.is_running(now)) for attempt in page],
        "tabs": kind_tabs(count_by_kind(request.user), kind),
        "query": urlencode({"kind": kind}) if kind else "",
        "refusal": "" if form.is_valid() else "There is no such filter. Here is everything.",
    }
    return render(request, "quizzes/attempt_list.html", context)


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
    if request.htmx.target == "reasons" and attempt.shows_rationales(now):
        summary = reason_summary(attempt, response_facts(attempt))
        return render(request, "quizzes/attempt_detail_reasons.html", {"attempt": attempt, "reasons": summary})
    if attempt.is_placement:
        placement = {"placement": placement_outcome(attempt), "missed_variant": "secondary"}
        context = {**result_of(request.user, attempt, now), **placement}
        return render(request, "quizzes/attempt_detail_placement.html", context)
    return render(request, "quizzes/attempt_detail.html", result_of(request.user, attempt, now))


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
        # A paused clock is not shown here: it would run.
        "remaining_seconds": (left := None if attempt.is_paused else attempt.remaining_seconds(now)),
        "remaining_text": clock_text(left or 0),
        "due_at": due_at(attempt),
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
    rows = response_facts(attempt)
    review = review_of(attempt, rows, request.GET.dict(), is_explained=is_explained)
    page = Paginator(review.positions, review.page_length).get_page(request.GET.get("page"))
    responses = responses_of(attempt).filter(position__in=list(page)).select_related("attempt")
    context = {
        "attempt": attempt,
        "page": page,
        "reviewed": reviewed_questions(
            responses.prefetch_related(*EXPLAINED), rows, is_explained=is_explained, next_href=request.get_full_path()
        ),
        "review": review,
        "slow_text": slow_text(rows) if review.show == "slow" else "",
        "due_text": "" if is_explained else result_page.due_text(attempt),
        "crumbs": [{"href": attempt.get_absolute_url(), "label": "Result"}],
    }
    return render(request, "quizzes/response_list.html", context)


@signed_in
@require_safe
def attempt_export(request: SignedInRequest, code: UUID) -> HttpResponse:
    """The answers as CSV; what may not be told yet is left empty."""
    now = timezone.now()
    attempt = get_attempt_for(request.user, code)
    settle(request, attempt, now)
    if attempt.is_open:
        return redirect(attempt)
    rows = answer_rows(responses_of(attempt), response_facts(attempt), is_explained=attempt.shows_rationales(now))
    return csv_response(f"{attempt.quiz.title} {timezone.localtime(attempt.started_at):%Y-%m-%d}", rows)


def result_of(candidate: User, attempt: Attempt, now: datetime) -> dict[str, Any]:
    is_explained = attempt.shows_rationales(now)
    marks, rows = scored_responses(attempt), response_facts(attempt)
    bars = result_page.competency_rows(marks, dict(Competency.objects.values_list("code", "name")))
    bars = bars if is_explained else result_page.rows_before_explanation(bars)
    review = review_of(attempt, rows, is_explained=is_explained)
    context = {
        "attempt": attempt,
        "kind_text": result_page.kind_text(attempt),
        "is_explained": is_explained,
        "competency_rows": bars,
        "score_text": result_page.score_text(attempt),
        "honest_text": result_page.honest_text(attempt),
        "few_text": result_page.few_text(bars),
        "target_label": f"Practice target {attempt.cut_score} %",
        "time_taken": result_page.time_taken(attempt),
        "time_basis": result_page.time_basis(attempt),
        "unanswered": review.counts["unanswered"],
        "review": review,
        "repeat": repeat_context(attempt) if can_repeat(attempt) else None,
    }
    if not attempt.is_placement:
        context |= {
            "pace": pace_of(candidate, attempt, rows, is_explained=is_explained),
            "trend": trend_of(attempt),
        }
    if not is_explained:
        return {**context, "due_text": result_page.due_text(attempt)}
    return {**context, **what_next(attempt, marks, review), **what_it_tells(attempt, rows)}


def what_next(attempt: Attempt, marks: list[scoring.ScoredResponse], review: Review) -> dict[str, Any]:
    """Tells question by question what was missed, so only when the feedback policy allows it."""
    missed = missed_objectives(attempt)
    statements = Statement.objects.select_related("competency").filter(code__in={mark.statement for mark in marks})
    rows = result_page.statement_rows(marks, {statement.code: statement for statement in statements})
    return {
        "missed_count": len(missed),
        "missed_href": result_page.builder_href([objective.code for objective in missed]),
        "wrong_href": result_page.filter_href(attempt, "wrong") if review.counts["wrong"] else "",
        "study_again": missed[: result_page.STUDY_AGAIN_AT_MOST],
        "more_to_study": missed[result_page.STUDY_AGAIN_AT_MOST :],
        "weak_statements": [row for row in rows if row.correct < row.total],
        "sound_statements": [row for row in rows if row.correct == row.total],
    }


def what_it_tells(attempt: Attempt, rows: list[ResponseFacts]) -> dict[str, Any]:
    """Of a placement test nothing: its questions followed the answers."""
    if attempt.is_placement:
        return {}
    return {
        "read_first": read_first(attempt, rows, next_href=attempt.get_absolute_url()),
        "sure_wrong_count": sum(row.is_sure_but_wrong for row in rows),
        "sure_wrong_href": result_page.filter_href(attempt, "sure-wrong"),
        "reasons": reason_summary(attempt, rows),
        "changes": changes_of(attempt, rows),
        "certainty": certainty_of(rows),
        "first_text": first_text(attempt, rows),
        "peers": peers_of(attempt),
    }


def where_it_goes_on(attempt: Attempt) -> str:
    """A room of its own, or the first question without an answer, or the way out when there is none."""
    if has_room(attempt):
        return room_of(attempt)
    position = next_open(attempt, list(response_states(attempt)))
    return href_of(attempt, position) if position else reverse("quizzes:attempt-submit", args=[attempt.code])
