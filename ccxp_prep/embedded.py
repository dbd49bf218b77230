"""Celery's worker and scheduler as threads of the web process, for the one-command set-up."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from celery.beat import EmbeddedService
from celery.worker import WorkController

from ccxp_prep.celery import app

START_SECONDS = 10
STOP_SECONDS = 5


class EmbeddedWorker(WorkController):
    """The worker without what its command adds: signal handlers, a banner, a redirected stdout."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.ready = threading.Event()
        super().__init__(*args, **kwargs)

    def on_consumer_ready(self, consumer: object) -> None:
        self.ready.set()


def start(*, concurrency: int = 2) -> Callable[[], None]:
    """Start both and return the function that stops them. Only for a process that will not fork."""
    # A line per task and minute would bury what the person who started the server should read.
    logging.getLogger("celery").setLevel(logging.WARNING)
    app.set_default()
    app.finalize()
    worker = EmbeddedWorker(
        app=app,
        pool="threads",
        concurrency=concurrency,
        hostname="embedded@localhost",
        loglevel="WARNING",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        ready_callback=None,
    )
    thread = threading.Thread(target=worker.start, name="celery-worker", daemon=True)
    thread.start()
    if not worker.ready.wait(START_SECONDS):
        raise RuntimeError("The embedded worker did not start.")
    # The plain scheduler keeps its state in memory and writes no file.
    beat = EmbeddedService(app, thread=True, scheduler_cls="celery.beat:Scheduler")
    beat.start()

    def stop() -> None:
        beat.service.stop(wait=True)
        worker.stop()
        thread.join(STOP_SECONDS)

    return stop
