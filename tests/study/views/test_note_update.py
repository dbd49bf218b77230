from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from accounts.models import User
from competencies.models import Objective
from study.models import Note
from tests.factories import NOW, make_objective

pytestmark = pytest.mark.django_db

PAGE = "/study/objectives/MET-K1.1/"
URL = reverse("study:note-update", args=["MET-K1.1"])
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def objective(db: None) -> Objective:
    return make_objective("MET-K1.1", study_text="One two")


def test_saves_and_comes_back(candidate_client: Client, candidate: User) -> None:
    response = candidate_client.post(URL, {"text": "Mine\r\nlines"}, follow=True)
    assertRedirects(response, PAGE)
    assertContains(response, "Your note is saved.", count=1)
    assertContains(response, ">Mine\nlines</textarea>", count=1)
    assert Note.objects.get().candidate == candidate


def test_an_emptied_note_is_deleted(candidate_client: Client, candidate: User, objective: Objective) -> None:
    Note.objects.create(candidate=candidate, objective=objective, text="Mine", updated_at=NOW)
    assertContains(candidate_client.post(URL, {"text": " "}, follow=True), "Your note is deleted.", count=1)
    assert Note.objects.count() == 0


@pytest.mark.parametrize(
    ("address", "arrives_at"),
    [
        ("/practice/?x=1#top", "/practice/?x=1#top"),
        ("https://elsewhere.example/", PAGE),
        ("//elsewhere.example/", PAGE),
        ("javascript:alert(1)", PAGE),
        ("/" + "a" * 600, PAGE),
        ("\x00", PAGE),
        ("", PAGE),
    ],
)
def test_comes_back_to_a_page_of_this_site(candidate_client: Client, address: str, arrives_at: str) -> None:
    response = candidate_client.post(URL, {"text": "Mine", "next": address})
    assert response.headers["Location"] == arrives_at


def test_htmx_is_told_in_a_word(candidate_client: Client) -> None:
    saved = candidate_client.post(URL, {"text": "Mine"}, headers=HTMX)
    assertContains(saved, "<span>Saved</span>", count=1, html=True)
    assert b"<html" not in saved.content
    assertContains(candidate_client.post(URL, {"text": ""}, headers=HTMX), "<span>Deleted</span>", html=True)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("x" * 5001, "at most 5,000 characters"), ("a\x00b", "holds a character that cannot be kept")],
)
def test_what_cannot_be_kept_gets_a_sentence(candidate_client: Client, text: str, sentence: str) -> None:
    assertContains(candidate_client.post(URL, {"text": text}, headers=HTMX), sentence, count=1)
    assertContains(candidate_client.post(URL, {"text": text}, follow=True), sentence, count=1)
    assert Note.objects.count() == 0


def test_five_thousand_characters_and_their_line_breaks_fit(candidate_client: Client) -> None:
    candidate_client.post(URL, {"text": "a\r\n" * 2499 + "ab"})
    assert len(Note.objects.get().text) == 5000


def test_a_note_is_shown_as_text(candidate_client: Client) -> None:
    response = candidate_client.post(URL, {"text": "</textarea><script>alert(1)</script>"}, follow=True)
    assertContains(response, "&lt;/textarea&gt;&lt;script&gt;alert(1)", count=1)


def test_nobody_reads_another_ones_note(candidate: User, other_client: Client, objective: Objective) -> None:
    Note.objects.create(candidate=candidate, objective=objective, text="A secret", updated_at=NOW)
    assert "A secret" not in other_client.get(PAGE).content.decode()


def test_visitors_sign_in_first(client: Client) -> None:
    assertRedirects(client.post(URL, {"text": "Mine"}), f"/accounts/login/?next={URL}")


def test_unknown_objective_is_404(candidate_client: Client) -> None:
    assert candidate_client.post(reverse("study:note-update", args=["MET-K9.9"]), {"text": "x"}).status_code == 404


def test_refuses_gets(candidate_client: Client) -> None:
    assert candidate_client.get(URL).status_code == 405
