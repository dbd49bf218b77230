from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from questions.models import Question
from tests.factories import make_objective, make_question, make_reference
from tests.questions.builders import WRITTEN

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(tmp_path: Path) -> Path:
    make_objective("MET-K1.1")
    make_reference("reichheld-2003")
    path = tmp_path / "met.yaml"
    path.write_text(WRITTEN)
    return path


def run(*arguments: object, fails_with: str = "") -> str:
    out = StringIO()
    if not fails_with:
        call_command(*map(str, arguments), stdout=out)
        return out.getvalue()
    with pytest.raises(CommandError) as error:
        call_command(*map(str, arguments), stdout=out)
    assert (str(error.value), error.value.returncode) == (fails_with, 1)
    return out.getvalue()


# load_questions


def test_load_questions_loads_a_folder_and_prints_counts(path):
    assert run("load_questions", path.parent) == "Questions: 2 new, 0 updated, 0 unchanged, 0 rejected\n"
    assert Question.objects.published().count() == 2


def test_load_questions_writes_nothing_in_a_dry_run(path):
    assert run("load_questions", path, "--dry-run") == (
        "Questions: 2 new, 0 updated, 0 unchanged, 0 rejected (dry run)\n"
    )
    assert Question.objects.count() == 0


def test_load_questions_prints_rejected_rows_and_exits_with_one(path):
    path.write_text(WRITTEN.replace("key: B", "key: E"))

    assert run("load_questions", path, fails_with="Nothing was written, because something was rejected.") == (
        f"{path}:29: The key must be A, B, C or D, not “E”.\nQuestions: 1 new, 0 updated, 0 unchanged, 1 rejected\n"
    )
    assert Question.objects.count() == 0


# check_bank


def test_check_bank_passes_a_bank_without_errors(path):
    run("load_questions", path)

    assert run("check_bank") == "Bank: 0 errors, 0 warnings\n"


def test_check_bank_prints_findings_and_exits_with_one(path):
    make_objective("MET-K1.2")
    make_question(code="MET-K1.1-P1", stem="No question mark.", fingerprint="")
    Question.objects.update(fingerprint="0" * 64)

    assert run("check_bank", fails_with="The bank has 2 errors.") == (
        "error MET-K1.1-P1 changed_in_place: "
        "Changed in place after publication: people who answered it saw another text.\n"
        "error MET-K1.2 objective_without_question: No practice question is published.\n"
        "warning MET-K1.1-P1 no_question_mark: The stem does not end with a question mark.\n"
        "Bank: 2 errors, 1 warning\n"
    )


def test_check_bank_prints_json():
    make_objective("MET-K1.1")

    printed = run("check_bank", "--json", fails_with="The bank has 1 error.")

    assert json.loads(printed) == [
        {
            "severity": "error",
            "subject": "MET-K1.1",
            "code": "objective_without_question",
            "message": "No practice question is published.",
        }
    ]


# The bank that comes with the project


@pytest.fixture
def shipped(db: None) -> Path:
    fixtures: Path = settings.BASE_DIR / "fixtures"
    plain = [fixtures / name for name in ("references.yaml", "competencies.yaml", "blueprints.yaml")]
    call_command(
        "loaddata", *map(str, plain), *map(str, sorted((fixtures / "objectives").glob("*/*.yaml"))), verbosity=0
    )
    return fixtures / "questions"


def rows() -> list[dict[str, Any]]:
    return list(Question.objects.order_by("pk").values("pk", "code", "version", "status"))


def test_the_shipped_bank_loads_twice_and_has_no_error(shipped):
    first = run("load_questions", shipped)
    once = rows()

    assert first == f"Questions: {len(once)} new, 0 updated, 0 unchanged, 0 rejected\n"
    assert run("load_questions", shipped) == f"Questions: 0 new, 0 updated, {len(once)} unchanged, 0 rejected\n"
    assert rows() == once
    assert "\nBank: 0 errors, " in f"\n{run('check_bank')}"
