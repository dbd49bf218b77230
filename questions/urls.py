from __future__ import annotations

from django.urls import path

from questions import views

app_name = "questions"
urlpatterns = [
    path("checked/", views.bank_quality, name="bank-quality"),
    path("sample/", views.sample_answer, name="sample-answer"),
]
