from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertTemplateUsed

from tests.factories import make_objective, make_reference, make_sheet, make_term

pytestmark = pytest.mark.django_db

URL = reverse("study:term-detail", args=["churn"])


def test_shows_definition_other_names_and_what_it_belongs_to(client: Client) -> None:
    make_term(also="Attrition", definition="Who *leaves*.").references.add(make_reference())
    make_sheet("Rate of churn")
    response = client.get(URL)
    assertTemplateUsed(response, "study/term_detail.html")
    assertContains(response, "<h1>Churn</h1>", html=True)
    assertContains(response, '<span class="muted">Also known as</span> Attrition')
    assertContains(response, "<p>Who <em>leaves</em>.</p>", html=True)
    assertContains(response, '<a href="/study/objectives/MET-K1.1/">Explain MET-K1.1</a>', count=1, html=True)
    assertContains(response, '<a href="/study/sheets/rate-of-churn/">Rate of churn</a>', count=1, html=True)
    assertContains(response, '<a href="/study/references/reichheld-2003/">', count=1)


def test_leads_to_the_terms_around_it(client: Client) -> None:
    for name in ["Zone", "Churn", "5 whys"]:
        make_term(name)
    response = client.get(URL)
    assertContains(response, '<a href="/study/glossary/5-whys/" rel="prev">', count=1)
    assertContains(response, '<a class="neighbours-after" href="/study/glossary/zone/" rel="next">', count=1)
    assertContains(response, "<span>Zone</span>", count=1, html=True)


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_is_fixed(client: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    term = make_term()
    for number in range(1, rows + 1):
        term.objectives.add(make_objective(f"MET-K{number}.1"))
        term.references.add(make_reference(f"work-{number}"))
        make_sheet(f"Sheet {number}")
        make_term(f"Term {number}")
    with django_assert_num_queries(6):
        client.get(URL)


@pytest.mark.parametrize("code", ["nothing", "Churn", "5", "%00", "a" * 300])
def test_unknown_code_is_404(client: Client, code: str) -> None:
    make_term()
    assert client.get(f"/study/glossary/{code}/").status_code == 404


def test_refuses_posts(client: Client) -> None:
    assert client.post(URL).status_code == 405
