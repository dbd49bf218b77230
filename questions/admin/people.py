from __future__ import annotations

from django.http import HttpRequest

from accounts.models import User


def signed_in_admin(request: HttpRequest) -> User:
    """The admin site lets only signed-in people in."""
    assert isinstance(request.user, User)
    return request.user
