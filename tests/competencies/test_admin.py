from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains

from accounts.models import User
from competencies.models import Blueprint, Objective, Reference, Sheet, Statement, Term
from tests.factories import (
    make_blueprint,
    make_competency,
    make_objective,
    make_reference,
    make_sheet,
    make_statement,
    make_term,
)

pytestmark = pytest.mark.django_db

# Session and admin, and per list: one count of what matches, one of all, one page of rows.
LISTS = {
    "competency": 5,
    "statement": 6,
    "objective": 6,
    "reference": 5,
    "term": 6,
    "sheet": 6,
    "blueprint": 5,
}


def list_url(model: str) -> str:
    return reverse(f"admin:competencies_{model}_changelist")


def change_url(row: Statement | Objective | Blueprint | Reference | Term | Sheet) -> str:
    return reverse(f"admin:competencies_{row._meta.model_name}_change", args=[row.pk])


@pytest.mark.parametrize("model", LISTS)
@pytest.mark.parametrize("rows", [1, 3])
def test_lists_at_a_fixed_query_count(
    admin_client: Client, model: str, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number, code in enumerate(["CUL", "MET", "STR"][:rows], start=1):
        make_objective(f"{code}-K{number}.1").references.add(make_reference(f"work-{number}"))
        make_term(f"Term {number}", f"{code}-K{number}.1")
        make_sheet(f"Sheet {number}", f"{code}-K{number}.1")
        make_blueprint(f"edition-{number}", CUL=40, MET=60)
    with django_assert_num_queries(LISTS[model]):
        response = admin_client.get(list_url(model))
    assert response.status_code == 200


@pytest.mark.parametrize("model", LISTS)
def test_lists_can_be_searched(admin_client: Client, model: str) -> None:
    make_objective("MET-K1.1").references.add(make_reference())
    make_blueprint("edition", MET=100)
    make_term()
    make_sheet()
    assert admin_client.get(list_url(model), {"q": "e"}).context["cl"].result_count == 1
    assert admin_client.get(list_url(model), {"q": "nowhere"}).context["cl"].result_count == 0


def test_statements_are_filtered_by_competency_and_kind(admin_client: Client) -> None:
    for code in ["MET-K1", "MET-T1", "CUL-K1"]:
        make_statement(code)
    query = {"competency__id__exact": make_competency("MET").pk, "kind__exact": "knowledge"}
    listed = admin_client.get(list_url("statement"), query).context["cl"].result_list
    assert [statement.code for statement in listed] == ["MET-K1"]


def test_a_statement_is_read_only(admin_client: Client) -> None:
    statement = make_statement("MET-K1")
    admin_client.post(change_url(statement), {"text": "Mine", "code": "MET-K9", "position": 9})
    statement.refresh_from_db()
    assert (statement.text, statement.code, statement.position) == ("Statement MET-K1", "MET-K1", 1)


@pytest.mark.parametrize("model", ["competency", "statement"])
def test_the_handbook_is_neither_added_to_nor_deleted_from(admin_client: Client, model: str) -> None:
    row = make_statement("MET-K1") if model == "statement" else make_competency("MET")
    assert admin_client.get(reverse(f"admin:competencies_{model}_add")).status_code == 403
    assert admin_client.post(reverse(f"admin:competencies_{model}_delete", args=[row.pk])).status_code == 403


def test_rows_lead_to_their_study_pages(admin_client: Client) -> None:
    objective = make_objective("MET-K1.1")
    link = '<a href="/study/objectives/MET-K1.1/">Open<span class="visually-hidden"> MET-K1.1</span></a>'
    assertContains(admin_client.get(list_url("objective")), link)
    page = admin_client.get(change_url(objective))
    assertContains(page, 'href="/study/objectives/MET-K1.1/" class="viewsitelink"', count=1)


def test_an_objective_is_written_but_keeps_its_code(admin_client: Client) -> None:
    objective = make_objective("MET-K1.1")
    work = make_reference()
    posted = {"code": "MET-K1.9", "position": 1, "text": "Compute it", "study_text": "So.", "references": [work.pk]}
    response = admin_client.post(change_url(objective), posted)
    assert response.status_code == 302
    objective.refresh_from_db()
    assert (objective.code, objective.text, objective.study_text) == ("MET-K1.1", "Compute it", "So.")
    assert list(objective.references.all()) == [work]


@pytest.mark.parametrize(
    ("make", "path"), [(make_term, "glossary/churn"), (make_sheet, "sheets/score"), (make_reference, "references/work")]
)
def test_what_stands_beside_the_objectives_leads_to_its_page(
    admin_client: Client, make: Callable[..., Term | Sheet | Reference], path: str
) -> None:
    row = make("work") if make is make_reference else make()
    assertContains(admin_client.get(list_url(row._meta.model_name or "")), f'<a href="/study/{path}/">Open', count=1)
    assertContains(admin_client.get(change_url(row)), f'href="/study/{path}/" class="viewsitelink"', count=1)


def test_a_term_is_written_but_keeps_its_code(admin_client: Client) -> None:
    term, objective = make_term(), make_objective("CUL-T1.1")
    posted = {"code": "mine", "name": "Attrition", "also": "", "definition": "So.", "objectives": [objective.pk]}
    assert admin_client.post(change_url(term), posted).status_code == 302
    term.refresh_from_db()
    assert (term.code, term.name, term.definition) == ("churn", "Attrition", "So.")
    assert list(term.objectives.all()) == [objective]


def test_a_sheet_is_written_but_keeps_its_code(admin_client: Client) -> None:
    sheet, work = make_sheet(), make_reference()
    posted = {
        "code": "mine",
        "kind": "framework",
        "position": 3,
        "title": "Kano",
        "summary": "What to build.",
        "body": "Three curves.",
        "objectives": [objective.pk for objective in sheet.objectives.all()],
        "references": [work.pk],
    }
    assert admin_client.post(change_url(sheet), posted).status_code == 302
    sheet.refresh_from_db()
    assert (sheet.code, sheet.kind, sheet.position, sheet.body) == ("score", "framework", 3, "Three curves.")
    assert list(sheet.references.all()) == [work]


@pytest.mark.parametrize("model", ["term", "sheet"])
def test_terms_and_sheets_are_filtered_by_competency_each_once(admin_client: Client, model: str) -> None:
    for make, name in ((make_term, "One"), (make_sheet, "Two")):
        make(name, "MET-K1.1", "MET-K1.2")
        make(f"{name} other", "CUL-T1.1")
    query = {"objectives__statement__competency__id__exact": make_competency("MET").pk}
    listed = admin_client.get(list_url(model), query).context["cl"].result_list
    assert [(str(row), row.objective_count) for row in listed] == [({"term": "One", "sheet": "Two"}[model], 2)]


def test_an_edition_whose_weights_make_no_whole_is_refused(admin_client: Client) -> None:
    blueprint = make_blueprint("edition", MET=100)
    area = blueprint.areas.get()
    posted = {
        "code": "edition",
        "name": "Edition",
        "position": 1,
        "item_count": 100,
        "minutes": 180,
        "source": "Handbook",
        "areas-TOTAL_FORMS": 1,
        "areas-INITIAL_FORMS": 1,
        "areas-0-id": area.pk,
        "areas-0-blueprint": blueprint.pk,
        "areas-0-position": 1,
        "areas-0-code": "MET",
        "areas-0-name": "Metrics",
        "areas-0-weight": 90,
        "areas-0-competencies": [make_competency("MET").pk],
    }
    response = admin_client.post(change_url(blueprint), posted)
    assertContains(response, "The weights add up to 90 %. They must add up to 100 %.")
    area.refresh_from_db()
    assert area.weight == 100


@pytest.mark.parametrize("model", LISTS)
def test_candidates_are_sent_to_sign_in(candidate_client: Client, candidate: User, model: str) -> None:
    assert candidate_client.get(list_url(model)).status_code in {302, 403}
