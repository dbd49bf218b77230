"""Small builders for the tests of reviews, beside tests/factories.py."""

from __future__ import annotations

import uuid
from collections.abc import Container
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from competencies.models import Objective
from questions.models import Question
from reviews import scheduler
from reviews.models import Card, MemoryFit, ReviewLog, Schedule, StudyPlan
from reviews.services import NewReview, record_reviews
from tests.factories import NOW, TODAY

# As `learn` takes it: missed until the objective is a leech.
LEECH = [(days, 1) for days in (20, 13, 9, 6, 3)]


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


def learn(candidate: User, question: Question, *reviews: tuple[int, int], **fields: Any) -> ReviewLog:
    """Reviews as (days ago, rating); the newest is given back."""
    logs = []
    for days, rating in reviews:
        at, label = NOW - timedelta(days=days), "A" if rating == 1 else "B"
        logs.append(review(candidate, question, at=at, rating=rating, selected_label=label, **fields))
    return logs[-1]


def make_due_card(candidate: User, question: Question | Objective, *, days_ago: int = 60, **fields: Any) -> Card:
    """A card alone, without a log: for pages and counts that only read cards."""
    objective = question.objective if isinstance(question, Question) else question
    return Card.objects.create(
        **{
            "candidate": candidate,
            "objective": objective,
            "stability": 3.0,
            "difficulty": 5.0,
            "last_reviewed_on": TODAY - timedelta(days=days_ago),
            "first_rating": scheduler.Rating.GOOD,
            "reps": 1,
            "algorithm_version": scheduler.ALGORITHM_VERSION,
            "as_of_log_id": 1,
            **fields,
        }
    )


def make_fit(candidate: User, **fields: Any) -> MemoryFit:
    """An accepted one, which has seen one row of the log."""
    scores = ["reviews", "log_loss", "log_loss_default", "log_loss_average", "rmse_bins", "rmse_bins_default"]
    return MemoryFit.objects.create(
        **{
            "candidate": candidate,
            "parameters": list(scheduler.DEFAULT_PARAMETERS),
            "is_accepted": True,
            "algorithm_version": scheduler.ALGORITHM_VERSION,
            "as_of_log_id": 1,
            "fitted_at": NOW,
            **dict.fromkeys(scores, 0),
            **fields,
        }
    )


def cards_of(candidate: User) -> list[dict[str, Any]]:
    """Every folded value, for comparing two ways of making them."""
    return list(Card.objects.for_candidate(candidate).order_by("objective__code").values(*FOLDED))


FOLDED = [
    "objective__code",
    "stability",
    "difficulty",
    "last_reviewed_on",
    "first_rating",
    "reps",
    "lapses",
    "leech_on",
    "fit",
    "algorithm_version",
]


def make_schedule(
    candidate: User, *minutes: int, plan: StudyPlan | None = None, mocks: Container[int] = (), **fields: Any
) -> Schedule:
    """A schedule as if it were just built, from today on: each ten minutes are ten reviews and two new objectives."""
    days = [
        {
            "on": (TODAY + timedelta(days=number)).isoformat(),
            "capacity": count,
            "minutes": count,
            "reviews": [f"CUL-K{each}.1" for each in range(1, count + 1)],
            "new": [f"MET-K{each}.1" for each in range(1, count // 5 + 1)],
            "is_mock": number in mocks,
        }
        for number, count in enumerate(minutes)
    ]
    return Schedule.objects.create(
        **{
            "candidate": candidate,
            "starts_on": TODAY,
            "exam_on": plan.exam_on if plan else None,
            "days": days,
            "algorithm_version": scheduler.ALGORITHM_VERSION,
            "as_of_log_id": 0,
            "plan_changed_at": plan.changed_at if plan else None,
            "built_at": NOW,
            **fields,
        }
    )
