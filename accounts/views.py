from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import queries, services
from accounts.decorators import confirmed, has_confirmed, signed_in
from accounts.forms import AskForDeletionForm, EndSessionForm, SaveAppearanceForm, SaveProfileForm
from accounts.http import HttpRequest, SignedInRequest, page_of, unsent


@require_safe
@signed_in
def settings(request: SignedInRequest) -> HttpResponse:
    return render(request, "accounts/settings.html", {"overview": queries.settings_overview(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def profile(request: SignedInRequest) -> HttpResponse:
    person = request.user
    initial = {name: getattr(person, name) for name in SaveProfileForm.base_fields}
    form = SaveProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.save_profile(person=person, **form.cleaned_data)
        messages.success(request, "Your settings are saved.")
        return redirect("accounts:settings")
    return render(request, "accounts/profile.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def appearance(request: SignedInRequest) -> HttpResponse:
    person = request.user
    initial = {name: getattr(person, name) for name in SaveAppearanceForm.base_fields}
    form = SaveAppearanceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.save_appearance(person=person, **form.cleaned_data)
        messages.success(request, "This is how every page looks from now on.")
        return redirect("accounts:appearance")
    return render(request, "accounts/appearance.html", {"form": form})


@require_POST
@signed_in
def session_end(request: SignedInRequest) -> HttpResponse:
    form = EndSessionForm(request.POST)
    if form.is_valid():
        current = request.session.session_key
        services.end_session(
            session=queries.get_other_session(request.user, form.cleaned_data["session"], current=current)
        )
        messages.success(request, "That browser is signed out.")
    else:
        messages.error(request, "That session is not there any more.")
    return redirect("usersessions_list")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@confirmed
def account_delete(request: SignedInRequest) -> HttpResponse:
    person, now = request.user, timezone.now()
    form = AskForDeletionForm(request.POST or None)
    refusal = services.why_deletion_is_refused(person)
    if request.method == "POST" and not refusal and form.is_valid():
        try:
            services.ask_for_deletion(person=person, now=now)
        except services.DeletionRefused as error:
            refusal = str(error)
        else:
            services.end_sessions(person=person, but=request.session.session_key)
            messages.success(request, "We will delete your account. Every other browser is signed out.")
            return redirect("accounts:settings")
    page = {
        "form": form,
        "refusal": refusal,
        "is_confirmed": has_confirmed(request),
        "goes_at": services.goes_at(now),
    }
    return render(request, "accounts/account_delete.html", page, status=409 if refusal and form.is_bound else 200)


@require_POST
@signed_in
def account_keep(request: SignedInRequest) -> HttpResponse:
    if services.keep_account(person=request.user):
        messages.success(request, "Your account stays, with everything in it.")
    return redirect("accounts:settings")


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What Django shows when a post came without the right token, as after signing in again in another tab.

    What was sent from a page of ours can be sent again; what another site may have made up, nobody is asked to send.
    """
    page = page_of(request)
    is_kept = bool(page) and request.user.is_authenticated and not request.FILES and not holds_password(request)
    context = {
        "page_href": unsent(page) if page and request.user.is_authenticated else page,
        "is_kept": is_kept,
        "fields": kept_fields(request) if is_kept else [],
    }
    return render(request, "403_csrf.html", context, status=403)


def holds_password(request: HttpRequest) -> bool:
    return any("password" in name for name in request.POST)


def kept_fields(request: HttpRequest) -> list[tuple[str, str]]:
    fields = [(name, str(value)) for name, values in request.POST.lists() for value in values]
    return [(name, value) for name, value in fields if name != "csrfmiddlewaretoken"]
