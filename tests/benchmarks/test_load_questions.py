"""A thousand questions through the command, beside Django's own loaddata of the same file on the same database."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pytest
from django.core.management import call_command

from questions.models import Question
from tests.factories import make_objective, make_reference
from tests.questions.builders import make_row, to_yaml

NUMBER = 1000
MOST_SECONDS = 15


def seconds(*command: str) -> float:
    start = perf_counter()
    call_command(*command)
    return perf_counter() - start


@pytest.mark.django_db(transaction=True)
def test_a_thousand_questions_load_in_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    make_objective("MET-K1.1")
    make_reference("reichheld-2003")
    path = tmp_path / "thousand.yaml"
    path.write_bytes(to_yaml(*(make_row(f"MET-K1.1-P{number}") for number in range(1, NUMBER + 1))))
    changed = tmp_path / "changed.yaml"
    changed.write_bytes(path.read_bytes().replace(b"What should it do first?", b"What comes first?"))

    plain = seconds("loaddata", str(path), "-v0")
    Question.objects.all().delete()
    first = seconds("load_questions", str(path))
    again = seconds("load_questions", str(path))
    update = seconds("load_questions", str(changed))

    with capsys.disabled():
        print(f"\n{NUMBER} questions: new {first:.1f} s, unchanged {again:.1f} s, updated {update:.1f} s")
        print(f"loaddata {plain:.1f} s, ratio {first / plain:.2f}")
    assert list(Question.objects.values_list("version").order_by("version").distinct()) == [(1,), (2,)]
    assert Question.objects.published().count() == NUMBER
    assert max(first, again, update) <= MOST_SECONDS
    assert first <= plain
