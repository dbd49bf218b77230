"""What must hold before a process may serve people; `manage.py check` tells it, wsgi.py and celery.py enforce it."""

from __future__ import annotations

import itertools
import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

SECRET_KEY_MIN_LENGTH = 50


def number_of_processes(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """How many processes share the work of the command in argv, as far as it and the environment tell."""
    program = Path(argv[0])
    if argv[1:2] == ["serve"]:
        return 1
    if "celery" in (program.name, program.parent.name):
        # A worker or a scheduler of its own: the web server is another process.
        return 2
    arguments = [*shlex.split(environ.get("GUNICORN_CMD_ARGS", "")), *argv[1:]]
    count = environ.get("WEB_CONCURRENCY", "1")
    for argument, following in itertools.pairwise([*arguments, ""]):
        if argument in {"-w", "--workers"}:
            count = following
        elif argument.startswith("--workers="):
            count = argument.removeprefix("--workers=")
    return int(count) if count.isdigit() else 1


@register()
def broker_is_shared(app_configs: object, **kwargs: Any) -> list[CheckMessage]:
    if not settings.CELERY_BROKER_URL.startswith("memory:") or number_of_processes(sys.argv, os.environ) == 1:
        return []
    return [
        Error(
            "Several processes cannot share the in-memory broker: tasks would be lost without a word.",
            hint="Set REDIS_URL, or run everything in one process with `manage.py serve`.",
            id="ccxp_prep.E001",
        )
    ]


@register()
def secret_key_is_strong(app_configs: object, **kwargs: Any) -> list[CheckMessage]:
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:  # Django's own answer to an empty one
        key = ""
    if settings.DEBUG or len(key) >= SECRET_KEY_MIN_LENGTH:
        return []
    return [
        Error(
            f"SECRET_KEY is missing or shorter than {SECRET_KEY_MIN_LENGTH} characters.",
            hint='Set SECRET_KEY or SECRET_KEY_FILE; python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
            " prints one.",
            id="ccxp_prep.E002",
        )
    ]


def reasons_not_to_start() -> str:
    """One sentence per reason; empty when the process may start."""
    found = [*broker_is_shared(None), *secret_key_is_strong(None)]
    return " ".join(f"{message.msg} {message.hint}" for message in found)
