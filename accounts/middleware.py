from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.http import UNSENT

GetResponse = Callable[[HttpRequest], HttpResponse]


class TimeZoneMiddleware:
    """Show moments in the signed-in person's own time zone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(ZoneInfo(request.user.time_zone)):
            return self.get_response(request)


class PrivatePagesMiddleware:
    """Signed-in pages are stored nowhere: after signing out, Back shows nothing."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.setdefault("Cache-Control", "no-store")
        return response


class UnsentMiddleware:
    """Who comes back to a page from which something did not get through is told so, and then is on that page.

    Some addresses have no page, because they answer posts only; from there it goes to Today.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "GET" or UNSENT not in request.GET or not request.user.is_authenticated:
            return response
        messages.warning(
            request, "You were signed out, so your last step was not saved. Do it again if you still want it."
        )
        if response.status_code == 405:
            return redirect(settings.LOGIN_REDIRECT_URL)
        query = request.GET.copy()
        del query[UNSENT]
        address = request.get_full_path().partition("?")[0]
        return redirect(f"{address}?{query.urlencode()}" if query else address)
