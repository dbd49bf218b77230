from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from questions import services
from questions.admin.report import bank_report
from questions.admin.signing import SignedOffFilter, SignOffInline, sign_off
from questions.forms import EditQuestionForm, UploadFixtureForm
from questions.loader import FixtureFile
from questions.models import ProblemReport, Question
from questions.queries import REFERENCE_CODES, option_results, question_findings
from questions.validation import Severity

logger = logging.getLogger(__name__)
REFUSALS_SHOWN = 10

IDENTITY = ("code", "version", "status", "objective", "pool", "author")
CLASSIFICATION = ("cognitive_level", "difficulty")


@dataclass(frozen=True, slots=True)
class Move:
    """What an admin may do with a version as a whole."""

    label: str
    done: str
    statuses: tuple[str, ...]
    apply: Callable[[Question, User, datetime], Question]


STATUS = Question.Status
MOVES = {
    "publish": Move(
        "Publish",
        "Published",
        (STATUS.DRAFT, STATUS.IN_REVIEW),
        lambda question, author, now: services.publish_version(question=question, now=now),
    ),
    "review": Move(
        "Send to review",
        "Sent to review",
        (STATUS.DRAFT,),
        lambda question, author, now: services.send_to_review(question=question),
    ),
    "retire": Move(
        "Retire",
        "Retired",
        (STATUS.DRAFT, STATUS.IN_REVIEW, STATUS.PUBLISHED),
        lambda question, author, now: services.retire_question(question=question, now=now),
    ),
    "revise": Move(
        "Revise",
        "Ready to be edited",
        (STATUS.PUBLISHED, STATUS.RETIRED),
        lambda question, author, now: services.revise_question(question=question, author=author),
    ),
}


