"""A practice question of three as its page asks it, and what that page posts."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib.messages import get_messages

from accounts.models import User
from quizzes.models import Attempt, Feedback, Response
from tests.factories import make_attempt, make_question, make_quiz

HTMX = {"HX-Request": "true"}
SECRETS = ("Rationale", "Right", "is the key", "Reichheld")


def start(candidate: User, count: int = 3, *, feedback: str = Feedback.AFTER_EACH, **fields: Any) -> Attempt:
    """Questions of one objective each; the key is B, shown as the letter A."""
    questions = [make_question(f"MET-K{number}.1") for number in range(1, count + 1)]
    quiz = make_quiz(author=candidate, question_count=count, feedback=feedback)
    attempt = make_attempt(candidate, *questions, quiz=quiz, **fields)
    Response.objects.filter(attempt=attempt).update(option_order="BDAC")
    return attempt


def url_of(attempt: Attempt, position: int = 1) -> str:
    return f"/attempts/{attempt.code}/questions/{position}/"


def choice(label: str = "B", *, sequence: int = 1, **fields: Any) -> dict[str, Any]:
    return {"label": label, "key": str(uuid4()), "sequence": sequence, "seconds": "7", **fields}


def texts_of(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]
