"""Support needs to see what the memory model saw; of all this, only a study plan may be changed by hand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from reviews.forms import MOST_MINUTES
from reviews.models import Card, Reminder, ReviewLog, Schedule, StudyPlan


class ReadOnlyAdmin(admin.ModelAdmin):
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not by itself, but together with the candidate whose row it is."""
        match = request.resolver_match
        own_pages = f"{self.opts.app_label}_{self.opts.model_name}_"
        is_own_page = match is None or (match.url_name or "").startswith(own_pages)
        return not is_own_page and super().has_delete_permission(request, obj)


@admin.register(Card)
class CardAdmin(ReadOnlyAdmin):
    list_display = ("candidate", "objective_code", "due_on", "stability", "difficulty", "reps", "lapses")
    list_filter = ("state", "objective__statement__competency", "due_on")
    search_fields = ("candidate__email", "objective__code")
    search_help_text = "Email address or code of an objective"
    list_select_related = ("candidate", "objective")
    ordering = ("due_on", "pk")

    @admin.display(description="objective", ordering="objective__code")
    def objective_code(self, card: Card) -> str:
        return card.objective.code


@admin.register(ReviewLog)
class ReviewLogAdmin(ReadOnlyAdmin):
    list_display = ("reviewed_at", "candidate", "objective_code", "question", "rating", "seconds", "is_from_review")
    list_filter = ("rating", "is_from_review", "objective__statement__competency", "study_day")
    search_fields = ("candidate__email", "objective__code", "question__code")
    search_help_text = "Email address, or code of an objective or a question"
    list_select_related = ("candidate", "objective", "question")
    ordering = ("-pk",)

    @admin.display(description="objective", ordering="objective__code")
    def objective_code(self, log: ReviewLog) -> str:
        return log.objective.code


@admin.register(Schedule)
class ScheduleAdmin(ReadOnlyAdmin):
    list_display = ("candidate", "starts_on", "exam_on", "day_count", "dropped_count", "projected_recall", "built_at")
    list_filter = ("algorithm_version", "built_at")
    search_fields = ("candidate__email",)
    search_help_text = "Email address"
    list_select_related = ("candidate",)
    ordering = ("-built_at", "-pk")

    @admin.display(description="days")
    def day_count(self, schedule: Schedule) -> int:
        return len(schedule.days)

    @admin.display(description="dropped")
    def dropped_count(self, schedule: Schedule) -> int:
        return len(schedule.dropped)


class StudyPlanForm(forms.ModelForm):
    class Meta:
        fields = ("candidate", "exam_on", "minutes_by_weekday", "blueprint", "target_percent", "wants_reminders")
        model = StudyPlan

    def clean_minutes_by_weekday(self) -> list[int]:
        minutes = self.cleaned_data["minutes_by_weekday"]
        is_week = isinstance(minutes, list) and len(minutes) == 7
        if not is_week or not all(type(each) is int and 0 <= each <= MOST_MINUTES for each in minutes):
            raise ValidationError(f"Seven whole numbers from 0 to {MOST_MINUTES}, Monday first.")
        return list(minutes)


@admin.register(StudyPlan)
class StudyPlanAdmin(admin.ModelAdmin):
    form = StudyPlanForm
    list_display = ("candidate", "exam_on", "blueprint", "target_percent", "wants_reminders", "changed_at")
    list_filter = ("wants_reminders", "blueprint", "exam_on")
    search_fields = ("candidate__email",)
    search_help_text = "Email address"
    list_select_related = ("candidate", "blueprint")
    autocomplete_fields = ("candidate",)
    ordering = ("-changed_at", "-pk")
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: StudyPlan, form: Any, change: bool) -> None:
        # The sweep rebuilds the schedule of a plan that changed.
        obj.changed_at = timezone.now()
        super().save_model(request, obj, form, change)


@admin.register(Reminder)
class ReminderAdmin(ReadOnlyAdmin):
    list_display = ("on", "candidate", "claimed_at")
    search_fields = ("candidate__email",)
    search_help_text = "Email address"
    list_select_related = ("candidate",)
    ordering = ("-on", "-pk")
