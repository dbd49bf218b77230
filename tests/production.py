"""Production without a Docker engine: what docker-compose.yml would start, as processes on this machine.

`read_compose` is the file with its variables filled in; `production_stack` runs its services with exactly their
commands and environment on a PostgreSQL and a Redis of its own. Only places are changed (`Production.translate`): the
host names `postgres` and `redis` and web's port become loopback addresses, the image's folders become local ones.

    def test_answers_survive_a_killed_worker(production_stack):
        production_stack.kill("worker")
        ...                                       # talk to production_stack.url
        production_stack.start("worker")          # or leave it: after each test everything runs again

Names: web, worker, beat, postgres, redis. `kill` (the whole process group), `stop`, `start`, `pause` and `resume` (a
hung process), `flush_redis`, `manage("command", ...)` as the migrate service would run it, `shell(code)`, `connect()`,
`log(name)`.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis
import yaml

from tests.postgres import PostgresServer
from tests.processes import Child, free_port, wait_until
from tests.redis_server import RedisServer

ROOT = Path(__file__).resolve().parent.parent
APPLICATION = ("web", "worker", "beat")
VARIABLES = {
    "SECRET_KEY": "k3y-" * 15,
    "POSTGRES_PASSWORD": "p4ss-for-tests",
    "SITE_HOST": "localhost",
    "HTTPS": "0",
    # So long a killed worker's task stays away; nobody waits ten minutes for a test.
    "TASK_VISIBILITY_SECONDS": "10",
}
VARIABLE = re.compile(r"\$(?:(?P<escaped>\$)|\{(?P<name>\w+)(?:(?P<kind>:[?-])(?P<rest>(?:[^{}]|\{[^{}]*\})*))?\})")


class MissingVariable(Exception):
    pass


def interpolate(text: str, variables: Mapping[str, str]) -> str:
    """The forms of Compose that the file uses: ${A}, ${A:-default}, ${A:?message}, one inside another, and $$."""

    def replace(found: re.Match[str]) -> str:
        if found["escaped"]:
            return "$"
        value = variables.get(found["name"], "")
        if value or not found["kind"]:
            return value
        if found["kind"] == ":?":
            raise MissingVariable(f"{found['name']}: {found['rest']}")
        return interpolate(found["rest"], variables)

    return VARIABLE.sub(replace, text)


def interpolate_all(value: Any, variables: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: interpolate_all(each, variables) for key, each in value.items()}
    if isinstance(value, list):
        return [interpolate_all(each, variables) for each in value]
    return interpolate(value, variables) if isinstance(value, str) else value


def read_compose(variables: Mapping[str, str]) -> dict[str, Any]:
    return interpolate_all(yaml.safe_load((ROOT / "docker-compose.yml").read_text()), variables)


def read_image_environment() -> dict[str, str]:
    """What the Dockerfile's ENV says, which every service of the application starts with."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    lines = re.findall(r"^ENV (.*)$", text, flags=re.MULTILINE)
    return dict(pair.split("=", 1) for line in lines for pair in shlex.split(line))


