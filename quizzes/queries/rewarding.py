"""Which competency the next hour of study is best spent on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from accounts.models import User
from competencies.models import Competency
from quizzes.queries.memories import competency_code
from quizzes.readiness import points_per_hour
from reviews import study_queue
from reviews.planner import CARRIED_TO_VARIANTS, DAYS_WITHOUT_EXAM
from reviews.queries import Study, study_of
from reviews.study_queue import GUESSED_RIGHT, Horizon, Kind

# What a competency that pays gives to study at one sitting.
OBJECTIVES_TOGETHER = 10
# Recall that rises by 1 wins less than a question: it must carry over to other words, and some would be guessed right.
POINTS_OF_RECALL = 100 * CARRIED_TO_VARIANTS * (1 - GUESSED_RIGHT)


@dataclass(frozen=True, slots=True)
class RewardingArea:
    """What the next hour spent on one competency is expected to win, and where to begin."""

    competency: Competency
    points: float  # of exam score, in percent, per hour
    objectives: tuple[str, ...]  # codes, the most rewarding first


def most_rewarding_competency(candidate: User, *, on: date) -> Competency | None:
    """By the same order as readiness and Today."""
    areas = rewarding_areas(study_of(candidate, on=on), list(Competency.objects.order_by("position")))
    return areas[0].competency if areas else None


def rewarding_areas(study: Study, competencies: Sequence[Competency]) -> list[RewardingArea]:
    """By the exam points that the next hour of study would win, most first; nothing before the first answer.

    Without an exam date: the points that would be left in four weeks.
    """
    outset = study.outset
    if not outset.is_met.any():
        return []
    horizon = study.horizon if study.horizon.days is not None else Horizon(DAYS_WITHOUT_EXAM)
    queue = study_queue.study_queue(outset.bank, outset.progress, horizon, outset.parameters)
    is_open = (queue.kind != Kind.AGAIN_TODAY) & (outset.rests_for <= 0)
    gain = np.where(is_open, POINTS_OF_RECALL * queue.gain, 0.0)
    areas = np.array([competency_code(code) for code in outset.codes])
    members = [np.flatnonzero(areas == competency.code) for competency in competencies]
    found = []
    won = points_per_hour([gain[places] for places in members], [queue.seconds[places] for places in members])
    for place, points in won:
        best = members[place][np.argsort(-gain[members[place]], kind="stable")][:OBJECTIVES_TOGETHER]
        if points > 0:
            codes = tuple(outset.codes[each] for each in best if gain[each] > 0)
            found.append(RewardingArea(competencies[place], points, codes))
    return found
