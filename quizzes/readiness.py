"""What abilities and memories mean for an exam: the score to expect, and the chance to reach a target.

The score on a blueprint is predicted by drawing abilities from N(m, V) and a shift of the exam's difficulty from
N(0, .3^2); given both it is about normal with mean sum n_c p_c and variance sum n_c p_c (1 - p_c), read with a
continuity correction. p_c is the mean of P over the difficulties of the pool, mixed with what will be remembered.

Source: M. Abramowitz and I. Stegun, Handbook of Mathematical Functions (1964), 7.1.26, for the normal distribution.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

import numpy as np

from quizzes.ability import GUESSING, Ability, Floats, Integers, chance
from quizzes.forgetting import FORGETTING, Forgetting, Memory, remembered

FORM_SPREAD = 0.3  # how far an exam's difficulty lies from that of our pool

DRAWS = 1_000
STRATA = 100
GRID = np.linspace(-8.0, 8.0, 65)  # abilities at which a pool is looked at; between them linear, to .001 of a share
CURVE_PERCENTS = tuple(range(50, 101, 5))
TAIL = 0.05  # of the predictive distribution, on either side of the interval

FEWEST_FOR_BAND = 12
FEWEST_FOR_PROBABILITY = 30
FEWEST_PER_COMPETENCY = 3
HOUR = 3_600.0  # seconds


class Show(Enum):
    """How much of a readiness the answers bear."""

    NOTHING = "nothing"
    ROUGH = "rough"  # the interval only
    FULL = "full"


@dataclass(frozen=True, slots=True, eq=False)
class Exam:
    """How an exam looks to our pool: items per competency, and the mean chance of a right answer at each of GRID."""

    items: Floats  # (k,), may be fractions; whole in sum
    curves: Floats  # (k, GRID)

    @property
    def item_count(self) -> int:
        return round(float(self.items.sum()))


@dataclass(frozen=True, slots=True)
class Readiness:
    """Of the score: the chance to reach the target, its mean and its 90 % predictive interval in percent, and the
    chance to reach each percentage of CURVE_PERCENTS. `show` says how much of it may be shown."""

    probability: float
    expected: float
    low: float
    high: float
    curve: tuple[tuple[int, float], ...]
    show: Show

    @property
    def shown_percent(self) -> int | None:
        """The probability as it may be told; None while there are too few answers."""
        if self.show is not Show.FULL:
            return None
        return told_percent(self.probability)


def told_percent(probability: float) -> int:
    """To 5 %, beyond which nothing is known, and never certainty."""
    return min(97, max(3, 5 * round(20 * probability)))


def split_items(area_items: Sequence[int], areas: Sequence[int], objectives: Sequence[int]) -> Floats:
    """Items per competency of a blueprint whose areas may hold several of them: `areas` and `objectives` give for each
    competency the place of its area and how many objectives it has, by which the area's items are shared out."""
    share = np.array(objectives, dtype=np.float64)
    place = np.array(areas, dtype=np.int64)
    if (
        len(place) != len(share)
        or not np.isin(np.arange(len(area_items)), place).all()
        or place.max() >= len(area_items)
    ):
        raise ValueError("Every area needs a competency, and every competency an area.")
    totals = np.bincount(place, share, minlength=len(area_items))
    if (share < 0).any() or (totals <= 0).any():
        raise ValueError("Every area needs at least one objective.")
    split: Floats = np.array(area_items, dtype=np.float64)[place] * share / totals[place]
    return split


def make_exam(items: Floats, difficulties: Sequence[Floats], discriminations: Sequence[Floats] | None = None) -> Exam:
    """Of items and, per competency, the items of the pool that stand for those of the exam. The same for every
    candidate, so worth keeping."""
    items = np.asarray(items, dtype=np.float64)
    discriminations = discriminations or [np.ones(len(pool)) for pool in difficulties]
    if not len(items) == len(difficulties) == len(discriminations):
        raise ValueError("Items and difficulties must be given for the same competencies.")
    if not np.isfinite(items).all() or (items < 0).any() or round(float(items.sum())) < 1:
        raise ValueError("An exam needs at least one item, and no competency fewer than none.")
    curves = np.full((len(items), len(GRID)), GUESSING)
    for competency, (pool, slopes) in enumerate(zip(difficulties, discriminations, strict=True)):
        if not (np.isfinite(pool).all() and np.isfinite(slopes).all()):
            raise ValueError("Difficulties and discriminations must be finite numbers.")
        if len(pool):
            curves[competency] = chance(GRID[:, None], pool, slopes).mean(axis=1)
        elif items[competency] > 0:
            raise ValueError(f"Competency {competency} has items in the exam and none in the pool.")
    return Exam(items, curves)


def show_rule(counts: Integers, exam: Exam) -> Show:
    """`counts`: first answers per competency; those without items in the exam need none."""
    if counts.sum() < FEWEST_FOR_BAND:
        return Show.NOTHING
    if counts.sum() < FEWEST_FOR_PROBABILITY or (counts[exam.items > 0] < FEWEST_PER_COMPETENCY).any():
        return Show.ROUGH
    return Show.FULL


