"""The servers that other tests rely on do what those tests take for granted."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

import pytest
import redis
from django.db import OperationalError, connection, connections, transaction

from accounts.models import User
from tests.factories import make_user


@pytest.mark.postgres
def test_marked_test_runs_on_postgres(candidate: User) -> None:
    assert connection.vendor == "postgresql"
    assert User.objects.get() == candidate


def test_unmarked_test_runs_on_sqlite(candidate: User) -> None:
    assert connection.vendor == ("postgresql" if os.environ.get("TEST_ON_POSTGRES") == "1" else "sqlite")
    assert User.objects.get() == candidate


@pytest.mark.postgres
def test_postgres_is_empty_again_after_a_test(transactional_db: None) -> None:
    assert User.objects.count() == 0


@pytest.mark.postgres
def test_locked_row_blocks_another_connection(candidate: User) -> None:
    order: list[str] = []
    locked = threading.Event()

    def hold_the_row() -> None:
        with transaction.atomic():
            User.objects.select_for_update().get(pk=candidate.pk)
            locked.set()
            # Long enough for the other one to have come by, were it not held up.
            threading.Event().wait(0.5)
            order.append("first")
        connections.close_all()

    holder = threading.Thread(target=hold_the_row)
    holder.start()
    assert locked.wait(5)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=candidate.pk)
        order.append("second")
    holder.join()

    assert order == ["first", "second"]


@pytest.mark.postgres
def test_locked_row_is_refused_when_nobody_waits(candidate: User) -> None:
    locked, done = threading.Event(), threading.Event()

    def hold_the_row() -> None:
        with transaction.atomic():
            User.objects.select_for_update().get(pk=candidate.pk)
            locked.set()
            done.wait(5)
        connections.close_all()

    holder = threading.Thread(target=hold_the_row)
    holder.start()
    assert locked.wait(5)
    try:
        with pytest.raises(OperationalError, match="could not obtain lock"), transaction.atomic():
            User.objects.select_for_update(nowait=True).get(pk=candidate.pk)
    finally:
        done.set()
        holder.join()


@pytest.mark.postgres
def test_threads_commit_side_by_side(transactional_db: None, in_parallel: Callable) -> None:
    emails = in_parallel(50, lambda number: make_user(f"person-{number}").email)

    assert sorted(User.objects.values_list("email", flat=True)) == sorted(emails)


def test_parallel_failure_is_raised(in_parallel: Callable) -> None:
    with pytest.raises(ZeroDivisionError):
        in_parallel(3, lambda number: 1 // (number - 1))


def test_redis_keeps_what_it_is_given(redis_url: str) -> None:
    client = redis.Redis.from_url(redis_url)
    client.set("key", "value")

    assert client.get("key") == b"value"
    client.close()
