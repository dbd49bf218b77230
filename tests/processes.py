"""Processes of this test run: each in a group of its own, signalled by the pid of its start only."""

from __future__ import annotations

import dataclasses
import os
import pwd
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import pytest

START_SECONDS = 30
STOP_SECONDS = 15


def missing(what: str) -> NoReturn:
    (pytest.fail if os.environ.get("REQUIRE_SERVICES") == "1" else pytest.skip)(what)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until(condition: Callable[[], Any], *, seconds: float = START_SECONDS, what: str = "the condition") -> Any:
    """The first true value of the condition."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.05)
    raise TimeoutError(f"{what} was not reached in {seconds} seconds")


def hear_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@dataclasses.dataclass
class Child:
    """A process of this test run with everything it starts, as one process group."""

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str] | None = None
    folder: Path | None = None
    user: str | None = None
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.environment,
                cwd=self.folder,
                start_new_session=True,
                # A suite that a shell runs in the background ignores Ctrl-C, and its children would inherit that.
                preexec_fn=hear_interrupts,
                **as_user(self.user),
            )

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal_all(self, number: int) -> None:
        """To the process and its children: the whole machine, as it were."""
        if self.process is not None and self.process.returncode is None:
            os.killpg(self.process.pid, number)

    def pause(self) -> None:
        """Hung: it accepts connections and never answers."""
        self.signal_all(signal.SIGSTOP)

    def resume(self) -> None:
        self.signal_all(signal.SIGCONT)

    def kill(self) -> None:
        self.signal_all(signal.SIGKILL)
        if self.process is not None:
            self.process.wait(STOP_SECONDS)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Asked politely, the parent only; killed when that does not help."""
        if self.process is None:
            return 0
        if self.is_running:
            self.resume()
            self.process.send_signal(number)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.process.returncode

    def text(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""


def as_user(name: str | None) -> dict[str, Any]:
    return {"user": name, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []} if name else {}
