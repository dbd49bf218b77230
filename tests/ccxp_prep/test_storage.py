"""Modules of ours find each other under their hashed names (ccxp_prep/storage.py)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("static")
    storages = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "ccxp_prep.storage.StaticFilesStorage"},
    }
    with override_settings(STATIC_ROOT=folder, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder


def test_every_import_of_a_hashed_module_is_hashed_and_there(collected: Path) -> None:
    modules = [path for path in (collected / "js").rglob("*.js") if re.search(r"\.[0-9a-f]{12}\.js$", path.name)]
    imports = [
        (module, name)
        for module in modules
        for name in re.findall(r'^import [^;]* from "(.*)";$', module.read_text(), re.M)
    ]
    assert len(imports) >= len(re.findall(r"^import ", (ROOT / "static/js/exam-room/room.js").read_text(), re.M))
    assert [name for _, name in imports if not re.fullmatch(r"\.\.?/[\w-]+\.[0-9a-f]{12}\.js", name)] == []
    assert [name for module, name in imports if not (module.parent / name).exists()] == []
