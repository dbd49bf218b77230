from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import redirect

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


def confirmed(view: View[P]) -> View[P]:
    """A post gets through only from people who proved again, some minutes ago at most, that it is them.

    Others are led to do so and back to the page, not to the post: what is done there is done by a second decision.
    The page itself asks for the proof with `?confirm`.
    """

    @wraps(view)
    def guarded(request: SignedInRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method == "POST" and not has_confirmed(request):
            return redirect(f"{request.path}?confirm")
        if "confirm" in request.GET:
            ask_for_proof(request)
        return view(request, *args, **kwargs)

    return guarded


def has_confirmed(request: SignedInRequest) -> bool:
    try:
        ask_for_proof(request)
    except ReauthenticationRequired:
        return False
    return True


# allauth knows which proofs somebody has and how long each holds; it raises where there is none.
ask_for_proof = reauthentication_required(lambda request: None, app="allauth.account")
