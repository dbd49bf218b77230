from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertTemplateUsed

from tests.factories import make_objective, make_reference

pytestmark = pytest.mark.django_db

URL = reverse("study:reference-list")


def test_lists_works_by_kind_with_where_they_are_cited(client: Client) -> None:
    make_objective("MET-K1.1").references.add(make_reference())
    response = client.get(URL)
    assertTemplateUsed(response, "study/reference_list.html")
    assert [group.heading for group in response.context["groups"]] == ["Articles"]
    assertContains(response, '<li id="reichheld-2003">', count=1)
    assertContains(response, '<a href="/study/references/reichheld-2003/">', count=1)
    assertContains(response, "Cited in 1 study text<", count=1)
    assertContains(response, '<a href="/study/objectives/MET-K1.1/">MET-K1.1 Explain MET-K1.1</a>', count=1, html=True)


def test_is_not_taken_for_a_competency(client: Client) -> None:
    assert client.get(URL).resolver_match.view_name == "study:reference-list"


def test_says_what_will_stand_here_while_nothing_is_loaded(client: Client) -> None:
    assertContains(client.get(URL), "No works yet")


@pytest.mark.parametrize("works", [1, 3])
def test_query_count_is_fixed(client: Client, works: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(1, works + 1):
        make_objective(f"MET-K1.{number}").references.add(make_reference(f"work-{number}"))
    with django_assert_num_queries(2):
        client.get(URL)


def test_refuses_posts(client: Client) -> None:
    assert client.post(URL).status_code == 405
