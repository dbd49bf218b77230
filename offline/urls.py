from __future__ import annotations

from django.urls import path

from offline.views import sets, shell

app_name = "offline"
urlpatterns = [
    path("manifest.webmanifest", shell.manifest, name="manifest"),
    # At the root, because a worker serves what lies below its own address.
    path("service-worker.js", shell.service_worker, name="service-worker"),
    path("offline/", shell.page, name="page"),
    path("offline/sets/", sets.set_create, name="set-create"),
    path("offline/answers/", sets.answers_record, name="answers-record"),
]
