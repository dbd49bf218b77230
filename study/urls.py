from __future__ import annotations

from django.urls import path, re_path

from study import views

app_name = "study"
urlpatterns = [
    path("", views.competency_list, name="competency-list"),
    path("glossary/", views.term_list, name="term-list"),
    path("glossary/<slug:code>/", views.term_detail, name="term-detail"),
    path("sheets/", views.sheet_list, name="sheet-list"),
    path("sheets/<slug:code>/", views.sheet_detail, name="sheet-detail"),
    path("references/", views.reference_list, name="reference-list"),
    path("references/<slug:code>/", views.reference_detail, name="reference-detail"),
    path("statements/<slug:code>/", views.statement_detail, name="statement-detail"),
    # A slug with a point in it. A free text would let characters in that PostgreSQL refuses to compare.
    re_path(r"^objectives/(?P<code>[\w.-]+)/$", views.objective_detail, name="objective-detail"),
    # Last, because it would take the words above for codes.
    path("<slug:code>/", views.competency_detail, name="competency-detail"),
]
