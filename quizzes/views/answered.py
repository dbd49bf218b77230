from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.decorators import signed_in
from accounts.http import SignedInRequest
from competencies.matching import excerpt, plain_text
from competencies.models import Objective
from quizzes.forms.responses import FilterAnsweredForm
from quizzes.models import Response
from quizzes.queries.answered import answered_questions
from quizzes.views.question_page import href_of

ANSWERED_PER_PAGE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredRow:
    stem: str
    is_correct: bool
    answered_at: datetime | None
    objective: Objective
    href: str


@signed_in
@require_safe
def answered_list(request: SignedInRequest) -> HttpResponse:
    """Every question once, with its latest answer; an objective that is not known narrows nothing."""
    form = FilterAnsweredForm(request.GET)
    objective = form.cleaned_data.get("objective") if form.is_valid() else None
    answered = answered_questions(request.user, at=timezone.now())
    if objective:
        answered = answered.filter(question__objective=objective)
    page = Paginator(answered, ANSWERED_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "objective": objective,
        "refusal": "" if form.is_valid() else "There is no such objective. Here are all your answers.",
        "page": page,
        "rows": [row_of(response) for response in page],
        "query": urlencode({"objective": objective.code}) if objective else "",
    }
    return render(request, "quizzes/answered_list.html", context)


def row_of(response: Response) -> AnsweredRow:
    return AnsweredRow(
        stem="".join(part.text for part in excerpt(plain_text(response.question.stem), [])),
        is_correct=response.is_correct is True,
        answered_at=response.answered_at,
        objective=response.question.objective,
        # Leads on to the result, at this question, once the attempt is over.
        href=href_of(response.attempt, response.position),
    )
