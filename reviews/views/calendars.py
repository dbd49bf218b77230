from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import signed_in
from accounts.http import SignedInRequest
from reviews import charts, queries, services, tasks
from reviews.calendar_feed import Entry, calendar_text
from reviews.models import StudyPlan
from reviews.queries import Calendar, CalendarDay
from reviews.special_days import hindrances
from reviews.views.schedules import schedule_tabs

FEED_NAME = "CCXP study schedule"


@require_safe
@signed_in
def calendar(request: SignedInRequest) -> HttpResponse:
    facts, calendar = queries.calendar_page(request.user, at=timezone.now())
    is_awaited = facts.has_work and not (calendar.schedule and facts.are_in(calendar.schedule))
    if is_awaited:
        tasks.build_schedule.delay_on_commit(request.user.pk)
    month = charts.month(request.GET.get("month", ""), calendar.today, calendar.last_on)
    context = {
        "tabs": schedule_tabs("reviews:calendar"),
        "is_awaited": is_awaited,
        "plan": facts.plan,
        "hindrances": hindrances(calendar.today, facts.exam_on, facts.minutes_by_weekday, calendar.spans),
        "month": month,
        "cells": [_cell(calendar, on) for on in month.days],
        "feed_url": _feed_url(facts.plan),
    }
    return render(request, "reviews/calendar.html", context)


@require_safe
@cache_control(private=True, max_age=900)
def calendar_feed(request: HttpRequest, key: UUID) -> HttpResponse:
    """For programs that cannot sign in: the key in the address is the secret."""
    plan, calendar = queries.get_calendar_for(key, at=timezone.now())
    stamped_at = calendar.schedule.built_at if calendar.schedule else plan.changed_at
    entries = [_entry(day) for day in calendar.marked_days()]
    text = calendar_text(entries, name=FEED_NAME, key=key, stamped_at=stamped_at)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="ccxp-study-schedule.ics"'
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@require_POST
@signed_in
def calendar_key_renew(request: SignedInRequest) -> HttpResponse:
    services.renew_calendar_key(candidate=request.user)
    messages.success(request, "Your calendar has a new address. The old one shows nothing any more.")
    return redirect("reviews:calendar")


def _cell(calendar: Calendar, on: date) -> dict[str, Any]:
    day = calendar.day(on)
    return {
        "day": day,
        "is_today": on == calendar.today,
        "is_outside": not calendar.today <= on <= calendar.last_on,
        # A weekday without minutes is a day off that nobody had to mark.
        "is_off": day.kind == "off" or (not day.kind and calendar.has_no_minutes(on)),
    }


def _entry(day: CalendarDay) -> Entry:
    """Nothing but what the entry says: the address may be open to more eyes than the candidate's."""
    if day.kind == "exam":
        return Entry(day.on, "exam", "CCXP exam")
    if day.kind == "mock":
        return Entry(day.on, "mock", "Mock exam")
    work = [f"{day.reviews} review{'' if day.reviews == 1 else 's'}"] if day.reviews else []
    work += [f"{day.new} new"] if day.new else []
    return Entry(day.on, "study", f"Study {day.minutes} min: {', '.join(work)}")


def _feed_url(plan: StudyPlan | None) -> str:
    return settings.SITE_URL + reverse("reviews:calendar-feed", args=[plan.calendar_key]) if plan else ""
