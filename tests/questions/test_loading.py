from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from questions.loader import FixtureFile, Problem
from questions.models import Question
from questions.queries import bank_findings
from questions.services import LoadReport, QuestionRefused, load_fixture_files, load_questions
from questions.validation import fingerprint
from tests.factories import NOW, make_objective, make_reference
from tests.questions.builders import WRITTEN, make_content, make_fields, make_row, to_yaml

LATER = NOW + timedelta(days=1)
CODE = "MET-K1.1-P1"


@pytest.fixture(autouse=True)
def blueprint(db: None) -> None:
    make_objective("MET-K1.1")
    make_reference("reichheld-2003")


def load(*rows: dict[str, Any], **options: Any) -> LoadReport:
    file = FixtureFile("met.yaml", to_yaml(*rows))
    return load_fixture_files(files=[file], **{"dry_run": False, "now": NOW, **options})


def counts(report: LoadReport) -> tuple[int, int, int, int]:
    return tuple(report.counts.values())


def versions(code: str = CODE) -> list[tuple[int, str]]:
    return list(Question.objects.filter(code=code).order_by("version").values_list("version", "status"))


# New, unchanged, updated


def test_a_new_question_is_published_as_version_one(candidate: User):
    report = load(make_row(locators={"reichheld-2003": "p. 50"}), author=candidate)

    assert (report.new, counts(report), report.is_written) == ([CODE], (1, 0, 0, 0), True)
    question = Question.objects.get()
    assert (question.code, question.version, question.status, question.objective.code) == (
        CODE,
        1,
        "published",
        "MET-K1.1",
    )
    assert question.options[1] == {
        "label": "B",
        "text": "Map the journey with the agents",
        "rationale": f"Why B of {CODE}.",
    }
    assert [reference.code for reference in question.references.all()] == ["reichheld-2003"]
    assert (question.locators, question.author) == ({"reichheld-2003": "p. 50"}, candidate)
    assert (question.published_at, question.retired_at) == (NOW, None)
    assert question.fingerprint == fingerprint(make_content(locators=(("reichheld-2003", "p. 50"),)))


def test_loading_twice_changes_nothing():
    load(make_row(), make_row("MET-K1.1-M1"))
    before = list(Question.objects.values())

    report = load(make_row(), make_row("MET-K1.1-M1"), now=LATER)

    assert counts(report) == (0, 0, 2, 0)
    assert list(Question.objects.values()) == before


def test_options_are_stored_by_label_whatever_their_order():
    fields = make_fields()
    fields["options"].reverse()

    load({"model": "questions.question", "fields": fields})

    assert [option["label"] for option in Question.objects.get().options] == ["A", "B", "C", "D"]
    assert counts(load(make_row())) == (0, 0, 1, 0)


def test_a_changed_question_becomes_the_next_version_and_the_old_one_retires():
    load(make_row())

    report = load(make_row(stem="Why do guests leave?"), now=LATER)

    assert (report.updated, counts(report)) == ([CODE], (0, 1, 0, 0))
    old, new = Question.objects.order_by("version")
    assert (old.version, old.status, old.retired_at, old.published_at) == (1, "retired", LATER, NOW)
    assert old.stem == make_fields()["stem"]
    assert (new.version, new.status, new.stem, new.published_at) == (2, "published", "Why do guests leave?", LATER)
    assert new.references.count() == 1


@pytest.mark.parametrize("changes", [{"references": [["hart-1990"]]}, {"key": "C"}, {"difficulty": 5}])
def test_any_change_of_content_makes_a_version(changes):
    make_reference("hart-1990")
    load(make_row())

    assert counts(load(make_row(**changes))) == (0, 1, 0, 0)
    assert versions() == [(1, "retired"), (2, "published")]


def test_going_back_to_an_older_text_makes_a_third_version():
    for stem in ("One?", "Two?", "One?"):
        load(make_row(stem=stem))

    assert versions() == [(1, "retired"), (2, "retired"), (3, "published")]


def test_a_dry_run_says_the_same_and_writes_nothing():
    load(make_row("MET-K1.1-P1"), make_row("MET-K1.1-P2"))
    before = list(Question.objects.values())

    report = load(make_row("MET-K1.1-P1"), make_row("MET-K1.1-P2", key="C"), make_row("MET-K1.1-P3"), dry_run=True)

    assert (report.new, report.updated, report.unchanged) == (["MET-K1.1-P3"], ["MET-K1.1-P2"], ["MET-K1.1-P1"])
    assert report.is_written is False
    assert list(Question.objects.values()) == before


# Rejected


def test_nothing_is_written_when_anything_is_rejected():
    report = load(make_row("MET-K1.1-P1"), make_row("MET-K1.1-P2", key="E"))

    assert (counts(report), report.is_written) == ((1, 0, 0, 1), False)
    assert Question.objects.count() == 0


