from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import signed_in
from accounts.http import SignedInRequest
from reviews import charts, queries, services, tasks
from reviews.charts import Load
from reviews.forms import StudyPlanForm, initial_minutes
from reviews.models import ScheduledDay
from reviews.queries import SchedulePage

# Only the first days name their objectives: what comes later is rebuilt many times before its day.
NAMED_DAYS = 7


@require_safe
@signed_in
def schedule(request: SignedInRequest) -> HttpResponse:
    page = queries.schedule_page(request.user, at=timezone.now(), named_days=NAMED_DAYS)
    is_awaited = page.facts.has_work and not page.is_current
    if request.htmx and is_awaited:
        # Asked every two seconds: 204 leaves the page as it is and asks again.
        return HttpResponse(status=204)
    if is_awaited:
        tasks.build_schedule.delay_on_commit(request.user.pk)
    template = "reviews/schedule.html#schedule" if request.htmx else "reviews/schedule.html"
    return render(request, template, {**_schedule_context(page), "is_awaited": is_awaited})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def plan(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    form = StudyPlanForm(request.POST or None, now=now, initial=_initial_plan(request))
    if request.method != "POST":
        return render(request, "reviews/plan.html", {"form": form})
    if not form.is_valid():
        return render(request, "reviews/plan.html", {"form": form})
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


def _initial_plan(request: SignedInRequest) -> dict[str, Any]:
    plan = queries.study_plan_of(request.user)
    return {
        "exam_on": plan.exam_on if plan else None,
        "blueprint": plan.blueprint.code if plan and plan.blueprint else queries.DEFAULT_BLUEPRINT,
        "target_percent": plan.target_percent if plan else 75,
        "wants_reminders": plan.wants_reminders if plan else False,
        "time_zone": request.user.time_zone,
        **initial_minutes(plan.minutes_by_weekday if plan else None),
    }


def _schedule_context(page: SchedulePage) -> dict[str, Any]:
    """What the template shows, ready to draw."""
    today, schedule = page.facts.starts_on, page.schedule
    days = schedule.days_from(today) if schedule else []
    loads = [_load(day) for day in days]
    whole = charts.Week(loads).together if loads else None
    chart = charts.schedule_chart(loads, today)
    new_today = urlencode({"objectives": days[0]["new"] if days else []}, doseq=True)
    title, lead = _headline(page)
    return {
        "title": title,
        "lead": lead,
        "change_href": reverse("reviews:plan") if page.facts.has_work else "",
        "plan": page.facts.plan,
        "days_left": page.facts.days_left,
        "has_minutes": any(page.facts.minutes_by_weekday),
        "schedule": schedule,
        "recall_percent": _percent(schedule.projected_recall) if schedule else None,
        "whole": whole,
        "time_planned": _hours(whole.minutes) if whole else "",
        "dropped": [page.objectives[code] for code in schedule.dropped if code in page.objectives] if schedule else [],
        "practice_new_href": f"{reverse('quizzes:practice')}?{new_today}",
        "chart": chart,
        "chart_title": "Minutes a week" if chart.is_weekly else "Minutes a day",
        "named_days": [_named_day(day, page) for day in days[:NAMED_DAYS]],
        "later_weeks": charts.weeks(loads[NAMED_DAYS:]),
    }


def _headline(page: SchedulePage) -> tuple[str, str]:
    """The title of the page and the sentence below it."""
    exam_on, days_left = page.facts.exam_on, page.facts.days_left
    if not page.facts.has_work:
        return "Your schedule", ""
    if exam_on is None or days_left is None or days_left < 0:
        return "Your next four weeks", "A date for your exam would let the schedule run up to it."
    day = f"{exam_on:%A} {exam_on.day} {exam_on:%B %Y}"
    if days_left == 0:
        return "Your exam is today", "Nothing more is planned. Good luck."
    if days_left == 1:
        return "Your exam is tomorrow", f"{day}. Today is the last day planned."
    return f"{days_left} days to your exam", f"{day}. The schedule ends the day before."


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02} min" if hours else f"{rest} min"


def _load(day: ScheduledDay) -> Load:
    return Load(
        on=date.fromisoformat(day["on"]),
        capacity=day["capacity"],
        minutes=day["minutes"],
        reviews=len(day["reviews"]),
        new=len(day["new"]),
    )


def _percent(share: float | None) -> int | None:
    return None if share is None else round(100 * share)


def _named_day(day: ScheduledDay, page: SchedulePage) -> dict[str, Any]:
    return {
        "load": _load(day),
        "reviews": [page.objectives[code] for code in day["reviews"] if code in page.objectives],
        "new": [page.objectives[code] for code in day["new"] if code in page.objectives],
    }
