"""Real races on a real PostgreSQL: other connections, and what is done on them."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from django.db import connection, connections

from quizzes import services
from quizzes.models import Attempt
from quizzes.services import AnswerReceipt
from tests.factories import NOW

InParallel = Callable[[int, Callable[[int], Any]], list[Any]]
HOUR = timedelta(hours=1)
LATER = NOW + 2 * HOUR


def record(attempt: Attempt, **fields: Any) -> AnswerReceipt:
    return services.record_answer(
        **{
            "attempt_code": attempt.code,
            "candidate": attempt.candidate,
            "position": 1,
            "key": uuid.uuid4(),
            "sequence": 1,
            "label": "B",
            "now": NOW,
            **fields,
        }
    )


def outcome(action: Callable[[], Any]) -> Any:
    """What it returned, or the name of its refusal."""
    try:
        return action()
    except services.Refusal as refusal:
        return type(refusal).__name__


def state_of(attempt: Attempt, position: int = 1) -> tuple[int, str]:
    response = attempt.responses.get(position=position)
    return response.sequence, response.selected_label


class Beside:
    """Another connection that does something while this one holds its transaction open."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(1)

    def start(self, action: Callable[[], Any]) -> Future[Any]:
        """Returns once the other one waits for a lock, or has ended."""
        known = threading.Event()
        pids: list[int] = []

        def run() -> Any:
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_backend_pid()")
                    pids.append(cursor.fetchone()[0])
                known.set()
                return outcome(action)
            finally:
                connections.close_all()

        future = self.pool.submit(run)
        assert known.wait(10)
        ends = time.monotonic() + 20
        while not future.done() and not self._waits(pids[0]):
            assert time.monotonic() < ends, "It neither ends nor waits for a lock."
            time.sleep(0.01)
        return future

    def _waits(self, pid: int) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT wait_event_type FROM pg_stat_activity WHERE pid = %s", [pid])
            return (cursor.fetchone() or [None])[0] == "Lock"
