"""Support needs to see what the memory model saw; of all this, only a study plan may be changed by hand.

The list of objectives is grown by how many candidates an objective is a leech for: `competencies` knows no cards.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone

from competencies.admin import ObjectiveAdmin
from competencies.models import Objective
from reviews.forms import MOST_MINUTES
from reviews.leeches import DEFECT_SHARE
from reviews.models import Card, MemoryFit, Reminder, ReviewLog, Schedule, StudyPlan
from reviews.queries import leech_shares

admin.site.unregister(Objective)


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
    list_display = (
        "candidate",
        "objective_code",
        "last_reviewed_on",
        "stability",
        "difficulty",
        "reps",
        "lapses",
        "leech_on",
    )
    list_filter = (("leech_on", admin.EmptyFieldListFilter), "objective__statement__competency", "last_reviewed_on")
    search_fields = ("candidate__email", "objective__code")
    search_help_text = "Email address or code of an objective"
    list_select_related = ("candidate", "objective")
    ordering = ("-last_reviewed_on", "pk")

    @admin.display(description="objective", ordering="objective__code")
    def objective_code(self, card: Card) -> str:
        return card.objective.code


@admin.register(MemoryFit)
class MemoryFitAdmin(ReadOnlyAdmin):
    list_display = ("fitted_at", "candidate", "is_accepted", "reviews", "own", "default", "average", "bins")
    list_filter = ("is_accepted", "algorithm_version", "fitted_at")
    search_fields = ("candidate__email",)
    search_help_text = "Email address"
    list_select_related = ("candidate",)
    ordering = ("-pk",)

    @admin.display(description="log loss", ordering="log_loss")
    def own(self, fit: MemoryFit) -> str:
        return f"{fit.log_loss:.4f}"

    @admin.display(description="of the defaults", ordering="log_loss_default")
    def default(self, fit: MemoryFit) -> str:
        return f"{fit.log_loss_default:.4f}"

    @admin.display(description="of the average", ordering="log_loss_average")
    def average(self, fit: MemoryFit) -> str:
        return f"{fit.log_loss_average:.4f}"

    @admin.display(description="RMSE(bins), defaults", ordering="rmse_bins")
    def bins(self, fit: MemoryFit) -> str:
        return f"{fit.rmse_bins:.3f}, {fit.rmse_bins_default:.3f}"


class LeechFilter(admin.SimpleListFilter):
    title = "leeches"
    parameter_name = "leeches"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("many", f"a leech for {DEFECT_SHARE:.0%} or more".replace("%", " %"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(leech_share__gte=DEFECT_SHARE) if self.value() == "many" else queryset


@admin.register(Objective)
class RememberedObjectiveAdmin(ObjectiveAdmin):
    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [*super().get_list_display(request), "leech_share"]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [*super().get_list_filter(request), LeechFilter]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Objective]:
        return leech_shares(super().get_queryset(request))

    # Databases differ in where they put what is missing.
    @admin.display(
        description="a leech for", ordering=Coalesce("leech_share", Value(-1.0)), empty_value="too few met it"
    )
    def leech_share(self, objective: Any) -> str | None:
        share = objective.leech_share
        return None if share is None else f"{share:.0%}".replace("%", " %")


@admin.register(ReviewLog)
class ReviewLogAdmin(ReadOnlyAdmin):
    list_display = (
        "reviewed_at",
        "candidate",
        "objective_code",
        "question",
        "rating",
        "seconds",
        "is_from_review",
        "takes_back",
    )
    list_filter = (
        "rating",
        "is_from_review",
        ("undoes", admin.EmptyFieldListFilter),
        "objective__statement__competency",
        "study_day",
    )
    search_fields = ("candidate__email", "objective__code", "question__code")
    search_help_text = "Email address, or code of an objective or a question"
    list_select_related = ("candidate", "objective", "question")
    ordering = ("-pk",)

    @admin.display(description="objective", ordering="objective__code")
    def objective_code(self, log: ReviewLog) -> str:
        return log.objective.code

    @admin.display(description="takes one back", boolean=True)
    def takes_back(self, log: ReviewLog) -> bool:
        return log.undoes_id is not None


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
