"""The questions that a candidate has answered and may read the reasons of."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from accounts.models import User
from quizzes.models import Response

# What a row of a list shows; the options and their rationales are most of a question's weight.
SHOWN = (
    "position",
    "is_correct",
    "answered_at",
    "attempt__code",
    "question__code",
    "question__stem",
    "question__objective__code",
    "question__objective__text",
    "question__objective__statement__competency__code",
)
NEWEST_FIRST = (F("answered_at").desc(nulls_last=True), F("pk").desc())


def answered_questions(candidate: User, *, at: datetime) -> QuerySet[Response]:
    """The latest answer to each question whose reasons may be read, newest first.

    A question that is asked again by a running exam, or by an assignment that is not yet due, is left out, though it
    was explained before: who sits it must not be able to look its key up here.
    """
    answers = Response.objects.filter(attempt__candidate=candidate)
    told = answers.explained(at).exclude(selected_label="").exclude(is_correct=None)
    asked_again = withheld_questions(candidate, at=at).values("question__code")
    latest = (
        told.exclude(question__code__in=asked_again)
        .annotate(place=Window(RowNumber(), partition_by="question__code", order_by=NEWEST_FIRST))
        .filter(place=1)
    )
    shown = Response.objects.filter(pk__in=latest.values("pk")).order_by(*NEWEST_FIRST)
    return shown.select_related("attempt", "question__objective__statement__competency").only(*SHOWN)


def withheld_questions(candidate: User, *, at: datetime) -> QuerySet[Response]:
    """What a running exam asks, or an assignment that is not yet due: its reasons are shown nowhere meanwhile."""
    return Response.objects.withheld(at).filter(attempt__candidate=candidate)


def withheld_codes(candidate: User, *, at: datetime) -> set[str]:
    return set(withheld_questions(candidate, at=at).values_list("question__code", flat=True))
