from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.decorators import signed_in
from accounts.http import HttpRequest, SignedInRequest
from progress import charts
from progress.queries import candidate as queries
from questions.queries import option_rows, sample_question
from quizzes.queries.readiness import readiness_of
from reviews.study_days import study_day

# Below this many first answers in a competency its share is called rough.
ROUGH_BELOW = 12
REWARDING_SHOWN = 3


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
    }
    return render(request, "progress/today.html", context)


@require_safe
@signed_in
def overview(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    on = study_day(now, request.user.time_zone)
    rows = queries.mastery(request.user, on=on)
    read = readiness_of(request.user, on=on, at=now)
    context = {
        "has_answers": any(row.answered or row.seen for row in rows),
        "is_rough": any(row.answered < ROUGH_BELOW for row in rows),
        "readiness": charts.readiness_words(read),
        "scores": charts.score_bars(rows),
        "coverage": charts.coverage_bars(rows),
        "recalls": charts.recall_bars(rows),
        "target": read.target,
        "target_label": f"Practice target {read.target} %",
        "results": queries.recent_results(request.user),
    }
    return render(request, "progress/overview.html", context)


@require_safe
@signed_in
def readiness(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    read = readiness_of(request.user, on=study_day(now, request.user.time_zone), at=now)
    words = charts.readiness_words(read)
    context = {
        "read": read,
        "readiness": words,
        "curve": charts.chance_curve(read.readiness.curve) if read.readiness and words.chance is not None else None,
        "trend": charts.trend_line(read.trend()),
        "rows": charts.estimate_rows(read),
        "rewarding": charts.rewarding_links(read.rewarding[:REWARDING_SHOWN]),
        "target_label": f"Practice target {read.target} %",
    }
    return render(request, "progress/readiness.html", context)
