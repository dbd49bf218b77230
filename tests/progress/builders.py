"""Small builders for the tests of progress, beside tests/factories.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from accounts.models import User
from questions.models import Question
from quizzes.models import Attempt
from tests.factories import NOW, make_attempt


def make_answered(
    candidate: User, questions: Sequence[Question], *, at: datetime = NOW, label: str = "B", **fields: Any
) -> Attempt:
    """A graded attempt whose every question was answered alike at that moment; B is right, fields are of responses."""
    count = len(questions)
    is_correct = label == "B"
    attempt = make_attempt(
        candidate,
        *questions,
        quiz=fields.pop("quiz", None),
        assignment=fields.pop("assignment", None),
        state=Attempt.State.GRADED,
        started_at=at,
        submitted_at=at,
        graded_at=at,
        raw_score=count if is_correct else 0,
    )
    attempt.responses.update(
        **{"selected_label": label, "answered_at": at, "is_correct": is_correct, "seconds": 60, **fields}
    )
    return attempt
