from __future__ import annotations

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.settings, name="settings"),
    path("profile/", views.profile, name="profile"),
    path("appearance/", views.appearance, name="appearance"),
    path("sessions/end/", views.session_end, name="session-end"),
    path("delete/", views.account_delete, name="account-delete"),
    path("keep/", views.account_keep, name="account-keep"),
]
