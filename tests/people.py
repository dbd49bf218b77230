"""Five people are enough: a candidate, another one, her coordinator, a coordinator elsewhere, an admin."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from cohorts.models import Cohort
from tests.factories import make_cohort, make_user


@pytest.fixture
def candidate(db: None) -> User:
    return make_user("carla")


@pytest.fixture
def other_candidate(db: None) -> User:
    return make_user("oscar")


@pytest.fixture
def coordinator(db: None) -> User:
    return make_user("cora", role=User.Role.COORDINATOR)


@pytest.fixture
def outsider(db: None) -> User:
    """A coordinator who leads another cohort."""
    return make_user("otto", role=User.Role.COORDINATOR)


@pytest.fixture
def admin_user(db: None) -> User:
    return make_user("ada", is_staff=True, is_superuser=True)


@pytest.fixture
def cohort(coordinator: User, candidate: User) -> Cohort:
    """Led by the coordinator, joined by the candidate, who shares scores."""
    return make_cohort(coordinator, candidate)


def _client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def candidate_client(candidate: User) -> Client:
    return _client_of(candidate)


@pytest.fixture
def other_client(other_candidate: User) -> Client:
    return _client_of(other_candidate)


@pytest.fixture
def coordinator_client(coordinator: User) -> Client:
    return _client_of(coordinator)


@pytest.fixture
def outsider_client(outsider: User) -> Client:
    return _client_of(outsider)


@pytest.fixture
def admin_client(admin_user: User) -> Client:
    return _client_of(admin_user)
