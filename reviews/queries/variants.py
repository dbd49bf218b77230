"""The questions that can ask an objective, in the order in which they should."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F, OuterRef, Subquery

from accounts.models import User
from questions.models import Question, QuestionQuerySet
from reviews.models import ReviewLog


def variants(candidate: User, objectives: Collection[int]) -> QuestionQuerySet:
    """Never seen first, else least recently seen: no stem comes twice within a week while there are others.

    Seen means any version of the question, because a new version mends a word and asks the same; and a review that was
    taken back too, because its key was shown.
    """
    logs = ReviewLog.objects.for_candidate(candidate).filter(objective=OuterRef("objective"))
    seen = logs.filter(question__code=OuterRef("code")).order_by("-reviewed_at")
    asking = Question.objects.filter(objective__in=objectives).published().practice()
    asked = asking.annotate(seen_at=Subquery(seen.values("reviewed_at")[:1]))
    return asked.order_by(F("seen_at").asc(nulls_first=True), "code")
