"""Ways to choose the items of a placement test: what each finds out, and which items it wears out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from quizzes.ability import Ability, Item, prior_ability, updated
from quizzes.adaptive import PLACEMENT_ITEMS, RANDOMESQUE, RATE_LIMIT, Pool, next_item
from quizzes.blueprint import apportion
from quizzes.readiness import readiness
from quizzes.simulation.measures import brier
from quizzes.simulation.world import (
    ASSUMED,
    BLUEPRINT,
    CUT,
    MATCHED,
    PRACTICE_ITEMS,
    SEALED_ITEMS,
    SETTINGS,
    Booleans,
    Floats,
    SimulatedItems,
    believed_exam,
    make_items,
    make_sample,
)

SELECTION_CANDIDATES = 400
VARIANTS = 3  # items of one objective
# How many of the most informative items chance takes one of, and which exposure bars an item
SELECTION_MODES = {
    "random": (PRACTICE_ITEMS, math.inf),
    "most information": (1, math.inf),
    "ours": (RANDOMESQUE, RATE_LIMIT),
}


@dataclass(frozen=True, slots=True)
class SelectionFigures:
    mode: str
    composite_error: float  # believed standard error, in logits, of the ability weighted by the blueprint
    true_error: float  # root mean square of what it was wrong by
    brier: float
    max_exposure: float  # share of the tests that showed the item shown most
    never_used: float  # share of the items
    overexposed_choices: int


@dataclass(frozen=True, slots=True, eq=False)
class _Test:
    ability: Ability
    asked: Booleans
    overexposed: int


def run_selection(mode: str, *, candidates: int = SELECTION_CANDIDATES, seed: int = 1) -> SelectionFigures:
    """A placement test each, with the blueprint's quotas, in the setting MATCHED."""
    rng = np.random.default_rng([seed, len(SETTINGS)])
    practice = make_items(PRACTICE_ITEMS, rng, is_calibrated=True)
    sealed = make_items(SEALED_ITEMS, rng, is_calibrated=True)
    sample = make_sample(candidates, MATCHED, practice, sealed, rng)
    exam = believed_exam(sealed)
    weights = BLUEPRINT / BLUEPRINT.sum()
    shown = np.zeros(len(practice))
    overexposed = 0
    spreads, errors, probabilities = [], [], []
    for number, theta in enumerate(sample.theta):
        test = _test(mode, theta, practice, shown / max(1, number), f"{seed} {number}", rng)
        shown += test.asked
        overexposed += test.overexposed
        found = readiness(
            test.ability,
            exam,
            target_percent=CUT,
            counts=np.bincount(practice.competency[test.asked], minlength=len(BLUEPRINT)),
            form_spread=MATCHED.form_spread,
        )
        spreads.append(math.sqrt(weights @ test.ability.covariance @ weights))
        errors.append(float(weights @ (test.ability.mean - theta)))
        probabilities.append(found.probability)
    return SelectionFigures(
        mode=mode,
        composite_error=float(np.mean(spreads)),
        true_error=float(np.sqrt(np.mean(np.square(errors)))),
        brier=brier(np.array(probabilities), sample.has_passed),
        max_exposure=float(shown.max() / candidates),
        never_used=float((shown == 0).mean()),
        overexposed_choices=overexposed,
    )


def _test(
    mode: str, theta: Floats, practice: SimulatedItems, exposure: Floats, seed: str, rng: np.random.Generator
) -> _Test:
    """The placement test of somebody with abilities theta, by the code that candidates meet."""
    size = len(practice)
    pool = Pool(practice.competency, np.arange(size) // VARIANTS, practice.believed, np.ones(size))
    randomesque, rate_limit = SELECTION_MODES[mode]
    ability = prior_ability(ASSUMED, len(BLUEPRINT))
    quotas = np.array(apportion(PLACEMENT_ITEMS, BLUEPRINT.tolist()))
    asked = np.zeros(size, dtype=np.bool_)
    overexposed = 0
    while choice := next_item(
        ability,
        pool,
        quotas=quotas,
        seen=np.zeros(size, dtype=np.bool_),
        asked=asked,
        exposure=exposure,
        seed=seed,
        randomesque=randomesque,
        rate_limit=rate_limit,
    ):
        place = int(pool.competency[choice.index])
        is_correct = bool(rng.random() < practice.chance(theta, np.array([choice.index]))[0])
        ability = updated(ability, place, Item(float(pool.difficulty[choice.index])), is_correct)
        quotas[place] -= 1
        asked[choice.index] = True
        overexposed += choice.is_overexposed
    return _Test(ability, asked, overexposed)
