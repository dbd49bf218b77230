from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.decorators import signed_in
from accounts.http import SignedInRequest
from reviews import charts, queries, tasks
from reviews.charts import Load
from reviews.models import ScheduledDay
from reviews.queries import SchedulePage
from reviews.special_days import Span, hindrances, kind_on
from reviews.study_days import is_past_midnight

# Only the first days name their objectives: what comes later is rebuilt many times before its day.
NAMED_DAYS = 7
DEFAULT_TARGET = 75


@require_safe
@signed_in
def schedule(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    page = queries.schedule_page(request.user, at=now, named_days=NAMED_DAYS)
    is_awaited = page.facts.has_work and not page.is_current
    if request.htmx and is_awaited:
        # Asked every two seconds: 204 leaves the page as it is and asks again.
        return HttpResponse(status=204)
    if is_awaited:
        tasks.build_schedule.delay_on_commit(request.user.pk)
    template = "reviews/schedule.html#schedule" if request.htmx else "reviews/schedule.html"
    title, lead = _headline(page, is_night=is_past_midnight(now, request.user.time_zone))
    context = {"title": title, "lead": lead, "is_awaited": is_awaited, **_schedule_context(page)}
    return render(request, template, context)


def _schedule_context(page: SchedulePage) -> dict[str, Any]:
    """What the template shows, ready to draw."""
    today, schedule = page.facts.starts_on, page.schedule
    spans = queries.spans_of(page.facts.plan)
    days = schedule.days_from(today) if schedule else []
    loads = [_load(day, spans) for day in days]
    all_days = charts.Week(loads)
    whole = all_days.together if loads else None
    chart = charts.schedule_chart(loads, today)
    # A schedule that is not rebuilt yet may reckon with an exam that the plan has no longer.
    foretold = schedule if page.facts.exam_on else None
    return {
        "tabs": schedule_tabs("reviews:schedule"),
        "change_href": reverse("reviews:plan") if page.facts.has_work else "",
        "plan": page.facts.plan,
        "hindrances": hindrances(today, page.facts.exam_on, page.facts.minutes_by_weekday, spans),
        "schedule": schedule,
        "is_foretold_soon": (page.facts.days_left or 0) > 0 and not page.is_current,
        "recall_percent": _percent(foretold.projected_recall) if foretold else None,
        "score": charts.score_range(foretold, _target(page)) if foretold else None,
        "whole": whole,
        "time_planned": _hours(whole.minutes) if whole else "",
        "spare_text": _spare(all_days),
        "mocks": all_days.mocks,
        "dropped": [page.objectives[code] for code in foretold.dropped if code in page.objectives] if foretold else [],
        "chart": chart,
        "chart_title": "Minutes a week" if chart.is_weekly else "Minutes a day",
        "named_days": [
            _named_day(day, load, page) for day, load in zip(days[:NAMED_DAYS], loads[:NAMED_DAYS], strict=True)
        ],
        "later_weeks": charts.weeks(loads[NAMED_DAYS:]),
    }


def schedule_tabs(current: str) -> list[dict[str, Any]]:
    pages = (("reviews:schedule", "Day by day"), ("reviews:calendar", "Calendar"))
    return [{"href": reverse(name), "label": label, "is_current": name == current} for name, label in pages]


def _target(page: SchedulePage) -> int:
    return page.facts.plan.target_percent if page.facts.plan else DEFAULT_TARGET


def _headline(page: SchedulePage, *, is_night: bool) -> tuple[str, str]:
    """The title of the page and the sentence below it. At night the calendar is a day ahead of the study day."""
    exam_on, days_left = page.facts.exam_on, page.facts.days_left
    if not page.facts.has_work:
        return "Your schedule", ""
    if exam_on is None or days_left is None or days_left < 0:
        return "Your next four weeks", "A date for your exam would let the schedule run up to it."
    day = f"{exam_on:%A} {exam_on.day} {exam_on:%B %Y}"
    return _countdown(days_left - is_night, day, is_night=is_night)


def _countdown(days_left: int, day: str, *, is_night: bool) -> tuple[str, str]:
    if days_left < 0:
        return "Your exam was yesterday", f"{day}. Nothing is planned for tonight."
    if days_left == 0 and is_night:
        return "Your exam is today", f"{day}. The plan ends at four in the morning. Sleep comes first."
    if days_left == 0:
        return "Your exam is today", "Nothing more is planned. Good luck."
    if days_left == 1:
        return "Your exam is tomorrow", f"{day}. Today is the last day planned."
    return f"{days_left} days to your exam", f"{day}. The schedule ends the day before."


def _spare(days: charts.Week) -> str:
    spare = f"{_hours(days.spare)} to spare" if days.spare else "all that your plan allows"
    return f"{spare}; {days.mocks} mock exam{'s' if days.mocks > 1 else ''} on top" if days.mocks else spare


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def _load(day: ScheduledDay, spans: Sequence[Span]) -> Load:
    on = date.fromisoformat(day["on"])
    return Load(
        on=on,
        capacity=day["capacity"],
        minutes=day["minutes"],
        reviews=len(day["reviews"]),
        new=len(day["new"]),
        kind="mock" if day.get("is_mock") else kind_on(on, spans),
    )


def _percent(share: float | None) -> int | None:
    return None if share is None else round(100 * share)


def _named_day(day: ScheduledDay, load: Load, page: SchedulePage) -> dict[str, Any]:
    return {
        "load": load,
        "reviews": [page.objectives[code] for code in day["reviews"] if code in page.objectives],
        "new": [page.objectives[code] for code in day["new"] if code in page.objectives],
    }
