from __future__ import annotations

from collections.abc import Callable
from unittest.mock import Mock

import pytest
from django.db import OperationalError
from django.test import Client, override_settings

from ccxp_prep import health
from tests.redis_server import RedisServer


def test_healthz_asks_nobody(client: Client) -> None:
    # Without the mark `django_db`, a query would fail the test.
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok")


def test_readyz_without_redis(client: Client, db: None) -> None:
    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (200, {"database": "up", "redis": "unused"})


def test_readyz_with_redis(client: Client, db: None, redis_url: str) -> None:
    with override_settings(REDIS_URL=redis_url):
        assert client.get("/readyz").json() == {"database": "up", "redis": "up"}


def test_readyz_stays_ready_without_its_redis(client: Client, db: None) -> None:
    with override_settings(REDIS_URL="redis://127.0.0.1:1/0"):
        response = client.get("/readyz")

    assert (response.status_code, response.json()) == (200, {"database": "up", "redis": "down"})


def test_readyz_answers_while_redis_hangs(client: Client, db: None, start_redis: Callable[..., RedisServer]) -> None:
    server = start_redis("--save", "")
    server.child.pause()
    with override_settings(REDIS_URL=server.url):
        response = client.get("/readyz")

    assert (response.status_code, response.json()["redis"]) == (200, "down")


def test_readyz_is_503_without_the_database(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Mock(cursor=Mock(side_effect=OperationalError))
    monkeypatch.setattr(health, "connection", broken)
    response = client.get("/readyz")

    assert (response.status_code, response.json()["database"]) == (503, "down")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_never_cached(client: Client, db: None, path: str) -> None:
    assert "no-store" in client.get(path).headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_refuses_post(client: Client, db: None, path: str) -> None:
    assert client.post(path).status_code == 405
