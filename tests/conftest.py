from __future__ import annotations

pytest_plugins = ["tests.people", "tests.services", "tests.browser", "tests.production", "tests.distribution"]
