from __future__ import annotations

import pytest
from django.http import Http404

from competencies.models import Competency, Reference, Sheet, Term
from competencies.queries import (
    blueprints_with_areas,
    competencies_with_counts,
    get_competency,
    get_objective,
    get_reference,
    get_sheet,
    get_statement,
    get_term,
    glossary,
    neighbouring_terms,
    neighbours,
    references_by_kind,
    sheets_beside,
    sheets_by_kind,
    statements_by_kind,
)
from tests.factories import (
    make_blueprint,
    make_competency,
    make_mock_question,
    make_objective,
    make_question,
    make_reference,
    make_sheet,
    make_statement,
    make_term,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("getter", [get_competency, get_statement, get_objective, get_term, get_sheet, get_reference])
@pytest.mark.parametrize("code", ["XXX", "met", "MET-K9", "MET-K1.9", "", "%", "' OR 1=1"])
def test_getters_raise_404_for_unknown_codes(getter: object, code: str) -> None:
    make_objective("MET-K1.1")
    with pytest.raises(Http404):
        getter(code)  # type: ignore[operator]


def test_competencies_with_counts_counts_each_kind_once() -> None:
    for code in ["MET-T1.1", "MET-T1.2", "MET-K1.1", "MET-K2.1", "MET-K2.2", "MET-S1.1"]:
        make_objective(code)
    make_competency("CUL")
    counts = competencies_with_counts().values_list(
        "code", "job_task_count", "knowledge_count", "skill_count", "objective_count"
    )
    assert list(counts) == [("CUL", 0, 0, 0, 0), ("MET", 1, 2, 1, 6)]


def test_blueprints_with_areas_knows_the_heaviest_area() -> None:
    make_blueprint("two-areas", CUL=30, MET=70)
    (blueprint,) = blueprints_with_areas()
    assert blueprint.heaviest == 70
    assert [area.code for area in blueprint.areas.all()] == ["CUL", "MET"]


def test_statements_by_kind_follows_the_handbook() -> None:
    for code in ["MET-S1", "MET-K2", "MET-K1", "MET-T1"]:
        make_statement(code)
    make_statement("CUL-T1")
    groups = statements_by_kind(Competency.objects.get(code="MET"))
    assert [(group.heading, [statement.code for statement in group.statements]) for group in groups] == [
        ("Job tasks", ["MET-T1"]),
        ("Knowledge", ["MET-K1", "MET-K2"]),
        ("Skills or abilities", ["MET-S1"]),
    ]


def test_references_by_kind_leaves_out_empty_kinds() -> None:
    make_reference("reichheld-2003")
    Reference.objects.create(code="iso", kind="standard", authors="ISO", title="ISO 10002", publication="ISO")
    groups = references_by_kind()
    assert [(group.heading, [reference.code for reference in group.references]) for group in groups] == [
        ("Articles", ["reichheld-2003"]),
        ("Standards", ["iso"]),
    ]


def test_neighbours_cross_statements_kinds_and_competencies() -> None:
    codes = ["CUL-S5.1", "MET-T1.1", "MET-T1.2", "MET-K1.1", "STR-T1.1"]
    objectives = [make_objective(code) for code in codes]
    around = [tuple(other and other.code for other in neighbours(objective)) for objective in objectives]
    assert around == [
        (None, "MET-T1.1"),
        ("CUL-S5.1", "MET-T1.2"),
        ("MET-T1.1", "MET-K1.1"),
        ("MET-T1.2", "STR-T1.1"),
        ("MET-K1.1", None),
    ]


def test_neighbours_of_a_statement_are_statements() -> None:
    make_statement("CUL-T1")
    statement = make_statement("CUL-T2")
    before, after = neighbours(statement)
    assert (before and before.code, after) == ("CUL-T1", None)


def test_neighbours_of_a_sheet_run_from_formulas_to_frameworks() -> None:
    kano = make_sheet("Kano", kind=Sheet.Kind.FRAMEWORK)
    score = make_sheet("Score")
    assert neighbours(score) == (None, kano)
    assert neighbours(kano) == (score, None)


def test_terms_are_neighbours_in_the_order_of_the_glossary() -> None:
    names = ["5 whys", "A/B test", "ADKAR", "Éclair", "effort", "Zone"]
    terms = [make_term(name) for name in reversed(names)][::-1]
    around = [tuple(other and other.name for other in neighbouring_terms(term)) for term in terms]
    assert around == list(zip([None, *names[:3], "Éclair", "effort"], [*names[1:], None], strict=True))
    assert [term.name for group in glossary() for term in group.terms] == names


def test_glossary_has_every_letter_and_digits_where_there_are_any() -> None:
    make_term("Éclair")
    assert "".join(group.letter for group in glossary()) == "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert [(group.letter, len(group.terms)) for group in glossary() if group.terms] == [("E", 1)]
    make_term("5 whys")
    assert [(group.letter, len(group.terms)) for group in glossary() if group.terms] == [("0-9", 1), ("E", 1)]


def found(**query: object) -> list[Term]:
    return [term for group in glossary(**query) for term in group.terms]  # type: ignore[arg-type]


def test_glossary_of_a_competency_names_each_term_once() -> None:
    both = make_term("Churn", "MET-K1.1", "MET-K1.2", "CUL-T1.1")
    make_term("Culture", "CUL-T1.1")
    assert found(competency="MET") == [both]


def test_glossary_looks_for_all_words_in_names_and_definition() -> None:
    score = make_term("Net Promoter Score", also="NPS", definition="Promoters minus *détractors*.")
    make_term("Score card")
    for words in (["score", "nps"], ["promoter", "detractors"], ["net"]):
        assert found(words=words) == [score]
    assert found(words=["score", "churn"]) == []


def test_sheets_beside_a_term_share_an_objective_with_it() -> None:
    term = make_term("Churn", "MET-K1.1", "MET-K1.2")
    sheet = make_sheet("Rate", "MET-K1.1", "MET-K1.2")
    make_sheet("Other", "CUL-T1.1")
    assert list(sheets_beside(term)) == [sheet]


def test_sheets_by_kind_leaves_out_empty_kinds() -> None:
    sheet = make_sheet("Kano", kind=Sheet.Kind.FRAMEWORK)
    assert sheets_by_kind() == [("Frameworks", [sheet])]


def test_practice_questions_are_counted_and_no_others() -> None:
    make_question("MET-K1.1")
    make_question("MET-K1.1")
    make_question("MET-K1.1", status="draft")
    make_question("MET-K1.1", status="retired")
    make_question("MET-K1.2")
    make_mock_question("MET-K1.1")
    make_objective("MET-K1.1").references.add(make_reference(), make_reference("other"))
    assert get_objective("MET-K1.1").question_count == 2  # type: ignore[attr-defined]
    assert get_reference("reichheld-2003").question_count == 3  # type: ignore[attr-defined]
    assert get_reference("other").question_count == 0  # type: ignore[attr-defined]
