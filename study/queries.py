"""What a candidate has kept, and a study text with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from competencies.markdown import render_markdown
from competencies.matching import Part, fold, has_all, marked
from competencies.models import Objective, Term
from study.annotations import NamedTerm, Passage, annotate
from study.models import Bookmark, Highlight, Note


@dataclass(frozen=True, slots=True)
class KeptHighlight:
    number: int
    passage: str
    occurrence: int
    is_found: bool


@dataclass(frozen=True, slots=True)
class StudyText:
    """As a reader sees it: its terms are links, and what was highlighted is marked."""

    html: SafeString
    terms: list[Term]  # those that are links, each with its definition
    highlights: list[KeptHighlight]


@dataclass(frozen=True, slots=True)
class NotebookEntry:
    """What is kept on one objective, the words that were searched for marked."""

    objective: Objective
    title: list[Part]
    is_bookmarked: bool
    note: Note | None
    note_text: list[Part]
    highlights: list[tuple[int, list[Part]]]  # each with its number on the objective's page


def note_on(candidate: User, objective: Objective) -> Note | None:
    return Note.objects.filter(candidate=candidate, objective=objective).first()


def is_bookmarked(candidate: User, objective: Objective) -> bool:
    return Bookmark.objects.filter(candidate=candidate, objective=objective).exists()


def bookmarked_ids(candidate: User, objectives: Iterable[Objective]) -> set[int]:
    return set(
        Bookmark.objects.filter(candidate=candidate, objective__in=objectives).values_list("objective", flat=True)
    )


def study_text_of(objective: Objective, candidate: User | None) -> StudyText:
    """One query for a candidate, none for a visitor; the objective comes with its terms."""
    kept = list(Highlight.objects.filter(candidate=candidate, objective=objective)) if candidate else []
    terms = {term.code: term for term in objective.terms.all()}
    annotated = annotate(
        render_markdown(objective.study_text),
        passages=[Passage(each.passage, each.occurrence) for each in kept],
        terms=[named_term(term) for term in terms.values()],
    )
    highlights = [
        KeptHighlight(number, each.passage, each.occurrence, is_found)
        for number, (each, is_found) in enumerate(zip(kept, annotated.found, strict=True), 1)
    ]
    # Safe as the sanitiser's own HTML: what is added to it is escaped where it is added.
    return StudyText(mark_safe(annotated.html), [terms[code] for code in annotated.linked], highlights)


def named_term(term: Term) -> NamedTerm:
    names = (term.name, *(name.strip() for name in term.also.split(",") if name.strip()))
    return NamedTerm(term.code, term.get_absolute_url(), names)


def notebook(
    candidate: User, *, competency: str = "", kind: str = "", words: Sequence[str] = ()
) -> list[NotebookEntry]:
    """What is kept of one competency or of all, of one kind or of all, in the handbook's order. Four queries."""
    kept_by = {"candidate": candidate}
    notes = {note.objective_id: note for note in Note.objects.filter(**kept_by)} if kind in ("", "notes") else {}
    bookmarks = Bookmark.objects.filter(**kept_by) if kind in ("", "bookmarks") else Bookmark.objects.none()
    bookmarked = set(bookmarks.values_list("objective_id", flat=True))
    passages: dict[int, list[str]] = defaultdict(list)
    for highlight in Highlight.objects.filter(**kept_by) if kind in ("", "highlights") else ():
        passages[highlight.objective_id].append(highlight.passage)
    objectives = Objective.objects.filter(pk__in={*notes, *bookmarked, *passages}).defer("study_text")
    if competency:
        objectives = objectives.filter(statement__competency__code=competency)
    return [
        _entry(objective, objective.pk in bookmarked, notes.get(objective.pk), passages[objective.pk], words)
        for objective in objectives.select_related("statement__competency")
        if _holds(objective, notes.get(objective.pk), passages[objective.pk], words)
    ]


def _holds(objective: Objective, note: Note | None, passages: Sequence[str], words: Sequence[str]) -> bool:
    return has_all(fold("\n".join([str(objective), note.text if note else "", *passages])), words)


def _entry(
    objective: Objective, is_bookmarked: bool, note: Note | None, passages: Sequence[str], words: Sequence[str]
) -> NotebookEntry:
    return NotebookEntry(
        objective=objective,
        title=marked(objective.text, words),
        is_bookmarked=is_bookmarked,
        note=note,
        note_text=marked(note.text, words) if note else [],
        highlights=[(number, marked(passage, words)) for number, passage in enumerate(passages, 1)],
    )
