from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.decorators import signed_in
from accounts.http import HttpRequest, SignedInRequest
from progress import charts
from progress.queries import candidate as queries
from questions.queries import option_rows, sample_question, unread_answers
from reviews.study_days import study_day


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("progress:today")
    question = sample_question()
    context = {
        "question": question,
        "rows": option_rows(question) if question else [],
        "areas": queries.first_edition(),
        "totals": queries.bank_totals(),
        "week": queries.first_week(on=timezone.localdate()),
    }
    return render(request, "progress/home.html", context)


@require_safe
@signed_in
def today(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    page = queries.today(request.user, on=study_day(now, request.user.time_zone), at=now)
    context = {
        "today": page,
        "readiness": charts.readiness_words(page.readiness),
        "rewarding": charts.rewarding_links(page.rewarding),
        "unread_answers": unread_answers(request.user),
    }
    return render(request, "progress/today.html", context)
