"""What holds for the project as a whole: migrations, settings and commands told in README, lock files, fixtures."""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import transaction
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from questions.models import Question

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
APPS = (
    *("ccxp_prep", "accounts", "competencies", "study", "questions", "cohorts", "reviews", "quizzes", "progress"),
    "offline",
)
LOCKS = {"requirements.lock": ("dependencies",), "requirements-dev.lock": ("dependencies", "dev")}
PLAIN_FIXTURES = ("references", "competencies", "blueprints")


def section(heading: str) -> str:
    """The text below a heading of README, up to the next."""
    return re.split(rf"^## {heading}$", README, flags=re.MULTILINE)[1].split("\n## ")[0]


def first_cells(text: str) -> set[str]:
    """The first word in code type of each row of a table."""
    return set(re.findall(r"^\| `([\w.]+)", text, flags=re.MULTILINE))


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_readme_lists_exactly_the_settings_that_are_read() -> None:
    source = (ROOT / "ccxp_prep" / "settings.py").read_text()
    read = set(re.findall(r'\benv_(?:text|secret|bool|int|list)\(\s*"(\w+)"', source))

    assert len(read) > 10
    assert first_cells(section("Settings")) == read


def test_readme_names_every_command() -> None:
    commands = {
        path.stem
        for app in APPS
        for path in (ROOT / app / "management" / "commands").glob("*.py")
        if path.stem != "__init__"
    }

    assert len(commands) > 5
    assert first_cells(section("Commands")) == commands


def test_every_app_stands_in_the_list_and_in_the_layout() -> None:
    installed = {each.name for each in apps.get_app_configs() if Path(each.path).parent == ROOT}

    assert installed == set(APPS)
    assert [app for app in APPS if f"`{app}/`" not in README] == []


# Lock files


def locked(name: str) -> dict[str, Requirement]:
    lines = re.findall(r"^(\S+==[^\\\n]+)", (ROOT / name).read_text(), flags=re.MULTILINE)
    requirements = [Requirement(line.strip()) for line in lines]
    return {canonicalize_name(each.name): each for each in requirements}


def asked_for(*groups: str) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    texts = {"dependencies": project["project"]["dependencies"], **project["dependency-groups"]}
    return [Requirement(text) for group in groups for text in texts[group]]


@pytest.mark.parametrize("name", LOCKS)
def test_lock_file_holds_no_address(name: str) -> None:
    text = (ROOT / name).read_text()

    assert re.findall(r"\w+://\S*|^\s*--(?:index-url|extra-index-url|find-links|trusted-host).*", text, re.M) == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_hash(name: str) -> None:
    blocks = re.split(r"^(?=\S+==)", (ROOT / name).read_text(), flags=re.MULTILINE)[1:]

    assert len(blocks) == len(locked(name)) > 20
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize(("name", "groups"), LOCKS.items())
def test_lock_file_answers_what_the_project_asks_for(name: str, groups: tuple[str, ...]) -> None:
    held = locked(name)
    unmet = []
    for wanted in asked_for(*groups):
        found = held.get(canonicalize_name(wanted.name))
        version = str(found.specifier).removeprefix("==") if found else ""
        if not found or not wanted.specifier.contains(version):
            unmet.append(f"{wanted} is locked as {found}")

    assert unmet == []


def test_both_lock_files_hold_the_same_versions() -> None:
    """What is tested is what is served."""
    served, tested = locked("requirements.lock"), locked("requirements-dev.lock")

    assert {name: str(each) for name, each in served.items()} == {name: str(tested.get(name)) for name in served}


# Fixtures


def count_rows() -> dict[str, int]:
    """Also of the tables between two others."""
    every = apps.get_models(include_auto_created=True)
    models = [model for model in every if model._meta.app_label in ("competencies", "questions")]
    return {model._meta.label: model._default_manager.count() for model in models}


@pytest.fixture(scope="module")
def content(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[str]]:
    """All that plain loaddata loads, loaded; rolled back after the tests of this module."""
    fixtures = ROOT / "fixtures"
    more = [path.stem for path in sorted(fixtures.glob("*.yaml")) if path.stem not in PLAIN_FIXTURES]
    folders = ("objectives", "terms", "sheets", "questions")
    files = [str(path) for folder in folders for path in sorted((fixtures / folder).glob("**/*.yaml"))]
    names = [*PLAIN_FIXTURES, *more, *files]
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("loaddata", *names, verbosity=0)
        yield names
        transaction.set_rollback(True)


def test_fixtures_load_twice_and_leave_the_same(content: list[str]) -> None:
    once = count_rows()
    call_command("loaddata", *content, verbosity=0)

    assert (once["competencies.Competency"], once["competencies.Statement"]) == (6, 89)
    assert count_rows() == once


def test_questions_are_loaded_plainly_as_their_loader_writes_them(content: list[str]) -> None:
    output = io.StringIO()
    call_command("load_questions", str(ROOT / "fixtures" / "questions"), stdout=output)

    count = Question.objects.count()
    assert output.getvalue() == f"Questions: 0 new, 0 updated, {count} unchanged, 0 rejected\n"
