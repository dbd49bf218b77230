from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import User
from competencies.models import Competency
from study.models import Bookmark, Highlight, Note
from tests.factories import NOW, make_objective

pytestmark = pytest.mark.django_db

URL = reverse("study:notebook")


@pytest.fixture
def kept(candidate: User) -> None:
    """A note and a highlight on one objective, a bookmark on another."""
    first, second = make_objective("MET-K1.1", text="Weigh it"), make_objective("CUL-T1.1", text="Say it")
    Note.objects.create(candidate=candidate, objective=first, text="The needle\nof March", updated_at=NOW)
    Highlight.objects.create(candidate=candidate, objective=first, passage="a marked passage", created_at=NOW)
    Bookmark.objects.create(candidate=candidate, objective=second, created_at=NOW)


def shown(client: Client, **filters: str) -> list[str]:
    page = client.get(URL, filters).context["page"]
    return [entry.objective.code for entry in page.object_list]


def test_everything_is_there_in_the_handbooks_order(candidate_client: Client, kept: None) -> None:
    response = candidate_client.get(URL)
    assert [entry.objective.code for entry in response.context["page"].object_list] == ["CUL-T1.1", "MET-K1.1"]
    assertContains(response, "The needle\nof March", count=1)
    assertContains(response, '<a href="/study/objectives/MET-K1.1/#highlight-1">a marked passage</a>', html=True)
    assertContains(response, "Bookmarked</span>", count=1)
    assertContains(response, "2 objectives")


@pytest.mark.parametrize(
    ("filters", "codes"),
    [
        ({"kind": "notes"}, ["MET-K1.1"]),
        ({"kind": "bookmarks"}, ["CUL-T1.1"]),
        ({"kind": "highlights"}, ["MET-K1.1"]),
        ({"competency": "CUL"}, ["CUL-T1.1"]),
        ({"competency": "CUL", "kind": "notes"}, []),
        ({"q": "NEEDLE march"}, ["MET-K1.1"]),
        ({"q": "passage"}, ["MET-K1.1"]),
        ({"q": "passage", "kind": "notes"}, []),
        ({"q": "say"}, ["CUL-T1.1"]),
        ({"q": "hay"}, []),
    ],
)
def test_filters(candidate_client: Client, kept: None, filters: dict[str, str], codes: list[str]) -> None:
    assert shown(candidate_client, **filters) == codes


def test_a_kind_alone_shows_nothing_of_the_others(candidate_client: Client, kept: None) -> None:
    response = candidate_client.get(URL, {"kind": "notes"})
    assertContains(response, "The needle")
    assertNotContains(response, "a marked passage")


def test_found_words_are_marked(candidate_client: Client, kept: None) -> None:
    assertContains(candidate_client.get(URL, {"q": "needle"}), "The <mark>needle</mark>\nof March", count=1)


def test_a_filter_keeps_the_others(candidate_client: Client, kept: None) -> None:
    response = candidate_client.get(URL, {"kind": "notes", "q": "needle"})
    assertContains(response, 'href="?kind=notes&amp;competency=CUL&amp;q=needle"', count=1)
    assertContains(response, '<input type="hidden" name="kind" value="notes">', count=1, html=True)


@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        ({"competency": "XXX"}, "There is no such competency."),
        ({"kind": "hay"}, "You keep notes, bookmarks and highlights."),
        ({"q": "x" * 81}, "Search for at most 80 characters."),
        ({"q": "a\x00"}, "That text holds a character that cannot be searched for."),
    ],
)
def test_what_cannot_be_read_narrows_nothing(
    candidate_client: Client, kept: None, filters: dict[str, str], sentence: str
) -> None:
    assertContains(candidate_client.get(URL, filters), sentence, count=1)
    assert len(shown(candidate_client, **filters)) == 2


def test_nothing_that_fits(candidate_client: Client, kept: None) -> None:
    assertContains(candidate_client.get(URL, {"q": "hay"}), "Nothing kept that fits", count=1)


def test_nothing_kept_yet(candidate_client: Client) -> None:
    response = candidate_client.get(URL)
    assertContains(response, "Nothing kept yet", count=1)
    assertNotContains(response, 'role="search"')


def test_nothing_of_others(kept: None, other_client: Client) -> None:
    assert shown(other_client) == []


def test_what_was_written_is_text(candidate_client: Client, candidate: User) -> None:
    objective = make_objective("MET-K1.1")
    Note.objects.create(candidate=candidate, objective=objective, text="<script>alert(1)</script>", updated_at=NOW)
    assertContains(candidate_client.get(URL), "&lt;script&gt;alert(1)&lt;/script&gt;", count=1)


def test_forty_objectives_a_page(candidate_client: Client, candidate: User) -> None:
    for number in range(1, 43):
        Bookmark.objects.create(candidate=candidate, objective=make_objective(f"MET-K1.{number}"), created_at=NOW)
    assert len(shown(candidate_client)) == 40
    assert shown(candidate_client, page="2") == ["MET-K1.41", "MET-K1.42"]


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count_is_fixed(
    candidate_client: Client, candidate: User, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(1, rows + 1):
        objective = make_objective(f"MET-K1.{number}")
        Note.objects.create(candidate=candidate, objective=objective, text="Mine", updated_at=NOW)
        Bookmark.objects.create(candidate=candidate, objective=objective, created_at=NOW)
        Highlight.objects.create(candidate=candidate, objective=objective, passage="this", created_at=NOW)
    assert Competency.objects.count() == 1
    # Session, person, competencies; notes, bookmarks, highlights, objectives.
    with django_assert_num_queries(7):
        candidate_client.get(URL)


def test_visitors_sign_in_first(client: Client) -> None:
    assertRedirects(client.get(URL), f"/accounts/login/?next={URL}")


def test_refuses_posts(candidate_client: Client) -> None:
    assert candidate_client.post(URL).status_code == 405
