from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains, assertTemplateUsed

from tests.factories import make_mock_question, make_objective, make_question, make_reference, make_sheet, make_term

pytestmark = pytest.mark.django_db

URL = reverse("study:reference-detail", args=["reichheld-2003"])


def test_cites_the_work_in_full_and_names_what_cites_it(client: Client) -> None:
    work = make_reference()
    make_objective("MET-K1.1").references.add(work)
    make_term().references.add(work)
    make_sheet().references.add(work)
    response = client.get(URL)
    assertTemplateUsed(response, "study/reference_detail.html")
    assertContains(response, "<h1>The One Number You Need to Grow</h1>", html=True)
    citation = (
        '<span class="citation">Reichheld, F. F. (2003). The One Number You Need to Grow. '
        "<cite>Harvard Business Review 81(12), 46-54</cite>.</span>"
    )
    assertContains(response, citation, count=1, html=True)
    assertContains(response, '<a href="/study/objectives/MET-K1.1/">Explain MET-K1.1</a>', count=1, html=True)
    assertContains(response, '<a href="/study/glossary/churn/">Churn</a>', count=1, html=True)
    assertContains(response, '<a href="/study/sheets/score/">Score</a>', count=1, html=True)


def test_counts_the_practice_questions_that_rest_on_it(client: Client) -> None:
    make_question()
    make_mock_question()
    assertContains(client.get(URL), "<p>1 practice question rests on it.</p>", html=True)
    make_question()
    assertContains(client.get(URL), "<p>2 practice questions rest on it.</p>", html=True)


def test_says_that_nothing_cites_it_yet(client: Client) -> None:
    make_reference()
    response = client.get(URL)
    assertContains(response, "Nothing cites it yet")
    assertNotContains(response, "practice question")


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_is_fixed(client: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    work = make_reference()
    for number in range(1, rows + 1):
        make_objective(f"MET-K{number}.1").references.add(work)
        make_term(f"Term {number}").references.add(work)
        make_sheet(f"Sheet {number}").references.add(work)
    with django_assert_num_queries(4):
        client.get(URL)


@pytest.mark.parametrize("code", ["nothing", "%00", "a" * 300])
def test_unknown_code_is_404(client: Client, code: str) -> None:
    make_reference()
    assert client.get(f"/study/references/{code}/").status_code == 404


def test_refuses_posts(client: Client) -> None:
    assert client.post(URL).status_code == 405
