"""What a calibration reads: first answers, and the items with the parameters in force."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class FirstAnswers:
    """Candidates and items are numbered from 0; `row` is any lasting number of the answer."""

    candidate: Integers
    item: Integers
    is_correct: Booleans
    row: Integers

    def __post_init__(self) -> None:
        if len({len(self.candidate), len(self.item), len(self.is_correct), len(self.row)}) != 1:
            raise ValueError("Every answer needs a candidate, an item, a mark and a row.")
        if len(self) and min(self.candidate.min(), self.item.min()) < 0:
            raise ValueError("Candidates and items are numbered from 0.")

    def __len__(self) -> int:
        return len(self.candidate)

    def where(self, chosen: Booleans) -> FirstAnswers:
        return FirstAnswers(self.candidate[chosen], self.item[chosen], self.is_correct[chosen], self.row[chosen])


@dataclass(frozen=True, slots=True)
class Items:
    """By number: the competency (from 0), the authored difficulty, and the parameters in force."""

    competency: Integers
    authored: Floats
    difficulty: Floats
    discrimination: Floats

    def __post_init__(self) -> None:
        if len({len(self.competency), len(self.authored), len(self.difficulty), len(self.discrimination)}) != 1:
            raise ValueError(
                "Every item needs a competency, an authored difficulty, a difficulty and a discrimination."
            )
        if not all(np.isfinite(values).all() for values in (self.authored, self.difficulty, self.discrimination)):
            raise ValueError("A difficulty or a discrimination is not a number.")
        if len(self) and (self.discrimination.min() <= 0 or self.competency.min() < 0):
            raise ValueError("Discriminations are above 0 and competencies are numbered from 0.")

    def __len__(self) -> int:
        return len(self.competency)


def by_item(answers: FirstAnswers) -> FirstAnswers:
    order = np.argsort(answers.item, kind="stable")
    return FirstAnswers(answers.candidate[order], answers.item[order], answers.is_correct[order], answers.row[order])
