from __future__ import annotations

from django.urls import path

from reviews.views import calendars, plans, problems, reviews, schedules

app_name = "reviews"
urlpatterns = [
    path("", reviews.review_list, name="review-list"),
    path("next/", reviews.review_next, name="review-next"),
    path("answer/", reviews.review_answer, name="review-answer"),
    path("schedule/", schedules.schedule, name="schedule"),
    path("schedule/calendar/", calendars.calendar, name="calendar"),
    path("schedule/calendar/address/", calendars.calendar_key_renew, name="calendar-key-renew"),
    path("calendar/<uuid:key>.ics", calendars.calendar_feed, name="calendar-feed"),
    path("plan/", plans.plan, name="plan"),
    path("plan/days/", plans.special_days_create, name="special-days-create"),
    path("plan/days/remove/", plans.special_days_remove, name="special-days-remove"),
    path("plan/mock-days/", plans.mock_days_create, name="mock-days-create"),
    path("<uuid:source>/", reviews.review_detail, name="review-detail"),
    path("<uuid:source>/undo/", reviews.review_undo, name="review-undo"),
    path("<uuid:source>/problem/", problems.problem_create, name="problem-create"),
]
