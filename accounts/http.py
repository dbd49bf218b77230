"""Request types: what the middleware adds, so that views are typed; and what every form may send."""

from __future__ import annotations

from django.http import HttpRequest as DjangoHttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from accounts.models import User

MOST_IN_ADDRESS = 500


class HttpRequest(DjangoHttpRequest):
    htmx: HtmxDetails


class SignedInRequest(HttpRequest):
    user: User


def next_of(request: HttpRequest) -> str:
    """Where a form says that it came from, if that is a page of this site; empty otherwise."""
    address = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # What does not begin with a slash, `redirect` would take for the name of a route.
    return address if is_ours and address.startswith("/") and len(address) <= MOST_IN_ADDRESS else ""
