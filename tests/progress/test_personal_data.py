"""What an export holds: everything that leads to a person, as its schema says, and no key before its time."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.db.models import CASCADE, PROTECT, F, Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from jsonschema import Draft202012Validator, FormatChecker

from accounts.models import User
from cohorts.models import Cohort
from progress import exports
from progress.queries.personal_data import LEFT_OUT, RECORDS, UNUSED, Column, Kind
from quizzes.models import Assignment, Attempt
from quizzes.services import finish_attempt, start_attempt
from tests.factories import NOW, make_assignment, make_attempt, make_mock_attempt, make_question, make_quiz
from tests.progress.belongings import TYPED, fill
from tests.progress.builders import make_answered
from tests.promises.test_canary import SITTINGS, change_every_key
from tests.promises.world import World, answer, fill_bank, make_world
from tests.reviews.builders import make_schedule, review

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = make_world(timezone.now())
    fill(world)
    return world


def archive_of(person: User, at: Any) -> ZipFile:
    return ZipFile(io.BytesIO(b"".join(exports.personal_archive(person, at=at))))


def json_of(archive: ZipFile) -> dict[str, Any]:
    names = [name for name in archive.namelist() if name.startswith("json/")]
    return {name.removeprefix("json/"): json.loads(archive.read(name)) for name in names}


def csv_of(archive: ZipFile, name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(archive.read(f"csv/{name}.csv").decode("utf-8-sig"))))


# Completeness


def models_of_a_person() -> Iterator[type[Model]]:
    """Models that refer to a person, and, as far as rows go when theirs goes, models that refer to those."""
    seen: set[type[Model]] = set()
    waiting: list[type[Model]] = [User]
    while waiting:
        owner = waiting.pop()
        for model in apps.get_models(include_auto_created=True):
            for field in model._meta.concrete_fields:
                if field.remote_field and field.remote_field.model is owner and model not in seen:
                    yield model
                    seen.add(model)
                    if field.remote_field.on_delete in (CASCADE, PROTECT):
                        waiting.append(model)


def test_every_model_that_leads_to_a_person_is_exported_or_left_out_with_a_reason() -> None:
    found = {model._meta.label for model in models_of_a_person()} | {User._meta.label}
    exported = {model._meta.label for record in RECORDS for model in record.models}
    assert exported & set(LEFT_OUT) == set()
    assert found == exported | set(LEFT_OUT) | set(UNUSED)


def test_every_kind_of_record_has_rows_here(world: World) -> None:
    """Or the tests below would look at empty files."""
    files = json_of(archive_of(world.own.candidate, world.now))
    assert [name for name, rows in files.items() if not rows] == ["led_cohorts.json"]
    assert len(json_of(archive_of(world.own.coordinator, world.now))["led_cohorts.json"]) == 1


def test_nothing_of_anybody_else_is_in_it(world: World) -> None:
    archive = archive_of(world.own.candidate, world.now)
    text = "".join(archive.read(name).decode() for name in archive.namelist())
    assert "birch" not in text
    assert "hidden" not in text
    assert text.count(world.own.candidate.email) > 2


# Form


def test_files_are_as_their_schema_says(world: World) -> None:
    for person in (world.own.candidate, world.own.coordinator, world.admin):
        archive = archive_of(person, world.now)
        schema = json.loads(archive.read("schema.json"))
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema, format_checker=FormatChecker())
        assert [error.message for error in validator.iter_errors(json_of(archive))] == []


@pytest.mark.parametrize("name", ["profile", "answers", "schedule"])
def test_a_wrong_file_is_refused_by_the_schema(world: World, name: str) -> None:
    archive = archive_of(world.own.candidate, world.now)
    files = json_of(archive)
    files[f"{name}.json"][0]["surprise"] = 1
    assert len(list(Draft202012Validator(exports.schema()).iter_errors(files))) == 1


def test_both_forms_tell_the_same(world: World) -> None:
    archive = archive_of(world.own.candidate, world.now)
    files = json_of(archive)
    for record in RECORDS:
        heading, *rows = csv_of(archive, record.name)
        expected = [[exports.in_a_cell(value) for value in row.values()] for row in files[f"{record.name}.json"]]
        assert heading == [column.name for column in record.columns]
        assert rows == expected


def test_what_somebody_typed_is_no_formula_in_a_spreadsheet(world: World) -> None:
    archive = archive_of(world.own.candidate, world.now)
    assert [row[1] for row in csv_of(archive, "notes")[1:]] == [f"'{TYPED}"]
    assert [row["text"] for row in json_of(archive)["notes.json"]] == [TYPED]


def test_moments_are_in_utc(candidate: User) -> None:
    User.objects.update(joined_at=NOW, time_zone="Asia/Tokyo")
    candidate.refresh_from_db()
    assert json_of(archive_of(candidate, NOW))["profile.json"][0]["joined_at"] == "2026-03-02T12:00:00+00:00"


def test_readme_names_every_file_and_every_omission(candidate: User) -> None:
    readme = archive_of(candidate, NOW).read("README.txt").decode()
    assert [record.name for record in RECORDS if f"\n  {record.name}\n" not in readme] == []
    assert [reason for reason in LEFT_OUT.values() if f"- {reason}" not in readme] == []


def test_a_missing_link_of_a_path_is_a_missing_value(candidate: User) -> None:
    attempt = make_attempt(candidate, make_question())
    column = Column("cohort", Kind.TEXT, "", "assignment.cohort.name", may_be_missing=True)
    assert column.value_of(attempt) is None


def test_it_comes_in_pieces(candidate: User, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = make_attempt(candidate, *(make_question(stem=f"{place} " * 900) for place in range(40)))
    finish_attempt(attempt=attempt, now=NOW)
    pieces = list(exports.personal_archive(candidate, at=NOW))
    assert len(pieces) > 20
    assert max(map(len, pieces)) < sum(map(len, pieces)) / 2


# Keys


def told(person: User) -> list[tuple[str, bytes]]:
    archive = archive_of(person, timezone.now())
    # Fresh files of the same rows differ in the moment they were written at.
    return [(name, archive.read(name)) for name in archive.namelist() if name != "README.txt"]


@pytest.mark.parametrize("kind", SITTINGS)
def test_no_key_leaves_before_its_time_and_all_leave_afterwards(
    kind: str, candidate: User, coordinator: User, cohort: Any
) -> None:
    fill_bank()
    now = timezone.now()
    attempt = SITTINGS[kind](candidate, now)
    before = told(candidate)
    rows = {row["is_told"] for row in json_of(archive_of(candidate, now))["responses.json"]}
    change_every_key()
    assert told(candidate) == before
    assert rows == {False}
    if Attempt.objects.get(pk=attempt.pk).is_open:
        finish_attempt(attempt=attempt, now=now)
    Assignment.objects.update(opens_at=F("opens_at") - timedelta(days=9), due_at=now - timedelta(seconds=1))
    explained = json_of(archive_of(candidate, timezone.now()))["responses.json"]
    keys = {response.question.code: response.question.key for response in attempt.responses.select_related("question")}
    assert {row["question"]: row["key"] for row in explained} == keys


def test_marks_wait_for_the_due_date(candidate: User, coordinator: User, cohort: Any) -> None:
    fill_bank()
    now = timezone.now()
    quiz = make_quiz(author=coordinator, question_count=6, feedback="after_due")
    assignment = make_assignment(cohort, quiz, opens_at=now, due_at=now + timedelta(days=2))
    attempt = start_attempt(candidate=candidate, quiz=quiz, now=now, assignment=assignment)
    answer(attempt, 1, "A", now)
    finish_attempt(attempt=attempt, now=now)
    all_wrong = told(candidate)
    attempt.responses.update(is_correct=True, miss_reason="misread")
    candidate.review_logs.update(rating=3)
    candidate.cards.update(stability=99, lapses=4)
    assert told(candidate) == all_wrong
    Assignment.objects.update(opens_at=F("opens_at") - timedelta(days=9), due_at=now - timedelta(seconds=1))
    files = json_of(archive_of(candidate, timezone.now()))
    assert {row["is_correct"] for row in files["responses.json"]} == {True}
    assert {row["miss_reason"] for row in files["responses.json"]} == {"misread"}
    assert {row["rating"] for row in files["reviews.json"]} == {3}
    assert {row["lapses"] for row in files["memories.json"]} == {4}


def test_the_schedule_waits_for_the_due_date(candidate: User, coordinator: User, cohort: Any) -> None:
    """The day on which an objective comes again tells how its last answer went."""
    now = timezone.now()
    question = make_question("MET-K1.1")
    quiz = make_quiz(author=coordinator, feedback="after_due")
    assignment = make_assignment(cohort, quiz, opens_at=now, due_at=now + timedelta(days=2))
    attempt = make_answered(candidate, [question], at=now, quiz=quiz, assignment=assignment)
    review(candidate, question, at=now, source=attempt.responses.get().code)
    codes = ["MET-K1.1", "MET-K2.1"]
    day = {"on": "2026-03-02", "capacity": 9, "minutes": 9, "reviews": codes, "new": [], "is_mock": False}
    make_schedule(candidate, days=[day], dropped=codes)

    before, after = [json_of(archive_of(candidate, at))["schedule.json"][0] for at in (now, assignment.due_at)]

    assert (before["days"][0]["reviews"], before["dropped"]) == (["MET-K2.1"], ["MET-K2.1"])
    assert (after["days"][0]["reviews"], after["dropped"]) == (codes, codes)


def on_the_result_page(client: Client, attempt: Attempt) -> tuple[str, list[tuple[str, ...]]]:
    """The score, and of each question what the file of the same page says."""
    (score,) = re.findall(r'class="score-right">([^<]+)<', client.get(attempt.get_absolute_url()).text)
    file = client.get(reverse("quizzes:attempt-export", args=[attempt.code])).content.decode("utf-8-sig")
    columns = ("position", "answer text", "key text", "correct", "reason")
    return score, [tuple(row[column] for column in columns) for row in csv.DictReader(io.StringIO(file))]


def in_the_export(person: User, at: datetime) -> tuple[str, list[tuple[str, ...]]]:
    files = json_of(archive_of(person, at))
    (attempt,) = files["attempts.json"]
    words = {True: "yes", False: "no", None: ""}
    return str(attempt["raw_score"]), [
        (
            str(row["position"]),
            row["selected_text"] or "",
            row["key_text"] or "",
            words[row["is_correct"]],
            row["miss_reason"] or "",
        )
        for row in files["responses.json"]
    ]


@pytest.mark.parametrize(
    ("feedback", "days_to_due", "is_explained"),
    [("at_end", None, True), ("at_end", 2, True), ("after_due", 2, False), ("after_due", -1, True)],
    ids=["own practice", "assigned", "assigned, withheld until due", "after the due date"],
)
def test_it_tells_what_the_result_page_tells(
    candidate: User,
    candidate_client: Client,
    cohort: Cohort,
    feedback: str,
    days_to_due: int | None,
    is_explained: bool,
) -> None:
    now = timezone.now()
    assignment = None
    if days_to_due is not None:
        days = {"opens_at": now - timedelta(days=9), "due_at": now + timedelta(days=days_to_due)}
        assignment = make_assignment(cohort, make_quiz(author=cohort.coordinator, feedback=feedback), **days)
    questions = [make_question(f"MET-K{number}.1") for number in range(1, 4)]
    quiz = assignment.quiz if assignment else None
    attempt = make_attempt(candidate, *questions, quiz=quiz, assignment=assignment, feedback=feedback)
    attempt.responses.filter(position=1).update(selected_label="B")
    attempt.responses.filter(position=2).update(selected_label="C", miss_reason="misread")
    finish_attempt(attempt=attempt, now=now)

    score, rows = on_the_result_page(candidate_client, attempt)
    key = questions[1].option("B")["text"]
    assert (score, rows[1][2:]) == ("1", (key, "no", "misread") if is_explained else ("", "", ""))
    assert in_the_export(candidate, timezone.now()) == (score, rows)
    stems = [row["stem"] for row in json_of(archive_of(candidate, now))["responses.json"]]
    assert stems == [question.stem for question in questions]


def test_an_open_exam_keeps_its_questions_to_itself(candidate: User) -> None:
    attempt = make_mock_attempt(candidate, count=2)
    attempt.responses.update(selected_label="B")
    rows = json_of(archive_of(candidate, NOW))["responses.json"]
    assert [(row["stem"], row["selected_text"], row["key"]) for row in rows] == [(None, None, None)] * 2


def test_an_older_answer_does_not_tell_what_an_open_exam_asks(candidate: User) -> None:
    question = make_question()
    make_attempt(candidate, question, state="graded", submitted_at=NOW, feedback="at_end")
    assert [row["key"] for row in json_of(archive_of(candidate, NOW))["responses.json"]] == ["B"]
    make_attempt(candidate, question, feedback="at_end")
    assert [row["key"] for row in json_of(archive_of(candidate, NOW))["responses.json"]] == [None, None]


def test_an_open_quiz_in_learning_mode_keeps_back_its_own_answers_only(candidate: User) -> None:
    question = make_question()
    make_attempt(candidate, question, state="graded", submitted_at=NOW, feedback="at_end")
    make_attempt(candidate, question, feedback="after_each")
    assert [row["key"] for row in json_of(archive_of(candidate, NOW))["responses.json"]] == ["B", None]
