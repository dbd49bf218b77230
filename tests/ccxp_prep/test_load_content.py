from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command

from ccxp_prep.management.commands import load_content
from competencies.models import Competency, Statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The commands that load_content calls, by name and files, not carried out."""
    calls: list[tuple[str, ...]] = []

    def record(name: str, *paths: str, **options: object) -> None:
        calls.append((name, *(Path(path).name for path in paths)))

    monkeypatch.setattr(load_content, "call_command", record)
    return calls


@pytest.fixture
def fixtures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folders = ("objectives/met/skills.yaml", "questions/met/mock.yaml")
    for name in ("references.yaml", "competencies.yaml", *folders, "demo.yaml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(f"# {name}")
    monkeypatch.setattr(load_content, "FIXTURES", tmp_path)
    return tmp_path


def load() -> str:
    output = StringIO()
    call_command("load_content", stdout=output)
    return output.getvalue()


def test_first_load_takes_everything_but_the_demo(fixtures: Path, called: list) -> None:
    load()

    assert called == [
        ("loaddata", "references.yaml", "competencies.yaml", "skills.yaml"),
        ("load_questions", "mock.yaml"),
    ]


def test_second_load_does_nothing(fixtures: Path, called: list) -> None:
    load()
    called.clear()

    assert (load(), called) == ("Content is up to date\n", [])


def test_changed_file_alone_is_loaded_again(fixtures: Path, called: list) -> None:
    load()
    called.clear()
    (fixtures / "competencies.yaml").write_text("# changed")
    load()

    assert called == [("loaddata", "competencies.yaml")]


def test_changed_questions_are_loaded_together(fixtures: Path, called: list) -> None:
    load()
    called.clear()
    (fixtures / "questions" / "met" / "new.yaml").write_text("# new")
    load()

    assert called == [("load_questions", "mock.yaml", "new.yaml")]


def test_failed_load_is_not_remembered(fixtures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise ValueError

    monkeypatch.setattr(load_content, "call_command", refuse)
    with pytest.raises(ValueError):  # noqa: PT011 - raised just above
        load()

    assert cache.get(load_content.LOADED) is None


def test_repository_content_loads() -> None:
    load()

    assert (Competency.objects.count(), Statement.objects.count()) == (6, 89)
