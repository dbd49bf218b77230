from __future__ import annotations

from django.urls import path

from competencies import views

app_name = "competencies"
urlpatterns = [
    path("", views.competency_list, name="competency-list"),
    path("references/", views.reference_list, name="reference-list"),
    path("statements/<str:code>/", views.statement_detail, name="statement-detail"),
    path("objectives/<str:code>/", views.objective_detail, name="objective-detail"),
    # Last, because it would take the words above for codes.
    path("<slug:code>/", views.competency_detail, name="competency-detail"),
]