def readiness(
    ability: Ability,
    exam: Exam,
    *,
    target_percent: float,
    counts: Integers,
    memories: Sequence[Memory] | None = None,
    forgetting: Forgetting = FORGETTING,
    form_spread: float = FORM_SPREAD,
    seed: int = 0,
) -> Readiness:
    """`counts`: first answers per competency; `memories`: one per competency, none at all where nobody reviews.

    One seed for all candidates and days: what then differs between two readings is not the draw.
    """
    competencies = len(exam.items)
    if not (len(ability.mean) == len(counts) == competencies == len(memories or counts)):
        raise ValueError("Ability, answers, memories and exam must be about the same competencies.")
    if not (np.isfinite(ability.mean).all() and np.isfinite(ability.covariance).all()):
        raise ValueError("Abilities must be finite numbers.")
    if not 0 < target_percent <= 100:
        raise ValueError("A target is a percentage above 0 and up to 100.")
    curves = exam.curves if memories is None else remembered(exam.curves, memories, forgetting)
    means, variances = _drawn_scores(ability, exam.items, curves, form_spread, seed)
    at_most = _score_distribution(means, variances, exam.item_count)

    def reaching(percent: float) -> float:
        needed = math.ceil(percent / 100 * exam.item_count - 1e-9)
        return 1 - float(at_most[needed - 1])

    to_percent = 100 / exam.item_count
    expected = float(means.mean())
    low, high = _interval(at_most, expected)
    return Readiness(
        probability=reaching(target_percent),
        expected=expected * to_percent,
        low=low * to_percent,
        high=high * to_percent,
        curve=tuple((percent, reaching(percent)) for percent in CURVE_PERCENTS),
        show=show_rule(counts, exam),
    )


def points_per_hour(gains: Sequence[Floats], seconds: Sequence[Floats]) -> list[tuple[int, float]]:
    """Competencies by the exam points that the next hour spent on each would win, most first.

    `gains` are points per second of studying each objective at hand now, `seconds` what studying it takes. The best
    are studied first; an hour that outlasts them wins no more.
    """
    won: list[tuple[int, float]] = []
    for competency, (rates, spans) in enumerate(zip(gains, seconds, strict=True)):
        if not (np.isfinite(rates).all() and np.isfinite(spans).all()):
            raise ValueError("Gains and seconds must be finite numbers.")
        worthwhile = np.flatnonzero(rates > 0)
        best = worthwhile[np.argsort(-rates[worthwhile], kind="stable")]
        before = np.cumsum(spans[best]) - spans[best]
        won.append((competency, float((rates[best] * np.clip(HOUR - before, 0, spans[best])).sum())))
    return sorted(won, key=lambda entry: -entry[1])


def _drawn_scores(
    ability: Ability, items: Floats, curves: Floats, form_spread: float, seed: int
) -> tuple[Floats, Floats]:
    """Of each draw of abilities and of an exam: mean and variance of the score."""
    normal = _normal_draws(len(items) + 1, seed)
    theta = ability.mean + normal[:, :-1] @ np.linalg.cholesky(ability.covariance).T
    theta -= form_spread * normal[:, -1:]
    chances = np.stack([np.interp(theta[:, place], GRID, curves[place]) for place in range(len(items))], axis=1)
    return chances @ items, (chances * (1 - chances)) @ items


def _interval(at_most: Floats, expected: float) -> tuple[int, int]:
    """The scores beyond which the share nearest to TAIL lies: the next ones out would hold more than they promise."""
    low, high = np.abs(np.append(0.0, at_most[:-1]) - TAIL).argmin(), np.abs(1 - at_most - TAIL).argmin()
    # An expectation may lie beyond the last score that counts, where nearly all of it is certain.
    return min(int(low), math.floor(expected)), max(int(high), math.ceil(expected - 1e-9))


@lru_cache(maxsize=32)
def _normal_draws(dimensions: int, seed: int) -> Floats:
    """DRAWS standard normal vectors in opposite pairs, made to have mean 0 and covariance 1 exactly."""
    half = np.random.default_rng(seed).standard_normal((DRAWS // 2, dimensions))
    draws = np.concatenate([half, -half])
    whitened: Floats = np.linalg.solve(np.linalg.cholesky(draws.T @ draws / DRAWS), draws.T).T
    whitened.flags.writeable = False
    return whitened


def _score_distribution(means: Floats, variances: Floats, item_count: int) -> Floats:
    """P(score <= x) for x = 0..item_count of a mixture of normals, which is grouped first, as a hundred of them draw
    the same curve as a thousand."""
    groups = np.argsort(means, kind="stable").reshape(STRATA, -1)
    grouped, within = means[groups], variances[groups]
    mean = grouped.mean(axis=1)
    deviation = np.sqrt(within.mean(axis=1) + grouped.var(axis=1) + 1e-12)
    scores = np.arange(item_count) + 0.5
    at_most = _normal_cdf((scores - mean[:, None]) / deviation[:, None]).mean(axis=0)
    # What the normal distribution puts beyond full marks belongs to full marks.
    return np.append(np.maximum.accumulate(at_most), 1.0)


def _normal_cdf(values: Floats) -> Floats:
    size = np.abs(values) / math.sqrt(2)
    t = 1 / (1 + 0.3275911 * size)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    upper = 0.5 * series * np.exp(-size * size)
    result: Floats = np.where(values < 0, upper, 1 - upper)
    return result
