from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import signed_in
from accounts.http import SignedInRequest
from reviews import queries, services, tasks
from reviews.forms import RemoveSpecialDaysForm, SpecialDaysForm, StudyPlanForm, initial_minutes
from reviews.models import SpecialDays, StudyPlan, default_minutes
from reviews.special_days import Span, hindrances, suggested_mocks
from reviews.study_days import study_day


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def plan(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    plan = queries.study_plan_of(request.user)
    form = StudyPlanForm(request.POST or None, now=now, initial=_initial_plan(request, plan))
    if request.method != "POST" or not form.is_valid():
        return _render_plan(request, plan, form, _days_form(request, plan, now), now)
    services.save_study_plan(
        candidate=request.user,
        exam_on=form.cleaned_data["exam_on"],
        minutes_by_weekday=form.minutes_by_weekday,
        blueprint=form.cleaned_data["blueprint"],
        target_percent=form.cleaned_data["target_percent"],
        wants_reminders=form.cleaned_data["wants_reminders"],
        time_zone=form.cleaned_data["time_zone"],
        now=now,
    )
    tasks.build_schedule.delay_on_commit(request.user.pk)
    messages.success(request, "Your study plan is saved. The schedule follows it.")
    return redirect("reviews:schedule")


@require_POST
@signed_in
def special_days_create(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    plan = queries.study_plan_of(request.user)
    form = _days_form(request, plan, now, request.POST)
    if form.is_valid():
        try:
            entry = services.add_special_days(candidate=request.user, span=form.span, now=now)
        except services.SpecialDaysRefused as refusal:
            form.add_error("starts_on", str(refusal))
        else:
            return _changed(request, f"{_became(form.span, entry)} The schedule follows it.")
    plan_form = StudyPlanForm(now=now, initial=_initial_plan(request, plan))
    return _render_plan(request, plan, plan_form, form, now)


@require_POST
@signed_in
def special_days_remove(request: SignedInRequest) -> HttpResponse:
    form = RemoveSpecialDaysForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "That entry could not be found. This is the list as it stands.")
        return redirect("reviews:plan")
    services.remove_special_days(candidate=request.user, now=timezone.now(), **form.cleaned_data)
    return _changed(request, "Removed. The schedule follows.")


@require_POST
@signed_in
def mock_days_create(request: SignedInRequest) -> HttpResponse:
    count = services.plan_suggested_mocks(candidate=request.user, now=timezone.now())
    if not count:
        messages.info(request, "Your plan has its mock exams already, or no room for one.")
        return redirect("reviews:plan")
    noun = "mock exam is" if count == 1 else "mock exams are"
    return _changed(request, f"{count} {noun} in your plan. The schedule follows it.")


def _changed(request: SignedInRequest, sentence: str) -> HttpResponse:
    tasks.build_schedule.delay_on_commit(request.user.pk)
    messages.success(request, sentence)
    return redirect("reviews:plan")


def _became(added: Span, entry: Span) -> str:
    if entry == added:
        return f"{added.words} is in your plan."
    return f"{entry.words} is one entry in your plan now, with {added.words} in it."


def _days_form(
    request: SignedInRequest, plan: StudyPlan | None, now: datetime, data: QueryDict | None = None
) -> SpecialDaysForm:
    today = study_day(now, request.user.time_zone)
    return SpecialDaysForm(data, today=today, exam_on=plan.exam_on if plan else None)


def _render_plan(
    request: SignedInRequest, plan: StudyPlan | None, form: StudyPlanForm, days_form: SpecialDaysForm, now: datetime
) -> HttpResponse:
    today = study_day(now, request.user.time_zone)
    minutes = plan.minutes_by_weekday if plan else default_minutes()
    exam_on = plan.exam_on if plan else None
    spans = queries.spans_of(plan)
    suggested = suggested_mocks(today, exam_on, minutes, spans)
    context = {
        "form": form,
        "days_form": days_form,
        "special_days": [_row(span) for span in queries.spans_ahead(spans, today)],
        "suggested": suggested,
        "accept_label": f"Add {'this mock exam' if len(suggested) == 1 else f'these {len(suggested)} mock exams'}",
        "hindrances": hindrances(today, exam_on, minutes, spans) if plan else [],
    }
    return render(request, "reviews/plan.html", context)


def _row(span: Span) -> dict[str, Any]:
    return {
        "kind": span.kind,
        "label": SpecialDays.Kind(span.kind).label,
        "words": span.words,
        "describe": f"{SpecialDays.Kind(span.kind).label.lower()} {span.words}",
        "starts_on": span.starts_on,
        "days": (span.ends_on - span.starts_on).days + 1,
    }


def _initial_plan(request: SignedInRequest, plan: StudyPlan | None) -> dict[str, Any]:
    return {
        "exam_on": plan.exam_on if plan else None,
        "blueprint": plan.blueprint.code if plan and plan.blueprint else queries.DEFAULT_BLUEPRINT,
        "target_percent": plan.target_percent if plan else 75,
        "wants_reminders": plan.wants_reminders if plan else False,
        "time_zone": request.user.time_zone,
        **initial_minutes(plan.minutes_by_weekday if plan else None),
    }
