"""What the bank that comes with the project has to hold: read from the files, as they will be loaded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import yaml
from django.conf import settings

from questions.blind_review import read_record, review_figures, unsolved, words_digest
from questions.loader import open_files, read_files
from questions.validation import Measure, QuestionContent, measure_bank

FIXTURES = settings.BASE_DIR / "fixtures"
SEALED = {"CUL": 42, "ORG": 57, "VOC": 66, "DES": 57, "MET": 60, "STR": 60}
YamlLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def rows(pattern: str) -> dict[str, dict[str, Any]]:
    """Fields by code of the files that match; codes that stand twice fail."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(FIXTURES.glob(pattern)):
        for row in yaml.load(path.read_text(encoding="utf-8"), YamlLoader):
            assert row["fields"]["code"] not in found, row["fields"]["code"]
            found[row["fields"]["code"]] = row["fields"]
    return found


@cache
def bank() -> list[QuestionContent]:
    files, problems = open_files([FIXTURES / "questions"])
    reading = read_files(files)
    assert [*problems, *reading.problems] == []
    return [row.content for row in reading.rows]


@cache
def measures() -> list[Measure]:
    return measure_bank(bank())


def of_pool(pool: str) -> list[QuestionContent]:
    return [question for question in bank() if question.pool == pool]


def objective_codes() -> Iterator[str]:
    yield from rows("objectives/*/*.yaml")


# Objectives and study text


def test_every_statement_has_three_objectives():
    statements = [code for code in rows("competencies.yaml") if "-" in code]
    counts = Counter(code.partition(".")[0] for code in objective_codes())

    assert len(statements) == 89
    assert [code for code in statements if counts[code] < 3] == []


def test_study_texts_teach_with_example_and_common_mistake():
    wrong = []
    for code, fields in rows("objectives/*/*.yaml").items():
        text = fields["study_text"]
        if not 120 <= len(text.split()) <= 250:
            wrong.append((code, len(text.split())))
        if "**Example" not in text or "**Common mistake" not in text or not fields["references"]:
            wrong.append((code, "part"))
    assert wrong == []


# Questions


def test_every_objective_has_three_practice_questions():
    counts = Counter(question.objective for question in of_pool("practice"))

    assert [code for code in objective_codes() if counts[code] < 3] == []
    assert len(of_pool("practice")) >= 850


def test_three_disjoint_mocks_can_be_drawn_of_either_edition():
    counts = Counter(question.objective.partition("-")[0] for question in of_pool("mock"))
    assert {code: counts[code] >= needed for code, needed in SEALED.items()} == dict.fromkeys(SEALED, True)
    assert counts.total() >= 345
    blueprints = yaml.load((FIXTURES / "blueprints.yaml").read_text(), YamlLoader)
    areas = [row["fields"] for row in blueprints if row["model"] == "competencies.blueprintarea"]
    short = [
        (area["blueprint"], area["code"])
        for area in areas
        if sum(counts[code] for (code,) in area["competencies"]) < 3 * area["weight"]
    ]
    assert (len(areas), short) == (11, [])


@pytest.mark.parametrize("pool", ["practice", "mock"])
def test_levels_and_difficulties_are_spread(pool):
    questions = of_pool(pool)
    levels = Counter(question.cognitive_level for question in questions)
    difficulties = Counter(question.difficulty for question in questions)

    assert levels["recall"] <= 0.20 * len(questions)
    assert levels["application"] >= 0.45 * len(questions)
    assert levels["analysis"] >= 0.25 * len(questions)
    assert sorted(difficulties) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("pool", ["practice", "mock"])
def test_the_gate_is_passed(pool):
    judged = [measure for measure in measures() if measure.pool == pool and not measure.competency]

    assert len(judged) == 20
    assert [str(measure) for measure in judged if not measure.is_met] == []


def test_rationales_say_more_than_right_or_wrong():
    thin = [
        (question.code, option.label)
        for question in bank()
        for option in question.options
        if len(option.rationale.split()) < 12
    ]
    assert thin == []


# Glossary and sheets


def test_the_glossary_has_250_terms_tied_to_objectives():
    known = set(objective_codes())
    terms = rows("terms/*.yaml")

    assert len(terms) >= 250
    assert [code for code, fields in terms.items() if not fields["objectives"]] == []
    assert {code for fields in terms.values() for (code,) in fields["objectives"]} <= known
    assert len({fields["name"].lower() for fields in terms.values()}) == len(terms)


def test_sheets_stand_for_formulas_and_frameworks():
    kinds = Counter(fields["kind"] for fields in rows("sheets/*.yaml").values())

    assert (kinds["formula"] >= 10, kinds["framework"] >= 15) == (True, True)


# Blind solving


@cache
def record() -> list[Any]:
    return read_record(settings.CONTENT_REVIEW.read_text(encoding="utf-8").splitlines())


def test_every_question_as_it_is_now_was_solved_twice_and_once_without_its_stem():
    words = {question.code: words_digest(question) for question in bank()}

    assert unsolved(record(), words) == {}


def test_solvers_agree_with_the_keys_and_not_without_the_stem():
    words = {question.code: words_digest(question) for question in bank()}
    figures = review_figures([solve for solve in record() if words.get(solve.question) == solve.words])

    assert figures.agreement >= 0.97
    assert figures.gap >= 0.45


def test_every_disagreement_as_it_is_now_was_adjudicated():
    words = {question.code: words_digest(question) for question in bank()}
    standing = [solve for solve in record() if words.get(solve.question) == solve.words]
    disputed = {solve.question for solve in standing if solve.view == "stem" and not solve.agrees}
    adjudicated = {solve.question for solve in standing if solve.view == "adjudication"}

    assert disputed - adjudicated == set()
