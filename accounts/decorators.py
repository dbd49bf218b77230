from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase

from accounts.http import SignedInRequest

P = ParamSpec("P")
View = Callable[Concatenate[SignedInRequest, P], HttpResponseBase]


def signed_in(view: View[P]) -> View[P]:
    """Anonymous visitors are sent to sign in and come back afterwards."""
    return login_required(view)


def coordinator_required(view: View[P]) -> View[P]:
    """Anonymous visitors are sent to sign in; signed-in people who are no coordinators get 403."""

    @wraps(view)
    def guarded(request: SignedInRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_coordinator:
            raise PermissionDenied("Only coordinators may open this page.")
        return view(request, *args, **kwargs)

    return signed_in(guarded)
