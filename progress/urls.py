from __future__ import annotations

from django.urls import path

from progress.views import account_data, candidate, cohort, estimates, progress, search

app_name = "progress"
urlpatterns = [
    path("", candidate.home, name="home"),
    path("today/", candidate.today, name="today"),
    # /progress/: one's own
    path("progress/", progress.overview, name="overview"),
    path("progress/mastery/", progress.mastery, name="mastery"),
    path("progress/mastery/<slug:code>/", progress.mastery_detail, name="mastery-detail"),
    path("progress/scores/", progress.scores, name="scores"),
    path("progress/habits/", progress.habits, name="habits"),
    path("progress/readiness/", progress.readiness, name="readiness"),
    path("estimates/", estimates.estimates, name="estimates"),
    path("search/", search.search, name="search"),
    # Reads every app, so it is not the app of accounts that has it.
    path("account/data/", account_data.account_data, name="account-data"),
    # /cohorts/<code>/: the coordinator's
    path("cohorts/<uuid:code>/report/", cohort.report, name="cohort-report"),
    path("cohorts/<uuid:code>/report.csv", cohort.report_export, name="cohort-report-export"),
]
