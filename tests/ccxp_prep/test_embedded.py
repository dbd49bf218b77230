from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
# In a process of its own: the worker marks the process it runs in, and the tests' own settings run tasks eagerly.
PROGRAM = """
import json, os, threading, time
import django
django.setup()
from celery import shared_task
from django.db import connection
from ccxp_prep import embedded
from ccxp_prep.celery import app

done = []
all_ran = threading.Event()

@shared_task(name="test.note")
def note(number):
    done.append(number)
    if len(done) == 20:
        all_ran.set()

@shared_task(name="test.retry", bind=True, max_retries=1)
def retry(self):
    if self.request.retries == 0:
        raise self.retry(countdown=1)
    done.append("retried")

ticks = threading.Semaphore(0)

@shared_task(name="test.tick")
def tick():
    ticks.release()

app.conf.beat_schedule = {"tick": {"task": "test.tick", "schedule": 0.2}}
started = time.monotonic()
stop = embedded.start()
start_seconds = time.monotonic() - started
published = time.monotonic()
for number in range(20):
    note.delay(number)
all_ran.wait(10)
task_seconds = time.monotonic() - published
ticked = all(ticks.acquire(timeout=10) for _ in range(3))
retry.delay()
time.sleep(2)
running = sorted(thread.name for thread in threading.enumerate())
stopping = time.monotonic()
stop()
stop_seconds = time.monotonic() - stopping
print(json.dumps({
    "done": done, "ticked": ticked, "start_seconds": start_seconds, "task_seconds": task_seconds,
    "stop_seconds": stop_seconds, "running": running,
    "left": [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()],
}))
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    environment = {"DJANGO_SETTINGS_MODULE": "ccxp_prep.settings", "VAR_DIR": str(tmp_path_factory.mktemp("var"))}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_embedded_worker_runs_every_task(report: dict[str, Any]) -> None:
    assert sorted(number for number in report["done"] if number != "retried") == list(range(20))


def test_embedded_worker_retries_later(report: dict[str, Any]) -> None:
    assert report["done"].count("retried") == 1


def test_embedded_beat_publishes(report: dict[str, Any]) -> None:
    assert report["ticked"]


def test_embedded_worker_takes_a_task_at_once(report: dict[str, Any]) -> None:
    # Kombu's own polling interval would make it wait a second.
    assert report["task_seconds"] < 1


def test_embedded_threads_end_with_their_process(report: dict[str, Any]) -> None:
    assert "celery-worker" in report["running"]
    assert report["left"] == []
    assert report["stop_seconds"] < 5
