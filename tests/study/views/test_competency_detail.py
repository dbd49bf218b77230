from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains, assertTemplateUsed

from tests.factories import make_blueprint, make_competency, make_objective

pytestmark = pytest.mark.django_db

URL = reverse("study:competency-detail", args=["MET"])


def test_shows_statements_and_objectives_of_this_competency_alone(client: Client) -> None:
    for code in ["MET-T1.1", "MET-K1.1", "MET-K1.2", "CUL-T1.1"]:
        make_objective(code)
    response = client.get(URL)
    assertTemplateUsed(response, "study/competency_detail.html")
    assert [group.heading for group in response.context["groups"]] == ["Job tasks", "Knowledge"]
    for code in ["MET-T1", "MET-K1"]:
        assertContains(response, f'<a href="/study/statements/{code}/">Statement {code}</a>', html=True)
    for code in ["MET-T1.1", "MET-K1.1", "MET-K1.2"]:
        assertContains(response, f'<a href="/study/objectives/{code}/">Explain {code}</a>', html=True)
    assertNotContains(response, "CUL-T1")


def test_says_what_it_weighs_in_every_edition(client: Client) -> None:
    make_blueprint("six-areas", CUL=80, MET=20)
    response = client.get(URL)
    assertContains(response, "<li><strong>20 %</strong> Six areas</li>", html=True)


def test_leads_to_practice_of_this_competency(client: Client) -> None:
    make_competency("MET")
    assertContains(client.get(URL), 'href="/practice/?competencies=MET"', count=1)


def test_says_what_will_stand_here_while_nothing_is_loaded(client: Client) -> None:
    make_competency("MET")
    assertContains(client.get(URL), "Nothing to study here yet")


@pytest.mark.parametrize("objectives", [1, 3])
def test_query_count_is_fixed(
    client: Client, objectives: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(1, objectives + 1):
        make_objective(f"MET-K{number}.1")
        make_objective(f"MET-T1.{number}")
    make_blueprint("six-areas", MET=100)
    with django_assert_num_queries(4):
        client.get(URL)


@pytest.mark.parametrize("code", ["XXX", "met", "MET-K1", "1"])
def test_unknown_code_is_404(client: Client, code: str) -> None:
    make_objective("MET-K1.1")
    assert client.get(f"/study/{code}/").status_code == 404


def test_refuses_posts(client: Client) -> None:
    assert client.post(URL).status_code == 405
