from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from ccxp_prep import health
from ccxp_prep.style import style

# The stock admin login knows no rate limit and no second factor; allauth's does.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = "CCXP Prep"

urlpatterns = [
    path("", include("progress.urls")),
    path("", include("quizzes.urls")),
    path("", include("offline.urls")),
    path("reviews/", include("reviews.urls")),
    path("study/", include("study.urls")),
    path("questions/", include("questions.urls")),
    path("cohorts/", include("cohorts.urls")),
    path("account/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("style/", style, name="style"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
