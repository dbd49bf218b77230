from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains, assertTemplateUsed

from tests.factories import COMPETENCIES, make_competency, make_term

pytestmark = pytest.mark.django_db

URL = reverse("study:term-list")


def names_of(response: object) -> list[str]:
    return [term.name for group in response.context["groups"] for term in group.terms]  # type: ignore[attr-defined]


def test_lists_terms_from_a_to_z_with_their_definitions(client: Client) -> None:
    make_term("Touchpoint", also="Contact point")
    make_term("churn", definition="Who *leaves*.")
    response = client.get(URL)
    assertTemplateUsed(response, "study/term_list.html")
    assert names_of(response) == ["churn", "Touchpoint"]
    assertContains(response, '<a href="/study/glossary/touchpoint/">Touchpoint</a>', html=True)
    assertContains(response, '<span class="term-also">also Contact point</span>', html=True)
    assertContains(response, "<p>Who <em>leaves</em>.</p>", html=True)


def test_letters_lead_to_their_terms_and_those_without_terms_nowhere(client: Client) -> None:
    make_term("Churn")
    response = client.get(URL)
    assertContains(response, '<li><a href="#letter-C">C</a></li>', count=1, html=True)
    assertContains(response, '<h2 id="letter-C">C</h2>', count=1, html=True)
    assertContains(response, '<span aria-hidden="true">D</span>', count=1, html=True)
    assertContains(response, 'href="#letter-', count=1)


def test_shows_the_terms_of_one_competency(client: Client) -> None:
    make_term("Churn", "MET-K1.1")
    make_term("Culture", "CUL-T1.1")
    response = client.get(URL, {"competency": "MET"})
    assert names_of(response) == ["Churn"]
    assertContains(response, f"1 term of {COMPETENCIES['MET']}.")
    assertContains(response, '<a class="chip hue-met" href="?competency=MET&amp;q=" aria-current="true">', count=1)
    assertContains(response, '<input type="hidden" name="competency" value="MET">', count=1, html=True)


def test_finds_words_and_keeps_them_when_the_competency_changes(client: Client) -> None:
    make_term("Churn", definition="Customers who leave & stay away.")
    make_term("Culture")
    make_competency("CUL")
    response = client.get(URL, {"q": "LEAVE customers"})
    assert names_of(response) == ["Churn"]
    assertContains(response, 'value="LEAVE customers"', count=1)
    assertContains(response, 'href="?competency=CUL&amp;q=LEAVE%20customers"', count=1)


def test_filter_without_a_term_offers_all_of_them(client: Client) -> None:
    make_term("Churn")
    response = client.get(URL, {"q": "nowhere"})
    assertContains(response, "No such term")
    assertContains(response, f'href="{URL}"')


def test_says_what_will_stand_here_while_nothing_is_loaded(client: Client) -> None:
    assertContains(client.get(URL), "No terms yet")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"q": "x" * 81}, "Search for at most 80 characters."),
        ({"q": "a\x00b"}, "That text holds a character that cannot be searched for."),
        ({"competency": "XXX"}, "There is no such competency. Here are the terms of all."),
        ({"competency": "\x00"}, "There is no such competency. Here are the terms of all."),
    ],
)
def test_filter_that_cannot_be_read_shows_all_and_says_why(
    client: Client, query: dict[str, str], sentence: str
) -> None:
    make_term("Churn")
    response = client.get(URL, query)
    assert (response.status_code, names_of(response)) == (200, ["Churn"])
    assertContains(response, sentence, count=1)


def test_escapes_what_was_typed_and_what_terms_are_called(client: Client) -> None:
    make_term("<script>alert(1)</script>", code="x", definition="<script>alert(2)</script>")
    response = client.get(URL, {"q": '"><script>alert'})
    assert names_of(response) == ["<script>alert(1)</script>"]
    assertNotContains(response, "<script>alert")


@pytest.mark.parametrize("terms", [1, 3])
def test_query_count_is_fixed(client: Client, terms: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(terms):
        make_term(f"Term {number}", f"MET-K1.{number + 1}")
    with django_assert_num_queries(2):
        client.get(URL, {"competency": "MET", "q": "term"})


def test_refuses_posts(client: Client) -> None:
    assert client.post(URL).status_code == 405
