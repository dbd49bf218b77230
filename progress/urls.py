from __future__ import annotations

from django.urls import path

from progress.views import candidate, cohort, estimates, search

app_name = "progress"
urlpatterns = [
    path("", candidate.home, name="home"),
    path("today/", candidate.today, name="today"),
    path("progress/", candidate.overview, name="overview"),
    path("progress/readiness/", candidate.readiness, name="readiness"),
    path("estimates/", estimates.estimates, name="estimates"),
    path("search/", search.search, name="search"),
    # /cohorts/<code>/: the coordinator's
    path("cohorts/<uuid:code>/report/", cohort.report, name="cohort-report"),
    path("cohorts/<uuid:code>/report.csv", cohort.report_export, name="cohort-report-export"),
]
