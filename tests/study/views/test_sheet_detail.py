from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains, assertTemplateUsed

from competencies.models import Sheet
from tests.factories import make_objective, make_reference, make_sheet

pytestmark = pytest.mark.django_db

URL = reverse("study:sheet-detail", args=["score"])


def test_shows_the_sheet_and_what_it_belongs_to(client: Client) -> None:
    make_sheet(body="A **sum**.\n\n### Trap\n\n| a | b |\n|---|---|\n| 1 | 2 |").references.add(make_reference())
    response = client.get(URL)
    assertTemplateUsed(response, "study/sheet_detail.html")
    assertContains(response, "<h1>Score</h1>", html=True)
    assertContains(response, "What Score answers.")
    assertContains(response, "<p>A <strong>sum</strong>.</p>", html=True)
    assertContains(response, "<h2>Trap</h2>", count=1, html=True)
    assertContains(response, '<div class="table-region" role="group" aria-label="Table" tabindex="0">', count=1)
    assertContains(response, '<a href="/study/objectives/MET-K1.1/">Explain MET-K1.1</a>', count=1, html=True)
    assertContains(response, '<a href="/study/references/reichheld-2003/">', count=1)


def test_runs_no_script_from_a_sheet(client: Client) -> None:
    make_sheet(body="<script>alert(1)</script>")
    assertNotContains(client.get(URL), "<script>alert")


def test_leads_from_formulas_on_to_frameworks(client: Client) -> None:
    make_sheet("Rate")
    make_sheet("Score")
    make_sheet("Kano", kind=Sheet.Kind.FRAMEWORK)
    response = client.get(URL)
    assertContains(response, '<a href="/study/sheets/rate/" rel="prev">', count=1)
    assertContains(response, '<a class="neighbours-after" href="/study/sheets/kano/" rel="next">', count=1)


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_is_fixed(client: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    sheet = make_sheet()
    for number in range(1, rows + 1):
        sheet.objectives.add(make_objective(f"MET-K{number}.1"))
        sheet.references.add(make_reference(f"work-{number}"))
        make_sheet(f"Sheet {number}")
    with django_assert_num_queries(5):
        client.get(URL)


@pytest.mark.parametrize("code", ["nothing", "Score", "%00", "a" * 300])
def test_unknown_code_is_404(client: Client, code: str) -> None:
    make_sheet()
    assert client.get(f"/study/sheets/{code}/").status_code == 404


def test_refuses_posts(client: Client) -> None:
    assert client.post(URL).status_code == 405
