from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains, assertTemplateUsed

from accounts.models import User
from study.models import Note
from tests.factories import NOW, make_attempt, make_objective, make_question, make_sheet, make_term

pytestmark = pytest.mark.django_db

URL = reverse("progress:search")


def test_page_without_words_says_what_is_searched(client: Client) -> None:
    response = client.get(URL)
    assertTemplateUsed(response, "progress/search.html")
    assertContains(response, "What is searched")
    assertContains(response, '<a href="/accounts/login/?next=/search/">signed in</a>', html=True)
    assertContains(response, '<form class="search-box" role="search" method="get" action="/search/">', count=1)


def test_those_signed_in_are_told_of_their_answers(candidate_client: Client) -> None:
    assertContains(candidate_client.get(URL), '<a href="/answered/">Questions you have answered</a>', html=True)


def test_hits_are_grouped_and_counted(client: Client) -> None:
    make_objective("MET-K1.1", text="Reduce churn", study_text="Why churn rises.")
    make_term("Churn", definition="Who leaves.")
    response = client.get(URL, {"q": "churn"})
    assert [(group.name, group.total) for group in response.context["groups"]] == [("terms", 1), ("objectives", 1)]
    assertContains(response, "<strong>2</strong> places hold this word.")
    assertContains(response, '<a class="chip" href="#terms">Terms <span class="chip-count">1</span></a>', html=True)
    assertContains(response, '<a href="/study/objectives/MET-K1.1/">Reduce <mark>churn</mark></a>', html=True)
    assertContains(response, '<p class="hit-excerpt">Why <mark>churn</mark> rises.</p>', html=True)
    assertContains(response, 'value="churn"', count=1)


def test_more_than_twenty_hits_of_a_kind_have_pages_of_their_own(client: Client) -> None:
    for number in range(1, 23):
        make_term(f"Needle {number}")
    make_objective("MET-K2.1", text="Needle")
    assertContains(client.get(URL, {"q": "needle"}), 'href="?q=needle&amp;kind=terms"', count=1)
    second = client.get(URL, {"q": "needle", "kind": "terms", "page": "2"})
    assert [(group.name, len(group.hits)) for group in second.context["groups"]] == [("terms", 2)]
    assertContains(second, "21 to 22 of 22")
    assertContains(second, "among glossary")


@pytest.mark.parametrize("kind", ["hay", "\x00", "answered"])
def test_a_kind_that_is_not_there_narrows_nothing(client: Client, kind: str) -> None:
    make_term("Needle")
    response = client.get(URL, {"q": "needle", "kind": kind, "page": "x"})
    assert [group.name for group in response.context["groups"]] == ["terms"]
    assertNotContains(response, "Show all kinds")


def test_words_without_a_hit_get_advice(client: Client) -> None:
    assertContains(client.get(URL, {"q": "needle"}), "Nothing holds all of these words")


def test_what_was_typed_and_what_was_found_is_escaped(client: Client) -> None:
    make_objective("MET-K1.1", text="<script>alert(1)</script>", study_text="<img src=x onerror=alert(1)> alert")
    response = client.get(URL, {"q": '"><script>alert(1)'})
    body = response.content.decode()
    assert "<script>alert" not in body
    assert "<img src=x" not in body
    assert "&lt;<mark>script&gt;alert(1</mark>)" in body


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("x" * 201, "Search for at most 200 characters."),
        ("a\x00b", "That text holds a character that nothing here has."),
        ("the", "Type a word that says what you look for."),
        ("* | -", "Type a word that says what you look for."),
    ],
)
def test_what_cannot_be_looked_for_gets_a_sentence(client: Client, query: str, sentence: str) -> None:
    response = client.get(URL, {"q": query})
    assertContains(response, sentence, count=1)
    assert response.context["groups"] == []


def test_eight_words_count_and_those_of_every_text_do_not(client: Client) -> None:
    make_term("Needle", definition="one two three four five six seven")
    response = client.get(URL, {"q": "needle a one two three four five six seven eight nine"})
    assert response.context["total"] == 1
    assertContains(response, "Only the first 8 words were looked for: needle, one, two, three, four, five, six, seven.")


def test_own_notes_are_found_when_signed_in(client: Client, candidate_client: Client, candidate: User) -> None:
    objective = make_objective("MET-K1.1", text="Weigh it")
    Note.objects.create(candidate=candidate, objective=objective, text="A needle.", updated_at=NOW)
    response = candidate_client.get(URL, {"q": "needle"})
    assertContains(response, '<a href="/study/objectives/MET-K1.1/#note">Weigh it</a>', count=1, html=True)
    assertContains(response, '<p class="hit-excerpt">A <mark>needle</mark>.</p>', count=1, html=True)
    assert client.get(URL, {"q": "needle"}).context["total"] == 0


def test_own_answers_are_found_when_signed_in(client: Client, candidate_client: Client, candidate: User) -> None:
    attempt = make_attempt(candidate, make_question(stem="Who lost the needle?"), feedback="after_each")
    attempt.responses.update(selected_label="A", is_correct=False, checked_at=attempt.started_at)
    response = candidate_client.get(URL, {"q": "needle"})
    link = f'<a href="/attempts/{attempt.code}/questions/1/">Who lost the <mark>needle</mark>?</a>'
    assertContains(response, link, count=1, html=True)
    assertContains(response, "badge-error", count=1)
    assertNotContains(client.get(URL, {"q": "needle"}), "Who lost")


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_is_fixed(
    client: Client, candidate_client: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(1, rows + 1):
        make_objective(f"MET-K{number}.1", text="Needle")
        make_term(f"Needle {number}")
        make_sheet(f"Needle {number}")
    # Five kinds, and what is shown of three.
    with django_assert_num_queries(8):
        client.get(URL, {"q": "needle"})
    # And session, person, notes, answers.
    with django_assert_num_queries(12):
        candidate_client.get(URL, {"q": "needle"})
    with django_assert_num_queries(0):
        client.get(URL)


def test_refuses_posts(client: Client) -> None:
    assert client.post(URL).status_code == 405
