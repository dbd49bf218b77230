from __future__ import annotations

from django.urls import path, re_path

from study.views import keeping, notebook, reading

app_name = "study"
urlpatterns = [
    path("", reading.competency_list, name="competency-list"),
    path("glossary/", reading.term_list, name="term-list"),
    path("glossary/<slug:code>/", reading.term_detail, name="term-detail"),
    path("sheets/", reading.sheet_list, name="sheet-list"),
    path("sheets/<slug:code>/", reading.sheet_detail, name="sheet-detail"),
    path("references/", reading.reference_list, name="reference-list"),
    path("references/<slug:code>/", reading.reference_detail, name="reference-detail"),
    path("notebook/", notebook.notebook, name="notebook"),
    path("statements/<slug:code>/", reading.statement_detail, name="statement-detail"),
    # A slug with a point in it. A free text would let characters in that PostgreSQL refuses to compare.
    re_path(r"^objectives/(?P<code>[\w.-]+)/$", reading.objective_detail, name="objective-detail"),
    # /study/objectives/<code>/: what a candidate keeps
    re_path(r"^objectives/(?P<code>[\w.-]+)/note/$", keeping.note_update, name="note-update"),
    re_path(r"^objectives/(?P<code>[\w.-]+)/bookmark/$", keeping.bookmark_create, name="bookmark-create"),
    re_path(r"^objectives/(?P<code>[\w.-]+)/bookmark/remove/$", keeping.bookmark_remove, name="bookmark-remove"),
    re_path(r"^objectives/(?P<code>[\w.-]+)/highlights/$", keeping.highlight_create, name="highlight-create"),
    re_path(r"^objectives/(?P<code>[\w.-]+)/highlights/remove/$", keeping.highlight_remove, name="highlight-remove"),
    # Last, because it would take the words above for codes.
    path("<slug:code>/", reading.competency_detail, name="competency-detail"),
]
