"""What was reviewed, as far as it is still remembered on the day of the exam.

Abilities are of now. With P the chance of a right answer by ability and R the recall of what the answer needs,

    p = logistic(b0 + b1 logit P + b2 logit R),   (b0, b1, b2) ~ N((0, .5, .5), .3^2) until fitted.

Source: R. V. Lindsey et al., Psychological Science 25 (2014) 639-647, for ability and memory together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from quizzes.ability import GUESSING, Booleans, Floats, logistic

CLIP = (0.02, 0.98)  # what enters a logit, as a forecast of 0 or 1 would outweigh everything else


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """What a candidate has reviewed of one competency: the recall of each reviewed objective on the day of the exam."""

    objectives: int  # in the competency, reviewed or not
    recall: Floats


@dataclass(frozen=True, slots=True)
class Forgetting:
    intercept: float = 0.0
    ability_weight: float = 0.5
    recall_weight: float = 0.5


FORGETTING = Forgetting()
FORGETTING_SPREAD = 0.3


def remembered(curves: Floats, memories: Sequence[Memory], forgetting: Forgetting = FORGETTING) -> Floats:
    """The curves of an exam with what was reviewed as far as it will be remembered, and the rest as it is."""
    mixed = curves.copy()
    for competency, memory in enumerate(memories):
        if not np.isfinite(memory.recall).all() or len(memory.recall) > memory.objectives:
            raise ValueError("A recall is a finite number, and no more of them are known than there are objectives.")
        if len(memory.recall):
            share = len(memory.recall) / memory.objectives
            reviewed = remembered_chance(curves[competency][:, None], memory.recall, forgetting).mean(axis=1)
            mixed[competency] = (1 - share) * curves[competency] + share * reviewed
    return mixed


def remembered_chance(chances: Floats, recall: Floats, forgetting: Forgetting = FORGETTING) -> Floats:
    """Of a right answer about something reviewed; broadcasts.

    Never below guessing, and never above the better of ability and memory alone: whoever recalls a thing for certain
    is right, and a sum of two logits must not promise more than that.
    """
    predicted = logistic(
        forgetting.intercept + forgetting.ability_weight * _logit(chances) + forgetting.recall_weight * _logit(recall)
    )
    most = np.maximum(chances, GUESSING + (1 - GUESSING) * np.clip(recall, *CLIP))
    return np.clip(predicted, GUESSING, most)


def fitted_forgetting(chances: Floats, recall: Floats, is_correct: Booleans) -> Forgetting:
    """Most probable weights given first answers to unseen variants of reviewed objectives: the chance by ability, the
    recall at the moment of answering, the outcome. Newton's method; neither weight below 0."""
    if not len(chances) == len(recall) == len(is_correct):
        raise ValueError("Every answer needs a chance, a recall and an outcome.")
    if not (np.isfinite(chances).all() and np.isfinite(recall).all()):
        raise ValueError("Chances and recalls must be finite numbers.")
    features = np.column_stack([np.ones(len(chances)), _logit(chances), _logit(recall)])
    start = np.array([FORGETTING.intercept, FORGETTING.ability_weight, FORGETTING.recall_weight])
    precision = np.eye(3) / FORGETTING_SPREAD**2
    weights = start
    for _ in range(50):
        predicted = logistic(features @ weights)
        slope = features.T @ (is_correct - predicted) - precision @ (weights - start)
        curvature = features.T @ (features * (predicted * (1 - predicted))[:, None]) + precision
        step = np.linalg.solve(curvature, slope)
        weights = weights + step
        if np.abs(step).max() < 1e-10:
            break
    intercept, ability_weight, recall_weight = map(float, weights)
    return Forgetting(intercept, max(0.0, ability_weight), max(0.0, recall_weight))


def _logit(shares: Floats) -> Floats:
    clipped = np.clip(shares, *CLIP)
    result: Floats = np.log(clipped / (1 - clipped))
    return result
