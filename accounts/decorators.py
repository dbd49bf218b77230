from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from accounts.http import HttpRequest, SignedInRequest, next_of, page_of, unsent

P = ParamSpec("P")
View = Callable[Concatenate[SignedInRequest, P], HttpResponseBase]


def signed_in(view: View[P]) -> View[P]:
    """Anonymous visitors are sent to sign in and come back afterwards, from a form to the page that it stood on."""

    @wraps(view)
    def guarded(request: SignedInRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if is_anonymous(request):
            return ask_to_sign_in(request)
        return view(request, *args, **kwargs)

    return guarded


def is_anonymous(request: HttpRequest) -> bool:
    return not request.user.is_authenticated


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    to_sign_in = redirect_to_login(page_after_sign_in(request))
    if not request.htmx:
        return to_sign_in
    # Redirected, htmx would put the sign-in page into a corner of the page; so it opens it. A script that keeps what it
    # sent knows by the status that it was not taken.
    return HttpResponse(status=401, headers={"HX-Redirect": to_sign_in.url})


def page_after_sign_in(request: HttpRequest) -> str:
    """Where an address answers posts only, nobody could come back to it; `UnsentMiddleware` sees to that."""
    is_page = request.method in {"GET", "HEAD"} and (request.htmx.boosted or not request.htmx)
    if is_page:
        return request.get_full_path()
    page = page_of(request) or next_of(request) or request.get_full_path()
    # A script of ours that asks in the manner of htmx names no page: it sends again by itself what did not get through.
    sends_again = request.htmx and not request.htmx.current_url
    return unsent(page) if request.method == "POST" and not sends_again else page


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
