from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.decorators import confirmed, has_confirmed, signed_in
from accounts.http import SignedInRequest
from progress import exports, services
from progress.queries.personal_data import GROUPS, LEFT_OUT


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@confirmed
def account_data(request: SignedInRequest) -> HttpResponseBase:
    if request.method != "POST":
        return _page(request)
    now = timezone.now()
    try:
        services.announce_export(person=request.user, now=now)
    except services.ExportRefused as error:
        return _page(request, error=str(error), status=429)
    response = StreamingHttpResponse(exports.personal_archive(request.user, at=now), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="ccxp-prep-{timezone.localdate(now)}.zip"'
    return response


def _page(request: SignedInRequest, *, error: str = "", status: int = 200) -> HttpResponse:
    context = {
        "groups": GROUPS,
        "left_out": LEFT_OUT.values(),
        "is_confirmed": has_confirmed(request),
        "error": error,
    }
    return render(request, "progress/account_data.html", context, status=status)
