"""Small builders for the tests of reviews, beside tests/factories.py."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import User
from competencies.models import Objective
from questions.models import Question
from reviews import scheduler
from reviews.models import Card, ReviewLog
from reviews.services import NewReview, record_reviews
from tests.factories import NOW, TODAY


def make_review(question: Question, **fields: Any) -> NewReview:
    """A right and sure answer, now."""
    return NewReview(
        **{
            "objective_id": question.objective_id,
            "question_id": question.pk,
            "source": uuid.uuid4(),
            "selected_label": "B",
            "rating": scheduler.Rating.GOOD,
            "seconds": 30,
            "reviewed_at": NOW,
            **fields,
        }
    )


def review(candidate: User, question: Question, *, at: datetime = NOW, **fields: Any) -> ReviewLog:
    """A review written through the service, with its card."""
    new = make_review(question, reviewed_at=at, **fields)
    record_reviews(candidate=candidate, reviews=[new])
    return ReviewLog.objects.get(candidate=candidate, source=new.source)


def make_due_card(
    candidate: User, question: Question | Objective, *, due_on: date = TODAY, days_ago: int = 10, **fields: Any
) -> Card:
    """A card alone, without a log: for pages and counts that only read cards."""
    objective = question.objective if isinstance(question, Question) else question
    return Card.objects.create(
        **{
            "candidate": candidate,
            "objective": objective,
            "state": scheduler.State.REVIEW,
            "stability": 3.0,
            "difficulty": 5.0,
            "due_on": due_on,
            "last_reviewed_on": TODAY - timedelta(days=days_ago),
            "reps": 1,
            "algorithm_version": scheduler.ALGORITHM_VERSION,
            "as_of_log_id": 1,
            **fields,
        }
    )


def cards_of(candidate: User) -> list[dict[str, Any]]:
    """Every folded value, for comparing two ways of making them."""
    return list(Card.objects.for_candidate(candidate).order_by("objective__code").values(*FOLDED))


FOLDED = [
    "objective__code",
    "state",
    "stability",
    "difficulty",
    "due_on",
    "last_reviewed_on",
    "reps",
    "lapses",
    "algorithm_version",
]
