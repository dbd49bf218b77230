from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import User
from study.annotations import Passage
from study.models import Bookmark, Highlight, Note
from study.services import (
    MOST_HIGHLIGHTS,
    HighlightRefused,
    add_bookmark,
    add_highlight,
    remove_bookmark,
    remove_highlight,
    save_note,
)
from tests.factories import NOW, make_objective

pytestmark = pytest.mark.django_db


def test_a_note_is_written_once_and_changed_after(candidate: User) -> None:
    objective = make_objective("MET-K1.1")
    save_note(candidate=candidate, objective=objective, text=" One ", now=NOW)
    later = NOW + timedelta(hours=1)
    note = save_note(candidate=candidate, objective=objective, text="Two", now=later)
    assert note == Note.objects.get()
    assert (Note.objects.get().text, Note.objects.get().updated_at) == ("Two", later)


def test_an_emptied_note_is_no_row(candidate: User, other_candidate: User) -> None:
    objective = make_objective("MET-K1.1")
    for person in (candidate, other_candidate):
        save_note(candidate=person, objective=objective, text="One", now=NOW)
    assert save_note(candidate=candidate, objective=objective, text=" \n", now=NOW) is None
    assert [note.candidate for note in Note.objects.all()] == [other_candidate]


def test_a_bookmark_is_set_once_and_removed(candidate: User) -> None:
    objective = make_objective("MET-K1.1")
    for _ in range(2):
        add_bookmark(candidate=candidate, objective=objective, now=NOW)
    assert Bookmark.objects.count() == 1
    for _ in range(2):
        remove_bookmark(candidate=candidate, objective=objective)
    assert Bookmark.objects.count() == 0


def test_a_passage_is_highlighted_once_and_removed(candidate: User) -> None:
    objective = make_objective("MET-K1.1", study_text="One **two** three")
    first = add_highlight(candidate=candidate, objective=objective, passage=Passage("two three"), now=NOW)
    assert add_highlight(candidate=candidate, objective=objective, passage=Passage("two three"), now=NOW) == first
    remove_highlight(candidate=candidate, objective=objective, passage=Passage("two three"))
    assert Highlight.objects.count() == 0


def test_only_one_s_own_highlight_is_removed(candidate: User, other_candidate: User) -> None:
    objective = make_objective("MET-K1.1", study_text="One two")
    add_highlight(candidate=candidate, objective=objective, passage=Passage("two"), now=NOW)
    remove_highlight(candidate=other_candidate, objective=objective, passage=Passage("two"))
    assert Highlight.objects.count() == 1


@pytest.mark.parametrize("passage", [Passage("four"), Passage("two", 2), Passage("**two**")])
def test_what_the_text_does_not_hold_is_refused(candidate: User, passage: Passage) -> None:
    objective = make_objective("MET-K1.1", study_text="One **two** three")
    with pytest.raises(HighlightRefused, match="does not hold this passage"):
        add_highlight(candidate=candidate, objective=objective, passage=passage, now=NOW)


def test_a_text_takes_fifty_highlights(candidate: User) -> None:
    objective = make_objective("MET-K1.1", study_text="word " * 60)
    for occurrence in range(1, MOST_HIGHLIGHTS + 1):
        add_highlight(candidate=candidate, objective=objective, passage=Passage("word", occurrence), now=NOW)
    with pytest.raises(HighlightRefused, match="50 highlights"):
        add_highlight(candidate=candidate, objective=objective, passage=Passage("word", 51), now=NOW)
