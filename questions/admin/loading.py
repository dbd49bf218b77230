"""A fixture file, uploaded: checked and shown first, then loaded."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from questions import services
from questions.admin.people import signed_in_admin
from questions.forms import UploadFixtureForm
from questions.loader import FixtureFile

logger = logging.getLogger(__name__)


def load_file(request: HttpRequest, *, page: ModelAdmin) -> HttpResponse:
    """Check an uploaded file and show what loading it would do."""
    _guard(request, page)
    form = UploadFixtureForm(request.POST, request.FILES) if request.method == "POST" else UploadFixtureForm()
    if not (form.is_bound and form.is_valid()):
        return _load_page(request, page, form=form)
    upload = form.cleaned_data["file"]
    file = FixtureFile(upload.name, upload.read())
    try:
        report = services.load_fixture_files(files=[file], dry_run=True, now=timezone.now())
    except services.QuestionRefused as refusal:
        return _refused(request, str(refusal))
    token = "" if report.rejected else services.keep_upload(file=file, author=signed_in_admin(request))
    return _load_page(request, page, form=UploadFixtureForm(), file=file, report=report, token=token)


def confirm_load(request: HttpRequest, *, page: ModelAdmin) -> HttpResponse:
    _guard(request, page)
    author = signed_in_admin(request)
    file = services.kept_upload(token=request.POST.get("token", ""), author=author)
    if file is None:
        return _refused(request, "A checked file is kept for an hour, and this one is gone. Choose it again.")
    try:
        report = services.load_fixture_files(files=[file], dry_run=False, now=timezone.now(), author=author)
    except services.QuestionRefused as refusal:
        return _refused(request, str(refusal))
    if not report.is_written:
        return _load_page(request, page, form=UploadFixtureForm(), file=file, report=report)
    counts = ", ".join(f"{count} {name}" for name, count in report.counts.items() if count)
    logger.info("User %s loaded questions from %r: %s", author.pk, file.name, counts)
    messages.success(request, f"{file.name} is loaded: {counts}.")
    return redirect("admin:questions_question_changelist")


def _guard(request: HttpRequest, page: ModelAdmin) -> None:
    if not (page.has_add_permission(request) and page.has_change_permission(request)):
        raise PermissionDenied


def _refused(request: HttpRequest, reason: str) -> HttpResponse:
    messages.error(request, reason)
    return redirect("admin:questions_load")


def _load_page(request: HttpRequest, page: ModelAdmin, **context: Any) -> HttpResponse:
    page_context = {**page.admin_site.each_context(request), "title": "Load a fixture file", "opts": page.opts}
    return render(request, "admin/questions/question/load.html", {**page_context, **context})
