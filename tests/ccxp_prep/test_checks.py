from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import override_settings

from ccxp_prep import checks

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
STRONG_KEY = "s" * 50


@pytest.mark.parametrize(
    ("command", "environment", "count"),
    [
        ("-c", {}, 1),
        ("manage.py check", {}, 1),
        ("manage.py serve --port 8001", {"WEB_CONCURRENCY": "4"}, 1),
        ("manage.py check", {"WEB_CONCURRENCY": "4"}, 4),
        ("/venv/bin/gunicorn ccxp_prep.wsgi", {}, 1),
        ("/venv/bin/gunicorn ccxp_prep.wsgi", {"WEB_CONCURRENCY": "2"}, 2),
        ("/venv/bin/gunicorn -w 3 ccxp_prep.wsgi", {"WEB_CONCURRENCY": "2"}, 3),
        ("/venv/bin/gunicorn --workers=3 ccxp_prep.wsgi", {}, 3),
        ("/venv/bin/gunicorn --workers 1 ccxp_prep.wsgi", {"GUNICORN_CMD_ARGS": "--workers 3"}, 1),
        ("/venv/bin/gunicorn ccxp_prep.wsgi", {"GUNICORN_CMD_ARGS": "--workers 3"}, 3),
        ("/venv/bin/celery --app=ccxp_prep worker", {}, 2),
        ("/venv/lib/celery/__main__.py --app=ccxp_prep beat", {}, 2),
        ("manage.py check", {"WEB_CONCURRENCY": "many"}, 1),
    ],
)
def test_processes_are_counted(command: str, environment: dict[str, str], count: int) -> None:
    assert checks.number_of_processes(command.split(), environment) == count


@pytest.mark.parametrize(
    ("broker", "processes", "ids"),
    [("memory://", "2", ["ccxp_prep.E001"]), ("memory://", "1", []), ("redis://127.0.0.1/0", "2", [])],
)
def test_memory_broker_is_refused_to_several_processes(
    broker: str, processes: str, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEB_CONCURRENCY", processes)
    monkeypatch.setattr(sys, "argv", ["manage.py", "check"])
    with override_settings(CELERY_BROKER_URL=broker):
        assert [message.id for message in checks.broker_is_shared(None)] == ids


@pytest.mark.parametrize(("key", "ids"), [("", ["ccxp_prep.E002"]), ("s" * 49, ["ccxp_prep.E002"]), (STRONG_KEY, [])])
def test_weak_secret_key_is_refused(key: str, ids: list[str]) -> None:
    with override_settings(SECRET_KEY=key):
        assert [message.id for message in checks.secret_key_is_strong(None)] == ids


def test_weak_secret_key_is_allowed_while_debugging() -> None:
    with override_settings(SECRET_KEY="short", DEBUG=True):
        assert checks.secret_key_is_strong(None) == []


@pytest.mark.parametrize(
    "command",
    [
        ["celery", "--app=ccxp_prep", "worker", "--pool=solo"],
        ["celery", "--app=ccxp_prep", "beat", "--schedule={folder}/beat", "--pidfile="],
        ["gunicorn", "ccxp_prep.wsgi", "--workers=2", "--bind=127.0.0.1:0", "--no-control-socket"],
    ],
    ids=lambda command: f"{command[0]} {command[2]}",
)
@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"SECRET_KEY": STRONG_KEY}, "Several processes cannot share the in-memory broker"),
        ({"SECRET_KEY": "short", "REDIS_URL": "redis://127.0.0.1:1/0"}, "SECRET_KEY is missing or shorter"),
    ],
    ids=["no broker", "short key"],
)
def test_unsafe_process_refuses_to_start(
    command: list[str], environment: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    inherited = {"PATH": f"{BIN}:{os.environ['PATH']}", "VAR_DIR": str(tmp_path)}
    # In a folder of its own: beat removes a schedule file that it cannot read.
    arguments = [part.format(folder=tmp_path) for part in command]
    done = subprocess.run(
        arguments, cwd=ROOT, env={**inherited, **environment}, capture_output=True, text=True, timeout=60
    )

    assert done.returncode != 0
    assert sentence in done.stderr
