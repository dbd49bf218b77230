"""Sittings are looked at here and never changed: what was answered is a fact."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from quizzes.admin.pages import ReadOnly, question_link
from quizzes.models import Answer, Assignment, Attempt, Quiz, QuizQuestion, Response


class QuizQuestionInline(ReadOnly, admin.TabularInline):
    model = QuizQuestion
    fields = ("position", "shown_question")
    readonly_fields = fields
    verbose_name_plural = "chosen questions"

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuizQuestion]:
        return super().get_queryset(request).select_related("question", "quiz")

    @admin.display(description="question")
    def shown_question(self, row: QuizQuestion) -> SafeString:
        return question_link(row.question)


@admin.register(Quiz)
class QuizAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("title", "kind", "author", "question_count", "time_limit_minutes", "feedback", "created_at")
    list_filter = ("kind", "feedback", "blueprint", "created_at")
    list_select_related = ("author",)
    search_fields = ("title", "=code", "author__email", "author__display_name")
    search_help_text = "Title, code or author"
    date_hierarchy = "created_at"
    show_full_result_count = False
    fields = (
        "title",
        "code",
        "kind",
        "author",
        "blueprint",
        "rule",
        "question_count",
        "time_limit_minutes",
        "feedback",
        "cut_score",
        "created_at",
    )
    inlines = (QuizQuestionInline,)


@admin.register(Assignment)
class AssignmentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("quiz", "cohort", "opens_at", "due_at", "attempts_allowed", "attempt_count")
    list_filter = ("opens_at", "due_at", "quiz__kind")
    list_select_related = ("quiz", "cohort")
    search_fields = ("quiz__title", "cohort__name", "cohort__coordinator__email", "=code")
    search_help_text = "Quiz, cohort or coordinator"
    # Its page belongs to its candidates; an admin would find nothing there.
    view_on_site = False
    date_hierarchy = "due_at"
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assignment]:
        assignments: QuerySet[Assignment] = super().get_queryset(request)
        return assignments.annotate(attempt_count=Count("attempts"))

    @admin.display(description="attempts", ordering="attempt_count")
    def attempt_count(self, assignment: Any) -> int:
        return int(assignment.attempt_count)


class ResponseInline(ReadOnly, admin.TabularInline):
    model = Response
    fields = (
        "position",
        "shown_question",
        "selected_label",
        "is_correct",
        "confidence",
        "is_flagged",
        "seconds",
        "answered_at",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Response]:
        return super().get_queryset(request).select_related("question")

    @admin.display(description="question")
    def shown_question(self, response: Response) -> SafeString:
        return question_link(response.question)


class AnswerInline(ReadOnly, admin.TabularInline):
    """The log behind the responses, for the question "what happened to my answer?"."""

    model = Answer
    fields = ("answered_at", "position", "sequence", "label", "is_flagged")
    readonly_fields = fields
    verbose_name_plural = "answers as they arrived"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Answer]:
        return super().get_queryset(request).select_related("response")

    @admin.display(description="position")
    def position(self, answer: Answer) -> int:
        return answer.response.position


@admin.register(Attempt)
class AttemptAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("candidate", "quiz", "state", "score", "started_at", "submitted_at")
    list_display_links = ("candidate", "quiz")
    list_filter = ("state", "quiz__kind", ("assignment", admin.EmptyFieldListFilter), "started_at")
    list_select_related = ("candidate", "quiz")
    search_fields = ("candidate__email", "candidate__display_name", "quiz__title", "=code")
    search_help_text = "Candidate, quiz or code"
    view_on_site = False
    date_hierarchy = "started_at"
    show_full_result_count = False
    fields = (
        "candidate",
        "quiz",
        "assignment",
        "code",
        "state",
        "feedback",
        "score",
        "cut_score",
        "started_at",
        "deadline_at",
        "submitted_at",
        "graded_at",
    )
    readonly_fields = ("score",)
    inlines = (ResponseInline, AnswerInline)

    @admin.display(description="score", ordering="raw_score")
    def score(self, attempt: Attempt) -> str:
        if attempt.raw_score is None:
            return "-"
        return f"{attempt.raw_score} of {attempt.question_count} ({attempt.percent_correct} %)"
