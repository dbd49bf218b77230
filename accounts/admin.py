from __future__ import annotations

from datetime import date

from allauth.usersessions.admin import UserSessionAdmin
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone

from accounts.forms import TimeZoneField
from accounts.http import SignedInRequest
from accounts.models import User
from accounts.services import set_active

# Rights are `role` and `is_staff`; groups would be a second system beside them.
admin.site.unregister(Group)
# As it comes it searches for a username, which nobody here has.
UserSessionAdmin.search_fields = ["user__email", "ip"]


class UserForm(ModelForm):
    time_zone = TimeZoneField()

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.lower()


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    form = UserForm
    list_display = ("email", "display_name", "role", "is_staff", "joined", "last_login", "is_active")
    list_filter = ("role", "is_staff", "is_active", "extra_time_percent", "joined_at")
    search_fields = ("email", "display_name")
    ordering = ("-joined_at", "-pk")
    # One count less, and the number of all people says little here.
    show_full_result_count = False
    actions = ("deactivate", "reactivate")
    fieldsets = (
        (None, {"fields": ("email", "display_name", "time_zone", "extra_time_percent")}),
        ("Rights", {"fields": ("role", "is_staff", "is_active")}),
        ("Dates", {"fields": ("joined_at", "last_login")}),
    )
    readonly_fields = ("joined_at", "last_login")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        readonly = list(self.readonly_fields)
        if obj is not None:
            # People change their own address, and prove that it is theirs.
            readonly.append("email")
        if obj == request.user:
            # Nobody locks themselves out.
            readonly += ["is_staff", "is_active"]
        if not request.user.is_superuser:
            readonly += ["role", "is_staff"]
        return readonly

    @admin.display(description="joined", ordering="joined_at")
    def joined(self, person: User) -> date:
        return timezone.localdate(person.joined_at)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Admins are changed by superusers alone: nobody takes over, or locks out, whoever gave the rights."""
        may: bool = super().has_change_permission(request, obj)
        return may and (obj is None or request.user.is_superuser or not (obj.is_staff or obj.is_superuser))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """One by one, and only people whose results nobody would miss; everybody else is deactivated."""
        return bool(request.user.is_superuser and obj is not None and obj != request.user and not obj.attempts.exists())

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm[User], change: bool) -> None:
        if not change:
            # They choose a password by "Forgot your password?".
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    @admin.action(description="Deactivate: sign out and keep everything", permissions=["change"])
    def deactivate(self, request: SignedInRequest, people: QuerySet[User]) -> None:
        changed = set_active(people=self._changeable(request, people).exclude(pk=request.user.pk), is_active=False)
        self._tell(request, "deactivated", changed, people.count())

    @admin.action(description="Reactivate", permissions=["change"])
    def reactivate(self, request: SignedInRequest, people: QuerySet[User]) -> None:
        changed = set_active(people=self._changeable(request, people), is_active=True)
        self._tell(request, "reactivated", changed, people.count())

    def _changeable(self, request: HttpRequest, people: QuerySet[User]) -> QuerySet[User]:
        return people if request.user.is_superuser else people.filter(is_staff=False, is_superuser=False)

    def _tell(self, request: HttpRequest, done: str, changed: int, chosen: int) -> None:
        level = messages.SUCCESS if changed else messages.WARNING
        self.message_user(request, f"{changed} of {chosen} chosen {done}.", level)
