from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import User
from competencies.models import Objective
from study.models import Highlight
from tests.factories import NOW, make_objective

pytestmark = pytest.mark.django_db

PAGE = "/study/objectives/MET-K1.1/"
CREATE = reverse("study:highlight-create", args=["MET-K1.1"])
REMOVE = reverse("study:highlight-remove", args=["MET-K1.1"])
PASSAGE = {"passage": "two three", "occurrence": "1"}
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def objective(db: None) -> Objective:
    return make_objective("MET-K1.1", study_text="One **two** three")


def test_a_passage_is_marked_and_listed(candidate_client: Client) -> None:
    response = candidate_client.post(CREATE, PASSAGE, follow=True)
    assertRedirects(response, PAGE)
    assertContains(response, '<strong><mark id="highlight-1">two</mark></strong><mark> three</mark>', count=1)
    assertContains(response, '<a href="#highlight-1">two three</a>', count=1, html=True)


def test_a_passage_is_removed(candidate_client: Client) -> None:
    candidate_client.post(CREATE, PASSAGE)
    assertNotContains(candidate_client.post(REMOVE, PASSAGE, follow=True), "<mark")


def test_htmx_gets_the_text_and_what_became_of_it(candidate_client: Client) -> None:
    response = candidate_client.post(CREATE, PASSAGE, headers=HTMX)
    assertContains(response, "<span>Highlighted</span>", count=1, html=True)
    assertContains(response, "<mark", count=2)
    assert b"<html" not in response.content
    assertContains(candidate_client.post(REMOVE, PASSAGE, headers=HTMX), "<span>Highlight removed</span>", html=True)


def test_what_the_text_no_longer_holds_is_listed_and_can_be_removed(
    candidate_client: Client, candidate: User, objective: Objective
) -> None:
    Highlight.objects.create(candidate=candidate, objective=objective, passage="gone <b>", created_at=NOW)
    response = candidate_client.get(PAGE)
    assertContains(response, 'gone &lt;b&gt; <span class="muted small">No longer in the text.</span>', count=1)
    candidate_client.post(REMOVE, {"passage": "gone <b>", "occurrence": "1"})
    assert Highlight.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"passage": "", "occurrence": "1"}, "Select some words first."),
        ({"passage": "x" * 601, "occurrence": "1"}, "A highlight holds at most 600 characters."),
        ({"passage": "a\x00", "occurrence": "1"}, "holds a character that cannot be kept"),
        ({"passage": "two", "occurrence": "0"}, "does not hold this passage"),
        ({"passage": "two", "occurrence": "9" * 40}, "does not hold this passage"),
        ({"passage": "two"}, "does not hold this passage"),
        ({"passage": "four", "occurrence": "1"}, "does not hold this passage"),
    ],
)
def test_what_cannot_be_kept_gets_a_sentence(candidate_client: Client, data: dict[str, str], sentence: str) -> None:
    assertContains(candidate_client.post(CREATE, data, headers=HTMX), sentence, count=1)
    assertContains(candidate_client.post(CREATE, data, follow=True), sentence, count=1)
    assert Highlight.objects.count() == 0


def test_nobody_sees_or_removes_another_ones(candidate_client: Client, other_client: Client) -> None:
    candidate_client.post(CREATE, PASSAGE)
    assertNotContains(other_client.post(REMOVE, PASSAGE, follow=True), "<mark")
    assert Highlight.objects.count() == 1


@pytest.mark.parametrize("url", [CREATE, REMOVE])
def test_visitors_sign_in_first(client: Client, url: str) -> None:
    assertRedirects(client.post(url, PASSAGE), f"/accounts/login/?next={url}%3Funsent")


@pytest.mark.parametrize("name", ["study:highlight-create", "study:highlight-remove"])
def test_unknown_objective_is_404(candidate_client: Client, name: str) -> None:
    assert candidate_client.post(reverse(name, args=["MET-K9.9"]), PASSAGE).status_code == 404


@pytest.mark.parametrize("url", [CREATE, REMOVE])
def test_refuses_gets(candidate_client: Client, url: str) -> None:
    assert candidate_client.get(url).status_code == 405