class Production:
    def __init__(self, postgres: PostgresServer, redis_server: RedisServer, folder: Path, **variables: str) -> None:
        self.postgres = postgres
        self.redis = redis_server
        self.folder = folder
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.compose = read_compose({**VARIABLES, **variables, "CSRF_TRUSTED_ORIGINS": self.url})
        self.children: dict[str, Child] = {"postgres": postgres.child, "redis": redis_server.child}
        (folder / "var").mkdir()

    # The same text with places of this machine

    def translate(self, text: str) -> str:
        places = {
            "@postgres:5432": f"@127.0.0.1:{self.postgres.port}",
            "redis://redis:6379": f"redis://127.0.0.1:{self.redis.port}",
            "0.0.0.0:8000": f"127.0.0.1:{self.port}",
            "127.0.0.1:8000": f"127.0.0.1:{self.port}",
            "/opt/venv/bin": str(Path(sys.executable).parent),
            "/var/lib/ccxp-prep": str(self.folder / "var"),
            "/app/": f"{self.folder}/",
        }
        for place, here in places.items():
            text = text.replace(place, here)
        return text

    def environment(self, service: str) -> dict[str, str]:
        image = read_image_environment()
        image["PATH"] = image["PATH"].replace("$PATH", os.environ["PATH"])
        given = {**image, **self.compose["services"][service]["environment"]}
        # What a container has by itself.
        return {"HOSTNAME": socket.gethostname(), "HOME": str(self.folder)} | {
            name: self.translate(str(value)) for name, value in given.items()
        }

    def command(self, service: str) -> list[str]:
        return [self.translate(part) for part in self.compose["services"][service]["command"]]

    def run(self, service: str, command: list[str]) -> str:
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment(service), capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, f"{shlex.join(command)}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    # The life of the whole

    def prepare(self) -> None:
        """What the postgres image does on its first start, what the Dockerfile does, then the migrate service."""
        given = self.compose["services"]["postgres"]["environment"]
        self.postgres.run_sql(
            f"CREATE ROLE {given['POSTGRES_USER']} LOGIN PASSWORD '{given['POSTGRES_PASSWORD']}'",
            f"CREATE DATABASE {given['POSTGRES_DB']} OWNER {given['POSTGRES_USER']}",
        )
        self.manage("collectstatic", "--no-input")
        self.run("migrate", self.command("migrate"))

    def start(self, service: str) -> None:
        if service in APPLICATION:
            log = self.folder / f"{service}.log"
            child = Child(service, self.command(service), log, self.environment(service), ROOT)
            self.children[service] = child
            child.start()
        else:
            {"postgres": self.postgres, "redis": self.redis}[service].start()

    def wait_until_healthy(self) -> None:
        for service in (*APPLICATION, "postgres", "redis"):
            wait_until(lambda service=service: self.is_healthy(service), seconds=60, what=f"a healthy {service}")

    def is_healthy(self, service: str) -> bool:
        if not self.children[service].is_running:
            raise AssertionError(f"{service} ended:\n{self.log(service)[-3000:]}")
        if service in ("postgres", "redis"):
            return {"postgres": self.postgres, "redis": self.redis}[service].answers()
        kind, *check = self.compose["services"][service]["healthcheck"]["test"]
        command = ["sh", "-c", *check] if kind == "CMD-SHELL" else check
        command = [self.translate(part) for part in command]
        return subprocess.run(command, cwd=ROOT, env=self.environment(service), capture_output=True).returncode == 0

    def heal(self) -> None:
        """Everything runs again, whatever a test did to it."""
        touched = [name for name, child in self.children.items() if not child.is_running]
        for child in self.children.values():
            child.resume()
        for service in sorted(touched, key=["postgres", "redis", *APPLICATION].index):
            self.start(service)
        if touched:
            self.wait_until_healthy()

    def stop_all(self) -> None:
        for service in APPLICATION:
            if service in self.children:
                self.children[service].stop()

    # For tests

    def kill(self, service: str) -> None:
        self.children[service].kill()

    def stop(self, service: str) -> int:
        return self.children[service].stop()

    def pause(self, service: str) -> None:
        self.children[service].pause()

    def resume(self, service: str) -> None:
        self.children[service].resume()

    def flush_redis(self) -> None:
        client = redis.Redis.from_url(self.redis.url, socket_timeout=5)
        client.flushall()
        client.close()

    def log(self, service: str) -> str:
        return self.children[service].text()

    def manage(self, *arguments: str) -> str:
        return self.run("migrate", ["python", "manage.py", *arguments])

    def shell(self, code: str) -> str:
        """What the code prints, run with Django set up in the environment of the migrate service."""
        return self.manage("shell", "--no-imports", "--command", code)

    @contextlib.contextmanager
    def connect(self) -> Iterator[Any]:
        """A psycopg2 connection to the application's database, as its own role; its transaction ends with the block."""
        given = self.compose["services"]["postgres"]["environment"]
        connection = psycopg2.connect(
            host="127.0.0.1",
            port=self.postgres.port,
            dbname=given["POSTGRES_DB"],
            user=given["POSTGRES_USER"],
            password=given["POSTGRES_PASSWORD"],
        )
        try:
            with connection:
                yield connection
        finally:
            connection.close()

    def get(self, path: str, *, timeout: float = 10, **headers: str) -> http.client.HTTPResponse:
        """A plain request that follows nothing; the response is read, its body in `.body`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("GET", path, headers={"Host": f"localhost:{self.port}", **headers})
            response = connection.getresponse()
            response.body = response.read()  # type: ignore[attr-defined]
            return response
        finally:
            connection.close()


@pytest.fixture(scope="session")
def production_stack(
    start_postgres: Callable[[], PostgresServer],
    start_redis: Callable[..., RedisServer],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Production]:
    options = read_compose(VARIABLES)["services"]["redis"]["command"][1:]
    stack = Production(start_postgres(), start_redis(*options), tmp_path_factory.mktemp("production"))
    stack.prepare()
    try:
        for service in APPLICATION:
            stack.start(service)
        stack.wait_until_healthy()
        yield stack
    finally:
        stack.stop_all()


@pytest.fixture(autouse=True)
def _heal_production(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "production_stack" in request.fixturenames:
        request.getfixturevalue("production_stack").heal()
