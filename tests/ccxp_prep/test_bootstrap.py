from __future__ import annotations

import ast
import hashlib
import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from ccxp_prep import bootstrap

ROOT = bootstrap.BASE_DIR
PROBE = """
import sys
from ccxp_prep import bootstrap
bootstrap.enter_environment(sys.argv[1])
import parcel
print(sys.prefix, parcel.VERSION)
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A fresh clone as far as the bootstrap sees one, whose locks name one package that a folder beside it holds."""
    return make_clone(tmp_path / "clone")


@pytest.fixture
def installed(tmp_path: Path, first_run: tuple[Path, subprocess.CompletedProcess[str]]) -> Path:
    """A clone that ran once, so that its environment stands."""
    shutil.copytree(first_run[0].parent, tmp_path / "copy", symlinks=True)
    return tmp_path / "copy" / "clone"


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    clone = make_clone(tmp_path_factory.mktemp("first-run") / "clone")
    return clone, run(clone, "probe.py", "serve")


def make_clone(folder: Path) -> Path:
    shutil.copytree(ROOT / "ccxp_prep", folder / "ccxp_prep", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", folder)
    (folder / "probe.py").write_text(PROBE)
    write_locks(folder, "1.0")
    return folder


def write_locks(clone: Path, version: str) -> None:
    """One package in both locks; its wheel lies in `wheels` beside the clone."""
    wheel = clone.parent / "wheels" / f"parcel-{version}-py3-none-any.whl"
    wheel.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("parcel.py", f"VERSION = '{version}'\n")
        archive.writestr(
            f"parcel-{version}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: parcel\nVersion: {version}\n"
        )
        archive.writestr(
            f"parcel-{version}.dist-info/WHEEL",
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr(f"parcel-{version}.dist-info/RECORD", "")
    line = f"parcel=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"
    (clone / "requirements.lock").write_text(line)
    (clone / "requirements-dev.lock").write_text(f"# with the test tools\n{line}")


def run(clone: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(clone.parent / "wheels"), "PIP_CONFIG_FILE": os.devnull}
    inherited = {name: value for name, value in os.environ.items() if name != "CCXP_PREP_NO_BOOTSTRAP"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=clone,
        env={**inherited, **offline, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_environment_is_made_and_entered(first_run: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    clone, done = first_run

    assert done.stdout.split() == [str(clone / ".venv"), "1.0"]
    assert "Installing 1 packages from requirements.lock" in done.stderr


def test_second_run_installs_nothing(installed: Path) -> None:
    again = run(installed, "probe.py", "serve")

    assert (again.stdout.split()[1], again.stderr) == ("1.0", "")


def test_changed_lock_is_installed_again(installed: Path) -> None:
    write_locks(installed, "2.0")

    assert run(installed, "probe.py", "serve").stdout.split()[1] == "2.0"


def test_test_tools_bring_everything_that_serving_needs(installed: Path) -> None:
    write_locks(installed, "2.0")
    tested = run(installed, "probe.py", "test")
    served = run(installed, "probe.py", "serve")

    assert "from requirements-dev.lock" in tested.stderr
    assert served.stderr == ""


def test_failed_installation_is_one_sentence(installed: Path) -> None:
    write_locks(installed, "2.0")
    shutil.rmtree(installed.parent / "wheels")
    done = run(installed, "manage.py", "serve")

    assert done.returncode == 1
    assert "The packages could not be installed: " in done.stderr
    assert "Check the network connection" in done.stderr
    assert "Traceback" not in done.stderr


def test_failed_installation_is_not_trusted_afterwards(installed: Path) -> None:
    old_lock = (installed / "requirements.lock").read_text()
    (installed / "requirements.lock").write_text("parcel==3.0 --hash=sha256:" + "0" * 64)
    failed = run(installed, "probe.py", "serve")
    (installed / "requirements.lock").write_text(old_lock)

    assert failed.returncode == 1
    assert "Installing" in run(installed, "probe.py", "serve").stderr


def test_interrupted_environment_is_made_again(clone: Path) -> None:
    (clone / ".venv" / "bin").mkdir(parents=True)

    assert run(clone, "probe.py", "serve").stdout.split()[1] == "1.0"


def test_python_without_ensurepip_is_told_what_to_install(clone: Path) -> None:
    code = "import sys, runpy; sys.modules['ensurepip'] = None; sys.argv = ['manage.py', 'serve']; "
    done = run(clone, "-c", f"{code}runpy.run_path('manage.py', run_name='__main__')")

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "apt-get install python3-venv" in done.stderr
    assert not (clone / ".venv").exists()


def test_old_python_is_told_in_one_sentence(clone: Path) -> None:
    code = "import sys, runpy; sys.version_info = (3, 10, 4, 'final', 0); sys.argv = ['manage.py', 'serve']; "
    done = run(clone, "-c", f"{code}runpy.run_path('manage.py', run_name='__main__')")

    assert (done.returncode, done.stderr) == (1, "CCXP Prep needs Python 3.11 or later; this is Python 3.10.\n")


def test_old_python_can_read_manage() -> None:
    ast.parse((ROOT / "manage.py").read_text(), feature_version=(3, 4))


def test_prepared_interpreter_makes_no_environment(clone: Path) -> None:
    run(clone, "probe.py", "serve", CCXP_PREP_NO_BOOTSTRAP="1")

    assert not (clone / ".venv").exists()


@pytest.fixture
def no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The place of the key that `serve` would write."""
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.delenv("SECRET_KEY_FILE", raising=False)
    # Restored afterwards, whatever the bootstrap sets it to.
    monkeypatch.setenv("SECRET_KEY_FILE", "")
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    return tmp_path / "var" / "secret_key"


def test_serve_writes_a_secret_key_for_its_owner_only(no_secret: Path) -> None:
    bootstrap.provide_secret_key("serve")

    assert len(no_secret.read_text()) >= 50
    assert stat.S_IMODE(no_secret.stat().st_mode) == 0o600
    assert os.environ["SECRET_KEY_FILE"] == str(no_secret)


def test_serve_keeps_the_secret_key_it_wrote(no_secret: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bootstrap.provide_secret_key("serve")
    key = no_secret.read_text()
    monkeypatch.setenv("SECRET_KEY_FILE", "")
    bootstrap.provide_secret_key("serve")

    assert no_secret.read_text() == key


def test_other_commands_write_no_secret_key(no_secret: Path) -> None:
    bootstrap.provide_secret_key("migrate")

    assert not no_secret.exists()
    assert os.environ["SECRET_KEY_FILE"] == ""


def test_named_secret_key_is_left_alone(no_secret: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "of the environment")
    bootstrap.provide_secret_key("serve")

    assert not no_secret.exists()


@pytest.mark.parametrize("lock", [bootstrap.LOCK, bootstrap.LOCK_WITH_TESTS], ids=lambda lock: lock.name)
def test_lock_names_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text()
    pins = re.findall(r"^[\w.-]+==", text, flags=re.MULTILINE)

    assert re.findall(r"https?://|--(?:index|find)", text) == []
    assert len(pins) == len(re.findall(r"^[\w.-]+==[^\n]* \\\n    --hash=sha256:", text, flags=re.MULTILINE))


def test_lock_with_test_tools_holds_the_other_one_whole() -> None:
    def pins(lock: Path) -> set[str]:
        return set(re.findall(r"^[\w.-]+==[^\s;]+", lock.read_text(), flags=re.MULTILINE))

    assert pins(bootstrap.LOCK) - pins(bootstrap.LOCK_WITH_TESTS) == set()
