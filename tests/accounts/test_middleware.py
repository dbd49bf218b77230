from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts.middleware import PrivatePagesMiddleware, TimeZoneMiddleware
from accounts.models import User
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db


def offset_seen_by(person: User | AnonymousUser) -> timedelta | None:
    """The clock that a view shows times on."""
    seen: list[datetime] = []

    def view(request: object) -> HttpResponse:
        seen.append(timezone.localtime(NOW))
        return HttpResponse()

    request = RequestFactory().get("/")
    request.user = person
    TimeZoneMiddleware(view)(request)
    return seen[0].utcoffset()


def test_a_signed_in_person_sees_the_own_clock() -> None:
    assert offset_seen_by(make_user("carla", time_zone="Asia/Tokyo")) == timedelta(hours=9)


def test_a_visitor_sees_the_servers_clock() -> None:
    assert offset_seen_by(AnonymousUser()) == timedelta(0)


def test_one_persons_clock_is_gone_with_the_request() -> None:
    offset_seen_by(make_user("carla", time_zone="Asia/Tokyo"))
    assert timezone.get_current_timezone_name() == "UTC"


def test_the_clock_is_gone_after_an_error_too() -> None:
    def view(request: object) -> HttpResponse:
        raise ZeroDivisionError

    request = RequestFactory().get("/")
    request.user = make_user("carla", time_zone="Asia/Tokyo")
    with pytest.raises(ZeroDivisionError):
        TimeZoneMiddleware(view)(request)
    assert timezone.get_current_timezone_name() == "UTC"


def cache_control_for(person: User | AnonymousUser, **headers: str) -> str | None:
    request = RequestFactory().get("/")
    request.user = person
    response = PrivatePagesMiddleware(lambda request: HttpResponse(headers=headers))(request)
    return response.headers.get("Cache-Control")


def test_pages_of_a_signed_in_person_are_stored_nowhere(candidate: User) -> None:
    assert cache_control_for(candidate) == "no-store"


def test_pages_of_a_visitor_may_be_stored() -> None:
    assert cache_control_for(AnonymousUser()) is None


def test_a_view_that_knows_better_is_left_alone(candidate: User) -> None:
    assert cache_control_for(candidate, **{"Cache-Control": "max-age=60"}) == "max-age=60"


def test_both_stand_in_the_settings(candidate_client: Client) -> None:
    assert candidate_client.get(reverse("accounts:settings")).headers["Cache-Control"] == "no-store"
