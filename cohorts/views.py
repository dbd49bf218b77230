from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import coordinator_required, signed_in
from accounts.http import HttpRequest, SignedInRequest
from cohorts import queries, services
from cohorts.forms import InviteByEmailForm, JoinCohortForm, NameCohortForm
from cohorts.models import Cohort, Invitation, Membership
from cohorts.tasks import mail_invitation


@require_safe
@coordinator_required
def cohort_list(request: SignedInRequest) -> HttpResponse:
    members = Count("memberships", filter=Q(memberships__left_at=None))
    cohorts = Cohort.objects.led_by(request.user).annotate(member_count=members)
    return render(request, "cohorts/cohort_list.html", {"cohorts": cohorts})


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_required
def cohort_create(request: SignedInRequest) -> HttpResponse:
    form = NameCohortForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cohort = services.create_cohort(coordinator=request.user, name=form.cleaned_data["name"])
        messages.success(request, f"{cohort.name} is ready. Invite candidates next.")
        return redirect(cohort)
    return render(request, "cohorts/cohort_create.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_required
def cohort_update(request: SignedInRequest, code: UUID) -> HttpResponse:
    cohort = queries.get_cohort_for(request.user, code)
    form = NameCohortForm(request.POST or None, initial={"name": cohort.name})
    if request.method == "POST" and form.is_valid():
        services.rename_cohort(cohort=cohort, name=form.cleaned_data["name"])
        return redirect(cohort)
    return render(request, "cohorts/cohort_update.html", {"form": form, "cohort": cohort})


@require_safe
@coordinator_required
def cohort_detail(request: SignedInRequest, code: UUID) -> HttpResponse:
    return _cohort_page(request, queries.get_cohort_for(request.user, code), InviteByEmailForm())


@require_POST
@coordinator_required
def link_create(request: SignedInRequest, code: UUID) -> HttpResponse:
    cohort = queries.get_cohort_for(request.user, code)
    services.invite_by_link(cohort=cohort, now=timezone.now())
    return redirect(cohort)


@require_POST
@coordinator_required
def invitation_create(request: SignedInRequest, code: UUID) -> HttpResponse:
    cohort = queries.get_cohort_for(request.user, code)
    form = InviteByEmailForm(request.POST)
    if not form.is_valid():
        return _cohort_page(request, cohort, form)
    invitations = services.invite_by_email(cohort=cohort, emails=form.cleaned_data["emails"], now=timezone.now())
    for invitation in invitations:
        mail_invitation.delay_on_commit(invitation.pk)
    messages.success(request, _invited(len(invitations)))
    return redirect(cohort)


@require_POST
@coordinator_required
def invitation_revoke(request: SignedInRequest, code: UUID, token: str) -> HttpResponse:
    invitation = queries.get_invitation_for(request.user, code, token)
    services.revoke_invitation(invitation=invitation, now=timezone.now())
    messages.success(request, "The invitation is withdrawn.")
    return redirect("cohorts:cohort-detail", code)


@require_POST
@coordinator_required
def membership_remove(request: SignedInRequest, code: UUID, candidate: UUID) -> HttpResponse:
    membership = queries.get_membership_in(queries.get_cohort_for(request.user, code), candidate)
    services.end_membership(membership=membership, now=timezone.now())
    messages.success(request, f"{membership.candidate.name} is no longer in the cohort.")
    return redirect("cohorts:cohort-detail", code)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """Open to visitors: they read what joining means, and sign in or sign up before they choose."""
    now = timezone.now()
    invitation = queries.get_invitation_by_token(token)
    person = request.user if request.user.is_authenticated else None
    form = JoinCohortForm(request.POST or None)
    refusal = services.why_refused(invitation, person, now)
    if request.method == "POST" and person and form.is_valid():
        try:
            services.accept_invitation(
                invitation=invitation, candidate=person, sharing=form.cleaned_data["sharing"], now=now
            )
        except services.InvitationRefused as error:
            refusal = str(error)
        else:
            messages.success(request, f"You are in {invitation.cohort.name}.")
            return redirect("progress:today")
    page = {"invitation": invitation, "form": form, "refusal": refusal, "shared": queries.what_is_shared()}
    return render(request, "cohorts/invitation_accept.html", page, status=410 if refusal else 200)


@require_safe
@signed_in
def membership_list(request: SignedInRequest) -> HttpResponse:
    memberships = Membership.objects.active().filter(candidate=request.user).select_related("cohort__coordinator")
    page = {"memberships": memberships, "shared": queries.what_is_shared()}
    return render(request, "cohorts/membership_list.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def membership_update(request: SignedInRequest, code: UUID) -> HttpResponse:
    membership = queries.get_own_membership(request.user, code)
    form = JoinCohortForm(request.POST or None, initial={"sharing": membership.sharing})
    if request.method == "POST" and form.is_valid():
        services.change_sharing(membership=membership, sharing=form.cleaned_data["sharing"])
        messages.success(request, f"Changed what {membership.cohort.coordinator.name} can see. It holds from now on.")
        return redirect("cohorts:membership-list")
    page = {"membership": membership, "form": form, "shared": queries.what_is_shared()}
    return render(request, "cohorts/membership_update.html", page)


@require_POST
@signed_in
def membership_leave(request: SignedInRequest, code: UUID) -> HttpResponse:
    membership = queries.get_own_membership(request.user, code)
    services.end_membership(membership=membership, now=timezone.now())
    messages.success(request, f"You have left {membership.cohort.name}. Your coordinator sees nothing of you any more.")
    return redirect("cohorts:membership-list")


def _cohort_page(request: SignedInRequest, cohort: Cohort, form: InviteByEmailForm) -> HttpResponse:
    invitations = list(Invitation.objects.open(timezone.now()).filter(cohort=cohort))
    page = {
        "cohort": cohort,
        "memberships": cohort.memberships.active().select_related("candidate"),
        "link": next((invitation for invitation in invitations if not invitation.email), None),
        "waiting": [invitation for invitation in invitations if invitation.email],
        "form": form,
    }
    return render(request, "cohorts/cohort_detail.html", page)


def _invited(count: int) -> str:
    if not count:
        return "All of these have an open invitation already, so nothing was sent."
    return "One invitation is on its way." if count == 1 else f"{count} invitations are on their way."
