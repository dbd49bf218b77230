from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from cohorts.models import Cohort, Invitation, Membership


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    fields = readonly_fields = ("candidate", "sharing", "joined_at", "left_at")
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Cohort | None = None) -> bool:
        # Joining is the candidate's decision, and so is what is shared.
        return False


@admin.register(Cohort)
class CohortAdmin(admin.ModelAdmin):
    list_display = ["name", "coordinator", "member_count", "created_at"]
    list_select_related = ["coordinator"]
    search_fields = ["name", "coordinator__email"]
    autocomplete_fields = ["coordinator"]
    inlines = [MembershipInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cohort]:
        members = Count("memberships", filter=Q(memberships__left_at=None))
        cohorts: QuerySet[Cohort] = super().get_queryset(request)
        return cohorts.annotate(member_count=members)

    @admin.display(description="members", ordering="member_count")
    def member_count(self, cohort: Any) -> int:
        count: int = cohort.member_count
        return count


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    """Read-only: a token is a right to join and is shown to the coordinator alone."""

    list_display = ["cohort", "email", "created_at", "expires_at", "used_at", "revoked_at"]
    list_select_related = ["cohort"]
    search_fields = ["email", "cohort__name"]
    exclude = ["token"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return False
