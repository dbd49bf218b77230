from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.decorators import signed_in
from accounts.forms import SaveSettingsForm
from accounts.http import SignedInRequest
from accounts.services import save_settings


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def settings(request: SignedInRequest) -> HttpResponse:
    person = request.user
    if request.method != "POST":
        initial = {name: getattr(person, name) for name in SaveSettingsForm.base_fields}
        return render(request, "accounts/settings.html", {"form": SaveSettingsForm(initial=initial)})
    form = SaveSettingsForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/settings.html", {"form": form})
    save_settings(person=person, **form.cleaned_data)
    messages.success(request, "Your settings are saved.")
    return redirect("accounts:settings")
