from __future__ import annotations

import pytest
from django.db import connection

from questions.models import Question
from questions.queries import (
    bank_findings,
    next_code,
    option_results,
    option_rows,
    question_findings,
    sample_question,
)
from questions.services import publish_version
from questions.validation import Finding, Severity
from tests.factories import NOW, make_blueprint, make_mock_question, make_objective, make_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def sample(settings) -> Question:
    settings.SAMPLE_QUESTION_CODE = "MET-K1.1-P1"
    return make_question(code="MET-K1.1-P1")


# The sample question


def test_sample_question_is_the_one_of_the_settings(sample):
    make_question("CUL-T1.1")

    assert sample_question() == sample


def test_sample_question_falls_back_to_the_first_published_practice_question(settings):
    settings.SAMPLE_QUESTION_CODE = "MET-K9.9-P1"
    make_mock_question("CUL-T1.1")
    make_question("CUL-T1.1", status="draft")
    first = make_question("CUL-T2.1")
    make_question("CUL-T3.1")

    assert sample_question() == first


def test_sample_question_is_never_a_sealed_one(settings):
    settings.SAMPLE_QUESTION_CODE = make_mock_question().code

    assert sample_question() is None


def test_sample_question_is_never_a_draft_or_a_retired_version(sample):
    Question.objects.update(status="retired")
    current = make_question(code=sample.code, version=2)
    make_question(code=sample.code, version=3, status="draft")

    assert sample_question() == current


def test_sample_question_takes_one_query_and_two_without_the_chosen_one(sample, settings, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert sample_question().objective.statement.competency.code == "MET"
    settings.SAMPLE_QUESTION_CODE = "none"
    with django_assert_num_queries(2):
        assert sample_question().objective.statement.competency.code == "MET"


def test_the_fallback_reads_no_more_than_the_index_gives(settings):
    queries = Question.objects.published().practice().order_by("objective_id")[:1]

    plan = queries.explain() if connection.vendor == "sqlite" else "question_draw_idx"

    assert "question_draw_idx" in plan
    assert "TEMP B-TREE" not in plan


# Options as shown


def test_option_rows_are_lettered_by_place_and_posted_by_label():
    question = make_question(code="MET-K1.1-P1")

    rows = option_rows(question)

    assert [row.letter for row in rows] == ["A", "B", "C", "D"]
    assert sorted(row.label for row in rows) == ["A", "B", "C", "D"]
    assert [row.text for row in rows] == [question.option(row.label)["text"] for row in rows]


def test_option_rows_hold_neither_key_nor_rationale():
    (row, *_) = option_rows(make_question())

    assert set(row.__slots__) == {"letter", "label", "text"}


def test_the_order_is_the_questions_own():
    first = make_question(code="MET-K1.1-P1")
    second = make_question(code="MET-K1.1-P2")

    assert option_rows(first) == option_rows(Question.objects.get(pk=first.pk))
    orders = {"".join(row.label for row in option_rows(make_question())) for _ in range(30)}
    assert len(orders) > 10
    assert {row.label for row in option_rows(second)} == set("ABCD")


def test_option_results_say_what_was_right_and_chosen():
    question = make_question()

    results = {result.label: result for result in option_results(question, chosen="C")}

    assert [label for label, result in results.items() if result.is_key] == ["B"]
    assert [label for label, result in results.items() if result.is_chosen] == ["C"]
    assert results["D"].rationale == question.option("D")["rationale"]


# Codes


def test_next_code_counts_on_within_objective_and_pool():
    make_question(code="MET-K1.1-P2", status="retired")
    make_question(code="MET-K1.1-P10")
    make_question(code="MET-K1.1-Pxy")
    make_question("MET-K1.2", code="MET-K1.2-P40")

    assert next_code(objective="MET-K1.1", pool="practice") == "MET-K1.1-P11"
    assert next_code(objective="MET-K1.1", pool="mock") == "MET-K1.1-M1"


# Findings


def test_question_findings_tell_a_question_that_was_changed_in_place():
    question = publish_version(question=make_question(code="MET-K1.1-P1", status="draft"), now=NOW)
    assert question_findings(question) == []

    Question.objects.update(key="C")

    assert question_findings(Question.objects.get()) == [
        Finding(
            "changed_in_place",
            Severity.ERROR,
            "Changed in place after publication: people who answered it saw another text.",
            subject="MET-K1.1-P1",
        )
    ]


def test_question_findings_tell_a_question_without_fingerprint():
    (finding,) = question_findings(make_question())

    assert (finding.code, finding.severity) == ("not_sealed", Severity.WARNING)


def test_question_findings_of_a_row_without_shape_are_its_errors():
    (finding,) = question_findings(make_question(code="MET-K1.1-P1", options=7))

    assert (finding.subject, finding.message) == ("MET-K1.1-P1", "The options must be a list, not the number 7.")


def test_bank_findings_put_errors_first_and_look_at_published_questions_only():
    make_blueprint("six-areas", item_count=2, CUL=50, MET=50)
    make_blueprint("one-area", item_count=3, MET=100)
    make_mock_question("CUL-T1.1", stem="Which guests left the hotel first?")
    make_mock_question("MET-K1.1", stem="How many callers waited?")
    make_question("MET-K1.1", code="MET-K1.1-P1", stem="No question mark.")
    make_question("MET-K1.1", status="draft", stem="", options=[])
    make_objective("MET-K1.2")
    make_question("MET-K1.3", code="MET-K1.3-P1", options=7)

    found = [(finding.severity.value, finding.subject, finding.code) for finding in bank_findings()]

    assert [entry for entry in found if entry[2] != "not_sealed"] == [
        ("error", "MET-K1.3-P1", "wrong_type"),
        ("error", "CUL-T1.1", "objective_without_question"),
        ("error", "MET-K1.2", "objective_without_question"),
        ("error", "MET-K1.3", "objective_without_question"),
        ("warning", "MET-K1.1-P1", "no_question_mark"),
        ("warning", "one-area", "mock_pool_short"),
    ]


def test_bank_findings_call_a_short_first_edition_an_error_and_a_later_one_a_warning():
    make_blueprint("first", item_count=1, CUL=100)
    make_blueprint("second", item_count=1, CUL=100)

    assert [(finding.severity, finding.subject) for finding in bank_findings()] == [
        (Severity.ERROR, "first"),
        (Severity.WARNING, "second"),
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_bank_findings_take_a_fixed_number_of_queries(number, django_assert_num_queries):
    make_blueprint()
    for _ in range(number):
        make_question()

    with django_assert_num_queries(6):
        bank_findings()
