"""What an admin may do with versions as a whole: publish, send to review, retire, revise; one or many."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from accounts.models import User
from questions import services
from questions.admin.people import signed_in_admin
from questions.models import Question

REFUSALS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Move:
    label: str
    done: str
    statuses: tuple[str, ...]
    apply: Callable[[Question, User, datetime], Question]


STATUS = Question.Status
MOVES = {
    "publish": Move(
        "Publish",
        "Published",
        (STATUS.DRAFT, STATUS.IN_REVIEW),
        lambda question, author, now: services.publish_version(question=question, now=now),
    ),
    "review": Move(
        "Send to review",
        "Sent to review",
        (STATUS.DRAFT,),
        lambda question, author, now: services.send_to_review(question=question),
    ),
    "retire": Move(
        "Retire",
        "Retired",
        (STATUS.DRAFT, STATUS.IN_REVIEW, STATUS.PUBLISHED),
        lambda question, author, now: services.retire_question(question=question, now=now),
    ),
    "revise": Move(
        "Revise",
        "Ready to be edited",
        (STATUS.PUBLISHED, STATUS.RETIRED),
        lambda question, author, now: services.revise_question(question=question, author=author),
    ),
}


def move_one(request: HttpRequest, *, page: ModelAdmin, pk: int, verb: str) -> HttpResponse:
    if not page.has_change_permission(request):
        raise PermissionDenied
    question = get_object_or_404(Question, pk=pk)
    moved = move(request, [question], page=page, verb=verb) or [question]
    return redirect("admin:questions_question_change", moved[0].pk)


def move(request: HttpRequest, questions: Iterable[Question], *, page: ModelAdmin, verb: str) -> list[Question]:
    """The versions that this made or changed; the others are refused in words."""
    author, now = signed_in_admin(request), timezone.now()
    moved: list[Question] = []
    refusals: list[str] = []
    for question in questions:
        try:
            result = MOVES[verb].apply(question, author, now)
        except services.QuestionRefused as refusal:
            refusals.append(str(refusal))
        else:
            moved.append(result)
            page.log_change(request, result, MOVES[verb].done)
    if moved:
        names = ", ".join(map(str, moved[:REFUSALS_SHOWN])) + (" …" if len(moved) > REFUSALS_SHOWN else "")
        messages.success(request, f"{MOVES[verb].done}: {names}.")
    for reason in refusals[:REFUSALS_SHOWN]:
        messages.error(request, reason)
    if len(refusals) > REFUSALS_SHOWN:
        messages.error(request, f"{len(refusals) - REFUSALS_SHOWN} more were refused.")
    return moved
