"""Sign-offs: listed on the page of the version they are about, given and withdrawn on a page of their own."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.models import User
from questions import services
from questions.admin.people import signed_in_admin
from questions.forms import SignOffForm
from questions.models import Question, SignOff
from questions.queries import option_results


class SignOffInline(admin.TabularInline):
    model = SignOff
    fields = readonly_fields = ("name", "signed_at", "remark")
    extra = 0
    verbose_name_plural = "Signed off by"

    def has_add_permission(self, request: HttpRequest, obj: Question | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Question | None = None) -> bool:
        return False


class SignedOffFilter(admin.SimpleListFilter):
    title = "sign-off"
    parameter_name = "signed_off"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", "Signed off"), ("no", "Not signed off")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in {"yes", "no"}:
            return queryset
        return queryset.signed_off() if self.value() == "yes" else queryset.not_signed_off()


def sign_off(request: HttpRequest, *, page: admin.ModelAdmin, pk: int) -> HttpResponse:
    if not page.has_change_permission(request):
        raise PermissionDenied
    question = get_object_or_404(Question.objects.with_blueprint(), pk=pk)
    signer = signed_in_admin(request)
    own = question.sign_offs.filter(signer=signer).first()
    if "withdraw" in request.POST:
        services.withdraw_sign_off(question=question, signer=signer)
        return _done(request, page, question, "Sign-off withdrawn", f"Your sign-off of {question} is withdrawn.")
    initial = {"name": own.name if own else usual_name(signer)}
    form = SignOffForm(request.POST or None, instance=own, initial=initial)
    if not form.is_valid():
        context = {"question": question, "results": option_results(question), "form": form, "own": own}
        page_context = {**page.admin_site.each_context(request), "title": "Sign off", "opts": page.opts}
        return render(request, "admin/questions/question/sign_off.html", {**page_context, **context})
    try:
        services.sign_off(question=question, signer=signer, now=timezone.now(), **form.cleaned_data)
    except services.QuestionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:questions_question_change", pk)
    return _done(request, page, question, "Signed off", f"{question} is signed off.")


def _done(request: HttpRequest, page: admin.ModelAdmin, question: Question, entry: str, told: str) -> HttpResponse:
    page.log_change(request, question, entry)
    messages.success(request, told)
    return redirect("admin:questions_question_change", question.pk)


def usual_name(signer: User) -> str:
    """As this person signed last, so that a certificate is typed once."""
    last = signer.sign_offs.first()
    return last.name if last else signer.name
