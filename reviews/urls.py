from __future__ import annotations

from django.urls import path

from reviews.views import reviews, schedules

app_name = "reviews"
urlpatterns = [
    path("", reviews.review_list, name="review-list"),
    path("next/", reviews.review_next, name="review-next"),
    path("answer/", reviews.review_answer, name="review-answer"),
    path("schedule/", schedules.schedule, name="schedule"),
    path("plan/", schedules.plan, name="plan"),
    path("<uuid:source>/", reviews.review_detail, name="review-detail"),
]
