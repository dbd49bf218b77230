"""Makes the environment the project runs in, with nothing but the standard library.

`.venv` holds what the lock files name. Beside its packages lies the digest of each lock that was installed whole;
without that digest, or with another one, the lock is installed again. So a half-made environment is never trusted.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = BASE_DIR / ".venv"
LOCK = BASE_DIR / "requirements.lock"
# Everything in LOCK at the same versions, and the tools for tests.
LOCK_WITH_TESTS = BASE_DIR / "requirements-dev.lock"


def enter_environment(command: str) -> None:
    """Return if this interpreter is the environment's; otherwise make it if needed and start again inside it."""
    if os.environ.get("CCXP_PREP_NO_BOOTSTRAP") == "1" or is_inside():
        return
    lock = LOCK_WITH_TESTS if command == "test" else LOCK
    if not is_installed(lock):
        try:
            make_environment()
            install(lock)
        except KeyboardInterrupt:
            sys.exit("\nStopped. Run the same command again to go on.")
    replace_process(environment_python(), sys.argv)


def is_inside() -> bool:
    return ENVIRONMENT.is_dir() and Path(sys.prefix).resolve() == ENVIRONMENT.resolve()


def environment_python() -> Path:
    return ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def digest_file(lock: Path) -> Path:
    return ENVIRONMENT / f"{lock.name}.sha256"


def digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def is_installed(lock: Path) -> bool:
    remembered = digest_file(lock)
    return environment_python().exists() and remembered.is_file() and remembered.read_text() == digest(lock)


def make_environment() -> None:
    if has_pip(environment_python()):
        return
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        sys.exit(
            "This Python cannot make an environment: its venv module is missing"
            " (on Debian and Ubuntu: apt-get install python3-venv)."
        )
    say(f"Making the environment in {ENVIRONMENT.name} (only this once)")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], capture_output=True, text=True, check=False
    )
    if made.returncode != 0:
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        sys.exit(f"The environment could not be made: {last_line(made.stderr or made.stdout)}")


def has_pip(python: Path) -> bool:
    if not python.exists():
        return False
    asked = subprocess.run([str(python), "-m", "pip", "--version"], capture_output=True, check=False)
    return asked.returncode == 0


def install(lock: Path) -> None:
    for each in (LOCK, LOCK_WITH_TESTS):
        digest_file(each).unlink(missing_ok=True)
    names = re.findall(r"^[\w.-]+(?===)", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
    say(f"Installing {len(names)} packages from {lock.name}")
    options = ["--require-hashes", "--no-input", "--disable-pip-version-check", "--progress-bar=off"]
    pip = subprocess.Popen(
        [str(environment_python()), "-m", "pip", "install", *options, "--requirement", str(lock)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    errors = show_progress(pip, len(names))
    if pip.wait() != 0:
        sys.exit(
            f"The packages could not be installed: {errors[0] if errors else f'pip ended with {pip.returncode}'}\n"
            "Check the network connection, then run the same command again."
        )
    # The lock with the test tools holds the other one whole.
    for each in (LOCK, LOCK_WITH_TESTS) if lock == LOCK_WITH_TESTS else (LOCK,):
        digest_file(each).write_text(digest(each))


def show_progress(pip: subprocess.Popen[str], total: int) -> list[str]:
    """Print which package pip is at, and return what it called errors."""
    errors: list[str] = []
    count = 0
    for line in pip.stdout or ():
        if line.startswith("ERROR: "):
            errors.append(line.removeprefix("ERROR: ").strip())
        elif line.startswith("Installing collected packages"):
            say("Unpacking them")
        elif found := re.match(r"(?:Collecting|Requirement already satisfied:) ([\w.-]+)", line):
            count += 1
            if sys.stderr.isatty():
                print(f"\r\033[K  {count}/{total} {found[1]}", end="", file=sys.stderr, flush=True)
            elif count % 10 == 0:
                say(f"  {count}/{total}")
    return errors


def replace_process(python: Path | str, arguments: list[str]) -> NoReturn:
    command = [str(python), *arguments]
    if os.name != "nt":
        sys.stdout.flush()
        os.execv(command[0], command)
    # exec on Windows gives the prompt back while the new process still runs, so this one waits for it;
    # Ctrl-C reaches both, and only the child is to act on it.
    child = subprocess.Popen(command)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(child.wait())


def provide_secret_key(command: str) -> None:
    """Let `serve` write a key of its own once; the other commands use it where the environment names none."""
    if os.environ.get("SECRET_KEY") or os.environ.get("SECRET_KEY_FILE"):
        return
    path = Path(os.environ.get("VAR_DIR") or BASE_DIR / "var") / "secret_key"
    if command == "serve" and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    if path.exists():
        os.environ["SECRET_KEY_FILE"] = str(path)


def say(text: str) -> None:
    # On a terminal the line may hold a package counter, which this replaces.
    print(f"\r\033[K{text}" if sys.stderr.isatty() else text, file=sys.stderr, flush=True)


def last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1].strip() if lines else "no reason was given"
