from __future__ import annotations

import pytest
from django.core.cache import cache
from hypothesis import settings

pytest_plugins = [
    "tests.people",
    "tests.postgres",
    "tests.redis_server",
    "tests.browser",
    "tests.production",
    "tests.distribution",
]

# How long an example takes depends on what else the machine does.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Rate limits of one test must not refuse the next one."""
    cache.clear()
