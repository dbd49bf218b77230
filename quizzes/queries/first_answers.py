"""First answers of a candidate, from which abilities are estimated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np

from accounts.models import User
from competencies.models import Competency
from quizzes.ability import Answers
from quizzes.queries.placement import ITEM, difficulty_in_force, discrimination_in_force
from quizzes.queries.statistics import graded_responses
from reviews.study_days import study_day

GIVEN = (
    "question__code",
    "is_held_back",
    "selected_label",
    "answered_at",
    *ITEM,
    "is_correct",
    "attempt__submitted_at",
)


def answers_of(candidate: User, competencies: Sequence[Competency], *, until: datetime) -> Answers:
    """First answers in attempts that were finished by then, in the order of time.

    A question that was left blank, or that a review asked before, has been seen; that one is not known is an answer.
    What waits for a due date counts from then on: an estimate that moves would tell how it went.
    """
    rows = graded_responses().filter(attempt__candidate=candidate, attempt__submitted_at__lte=until)
    seen: set[str] = set()
    first = []
    for row in rows.with_held_back(until).order_by("attempt__submitted_at", "pk").values_list(*GIVEN):
        code, is_held_back, label, answered_at, *answer = row
        if code not in seen and (label or answered_at) and not is_held_back:
            first.append(answer)
        seen.add(code)
    places = {competency.pk: place for place, competency in enumerate(competencies)}
    days: Mapping[datetime, int] = {
        moment: study_day(moment, candidate.time_zone).toordinal() for moment in {answer[-1] for answer in first}
    }
    return Answers(
        competency=np.array([places[competency] for competency, *_ in first], dtype=np.int64),
        difficulty=np.array([difficulty_in_force(level, b) for _, level, b, *_ in first], dtype=np.float64),
        discrimination=np.array([discrimination_in_force(a) for _, _, _, a, *_ in first], dtype=np.float64),
        is_correct=np.array([bool(is_correct) for *_, is_correct, _ in first], dtype=np.bool_),
        day=np.array([days[moment] for *_, moment in first], dtype=np.float64),
    )
