from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from accounts.decorators import coordinator_required, signed_in
from accounts.models import User

pytestmark = pytest.mark.django_db


def page(request: object, number: int) -> HttpResponse:
    return HttpResponse(f"page {number}")


def answer(view: object, person: User | AnonymousUser) -> HttpResponse:
    request = RequestFactory().get("/somewhere/")
    request.user = person
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
