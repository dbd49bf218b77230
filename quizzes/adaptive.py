"""Which item to ask next, so that few answers tell much about a candidate.

With s = 1 / (1 + exp(-a (theta - b))) and P = c + (1 - c) s, an item informs about the ability theta by

    I = ((1 - c) a s (1 - s))^2 / (P (1 - P)).

1. The competency is drawn from the slots that its quota has left: what is measured stays the blueprint's, whatever
   informs most.
2. Out of it come items that the candidate has not seen, of objectives that this test has not asked about.
3. Items which RATE_LIMIT of all tests have shown are barred (item eligibility); when nothing else is left, the least
   exposed stands in, and the choice says so.
4. Of the RANDOMESQUE most informative ones chance takes one.

The same state and seed give the same item.

Sources: F. M. Lord, Applications of Item Response Theory (1980), chapter 10; G. G. Kingsbury and A. R. Zara, Procedures
for selecting items for computerized adaptive tests, Applied Measurement in Education 2 (1989) 359-375 (content quotas
and randomesque selection); J. R. Barrada, F. J. Abad and B. P. Veldkamp, Comparison of methods for controlling maximum
exposure rates in computerized adaptive testing, Psicothema 21 (2009) 313-320 (item eligibility).
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from quizzes.ability import COMPETENCIES, GUESSING, Ability

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

PLACEMENT_ITEMS = 30
RANDOMESQUE = 8
RATE_LIMIT = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """One entry per item; competencies are places in the ability, objectives any numbers. ValueError if unusable."""

    competency: Integers
    objective: Integers
    difficulty: Floats
    discrimination: Floats

    def __post_init__(self) -> None:
        if not len(self.competency) == len(self.objective) == len(self.difficulty) == len(self.discrimination):
            raise ValueError("Every item needs a competency, an objective, a difficulty and a discrimination.")
        if not (np.isfinite(self.difficulty).all() and np.isfinite(self.discrimination).all()):
            raise ValueError("Difficulties and discriminations must be finite numbers.")

    def __len__(self) -> int:
        return len(self.competency)


@dataclass(frozen=True, slots=True)
class Choice:
    index: int
    is_overexposed: bool = False  # nothing below the limit was left


def placement_quotas(items: int = PLACEMENT_ITEMS, competencies: int = COMPETENCIES) -> Integers:
    """As many items of each competency, earlier ones first where they cannot be equal."""
    if items < 0 or competencies < 1:
        raise ValueError("A placement test needs a competency, and no fewer items than none.")
    return np.array([(items + competencies - 1 - place) // competencies for place in range(competencies)])


def information(theta: Floats, difficulty: Floats, discrimination: Floats) -> Floats:
    """Per squared logit; broadcasts."""
    known = 1 / (1 + np.exp(-np.clip(discrimination * (theta - difficulty), -30, 30)))
    # 1 - P = (1 - c)(1 - s), which leaves this of the square and its divisor.
    result: Floats = (1 - GUESSING) * (discrimination * known) ** 2 * (1 - known) / (GUESSING + (1 - GUESSING) * known)
    return result


def next_item(
    ability: Ability,
    pool: Pool,
    *,
    quotas: Integers,
    seen: Booleans,
    asked: Booleans,
    exposure: Floats,
    seed: int | str,
    randomesque: int = RANDOMESQUE,
    rate_limit: float = RATE_LIMIT,
) -> Choice | None:
    """None when no competency with a quota left has an item that may be asked.

    `quotas`: slots left per competency; `seen`: items met before this test; `asked`: items of this test, whose other
    variants are barred with them; `exposure`: share of the tests so far that showed each item.
    """
    competencies = len(ability.mean)
    if len(quotas) != competencies or (quotas < 0).any():
        raise ValueError("Every competency needs a quota that is not negative.")
    if not len(seen) == len(asked) == len(exposure) == len(pool):
        raise ValueError("What was seen, asked and shown must be given for each item of the pool.")
    if len(pool) and not (pool.competency.min() >= 0 and pool.competency.max() < competencies):
        raise ValueError(f"An item is of a competency that is none of the {competencies}.")

    rng = Random(f"{seed} {np.count_nonzero(asked)}")
    asked_objectives = pool.objective[asked]
    left = quotas.tolist()
    while any(left):
        # A competency that has run dry is passed over; its slots stay empty.
        competency = rng.choices(range(competencies), weights=left)[0]
        left[competency] = 0
        candidates = np.flatnonzero((pool.competency == competency) & ~seen & ~asked)
        candidates = candidates[~np.isin(pool.objective[candidates], asked_objectives)]
        if len(candidates):
            return _choice(float(ability.mean[competency]), pool, candidates, exposure, rng, randomesque, rate_limit)
    return None


def _choice(
    theta: float,
    pool: Pool,
    candidates: Integers,
    exposure: Floats,
    rng: Random,
    randomesque: int,
    rate_limit: float,
) -> Choice:
    eligible = candidates[exposure[candidates] < rate_limit]
    if not len(eligible):
        return Choice(int(candidates[np.argmin(exposure[candidates])]), is_overexposed=True)
    informative = information(np.array(theta), pool.difficulty[eligible], pool.discrimination[eligible])
    best = np.argsort(-informative, kind="stable")[:randomesque]
    return Choice(int(eligible[best[rng.randrange(len(best))]]))
