from __future__ import annotations

import pytest
from django.http import Http404

from competencies.models import Competency, Reference
from competencies.queries import (
    blueprints_with_areas,
    competencies_with_counts,
    get_competency,
    get_objective,
    get_statement,
    neighbours,
    references_by_kind,
    statements_by_kind,
)
from tests.factories import make_blueprint, make_competency, make_objective, make_reference, make_statement

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("getter", [get_competency, get_statement, get_objective])
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