def test_an_unknown_objective_is_rejected_where_it_stands():
    text = WRITTEN.replace("MET-K1.1", "MET-K9.9")

    report = load_fixture_files(files=[FixtureFile("met.yaml", text.encode())], dry_run=False, now=NOW)

    assert report.rejected == [
        Problem("met.yaml", 5, "The objective MET-K9.9 is unknown."),
        Problem("met.yaml", 34, "The objective MET-K9.9 is unknown."),
    ]


def test_an_unknown_reference_is_rejected_where_it_stands():
    text = WRITTEN.replace("[[reichheld-2003]]", "[[reichheld-2003], [nobody-1900]]", 1)

    report = load_fixture_files(files=[FixtureFile("met.yaml", text.encode())], dry_run=False, now=NOW)

    assert report.rejected == [Problem("met.yaml", 30, "The reference nobody-1900 is unknown.")]


def test_problems_of_every_file_are_told_in_order(tmp_path: Path):
    (tmp_path / "b.yaml").write_bytes(to_yaml(make_row("MET-K1.1-P1"), make_row("MET-K9.9-P1")))
    (tmp_path / "a.yaml").write_text(WRITTEN.replace("key: B", "key: E").replace("P2", "P1"))

    report = load_questions(paths=[tmp_path / "b.yaml", tmp_path / "a.yaml", tmp_path / "none"], dry_run=False, now=NOW)

    assert [str(problem) for problem in report.rejected] == [
        f"{tmp_path}/a.yaml:29: The key must be A, B, C or D, not “E”.",
        f"{tmp_path}/a.yaml:33: The code MET-K1.1-P1 stands already in {tmp_path}/b.yaml, line 3.",
        f"{tmp_path}/b.yaml:30: The objective MET-K9.9 is unknown.",
        f"{tmp_path}/none: The file cannot be read: No such file or directory.",
    ]


def test_a_failure_midway_leaves_nothing_half_written(monkeypatch):
    load(make_row())
    before = list(Question.objects.values())

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(Question.references.through._default_manager, "bulk_create", fail)
    with pytest.raises(RuntimeError, match="the power went"):
        load(make_row(key="C"), make_row("MET-K1.1-P2"))

    assert list(Question.objects.values()) == before


# Statuses only move on


@pytest.mark.parametrize("status", ["draft", "in_review", "published", "retired"])
def test_a_question_arrives_in_any_status(status):
    assert counts(load(make_row(status=status))) == (1, 0, 0, 0)
    assert versions() == [(1, status)]
    assert counts(load(make_row(status=status))) == (0, 0, 1, 0)


def test_a_draft_is_changed_in_place():
    load(make_row(status="draft"))

    assert counts(load(make_row(status="draft", key="C", references=[]))) == (0, 0, 0, 1)
    assert counts(load(make_row(status="draft", key="C"))) == (0, 1, 0, 0)
    assert versions() == [(1, "draft")]
    assert (Question.objects.get().key, Question.objects.get().published_at) == ("C", None)


def test_a_draft_that_the_file_publishes_is_published_in_place():
    load(make_row(status="draft"))

    assert counts(load(make_row(key="C"), now=LATER)) == (0, 1, 0, 0)
    question = Question.objects.get()
    assert (question.version, question.status, question.key, question.published_at) == (1, "published", "C", LATER)
    assert question.fingerprint == fingerprint(make_content(key="C"))


def test_the_references_of_a_draft_follow_the_file():
    make_reference("hart-1990")
    load(make_row(status="draft"))

    load(make_row(status="draft", references=[["hart-1990"]]))

    assert [reference.code for reference in Question.objects.get().references.all()] == ["hart-1990"]


def test_a_draft_moves_on_to_review_but_not_back():
    load(make_row(status="draft"))

    assert counts(load(make_row(status="in_review"))) == (0, 1, 0, 0)
    assert counts(load(make_row(status="draft"))) == (0, 0, 1, 0)
    assert versions() == [(1, "in_review")]


@pytest.mark.parametrize("status", ["published", "retired"])
def test_a_file_does_not_take_back_what_an_admin_decided(status):
    load(make_row(status="draft"))
    Question.objects.update(status=status)

    assert counts(load(make_row(status="draft"))) == (0, 0, 1, 0)
    assert versions() == [(1, status)]


def test_a_question_that_an_admin_retired_stays_retired():
    load(make_row())
    Question.objects.update(status="retired")

    assert counts(load(make_row())) == (0, 0, 1, 0)
    assert counts(load(make_row(key="C"))) == (0, 1, 0, 0)
    assert versions() == [(1, "retired"), (2, "published")]


