from __future__ import annotations

import re

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


def began_from(digest: str, swaps: str = "") -> str:
    return f'<input type="hidden" name="began_from" value="{digest}" id="note-began" autocomplete="off"{swaps}>'


@pytest.fixture(autouse=True)
def objective(db: None) -> Objective:
    return make_objective("MET-K1.1", study_text="One two")


def test_saves_and_comes_back(candidate_client: Client, candidate: User) -> None:
    response = candidate_client.post(URL, {"text": "Mine\r\nlines"}, follow=True)
    assertRedirects(response, PAGE)
    assertContains(response, "Your note is saved.", count=1)
    assertContains(response, ">Mine\nlines</textarea>", count=1)
    assert Note.objects.get().candidate == candidate


@pytest.fixture
def note(candidate: User, objective: Objective) -> Note:
    return Note.objects.create(candidate=candidate, objective=objective, text="Theirs\n<b>", updated_at=NOW)


def test_an_emptied_note_is_deleted(candidate_client: Client, note: Note) -> None:
    response = candidate_client.post(URL, {"text": " ", "began_from": note.digest}, follow=True)
    assertContains(response, "Your note is deleted.", count=1)
    assert Note.objects.count() == 0


def test_the_form_says_which_words_it_began_from(candidate_client: Client, note: Note) -> None:
    assertContains(candidate_client.get(PAGE), began_from(note.digest), count=1, html=True)
    note.delete()
    assertContains(candidate_client.get(PAGE), began_from(""), count=1, html=True)


@pytest.mark.parametrize("text", ["Mine\r\nlines", ""])
def test_a_note_that_was_changed_elsewhere_is_kept_and_told(candidate_client: Client, note: Note, text: str) -> None:
    response = candidate_client.post(URL, {"text": text, "began_from": "another", "next": "/reviews/"})
    assertContains(response, "This note was changed elsewhere. Yours is not saved.", count=1)
    assertContains(response, f">{text}</textarea>", count=1)
    assertContains(response, "Theirs\n&lt;b&gt;", count=1)
    assertContains(response, began_from("another"), count=1, html=True)
    assertContains(response, '<input type="hidden" name="next" value="/reviews/">', count=1, html=True)
    assertContains(response, '<a href="/reviews/">Back without saving</a>', count=1, html=True)
    assert Note.objects.get() == note
    assert Note.objects.get().text == "Theirs\n<b>"


@pytest.mark.parametrize(("text", "texts"), [("Mine", ["Mine"]), ("", [])])
def test_the_button_beside_it_puts_mine_in_its_place(
    candidate_client: Client, note: Note, text: str, texts: list[str]
) -> None:
    """A browser sends the button's value after the field of that name."""
    button = f'type="submit" name="began_from" value="{note.digest}">'
    data = {"text": text, "began_from": ["another", note.digest], "next": "/reviews/"}
    assertContains(candidate_client.post(URL, {"text": text, "began_from": "another"}), button, count=1)
    assertRedirects(candidate_client.post(URL, data), "/reviews/")
    assert [note.text for note in Note.objects.all()] == texts


def test_htmx_gets_what_was_changed_elsewhere_and_keeps_what_it_began_from(
    candidate_client: Client, note: Note
) -> None:
    response = candidate_client.post(URL, {"text": "Mine", "began_from": "another"}, headers=HTMX)
    assertContains(response, "<span>This note was changed elsewhere. Yours is not saved.</span>", count=1, html=True)
    assertContains(response, '<p class="note-newer-text">Theirs\n&lt;b&gt;</p>', count=1)
    assert re.findall(r'(\S+) hx-swap-oob="true"', response.content.decode()) == ['id="note-newer"']


def test_what_htmx_began_from_follows_each_save(candidate_client: Client) -> None:
    digest = ""
    for text in ("One", "Two", ""):
        response = candidate_client.post(URL, {"text": text, "began_from": digest}, headers=HTMX)
        digest = Note(text=text).digest if text else ""
        assertContains(response, began_from(digest, ' hx-swap-oob="true"'), count=1, html=True)
        assertContains(response, '<div class="note-newer" id="note-newer" hx-swap-oob="true"></div>', html=True)
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
    emptied = {"text": "", "began_from": Note.objects.get().digest}
    assertContains(candidate_client.post(URL, emptied, headers=HTMX), "<span>Deleted</span>", html=True)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"text": "x" * 5001}, "at most 5,000 characters"),
        ({"text": "a\x00b"}, "holds a character that cannot be kept"),
        ({"text": "Mine", "began_from": "x" * 65}, "did not arrive whole"),
        ({"text": "Mine", "began_from": "\x00"}, "did not arrive whole"),
    ],
)
def test_what_cannot_be_kept_gets_a_sentence_and_stays(
    candidate_client: Client, data: dict[str, str], sentence: str
) -> None:
    assertContains(candidate_client.post(URL, data, headers=HTMX), sentence, count=1)
    response = candidate_client.post(URL, data)
    assertContains(response, sentence, count=1)
    assertContains(response, f">{data['text']}</textarea>", count=1)
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
    assertRedirects(client.post(URL, {"text": "Mine"}), f"/accounts/login/?next={URL}%3Funsent")


def test_unknown_objective_is_404(candidate_client: Client) -> None:
    assert candidate_client.post(reverse("study:note-update", args=["MET-K9.9"]), {"text": "x"}).status_code == 404


def test_refuses_gets(candidate_client: Client) -> None:
    assert candidate_client.get(URL).status_code == 405
