"""What people find wrong with questions, and the answers they get."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import F
from django.forms import ModelForm
from django.http import HttpRequest
from django.template.defaultfilters import truncatechars
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from questions import services
from questions.admin.people import signed_in_admin
from questions.forms import AnswerProblemForm
from questions.models import ProblemReport

EXCERPT_LENGTH = 80


class AnsweredFilter(admin.SimpleListFilter):
    title = "answer"
    parameter_name = "answered"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("no", "Waiting"), ("yes", "Answered")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return {"no": queryset.unanswered(), "yes": queryset.exclude(answered_at=None)}.get(
            self.value() or "", queryset
        )


@admin.register(ProblemReport)
class ProblemReportAdmin(admin.ModelAdmin):
    form = AnswerProblemForm
    list_display = ("reported_at", "kind", "question", "excerpt", "reporter", "answered_at")
    list_filter = (AnsweredFilter, "kind", "question__objective__statement__competency")
    list_select_related = ("question", "reporter")
    # What waits comes first, the newest of it at the top.
    ordering = (F("answered_at").desc(nulls_first=True), "-reported_at")
    search_fields = ("question__code", "text", "answer", "reporter__email")
    search_help_text = "Code of a question, words of the report or of its answer, or an email address"
    show_full_result_count = False
    fields = (
        "question_links",
        "kind",
        "text",
        "reporter",
        "reported_at",
        "answer",
        "answered_at",
        "answerer",
        "seen_at",
    )
    readonly_fields = (
        "question_links",
        "kind",
        "text",
        "reporter",
        "reported_at",
        "answered_at",
        "answerer",
        "seen_at",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description="text")
    def excerpt(self, report: ProblemReport) -> str:
        return truncatechars(report.text, EXCERPT_LENGTH)

    @admin.display(description="question")
    def question_links(self, report: ProblemReport) -> SafeString:
        return render_to_string("admin/questions/problemreport/question.html", {"question": report.question})

    def save_model(self, request: HttpRequest, obj: ProblemReport, form: ModelForm, change: bool) -> None:
        services.answer_report(
            report=obj, answer=form.cleaned_data["answer"], answerer=signed_in_admin(request), now=timezone.now()
        )
