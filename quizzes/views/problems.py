from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import signed_in
from accounts.http import SignedInRequest
from competencies.matching import excerpt, plain_text
from questions.models import ProblemReport
from questions.queries import reports_by
from questions.services import mark_answers_seen
from questions.views import problem_page
from quizzes.queries import get_response_for
from quizzes.queries.answered import withheld_codes
from quizzes.views.question_page import href_of
from quizzes.views.result_page import href_of_reviewed
from quizzes.views.visits import settle

REPORTS_PER_PAGE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """Of a question that an open exam asks again, only that there is a report."""

    kind: str
    reported_at: datetime
    answered_at: datetime | None
    is_new: bool
    is_withheld: bool
    stem: str
    text: str
    answer: str


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def problem_create(request: SignedInRequest, code: UUID, position: int) -> HttpResponse:
    """Of a question whose rationales may be read: before that nobody can say what is wrong with them."""
    now = timezone.now()
    response = get_response_for(request.user, code, position)
    settle(request, response.attempt, now)
    if not response.shows_rationale(now):
        raise Http404("This question is not explained yet.")
    if response.attempt.is_paused:
        return redirect(href_of(response.attempt, position))
    href = href_of if response.attempt.is_open else href_of_reviewed
    return problem_page(request, response.question, back_href=href(response.attempt, position))


@signed_in
@require_safe
def problem_list(request: SignedInRequest) -> HttpResponse:
    """Your reports. An answer that is shown here counts as read from then on."""
    now = timezone.now()
    page = Paginator(reports_by(request.user), REPORTS_PER_PAGE).get_page(request.GET.get("page"))
    withheld = withheld_codes(request.user, at=now)
    rows = [row_of(report, withheld) for report in page]
    new = [report.pk for report, row in zip(page, rows, strict=True) if row.is_new]
    if new and request.method == "GET":
        mark_answers_seen(reporter=request.user, reports=new, now=now)
    return render(request, "quizzes/problem_list.html", {"page": page, "rows": rows, "new_count": len(new)})


def row_of(report: ProblemReport, withheld: Collection[str]) -> ReportRow:
    is_withheld = report.question.code in withheld
    return ReportRow(
        kind=report.get_kind_display(),
        reported_at=report.reported_at,
        answered_at=report.answered_at,
        is_new=report.answered_at is not None and report.seen_at is None and not is_withheld,
        is_withheld=is_withheld,
        stem="" if is_withheld else "".join(part.text for part in excerpt(plain_text(report.question.stem), [])),
        text="" if is_withheld else report.text,
        answer="" if is_withheld else report.answer,
    )
