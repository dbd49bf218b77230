"""The demo on the real content, for the tests of one module: loaded once and rolled back after them.

@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    with demo_on_real_content(django_db_blocker, now=NOW):
        yield
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import StringIO
from typing import Any

from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction

from progress.demo import load_demo


@contextmanager
def demo_on_real_content(blocker: Any, *, now: datetime) -> Iterator[None]:
    with blocker.unblock(), transaction.atomic():
        # It remembers what was loaded, and other tests have emptied the database since.
        cache.clear()
        call_command("load_content", stdout=StringIO())
        assert load_demo(now=now)
        yield
        transaction.set_rollback(True)
        cache.clear()
