from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.decorators import signed_in
from accounts.http import HttpRequest, SignedInRequest
from progress.charts import coverage_bars, recall_bars, score_bars
from progress.queries import candidate as queries
from questions.queries import option_rows, sample_question
from reviews.queries import study_plan_of
from reviews.study_days import study_day

# Below this many first answers in a competency its share is called rough.
ROUGH_BELOW = 12


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
    return render(request, "progress/today.html", {"today": page})


@require_safe
@signed_in
def overview(request: SignedInRequest) -> HttpResponse:
    rows = queries.mastery(request.user, on=study_day(timezone.now(), request.user.time_zone))
    plan = study_plan_of(request.user)
    target = plan.target_percent if plan else settings.PRACTICE_TARGET_PERCENT
    context = {
        "has_answers": any(row.answered or row.seen for row in rows),
        "is_rough": any(row.answered < ROUGH_BELOW for row in rows),
        "scores": score_bars(rows),
        "coverage": coverage_bars(rows),
        "recalls": recall_bars(rows),
        "target": target,
        "target_label": f"Practice target {target} %",
        "results": queries.recent_results(request.user),
    }
    return render(request, "progress/overview.html", context)
