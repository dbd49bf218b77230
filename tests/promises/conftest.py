from __future__ import annotations

import pytest
from django.utils import timezone

from tests.promises.world import World, make_world

CANARY = "canary-"


@pytest.fixture
def world(db: None) -> World:
    return make_world(timezone.now(), canary=CANARY)
