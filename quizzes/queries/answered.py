"""The questions that a candidate has answered and may read the reasons of."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from accounts.models import User
from quizzes.models import Attempt, Feedback, Response

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
    told = answers.exclude(selected_label="").filter(_is_explained(at), is_correct__isnull=False)
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
    return Response.objects.filter(_is_withheld(at), attempt__candidate=candidate)


def withheld_codes(candidate: User, *, at: datetime) -> set[str]:
    return set(withheld_questions(candidate, at=at).values_list("question__code", flat=True))


def _is_explained(at: datetime) -> Q:
    """`Response.shows_rationale` as a condition, of finished attempts and of what was checked."""
    is_finished = Q(attempt__state__in=[Attempt.State.SUBMITTED, Attempt.State.GRADED])
    is_checked = Q(attempt__feedback=Feedback.AFTER_EACH, checked_at__isnull=False)
    return (is_finished & ~_waits_for_due_date(at)) | is_checked


def _is_withheld(at: datetime) -> Q:
    is_open = Q(attempt__state=Attempt.State.IN_PROGRESS)
    return (is_open & ~Q(attempt__feedback=Feedback.AFTER_EACH)) | _waits_for_due_date(at)


def _waits_for_due_date(at: datetime) -> Q:
    return Q(attempt__feedback=Feedback.AFTER_DUE, attempt__assignment__due_at__gt=at)
