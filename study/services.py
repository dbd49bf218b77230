"""What a candidate keeps while reading: notes, bookmarks, highlights."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from competencies.markdown import render_markdown
from competencies.models import Objective
from study.annotations import Passage, has_passage
from study.models import Bookmark, Highlight, Note

MOST_HIGHLIGHTS = 50


class HighlightRefused(Exception):
    """A passage that cannot be kept; the message is a sentence for the candidate."""


class NoteChanged(Exception):
    """A note that holds other words than those a change began from; the message is a sentence for the candidate."""

    def __init__(self, newer: Note) -> None:
        super().__init__("This note was changed elsewhere. Yours is not saved.")
        self.newer = newer


def save_note(*, candidate: User, objective: Objective, text: str, began_from: str, now: datetime) -> Note | None:
    """`began_from` is the digest of the note that was changed, empty where there was none.

    An emptied note is deleted. One that was deleted elsewhere is written again: there are no other words to lose.
    """
    text = text.strip()
    notes = Note.objects.filter(candidate=candidate, objective=objective)
    with transaction.atomic():
        # One after another, also where there is no note yet to lock.
        User.objects.select_for_update(no_key=True).get(pk=candidate.pk)
        newer = notes.first()
        if newer and newer.digest != began_from and newer.text != text:
            raise NoteChanged(newer)
        if not text:
            notes.delete()
            return None
        note, _ = notes.update_or_create(
            candidate=candidate, objective=objective, defaults={"text": text, "updated_at": now}
        )
        return note


def add_bookmark(*, candidate: User, objective: Objective, now: datetime) -> None:
    Bookmark.objects.get_or_create(candidate=candidate, objective=objective, defaults={"created_at": now})


def remove_bookmark(*, candidate: User, objective: Objective) -> None:
    Bookmark.objects.filter(candidate=candidate, objective=objective).delete()


def add_highlight(*, candidate: User, objective: Objective, passage: Passage, now: datetime) -> Highlight:
    """The same passage twice is one highlight."""
    if not has_passage(render_markdown(objective.study_text), passage):
        raise HighlightRefused("The study text does not hold this passage any more. Select it again.")
    kept = Highlight.objects.filter(candidate=candidate, objective=objective)
    known = kept.filter(passage=passage.text, occurrence=passage.occurrence).first()
    if known:
        return known
    if kept.count() >= MOST_HIGHLIGHTS:
        raise HighlightRefused(f"This text has {MOST_HIGHLIGHTS} highlights. Remove one to add another.")
    highlight, _ = Highlight.objects.get_or_create(
        candidate=candidate,
        objective=objective,
        passage=passage.text,
        occurrence=passage.occurrence,
        defaults={"created_at": now},
    )
    return highlight


def remove_highlight(*, candidate: User, objective: Objective, passage: Passage) -> None:
    Highlight.objects.filter(
        candidate=candidate, objective=objective, passage=passage.text, occurrence=passage.occurrence
    ).delete()
