"""Request types: what the middleware adds, so that views are typed; and what every form may send."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from django.http import HttpRequest as DjangoHttpRequest
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from accounts.models import User

MOST_IN_ADDRESS = 500
# In the address of a page that somebody is led back to: what was sent from it did not get through.
UNSENT = "unsent"


class HttpRequest(DjangoHttpRequest):
    htmx: HtmxDetails


class SignedInRequest(HttpRequest):
    user: User


def next_of(request: HttpRequest) -> str:
    """Where a form says that it came from, if that is a page of this site; empty otherwise."""
    address = request.POST.get("next", "")
    # What does not begin with a slash, `redirect` would take for the name of a route.
    return address if is_ours(request, address) and address.startswith("/") else ""


def page_of(request: HttpRequest) -> str:
    """Where the browser says that a request was made, if that is a page of this site; empty otherwise."""
    address = request.htmx.current_url or request.headers.get("Referer", "")
    if not is_ours(request, address):
        return ""
    parts = urlsplit(address)
    return escape_leading_slashes(urlunsplit(("", "", parts.path, parts.query, "")))


def is_ours(request: HttpRequest, address: str) -> bool:
    hosts = {request.get_host()}
    is_here = url_has_allowed_host_and_scheme(address, allowed_hosts=hosts, require_https=request.is_secure())
    return is_here and len(address) <= MOST_IN_ADDRESS


def unsent(address: str) -> str:
    """There `UnsentMiddleware` says so, once."""
    return f"{address}{'&' if '?' in address else '?'}{UNSENT}"
