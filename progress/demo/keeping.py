"""What they keep beside the study texts, and what one of them reports."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from accounts.models import User
from competencies.models import Objective
from questions.models import ProblemReport, Question
from questions.services import report_problem
from study.annotations import Passage
from study.services import add_bookmark, add_highlight, save_note

NOTES = {
    "MET-K1.1": "Passives count in the base of NPS, not in the difference. Redo the bicycle-rental example by hand.",
    "VOC-K1.1": "Ask: is this a signal about one customer, or about the process behind many?",
    "DES-K1.1": "I mix this up with the blueprint. The map is the customer's side, the blueprint adds the backstage.",
}
BOOKMARKS = ("MET-K1.1", "STR-K1.1", "DES-K1.1")
# Who keeps such things: somebody midway and somebody a week before the exam.
KEEPERS = {"Carla", "Wim"}
REPORTED = "MET-K1.1-P1"


def keep_things(*, candidate: User, admin: User, now: datetime) -> None:
    if candidate.display_name not in KEEPERS:
        return
    objectives = {each.code: each for each in Objective.objects.filter(code__in={*NOTES, *BOOKMARKS})}
    for days_ago, (code, text) in enumerate(NOTES.items(), start=3):
        if objective := objectives.get(code):
            then = now - timedelta(days=days_ago)
            save_note(candidate=candidate, objective=objective, text=text, began_from="", now=then)
            highlight_first_sentence(candidate, objective, then)
    for days_ago, code in enumerate(BOOKMARKS, start=2):
        if objective := objectives.get(code):
            add_bookmark(candidate=candidate, objective=objective, now=now - timedelta(days=days_ago))
    report_and_answer(candidate, admin, now)


def highlight_first_sentence(candidate: User, objective: Objective, now: datetime) -> None:
    """Only where the text begins without markup, so that its source reads as the page does."""
    sentence = objective.study_text.partition(". ")[0] + "."
    if sentence.replace("'", "").isprintable() and not set(sentence) & set("*_#[`|>\"'"):
        add_highlight(candidate=candidate, objective=objective, passage=Passage(sentence, 1), now=now)


def report_and_answer(candidate: User, admin: User, now: datetime) -> None:
    question = Question.objects.published().filter(code=REPORTED).first()
    if question is None:
        return
    report = report_problem(
        question=question,
        reporter=candidate,
        code=uuid4(),
        kind=ProblemReport.Kind.RATIONALE,
        text="The rationale of the key could say once more which customers count in the base.",
        now=now - timedelta(days=4),
    )
    # Not by the service: that would send mail to people who are made up.
    ProblemReport.objects.filter(pk=report.pk).update(
        answer="Thank you. Everybody who answered is in the base, passives included; the study text now says so first.",
        answered_at=now - timedelta(days=1),
        answerer=admin,
    )
