from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """set_clock(moment): from here on `timezone.now()` is this moment."""

    def run(moment: datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    return run
