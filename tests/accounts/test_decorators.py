from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django_htmx.middleware import HtmxDetails
from pytest_django.asserts import assertContains, assertNotContains

from accounts.decorators import coordinator_required, signed_in
from accounts.models import User

pytestmark = pytest.mark.django_db
LOST = "You were signed out, so your last step was not saved."


def page(request: object, number: int) -> HttpResponse:
    return HttpResponse(f"page {number}")


def answer(view: object, person: User | AnonymousUser) -> HttpResponse:
    request = RequestFactory().get("/somewhere/")
    request.user, request.htmx = person, HtmxDetails(request)
    return view(request, number=3)  # type: ignore[operator]


@pytest.mark.parametrize("decorator", [signed_in, coordinator_required])
def test_visitors_are_sent_to_sign_in_and_come_back(decorator: object) -> None:
    response = answer(decorator(page), AnonymousUser())  # type: ignore[operator]
    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next=/somewhere/")


def test_signed_in_lets_everybody_else_pass(candidate: User) -> None:
    assert answer(signed_in(page), candidate).content == b"page 3"


def test_coordinator_required_lets_coordinators_pass(coordinator: User) -> None:
    assert answer(coordinator_required(page), coordinator).content == b"page 3"


@pytest.mark.parametrize("person", ["candidate", "admin_user"])
def test_coordinator_required_refuses_others(request: pytest.FixtureRequest, person: str) -> None:
    with pytest.raises(PermissionDenied):
        answer(coordinator_required(page), request.getfixturevalue(person))


# After the session has ended. The server of these tests is called "testserver".

POST_ONLY = reverse("accounts:session-end")
SIGN_IN = f"{reverse('account_login')}?next="


@pytest.mark.parametrize(
    ("sent", "page"),
    [
        ({"headers": {"Referer": "http://testserver/account/"}}, "/account/%3Funsent"),
        ({"headers": {"Referer": "http://testserver/study/?page=2"}}, "/study/%3Fpage%3D2%26unsent"),
        ({"headers": {"Referer": "http://testserver//evil.example/"}}, "/%252Fevil.example/%3Funsent"),
        ({"headers": {"Referer": "http://evil.example/account/"}}, f"{POST_ONLY}%3Funsent"),
        ({"headers": {"Referer": f"http://testserver/{'a' * 500}/"}}, f"{POST_ONLY}%3Funsent"),
        ({"headers": {"Referer": "/account/"}, "data": {"next": "/study/"}}, "/account/%3Funsent"),
        ({"data": {"next": "/study/"}}, "/study/%3Funsent"),
        ({"data": {"next": "//evil.example/"}}, f"{POST_ONLY}%3Funsent"),
    ],
)
def test_a_form_leads_back_to_its_page(client: Client, sent: dict[str, Any], page: str) -> None:
    assert client.post(POST_ONLY, **sent)["Location"] == f"{SIGN_IN}{page}"


def test_who_comes_back_is_told_once_that_nothing_was_saved(candidate_client: Client) -> None:
    arrived = candidate_client.get("/practice/?objectives=MET-K1.1&unsent", follow=True)
    assert arrived.redirect_chain == [("/practice/?objectives=MET-K1.1", 302)]
    assertContains(arrived, LOST, count=1)
    assertNotContains(candidate_client.get("/practice/"), LOST)


def test_who_comes_back_to_an_address_without_a_page_is_on_today(candidate_client: Client) -> None:
    arrived = candidate_client.get(f"{POST_ONLY}?unsent", follow=True)
    assert arrived.redirect_chain == [("/today/", 302)]
    assertContains(arrived, LOST, count=1)


def test_visitors_are_told_nothing_of_a_session(client: Client) -> None:
    assertNotContains(client.get("/study/?unsent"), LOST)


@pytest.mark.parametrize(
    ("method", "address", "headers", "page"),
    [
        ("post", POST_ONLY, {"HX-Current-URL": "http://testserver/study/"}, "/study/%3Funsent"),
        ("get", "/practice/count/", {"HX-Current-URL": "http://testserver/practice/"}, "/practice/"),
        ("get", "/reviews/schedule/", {"HX-Current-URL": "http://evil.example/"}, "/reviews/schedule/"),
        ("get", "/practice/", {"HX-Current-URL": "http://testserver/study/", "HX-Boosted": "true"}, "/practice/"),
        # A script of ours that sends again what did not get through.
        ("post", POST_ONLY, {"Referer": "http://testserver/study/"}, "/study/"),
    ],
)
def test_htmx_opens_the_sign_in_page(
    client: Client, method: str, address: str, headers: dict[str, str], page: str
) -> None:
    response = getattr(client, method)(address, headers={"HX-Request": "true", **headers})
    assert (response.status_code, response.content) == (401, b"")
    assert response["HX-Redirect"] == f"{SIGN_IN}{page}"
