from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import User
from competencies.models import Objective
from study.annotations import Passage
from study.models import Bookmark, Highlight, Note
from study.services import (
    MOST_HIGHLIGHTS,
    HighlightRefused,
    NoteChanged,
    add_bookmark,
    add_highlight,
    remove_bookmark,
    remove_highlight,
    save_note,
)
from tests.factories import NOW, make_objective

pytestmark = pytest.mark.django_db


LATER = NOW + timedelta(hours=1)


@pytest.fixture
def objective(db: None) -> Objective:
    return make_objective("MET-K1.1")


def kept(candidate: User, objective: Objective, text: str = "One") -> Note:
    return Note.objects.create(candidate=candidate, objective=objective, text=text, updated_at=NOW)


def test_a_note_is_written_once_and_changed_after(candidate: User, objective: Objective) -> None:
    first = save_note(candidate=candidate, objective=objective, text=" One ", began_from="", now=NOW)
    assert first is not None
    note = save_note(candidate=candidate, objective=objective, text="Two", began_from=first.digest, now=LATER)
    assert note == Note.objects.get()
    assert (Note.objects.get().text, Note.objects.get().updated_at) == ("Two", LATER)


def test_an_emptied_note_is_no_row(candidate: User, other_candidate: User, objective: Objective) -> None:
    note, _ = kept(candidate, objective), kept(other_candidate, objective)
    assert save_note(candidate=candidate, objective=objective, text=" \n", began_from=note.digest, now=NOW) is None
    assert [note.candidate for note in Note.objects.all()] == [other_candidate]


@pytest.mark.parametrize("began_from", ["", "another"])
@pytest.mark.parametrize("text", ["Two", ""])
def test_a_note_that_was_changed_elsewhere_stays(
    candidate: User, objective: Objective, text: str, began_from: str
) -> None:
    note = kept(candidate, objective)
    with pytest.raises(NoteChanged, match="changed elsewhere") as refusal:
        save_note(candidate=candidate, objective=objective, text=text, began_from=began_from, now=LATER)
    assert refusal.value.newer == note
    assert (Note.objects.get().text, Note.objects.get().updated_at) == ("One", NOW)


def test_the_same_words_from_elsewhere_are_no_change(candidate: User, objective: Objective) -> None:
    note = kept(candidate, objective)
    assert save_note(candidate=candidate, objective=objective, text="One ", began_from="", now=LATER) == note


def test_a_note_that_was_deleted_elsewhere_is_written_again(candidate: User, objective: Objective) -> None:
    note = save_note(candidate=candidate, objective=objective, text="Two", began_from="another", now=NOW)
    assert note == Note.objects.get()


def test_a_note_of_somebody_else_is_no_change(candidate: User, other_candidate: User, objective: Objective) -> None:
    kept(other_candidate, objective)
    note = save_note(candidate=candidate, objective=objective, text="Two", began_from="", now=NOW)
    assert note == Note.objects.get(candidate=candidate)


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
