"""What a candidate has reviewed, as far as it will be remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from accounts.models import User
from competencies.models import Competency, Objective
from quizzes.forgetting import FORGETTING, Forgetting, Memory
from quizzes.models import Calibration
from reviews import scheduler
from reviews.models import ReviewLog
from reviews.queries import Study, folded_cards, parameters_of


def forgetting_in_force() -> Forgetting:
    newest = Calibration.objects.filter(is_accepted=True).first()
    return Forgetting(*newest.forgetting) if newest and len(newest.forgetting) == 3 else FORGETTING


def recall_of(study: Study, *, days: int) -> list[tuple[str, float]]:
    """By competency code, the recall so many days from now of each objective met."""
    outset = study.outset
    met = np.flatnonzero(outset.is_met)
    stability, elapsed = outset.progress.stability[met], outset.progress.elapsed[met] + days
    recall = scheduler.recall(stability, elapsed, outset.parameters)
    return [(competency_code(outset.codes[place]), float(one)) for place, one in zip(met, recall, strict=True)]


def recall_on(candidate: User, on: date) -> list[tuple[str, float]]:
    """The same on a day of the past, with what had been reviewed before it."""
    cards = list(folded_cards(candidate, ReviewLog.objects.for_candidate(candidate).filter(study_day__lt=on)))
    codes = dict(Objective.objects.filter(pk__in=[card.objective_id for card in cards]).values_list("pk", "code"))
    stability = np.array([card.stability for card in cards])
    elapsed = np.array([(on - card.last_reviewed_on).days for card in cards])
    recall = scheduler.recall(stability, elapsed, parameters_of(candidate))
    return [(competency_code(codes[card.objective_id]), float(one)) for card, one in zip(cards, recall, strict=True)]


def memories_of(
    competencies: Sequence[Competency], objectives: Mapping[int, int], recall: Sequence[tuple[str, float]]
) -> list[Memory]:
    return [
        Memory(objectives[competency.pk], np.array([one for code, one in recall if code == competency.code]))
        for competency in competencies
    ]


def competency_code(objective: str) -> str:
    """MET of MET-K1.2."""
    return objective.partition("-")[0]
