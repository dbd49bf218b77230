"""Request types: what the middleware adds, so that views are typed."""

from __future__ import annotations

from django.http import HttpRequest as DjangoHttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class HttpRequest(DjangoHttpRequest):
    htmx: HtmxDetails


class SignedInRequest(HttpRequest):
    user: User
