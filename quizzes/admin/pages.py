from __future__ import annotations

from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from questions.models import Question


class ReadOnly:
    """Shared by pages and inlines: view, and nothing else."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def question_link(question: Question) -> SafeString:
    url = reverse("admin:questions_question_change", args=[question.pk])
    return format_html('<a href="{}">{}</a>', url, question)