def test_a_file_retires_a_question_whatever_else_it_says():
    load(make_row())

    assert counts(load(make_row(status="retired", key="C"), now=LATER)) == (0, 1, 0, 0)
    assert counts(load(make_row(status="retired", key="C"))) == (0, 0, 1, 0)
    question = Question.objects.get()
    assert (question.status, question.retired_at, question.key) == ("retired", LATER, "B")


def test_a_draft_of_an_admin_outlives_an_unchanged_file():
    load(make_row())
    draft = Question.objects.get()
    draft.pk, draft.version, draft.status, draft.stem = None, 2, "draft", "Under work?"
    draft.save()

    assert counts(load(make_row())) == (0, 0, 1, 0)
    assert counts(load(make_row(key="C"))) == (0, 1, 0, 0)
    assert versions() == [(1, "retired"), (2, "draft"), (3, "published")]


def test_a_draft_that_says_what_the_file_publishes_is_the_next_version():
    load(make_row())
    draft = Question.objects.get()
    draft.pk, draft.version, draft.status, draft.key = None, 2, "draft", "C"
    draft.save()
    draft.references.add(make_reference())

    assert counts(load(make_row(key="C"))) == (0, 1, 0, 0)
    assert versions() == [(1, "retired"), (2, "published")]


# Plain loaddata


def test_plain_loaddata_works_and_the_loader_seals_what_it_left(tmp_path: Path):
    path = tmp_path / "met.yaml"
    path.write_text(WRITTEN)
    call_command("loaddata", str(path), verbosity=0)
    call_command("loaddata", str(path), verbosity=0)
    assert [finding.code for finding in bank_findings()] == ["not_sealed", "not_sealed"]

    report = load_questions(paths=[path], dry_run=False, now=LATER)

    assert counts(report) == (0, 0, 2, 0)
    assert versions() == [(1, "published")]
    assert Question.objects.exclude(fingerprint="").filter(published_at=LATER).count() == 2
    assert bank_findings() == []


def test_a_question_that_was_changed_in_place_gets_a_version_of_its_own():
    load(make_row())
    Question.objects.update(key="C")
    assert [finding.code for finding in bank_findings()] == ["changed_in_place"]

    assert counts(load(make_row(key="C"), now=LATER)) == (0, 1, 0, 0)

    assert versions() == [(1, "retired"), (2, "published")]
    assert bank_findings() == []


def test_a_row_that_cannot_be_read_is_replaced():
    load(make_row())
    Question.objects.update(options={"A": "not a list"})

    assert counts(load(make_row())) == (0, 1, 0, 0)
    assert versions() == [(1, "retired"), (2, "published")]


# Queries and turns


@pytest.mark.parametrize("number", [1, 60])
def test_the_number_of_queries_does_not_grow_with_the_rows(number):
    rows = [make_row(f"MET-K1.1-P{place}") for place in range(1, number + 1)]
    with CaptureQueriesContext(
        connection,
    ) as first:
        load(*rows)
    with CaptureQueriesContext(connection) as second:
        load(*rows)

    # The savepoint twice, names twice, versions once; then two inserts, or the questions and their references.
    # PostgreSQL is asked for the lock besides.
    most = 8 if connection.vendor == "postgresql" else 7
    assert (len(first), len(second)) == (most, most)


@pytest.mark.parametrize(
    "database",
    [
        pytest.param("postgres", marks=pytest.mark.postgres),
        pytest.param("sqlite", marks=pytest.mark.django_db(transaction=True)),
    ],
)
def test_parallel_loads_write_each_question_once(in_parallel, database):
    rows = [make_row(f"MET-K1.1-P{place}", key="BC"[turn]) for turn in (0, 1) for place in range(1, 31)]

    def run(number: int) -> tuple[int, int, int, int]:
        return counts(load(*(rows[:30] if number % 2 else rows[30:])))

    results = in_parallel(6, run)

    assert sum(result[0] for result in results) == 30
    assert [result[3] for result in results] == [0] * 6
    assert Question.objects.published().count() == 30
    for place in range(1, 31):
        found = versions(f"MET-K1.1-P{place}")
        assert [version for version, _ in found] == list(range(1, len(found) + 1))


@pytest.mark.postgres
def test_a_load_that_waits_too_long_says_so():
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [4_342_936])
        with connection.cursor() as own:
            own.execute("SET lock_timeout = '200ms'")
        with pytest.raises(QuestionRefused, match="Somebody else is changing the bank"):
            load(make_row())
        cursor.execute("ROLLBACK")
    other.close()
    with connection.cursor() as own:
        own.execute("RESET lock_timeout")

    assert counts(load(make_row())) == (1, 0, 0, 0)
