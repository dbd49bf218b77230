"""Which process of `pytest --numprocesses 2` runs what: a file at a time, and what shares a server together.

pytest-xdist has a mark for such groups, but its release 3.8 writes it where pytest 9.2 no longer looks.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# The first that a test file names. Each costs seconds to start and is started once in every process that needs it.
SHARED = {
    "production": re.compile(r"\bproduction_stack\b"),
    "browser": re.compile(r"\b(?:browser_page|new_page|live_server)\b"),
    "postgres": re.compile(r"\bmark\.postgres\b"),
}
# Files whose tests take a minute or more each: the other process starts a browser of its own for some of them.
LONG = {"tests/promises/test_browser.py"}


class SharedServersTogether(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return nodeid if file in LONG else shared_server(self.config.rootpath / file) or file


@functools.cache
def shared_server(file: Path) -> str | None:
    text = file.read_text(encoding="utf-8")
    return next((name for name, pattern in SHARED.items() if pattern.search(text)), None)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return SharedServersTogether(config, log)
