from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from quizzes.models import Attempt
from tests.factories import NOW, make_attempt, make_question
from tests.quizzes.races.connections import HOUR, Beside


@pytest.fixture
def attempt(candidate: User) -> Attempt:
    """Two questions whose key is B."""
    return make_attempt(candidate, make_question("MET-K1.1"), make_question("MET-K2.1"), deadline_at=NOW + HOUR)


@pytest.fixture
def beside() -> Any:
    other = Beside()
    yield other
    other.pool.shutdown()