@admin.register(Question)
class QuestionAdmin(admin.ModelAdmin):
    form = EditQuestionForm
    list_display = (
        "code",
        "version",
        "finding_count",
        "status",
        "pool_name",
        "level",
        "difficulty",
        "objective_code",
        "waiting_reports",
    )
    list_filter = (
        "status",
        "pool",
        "cognitive_level",
        "difficulty",
        SignedOffFilter,
        "objective__statement__competency",
    )
    list_select_related = ("objective",)
    list_per_page = 50
    # Counting a whole bank for “50 of 100,000” costs more than the page.
    show_full_result_count = False
    search_fields = ("code", "stem", "objective__code", "objective__text")
    search_help_text = "Code, words of the stem, or objective"
    autocomplete_fields = ("objective",)
    filter_horizontal = ("references",)
    actions = ("publish_selected", "review_selected", "retire_selected", "revise_selected")

    class Media:
        css = {"all": ("css/pages/admin-question.css",)}

    # Who may do what

    def has_change_permission(self, request: HttpRequest, obj: Question | None = None) -> bool:
        # What was published stays as it was answered; it is revised instead.
        return super().has_change_permission(request, obj) and (obj is None or obj.is_unpublished)

    def has_delete_permission(self, request: HttpRequest, obj: Question | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_unpublished)

    # The list

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        questions: QuerySet[Question] = super().get_queryset(request)
        waiting = Prefetch("problem_reports", ProblemReport.objects.unanswered().only("question"), to_attr="waiting")
        return questions.prefetch_related(REFERENCE_CODES, waiting)

    @admin.display(description="objective", ordering="objective__code")
    def objective_code(self, question: Question) -> str:
        return question.objective.code

    @admin.display(description="pool", ordering="pool")
    def pool_name(self, question: Question) -> str:
        return question.pool

    @admin.display(description="level", ordering="cognitive_level")
    def level(self, question: Question) -> str:
        return question.cognitive_level

    @admin.display(description="findings")
    def finding_count(self, question: Question) -> str:
        findings = question_findings(question)
        errors = sum(finding.severity is Severity.ERROR for finding in findings)
        counts = [(errors, "error"), (len(findings) - errors, "warning")]
        return ", ".join(f"{count} {noun}{'s' if count > 1 else ''}" for count, noun in counts if count) or "none"

    @admin.display(description="reports waiting")
    def waiting_reports(self, question: Question) -> int:
        return len(question.waiting)  # type: ignore[attr-defined]

    # One question

    def get_inlines(self, request: HttpRequest, obj: Question | None) -> tuple[type[SignOffInline], ...]:
        return () if obj is None or obj.is_unpublished else (SignOffInline,)

    def get_fieldsets(self, request: HttpRequest, obj: Question | None = None) -> Any:
        if obj is None:
            return [
                (None, {"fields": ("objective", "pool")}),
                ("Question", {"fields": ("stem", "options", "key")}),
                ("Classification", {"fields": CLASSIFICATION}),
                ("Sources", {"fields": ("references", "locators")}),
            ]
        is_editable = self.has_change_permission(request, obj)
        return [
            (None, {"fields": (*IDENTITY, *(() if is_editable else ("published_at", "retired_at")), "findings")}),
            ("Question", {"fields": ("stem", "options", "key") if is_editable else ("stem", "explained_options")}),
            ("Classification", {"fields": CLASSIFICATION}),
            ("Sources", {"fields": ("references", "locators" if is_editable else "listed_locators")}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Question | None = None) -> tuple[str, ...]:
        return () if obj is None else (*IDENTITY, "findings")

    @admin.display(description="findings")
    def findings(self, question: Question) -> SafeString:
        return render_to_string("admin/questions/question/findings.html", {"findings": question_findings(question)})

    @admin.display(description="options")
    def explained_options(self, question: Question) -> SafeString:
        return render_to_string("admin/questions/question/options.html", {"question": question})

    @admin.display(description="locators")
    def listed_locators(self, question: Question) -> str:
        return "; ".join(f"{code}: {place}" for code, place in question.locators.items()) or "-"

    def save_model(self, request: HttpRequest, obj: Question, form: ModelForm, change: bool) -> None:
        if not change:
            obj.author = author_of(request)
        try:
            services.save_draft(question=obj)
        except services.QuestionRefused as refusal:
            raise PermissionDenied(str(refusal)) from refusal

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        question = self.get_object(request, object_id)
        moves = [
            {"label": move.label, "href": reverse(f"admin:questions_question_{verb}", args=[question.pk])}
            for verb, move in MOVES.items()
            if question is not None and question.status in move.statuses and self.has_change_permission(request)
        ]
        context = {"moves": moves, "may_sign": self.has_change_permission(request), **(extra_context or {})}
        response: HttpResponse = super().change_view(request, object_id, form_url, context)
        return response

    # Moves, for one or many

    @admin.action(description="Publish", permissions=["change"])
    def publish_selected(self, request: HttpRequest, questions: QuerySet[Question]) -> None:
        self._move(request, questions, "publish")

    @admin.action(description="Send to review", permissions=["change"])
    def review_selected(self, request: HttpRequest, questions: QuerySet[Question]) -> None:
        self._move(request, questions, "review")

    @admin.action(description="Retire", permissions=["change"])
    def retire_selected(self, request: HttpRequest, questions: QuerySet[Question]) -> None:
        self._move(request, questions, "retire")

    @admin.action(description="Revise: make the next version as a draft", permissions=["change"])
    def revise_selected(self, request: HttpRequest, questions: QuerySet[Question]) -> None:
        self._move(request, questions, "revise")

    def _move(self, request: HttpRequest, questions: Iterable[Question], verb: str) -> list[Question]:
        """The versions that this made or changed; the others are refused in words."""
        now = timezone.now()
        moved: list[Question] = []
        refusals: list[str] = []
        for question in questions:
            try:
                result = MOVES[verb].apply(question, author_of(request), now)
            except services.QuestionRefused as refusal:
                refusals.append(str(refusal))
            else:
                moved.append(result)
                self.log_change(request, result, MOVES[verb].done)
        if moved:
            names = ", ".join(map(str, moved[:REFUSALS_SHOWN])) + (" …" if len(moved) > REFUSALS_SHOWN else "")
            messages.success(request, f"{MOVES[verb].done}: {names}.")
        for reason in refusals[:REFUSALS_SHOWN]:
            messages.error(request, reason)
        if len(refusals) > REFUSALS_SHOWN:
            messages.error(request, f"{len(refusals) - REFUSALS_SHOWN} more were refused.")
        return moved

    # Pages beside the usual ones

    def get_urls(self) -> list[URLPattern]:
        def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
            return self.admin_site.admin_view(view)

        moves = [
            path(f"<int:pk>/{verb}/", wrap(require_POST(self.move_view)), {"verb": verb}, f"questions_question_{verb}")
            for verb in MOVES
        ]
        return [
            path("report/", wrap(require_safe(bank_report)), {"page": self}, "questions_report"),
            path(
                "<int:pk>/sign-off/",
                wrap(require_http_methods(["GET", "HEAD", "POST"])(sign_off)),
                {"page": self},
                "questions_sign_off",
            ),
            path("load/", wrap(require_http_methods(["GET", "HEAD", "POST"])(self.load_view)), name="questions_load"),
            path("load/confirm/", wrap(require_POST(self.confirm_load_view)), name="questions_load_confirm"),
            path("<int:pk>/preview/", wrap(require_safe(self.preview_view)), name="questions_preview"),
            *moves,
            *super().get_urls(),
        ]

    def move_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        question = get_object_or_404(Question, pk=pk)
        moved = self._move(request, [question], verb) or [question]
        return redirect("admin:questions_question_change", moved[0].pk)

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What a candidate sees: first the options alone, then what comes after the check."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        question = get_object_or_404(Question.objects.with_blueprint(), pk=pk)
        results = option_results(question) if "answers" in request.GET else []
        return render(request, "admin/questions/question/preview.html", {"question": question, "results": results})

    def load_view(self, request: HttpRequest) -> HttpResponse:
        """Check an uploaded file and show what loading it would do."""
        self._guard_load(request)
        form = UploadFixtureForm(request.POST, request.FILES) if request.method == "POST" else UploadFixtureForm()
        if not (form.is_bound and form.is_valid()):
            return self._load_page(request, form=form)
        upload = form.cleaned_data["file"]
        file = FixtureFile(upload.name, upload.read())
        try:
            report = services.load_fixture_files(files=[file], dry_run=True, now=timezone.now())
        except services.QuestionRefused as refusal:
            return self._load_refused(request, str(refusal))
        token = "" if report.rejected else services.keep_upload(file=file, author=author_of(request))
        return self._load_page(request, form=UploadFixtureForm(), file=file, report=report, token=token)

    def confirm_load_view(self, request: HttpRequest) -> HttpResponse:
        self._guard_load(request)
        author = author_of(request)
        file = services.kept_upload(token=request.POST.get("token", ""), author=author)
        if file is None:
            reason = "A checked file is kept for an hour, and this one is gone. Choose it again."
            return self._load_refused(request, reason)
        try:
            report = services.load_fixture_files(files=[file], dry_run=False, now=timezone.now(), author=author)
        except services.QuestionRefused as refusal:
            return self._load_refused(request, str(refusal))
        if not report.is_written:
            return self._load_page(request, form=UploadFixtureForm(), file=file, report=report)
        counts = ", ".join(f"{count} {name}" for name, count in report.counts.items() if count)
        logger.info("User %s loaded questions from %r: %s", author.pk, file.name, counts)
        messages.success(request, f"{file.name} is loaded: {counts}.")
        return redirect("admin:questions_question_changelist")

    def _guard_load(self, request: HttpRequest) -> None:
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied

    def _load_refused(self, request: HttpRequest, reason: str) -> HttpResponse:
        messages.error(request, reason)
        return redirect("admin:questions_load")

    def _load_page(self, request: HttpRequest, **context: Any) -> HttpResponse:
        page = {**self.admin_site.each_context(request), "title": "Load a fixture file", "opts": self.opts, **context}
        return render(request, "admin/questions/question/load.html", page)


def author_of(request: HttpRequest) -> User:
    """The admin site lets only signed-in people in."""
    assert isinstance(request.user, User)
    return request.user
