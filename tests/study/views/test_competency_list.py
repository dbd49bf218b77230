from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertTemplateUsed

from tests.factories import COMPETENCIES, make_blueprint, make_competency, make_objective

pytestmark = pytest.mark.django_db

URL = reverse("study:competency-list")


def test_shows_the_competencies_in_the_handbooks_order(client: Client) -> None:
    for code in ["STR", "CUL", "MET"]:
        make_competency(code)
    response = client.get(URL)
    assertTemplateUsed(response, "study/competency_list.html")
    assert [competency.code for competency in response.context["competencies"]] == ["CUL", "MET", "STR"]
    for code in ["CUL", "MET", "STR"]:
        assertContains(response, f'<a class="card-link" href="/study/{code}/">{COMPETENCIES[code]}</a>', html=True)


def test_counts_statements_and_objectives(client: Client) -> None:
    for code in ["MET-T1.1", "MET-K1.1", "MET-K2.1", "MET-K2.2"]:
        make_objective(code)
    response = client.get(URL)
    assertContains(response, "<div><dt>Job tasks</dt><dd>1</dd></div>", count=1, html=True)
    assertContains(response, "<div><dt>Knowledge</dt><dd>2</dd></div>", count=1, html=True)
    assertContains(response, "<div><dt>Skills</dt><dd>0</dd></div>", count=1, html=True)
    assertContains(response, "<div><dt>Objectives</dt><dd>4</dd></div>", count=1, html=True)


def test_shows_the_weights_of_every_edition(client: Client) -> None:
    make_blueprint("six-areas", CUL=25, MET=75)
    make_blueprint("five-areas", CUL=100)
    response = client.get(URL)
    assertContains(response, "100 questions in 180 minutes", count=2)
    for weight in ("25 %", "75 %", "100 %"):
        assertContains(response, f'<span class="study-weight">{weight}</span>', count=1, html=True)


def test_draws_the_heaviest_area_over_the_whole_width(client: Client) -> None:
    make_blueprint("six-areas", CUL=25, MET=75)
    response = client.get(URL)
    assertContains(response, '<rect class="chart-fill" width="33%"', count=1)
    assertContains(response, '<rect class="chart-fill" width="100%"', count=1)


def test_leads_to_search_and_to_what_stands_beside_the_competencies(client: Client) -> None:
    response = client.get(URL)
    assertContains(response, '<form class="search-box" role="search" method="get" action="/search/">', count=1)
    for path in ["glossary", "sheets", "references"]:
        assertContains(response, f'<a class="card-link" href="/study/{path}/">', count=1)


def test_says_what_will_stand_here_while_nothing_is_loaded(client: Client) -> None:
    assertContains(client.get(URL), "No study texts yet")


@pytest.mark.parametrize("codes", [["MET"], ["CUL", "MET", "STR"]])
def test_query_count_is_fixed(
    client: Client, codes: list[str], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for code in codes:
        make_objective(f"{code}-K1.1")
    make_blueprint("six-areas", **dict.fromkeys(codes, 20))
    make_blueprint("five-areas", **dict.fromkeys(codes, 20))
    with django_assert_num_queries(4):
        client.get(URL)


def test_refuses_posts(client: Client) -> None:
    assert client.post(URL).status_code == 405
