from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import User
from study.models import Bookmark
from tests.factories import NOW, make_objective

pytestmark = pytest.mark.django_db

PAGE = "/study/objectives/MET-K1.1/"
CREATE = reverse("study:bookmark-create", args=["MET-K1.1"])
REMOVE = reverse("study:bookmark-remove", args=["MET-K1.1"])


def test_sets_and_removes_a_bookmark(candidate_client: Client) -> None:
    make_objective("MET-K1.1")
    response = candidate_client.post(CREATE, follow=True)
    assertRedirects(response, PAGE)
    assertContains(response, f'action="{REMOVE}"', count=1)
    assertContains(response, "Bookmarked", count=1)
    assertContains(candidate_client.post(REMOVE, follow=True), f'action="{CREATE}"', count=1)
    assert Bookmark.objects.count() == 0


def test_htmx_gets_the_other_button(candidate_client: Client) -> None:
    make_objective("MET-K1.1")
    response = candidate_client.post(CREATE, headers={"HX-Request": "true"})
    assertContains(response, f'hx-post="{REMOVE}"', count=1)
    assert b"<html" not in response.content


def test_a_statement_shows_which_objectives_are_bookmarked(
    client: Client, candidate_client: Client, candidate: User
) -> None:
    make_objective("MET-K1.2")
    Bookmark.objects.create(candidate=candidate, objective=make_objective("MET-K1.1"), created_at=NOW)
    assertContains(candidate_client.get("/study/statements/MET-K1/"), "Bookmarked", count=1)
    assertNotContains(client.get("/study/statements/MET-K1/"), "Bookmarked")


@pytest.mark.parametrize("url", [CREATE, REMOVE])
def test_visitors_sign_in_first(client: Client, url: str) -> None:
    assertRedirects(client.post(url), f"/accounts/login/?next={url}%3Funsent")


@pytest.mark.parametrize("url", [CREATE, REMOVE])
def test_unknown_objective_is_404(candidate_client: Client, url: str) -> None:
    assert candidate_client.post(url).status_code == 404


@pytest.mark.parametrize("url", [CREATE, REMOVE])
def test_refuses_gets(candidate_client: Client, url: str) -> None:
    assert candidate_client.get(url).status_code == 405
