from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from questions import services
from questions.admin.loading import confirm_load, load_file
from questions.admin.moves import MOVES, move, move_one
from questions.admin.people import signed_in_admin
from questions.admin.report import bank_report
from questions.admin.signing import SignedOffFilter, SignOffInline, sign_off
from questions.forms import EditQuestionForm
from questions.models import ProblemReport, Question
from questions.queries import REFERENCE_CODES, option_results, question_findings
from questions.validation import Severity

IDENTITY = ("code", "version", "status", "objective", "pool", "author")
CLASSIFICATION = ("cognitive_level", "difficulty")


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
            obj.author = signed_in_admin(request)
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
        move(request, questions, page=self, verb="publish")

    @admin.action(description="Send to review", permissions=["change"])
    def review_selected(self, request: HttpRequest, questions: QuerySet[Question]) -> None:
        move(request, questions, page=self, verb="review")

    @admin.action(description="Retire", permissions=["change"])
    def retire_selected(self, request: HttpRequest, questions: QuerySet[Question]) -> None:
        move(request, questions, page=self, verb="retire")

    @admin.action(description="Revise: make the next version as a draft", permissions=["change"])
    def revise_selected(self, request: HttpRequest, questions: QuerySet[Question]) -> None:
        move(request, questions, page=self, verb="revise")

    # Pages beside the usual ones

    def get_urls(self) -> list[URLPattern]:
        def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
            return self.admin_site.admin_view(view)

        read_or_post = require_http_methods(["GET", "HEAD", "POST"])
        page = {"page": self}
        moves = [
            path(
                f"<int:pk>/{verb}/", wrap(require_POST(move_one)), {**page, "verb": verb}, f"questions_question_{verb}"
            )
            for verb in MOVES
        ]
        return [
            path("report/", wrap(require_safe(bank_report)), page, "questions_report"),
            path("<int:pk>/sign-off/", wrap(read_or_post(sign_off)), page, "questions_sign_off"),
            path("load/", wrap(read_or_post(load_file)), page, "questions_load"),
            path("load/confirm/", wrap(require_POST(confirm_load)), page, "questions_load_confirm"),
            path("<int:pk>/preview/", wrap(require_safe(self.preview_view)), name="questions_preview"),
            *moves,
            *super().get_urls(),
        ]

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What a candidate sees: first the options alone, then what comes after the check."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        question = get_object_or_404(Question.objects.with_blueprint(), pk=pk)
        results = option_results(question) if "answers" in request.GET else []
        return render(request, "admin/questions/question/preview.html", {"question": question, "results": results})
