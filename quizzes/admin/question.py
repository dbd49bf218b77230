"""The page of a question, grown by what its answers tell. `questions` knows no answers: what does, adds them here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString

from questions.admin import QuestionAdmin
from questions.models import Question
from quizzes.admin.performance import performance
from quizzes.models import ItemStatistics

admin.site.unregister(Question)


@admin.register(Question)
class MeasuredQuestionAdmin(QuestionAdmin):
    class Media:
        css = {"all": ("css/pages/admin-statistics.css",)}

    def get_fieldsets(self, request: HttpRequest, obj: Question | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or obj.is_unpublished:
            return fieldsets
        return [*fieldsets, ("What answers tell", {"fields": ("performance",)})]

    def get_readonly_fields(self, request: HttpRequest, obj: Question | None = None) -> tuple[str, ...]:
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "performance") if fields else fields

    @admin.display(description="statistics")
    def performance(self, question: Question) -> SafeString:
        statistics = ItemStatistics.objects.filter(question=question).select_related("question__parameters").first()
        return performance(question, statistics)
