from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TESTS = """
from django.conf import settings

def test_passes():
    assert settings.CELERY_TASK_ALWAYS_EAGER

def test_fails():
    assert False
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    # The settings of a server in the environment must not become those of the tests.
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "ccxp_prep.settings", "CCXP_PREP_NO_BOOTSTRAP": "1"}
    return subprocess.run(
        [sys.executable, "manage.py", "test", "-p", "no:cacheprovider", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )


def test_arguments_and_exit_code_are_pytests(tmp_path: Path) -> None:
    (tmp_path / "test_two.py").write_text(TESTS)

    failed = run(str(tmp_path), "--rootdir", str(ROOT))
    passed = run(str(tmp_path), "--rootdir", str(ROOT), "-k", "passes")

    assert (failed.returncode, passed.returncode) == (1, 0)
    assert "1 failed, 1 passed" in failed.stdout
    assert "1 passed, 1 deselected" in passed.stdout
