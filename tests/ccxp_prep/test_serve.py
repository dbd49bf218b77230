"""The real command in a process of its own, on a database file, with the content of the repository."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.processes import Child, free_port, wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
FIRST_START_SECONDS = 120
WARM_START_SECONDS = 3


class Serve:
    def __init__(self, folder: Path, name: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.var = folder / "var"
        # As on a machine of its own: nothing but the folder for its data comes from this test run.
        taken = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "SITE_URL", "DEBUG")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(taken)}
        environment |= {"VAR_DIR": str(self.var), "CCXP_PREP_NO_BOOTSTRAP": "1"}
        command = [sys.executable, "manage.py", "serve", f"--port={self.port}"]
        self.child = Child(name, command, folder / f"{name}.log", environment, ROOT)
        self.started = time.monotonic()
        self.child.start()

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.url + path, timeout=30) as response:
            return response.read().decode()

    def wait_until_it_answers(self, path: str, seconds: float) -> float:
        """Seconds from its start, as they would be on a machine of its own."""

        def answers() -> bool:
            assert self.child.is_running, self.child.text()
            try:
                self.get(path)
            except OSError:
                return False
            return True

        wait_until(answers, seconds=seconds, what=path)
        return time.monotonic() - self.started - self.seconds_without_processor()

    def seconds_without_processor(self) -> float:
        """How long the process was held up by others on a busy machine, where the system tells it."""
        process = self.child.process
        schedule = Path(f"/proc/{process.pid if process else 0}/schedstat")
        return int(schedule.read_text().split()[1]) / 1e9 if schedule.exists() else 0

    def database(self, sql: str) -> Any:
        connection = sqlite3.connect(self.var / "db.sqlite3")
        try:
            return connection.execute(sql).fetchone()[0]
        finally:
            connection.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("serve")


@pytest.fixture(scope="module")
def first_start(folder: Path) -> Iterator[Serve]:
    server = Serve(folder, "first")
    server.wait_until_it_answers("/healthz", FIRST_START_SECONDS)
    yield server
    server.child.stop()


def test_serve_answers_the_home_page(first_start: Serve) -> None:
    assert "<title>" in first_start.get("/")


def test_serve_prints_its_address(first_start: Serve) -> None:
    assert f"CCXP Prep runs at http://localhost:{first_start.port}/\n" in first_start.child.text()


def test_serve_is_ready_without_redis(first_start: Serve) -> None:
    assert json.loads(first_start.get("/readyz")) == {"database": "up", "redis": "unused"}


def test_serve_loads_the_content(first_start: Serve) -> None:
    assert first_start.database("SELECT count(*) FROM competencies_competency") == 6
    assert first_start.database("SELECT count(*) FROM competencies_statement") == 89


def test_serve_uses_a_write_ahead_log(first_start: Serve) -> None:
    assert first_start.database("PRAGMA journal_mode") == "wal"


def test_serve_sends_hashed_static_files(first_start: Serve) -> None:
    href = re.search(r'href="(/static/css/[^"]+\.[0-9a-f]{12}\.css)"', first_start.get("/"))
    assert href is not None
    with urllib.request.urlopen(first_start.url + href[1]) as response:
        assert "immutable" in response.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/", "/static/icons/favicon.svg", "/service-worker.js"])
def test_connection_goes_on_after_a_head(first_start: Serve, path: str) -> None:
    """What followed the head would be read as the answer to the next question."""
    with socket.create_connection(("127.0.0.1", first_start.port), timeout=30) as connection:
        connection.sendall(f"HEAD {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answered = b"".join(iter(lambda: connection.recv(65536), b""))

    head, _, rest = answered.partition(b"\r\n\r\n")
    assert (head.startswith(b"HTTP/1.1 "), rest[:15]) == (True, b"HTTP/1.1 200 OK")


def test_serve_says_nothing_alarming(first_start: Serve) -> None:
    first_start.get("/")

    assert re.findall(r"WARNING|ERROR|Traceback", first_start.child.text()) == []


def test_taken_port_is_one_sentence(first_start: Serve, folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "manage.py", "serve", f"--port={port}"],
            cwd=ROOT,
            env=first_start.child.environment,
            capture_output=True,
            text=True,
        )

    assert done.returncode == 1
    assert done.stderr == f"CommandError: Port {port} is taken; choose another one with --port.\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_serve_starts_warm_and_stops_cleanly(first_start: Serve, folder: Path, number: int) -> None:
    server = Serve(folder, f"warm-{number}")
    seconds = server.wait_until_it_answers("/", 60)
    code = server.child.stop(number)
    output = server.child.text()

    assert "Content is up to date" in output
    assert "Collecting static files" not in output
    assert (code, output.splitlines()[-1]) == (0, "Stopped")
    assert seconds <= WARM_START_SECONDS
