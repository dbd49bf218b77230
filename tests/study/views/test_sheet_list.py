from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertTemplateUsed

from competencies.models import Sheet
from tests.factories import make_sheet

pytestmark = pytest.mark.django_db

URL = reverse("study:sheet-list")


def test_lists_formulas_and_frameworks_with_what_they_answer(client: Client) -> None:
    make_sheet("Kano", kind=Sheet.Kind.FRAMEWORK)
    for title in ["Score", "Rate"]:
        make_sheet(title)
    response = client.get(URL)
    assertTemplateUsed(response, "study/sheet_list.html")
    groups = [(group.heading, [sheet.title for sheet in group.sheets]) for group in response.context["groups"]]
    assert groups == [("Formulas", ["Score", "Rate"]), ("Frameworks", ["Kano"])]
    assertContains(response, '<a class="card-link" href="/study/sheets/kano/">Kano</a>', count=1, html=True)
    assertContains(response, "<p>What Kano answers.</p>", count=1, html=True)


def test_says_what_will_stand_here_while_nothing_is_loaded(client: Client) -> None:
    assertContains(client.get(URL), "No sheets yet")


@pytest.mark.parametrize("sheets", [1, 3])
def test_query_count_is_fixed(client: Client, sheets: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(sheets):
        make_sheet(f"Sheet {number}")
    with django_assert_num_queries(1):
        client.get(URL)


def test_refuses_posts(client: Client) -> None:
    assert client.post(URL).status_code == 405
