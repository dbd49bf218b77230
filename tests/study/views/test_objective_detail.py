from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains, assertTemplateUsed

from accounts.models import User
from study.models import Highlight
from tests.factories import (
    NOW,
    make_mock_question,
    make_objective,
    make_question,
    make_reference,
    make_sheet,
    make_term,
)

pytestmark = pytest.mark.django_db

URL = reverse("study:objective-detail", args=["MET-K1.1"])


def test_shows_the_study_text_rendered(client: Client) -> None:
    make_objective("MET-K1.1", study_text="The **score** is\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    response = client.get(URL)
    assertTemplateUsed(response, "study/objective_detail.html")
    assertContains(response, "<h1>Explain MET-K1.1</h1>", html=True)
    assertContains(response, "<p>The <strong>score</strong> is</p>", count=1, html=True)
    assertContains(response, '<div class="table-region" role="group" aria-label="Table" tabindex="0">', count=1)


def test_runs_no_script_from_a_study_text(client: Client) -> None:
    make_objective("MET-K1.1", study_text="<script>alert(1)</script>")
    assertContains(client.get(URL), "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", count=1)


def test_cites_references_in_full(client: Client) -> None:
    make_objective("MET-K1.1").references.add(make_reference())
    citation = (
        '<span class="citation">Reichheld, F. F. (2003). <a href="/study/references/reichheld-2003/">'
        "The One Number You Need to Grow.</a> <cite>Harvard Business Review 81(12), 46-54</cite>.</span>"
    )
    assertContains(client.get(URL), citation, count=1, html=True)


def test_italicises_the_title_of_a_book(client: Client) -> None:
    book = make_reference("bliss-2015")
    book.kind, book.title, book.publication = "book", "Chief Customer Officer 2.0", "Wiley"
    book.save(update_fields=["kind", "title", "publication"])
    make_objective("MET-K1.1").references.add(book)
    assertContains(client.get(URL), "<cite>Chief Customer Officer 2.0.</cite></a> Wiley.", count=1)


def test_leads_to_practice_and_to_the_objectives_around_it(client: Client) -> None:
    for code in ["MET-T5.1", "MET-K1.1", "MET-K1.2"]:
        make_objective(code)
    response = client.get(URL)
    assertContains(response, 'href="/practice/?objectives=MET-K1.1"', count=1)
    assertContains(response, '<a href="/study/objectives/MET-T5.1/" rel="prev">', count=1)
    assertContains(response, '<a class="neighbours-after" href="/study/objectives/MET-K1.2/" rel="next">', count=1)


def test_leads_to_its_terms_and_sheets(client: Client) -> None:
    make_term("Churn", "MET-K1.1")
    make_sheet("Rate", "MET-K1.1")
    make_term("Culture", "CUL-T1.1")
    response = client.get(URL)
    assertContains(response, '<a href="/study/glossary/churn/">Churn</a>', count=1, html=True)
    assertContains(response, '<a href="/study/sheets/rate/">Rate</a>', count=1, html=True)
    assertNotContains(response, "Culture")


def test_the_terms_of_the_text_are_links_with_their_definitions(client: Client) -> None:
    make_objective("MET-K1.1", study_text="Their churn, or churn.")
    make_term("Churn", "MET-K1.1", definition="Who **leaves**.")
    make_term("Effort", "MET-K1.1", definition="Not in the text.")
    response = client.get(URL)
    link = '<a class="term" href="/study/glossary/churn/" aria-describedby="term-churn">churn</a>'
    assertContains(response, f"<p>Their {link}, or churn.</p>", count=1)
    assertContains(response, '<div class="prose prose-small" id="term-churn"><p>Who <strong>leaves</strong>.</p></div>')
    assertNotContains(response, "Not in the text.")


def test_visitors_are_told_what_signing_in_gives(client: Client, candidate_client: Client) -> None:
    make_objective("MET-K1.1")
    door = '<a href="/accounts/login/?next=/study/objectives/MET-K1.1/">Sign in</a>'
    response = client.get(URL)
    assertContains(response, door, count=1, html=True)
    assertNotContains(response, "<form")
    assertNotContains(candidate_client.get(URL), door, html=True)


def test_says_how_many_practice_questions_ask_it(client: Client) -> None:
    make_objective("MET-K1.1")
    make_mock_question("MET-K1.1")
    assertNotContains(client.get(URL), "practice question")
    make_question("MET-K1.1")
    assertContains(client.get(URL), "Now try it: 1 practice question asks it.")
    make_question("MET-K1.1")
    assertContains(client.get(URL), "Now try it: 2 practice questions ask it.")


def test_leads_those_signed_in_to_what_they_answered(client: Client, candidate_client: Client) -> None:
    make_objective("MET-K1.1")
    assertNotContains(client.get(URL), "/answered/")
    assertContains(candidate_client.get(URL), 'href="/answered/?objective=MET-K1.1"', count=1)


def test_has_no_neighbours_at_the_ends(client: Client) -> None:
    make_objective("MET-K1.1")
    response = client.get(URL)
    assertNotContains(response, 'rel="prev"')
    assertNotContains(response, 'rel="next"')


def test_says_that_a_study_text_is_missing(client: Client) -> None:
    make_objective("MET-K1.1", study_text="")
    assertContains(client.get(URL), "No study text yet")


def test_is_stored_nowhere_when_somebody_is_signed_in(client: Client, candidate: User) -> None:
    make_objective("MET-K1.1")
    assert "Cache-Control" not in client.get(URL).headers
    client.force_login(candidate)
    assert client.get(URL).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_is_fixed(
    client: Client,
    candidate_client: Client,
    candidate: User,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(1, rows + 1):
        make_objective(f"MET-K1.{number}")
        make_objective("MET-K1.1").references.add(make_reference(f"work-{number}"))
        make_term(f"Term {number}", "MET-K1.1")
        make_sheet(f"Sheet {number}", "MET-K1.1")
        Highlight.objects.create(
            candidate=candidate, objective=make_objective("MET-K1.1"), passage=f"Text {number}", created_at=NOW
        )
    make_objective("MET-K2.1")
    with django_assert_num_queries(6):
        client.get(URL)
    # And session, person, highlights, note, bookmark.
    with django_assert_num_queries(11):
        candidate_client.get(URL)


@pytest.mark.parametrize("code", ["MET", "MET-K1", "MET-K1.9", "met-k1.1", "%00"])
def test_unknown_code_is_404(client: Client, code: str) -> None:
    make_objective("MET-K1.1")
    assert client.get(f"/study/objectives/{code}/").status_code == 404


def test_refuses_posts(client: Client) -> None:
    assert client.post(URL).status_code == 405
