"""First answers and abilities to try the arithmetic on."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from quizzes.ability import Ability, Answers, Prior

PRIOR = Prior()


@st.composite
def histories(draw: st.DrawFn, days: int = 3) -> Answers:
    """Up to 40 answers over a few days."""
    size = draw(st.integers(0, 40))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    return Answers(
        competency=rng.integers(0, 6, size),
        difficulty=rng.normal(0, 1.2, size),
        discrimination=np.exp(rng.normal(0, 0.3, size)),
        is_correct=rng.random(size) < draw(st.sampled_from([0.1, 0.5, 0.7, 0.95])),
        day=np.sort(rng.integers(0, days, size)).astype(np.float64),
    )


def answers(*marks: bool, competency: int = 0, day: float = 0.0) -> Answers:
    size = len(marks)
    return Answers(
        np.full(size, competency), np.zeros(size), np.ones(size), np.array(marks, dtype=np.bool_), np.full(size, day)
    )


def at(level: float, spread: float = 0.01) -> Ability:
    return Ability(np.full(6, level), spread**2 * np.eye(6))
