from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertTemplateUsed

from tests.factories import make_objective, make_statement

pytestmark = pytest.mark.django_db

URL = reverse("study:statement-detail", args=["MET-K1"])


def test_shows_the_statement_and_its_objectives(client: Client) -> None:
    make_objective("MET-K1.1")
    make_objective("MET-K1.2")
    response = client.get(URL)
    assertTemplateUsed(response, "study/statement_detail.html")
    assertContains(response, "<h1>Statement MET-K1</h1>", html=True)
    for code in ["MET-K1.1", "MET-K1.2"]:
        link = f'<a class="card-link" href="/study/objectives/{code}/">Explain {code}</a>'
        assertContains(response, link, html=True)


def test_leads_to_practice_and_to_the_statements_around_it(client: Client) -> None:
    for code in ["MET-T5", "MET-K1", "MET-K2"]:
        make_statement(code)
    response = client.get(URL)
    assertContains(response, 'href="/practice/?statements=MET-K1"', count=1)
    assertContains(response, '<a href="/study/statements/MET-T5/" rel="prev">', count=1)
    assertContains(response, '<a class="neighbours-after" href="/study/statements/MET-K2/" rel="next">', count=1)


def test_escapes_what_the_statement_says(client: Client) -> None:
    statement = make_statement("MET-K1")
    statement.text = "<script>alert(1)</script>"
    statement.save(update_fields=["text"])
    assertContains(client.get(URL), "<h1>&lt;script&gt;alert(1)&lt;/script&gt;</h1>", html=False)


@pytest.mark.parametrize("objectives", [1, 3])
def test_query_count_is_fixed(
    client: Client, objectives: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(1, objectives + 1):
        make_objective(f"MET-K1.{number}")
        make_objective(f"MET-K{number + 1}.1")
    with django_assert_num_queries(4):
        client.get(URL)


@pytest.mark.parametrize("code", ["MET", "MET-K9", "met-k1", "MET-K1.1", "%00"])
def test_unknown_code_is_404(client: Client, code: str) -> None:
    make_objective("MET-K1.1")
    assert client.get(f"/study/statements/{code}/").status_code == 404


def test_refuses_posts(client: Client) -> None:
    assert client.post(URL).status_code == 405
