"""What a candidate can do in each competency, and what follows for the exam.

Model: theta_c = g + s_c with g ~ N(mean, .8^2) and s_c ~ N(0, .4^2), so that an answer in one competency says something
about the others. An item with difficulty b and discrimination a is answered rightly with

    P = c + (1 - c) s,   s = 1 / (1 + exp(-a (theta_c - b))),   c = .22 (four options, a little less than chance).

Online: an answer y moves mean m and covariance V by one step of a Gaussian filter, with d = dP/dtheta, the information
f = d^2 / (P (1 - P)), and v the column of V that belongs to the competency:

    m' = m + v (y - P) d / (P (1 - P)) / (1 + f v_c),   V' = V - v v' f / (1 + f v_c).

P is not linear, so the step is taken ROUNDS times, each time with the slope at the ability that the one before led to.
That halves the distance to what all answers at once would say (`joint_ability`), and a shortfall in readiness with it.

Readiness: the score on a blueprint is predicted by drawing abilities from N(m, V) and a shift of the exam's difficulty
from N(0, .3^2); given both it is about normal with mean sum n_c p_c and variance sum n_c p_c (1 - p_c), read with a
continuity correction. p_c is the mean of P over the difficulties of the pool. Abilities are of now; what was
reviewed is known on the day of the exam as far as it is still remembered then:

    p = logistic(b0 + b1 logit P + b2 logit R),   (b0, b1, b2) ~ N((0, .5, .5), .3^2) until fitted.

Only first answers to a question count. All abilities, difficulties and spreads are in logits.

Sources: F. M. Lord, Applications of Item Response Theory (1980), chapters 2 and 4; R. J. Mislevy, Bayes modal
estimation in item response models, Psychometrika 51 (1986) 177-195; M. E. Glickman, Parameter estimation in large
dynamic paired comparison experiments, Applied Statistics 48 (1999) 377-394, for the filter; R. V. Lindsey et al.,
Psychological Science 25 (2014) 639-647, for ability and memory together; M. Abramowitz and I. Stegun, Handbook of
Mathematical Functions (1964), 7.1.26, for the normal distribution.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

COMPETENCIES = 6
GUESSING = 0.22
DIFFICULTY_STEP = 0.8  # logits from one authored level to the next
DRIFT = 0.01  # squared logits a day
ROUNDS = 3
FORM_SPREAD = 0.3  # how far an exam's difficulty lies from that of our pool

DRAWS = 1_000
STRATA = 100
GRID = np.linspace(-8.0, 8.0, 65)  # abilities at which a pool is looked at; between them linear, to .001 of a share
CURVE_PERCENTS = tuple(range(50, 101, 5))
TAIL = 0.05  # of the predictive distribution, on either side of the interval

FEWEST_FOR_BAND = 12
FEWEST_FOR_PROBABILITY = 30
FEWEST_PER_COMPETENCY = 3

CLIP = (0.02, 0.98)  # what enters a logit, as a forecast of 0 or 1 would outweigh everything else
HOUR = 3_600.0  # seconds


# Abilities


@dataclass(frozen=True, slots=True)
class Prior:
    """Of the population, before any answer; re-estimated when there are enough candidates.

    Where the mean lies until then is a judgement: somebody who has worked in the field answers about two of three
    questions of medium difficulty on meeting them.
    """

    mean: float = 0.8
    general_spread: float = 0.8
    specific_spread: float = 0.4


@dataclass(frozen=True, slots=True)
class Item:
    difficulty: float
    discrimination: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Ability:
    """A normal distribution over k competencies, in the caller's order."""

    mean: Floats  # (k,)
    covariance: Floats  # (k, k)

    @property
    def spread(self) -> Floats:
        """Standard deviation per competency."""
        return np.sqrt(np.diag(self.covariance))


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """First answers of one candidate, one entry each; ValueError where they are not."""

    competency: Integers
    difficulty: Floats
    discrimination: Floats
    is_correct: Booleans
    day: Floats  # study days, counted from any date

    def __post_init__(self) -> None:
        lengths = {len(self.competency), len(self.difficulty), len(self.discrimination), len(self.is_correct)}
        if lengths != {len(self.day)}:
            raise ValueError("Every answer needs a competency, an item, an outcome and a day.")
        for values in (self.difficulty, self.discrimination, self.day):
            if not np.isfinite(values).all():
                raise ValueError("Difficulties, discriminations and days must be finite numbers.")

    def __len__(self) -> int:
        return len(self.day)


def authored_difficulty(level: int) -> float:
    """Logits of a level from 1 (easy) to 5 (hard), linear with level 3 at 0.

    What calibration takes for the mean of an item's difficulty before it has answers.
    """
    if not 1 <= level <= 5:
        raise ValueError(f"A difficulty is a level from 1 to 5, not {level}.")
    return DIFFICULTY_STEP * (level - 3)


def prior_ability(prior: Prior, competencies: int = COMPETENCIES) -> Ability:
    covariance = prior.general_spread**2 * np.ones((competencies, competencies))
    covariance += prior.specific_spread**2 * np.eye(competencies)
    return Ability(np.full(competencies, prior.mean), covariance)


def chance(ability: Floats, difficulty: Floats, discrimination: Floats) -> Floats:
    """Of a right answer; broadcasts."""
    return GUESSING + (1 - GUESSING) * _logistic(discrimination * (ability - difficulty))


def updated(ability: Ability, competency: int, item: Item, is_correct: bool) -> Ability:
    """After one more first answer."""
    if not 0 <= competency < len(ability.mean):
        raise ValueError(f"There is no competency {competency} among {len(ability.mean)}.")
    mean, column = float(ability.mean[competency]), ability.covariance[:, competency]
    variance = float(column[competency])
    if not (math.isfinite(mean) and math.isfinite(item.difficulty) and math.isfinite(item.discrimination)):
        raise ValueError("Abilities, difficulties and discriminations must be finite numbers.")
    theta = mean
    for _ in range(ROUNDS):
        slope, _, bend = _answer_slopes(theta, item, is_correct)
        theta = mean + variance * (slope + bend * (theta - mean)) / (1 + variance * bend)
    _, information, _ = _answer_slopes(theta, item, is_correct)
    return Ability(
        ability.mean + column * ((theta - mean) / variance),
        ability.covariance - np.outer(column, column) * (information / (1 + information * variance)),
    )


def _answer_slopes(theta: float, item: Item, is_correct: bool) -> tuple[float, float, float]:
    """First derivative of the answer's log likelihood, the item's information, and how the likelihood bends.

    A wrong answer far below its item informs little but bends much: steps by information alone would overshoot.
    """
    known = 1 / (1 + math.exp(-min(30.0, max(-30.0, item.discrimination * (theta - item.difficulty)))))
    expected = GUESSING + (1 - GUESSING) * known
    # 1 - P = (1 - c)(1 - s), so that d / (P (1 - P)) is a s / P and nothing is divided by zero.
    weight = item.discrimination * known / expected
    information = weight * item.discrimination * (1 - GUESSING) * known * (1 - known)
    bend = information if is_correct else item.discrimination**2 * known * (1 - known)
    return weight * (is_correct - expected), information, bend


def drifted(ability: Ability, days: float, prior: Prior) -> Ability:
    """After days without an answer: less certain, competencies together as in the prior, but never less than before
    the first answer. For what is well known this adds DRIFT a day to each variance."""
    if not (math.isfinite(days) and days >= 0):
        raise ValueError("Days between answers must not be negative.")
    if days == 0:
        return ability
    ignorance = prior_ability(prior, len(ability.mean)).covariance
    share = min(1.0, DRIFT * days / float(ignorance[0, 0]))
    return Ability(ability.mean, (1 - share) * ability.covariance + share * ignorance)


def estimated(
    answers: Answers, prior: Prior, *, competencies: int = COMPETENCIES, on_day: float | None = None
) -> Ability:
    """The filter folded over the answers in order of time, and then on to a day without answers if one is given."""
    trail = ability_trail(answers, prior, competencies=competencies)
    if not trail:
        return prior_ability(prior, competencies)
    last, ability = trail[-1]
    return ability if on_day is None else drifted(ability, on_day - last, prior)


def ability_trail(answers: Answers, prior: Prior, *, competencies: int = COMPETENCIES) -> list[tuple[float, Ability]]:
    """The ability at the end of each day with answers."""
    _check_competencies(answers.competency, competencies)
    trail: list[tuple[float, Ability]] = []
    ability = prior_ability(prior, competencies)
    for place in np.argsort(answers.day, kind="stable"):
        day = float(answers.day[place])
        is_new_day = not trail or trail[-1][0] != day
        if trail and is_new_day:
            ability = drifted(ability, day - trail[-1][0], prior)
        item = Item(float(answers.difficulty[place]), float(answers.discrimination[place]))
        ability = updated(ability, int(answers.competency[place]), item, bool(answers.is_correct[place]))
        trail[len(trail) if is_new_day else -1 :] = [(day, ability)]
    return trail


def joint_ability(answers: Answers, prior: Prior, *, competencies: int = COMPETENCIES) -> Ability:
    """Laplace's approximation to the posterior of all answers at once, without drift: what the filter approximates."""
    _check_competencies(answers.competency, competencies)
    start = prior_ability(prior, competencies)
    precision = np.linalg.inv(start.covariance)
    theta, posterior = start.mean, precision
    for _ in range(100):
        known = _logistic(answers.discrimination * (theta[answers.competency] - answers.difficulty))
        expected = GUESSING + (1 - GUESSING) * known
        weight = answers.discrimination * known / expected
        information = weight * answers.discrimination * (1 - GUESSING) * known * (1 - known)
        posterior = precision + np.diag(np.bincount(answers.competency, information, minlength=competencies))
        bend = np.where(answers.is_correct, information, answers.discrimination**2 * known * (1 - known))
        curvature = precision + np.diag(np.bincount(answers.competency, bend, minlength=competencies))
        slope = np.bincount(answers.competency, weight * (answers.is_correct - expected), minlength=competencies)
        step = np.linalg.solve(curvature, slope - precision @ (theta - start.mean))
        if np.abs(step).max() < 1e-9:
            break
        theta = theta + step
    covariance = np.linalg.inv(posterior)
    return Ability(theta, (covariance + covariance.T) / 2)


# Readiness


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

    normal = _normal_draws(competencies + 1, seed)
    theta = ability.mean + normal[:, :-1] @ np.linalg.cholesky(ability.covariance).T
    theta -= form_spread * normal[:, -1:]
    chances = np.stack([np.interp(theta[:, place], GRID, curves[place]) for place in range(competencies)], axis=1)
    means: Floats = chances @ exam.items
    variances: Floats = (chances * (1 - chances)) @ exam.items
    at_most = _score_distribution(means, variances, exam.item_count)

    def reaching(percent: float) -> float:
        needed = math.ceil(percent / 100 * exam.item_count - 1e-9)
        return 1 - float(at_most[needed - 1])

    to_percent = 100 / exam.item_count
    expected = float(means.mean())
    # The scores beyond which the share nearest to TAIL lies: the next ones out would hold more than they promise. An
    # expectation may lie beyond the last score that counts, where nearly all of it is certain.
    low = min(int(np.abs(np.append(0.0, at_most[:-1]) - TAIL).argmin()), math.floor(expected))
    high = max(int(np.abs(1 - at_most - TAIL).argmin()), math.ceil(expected - 1e-9))
    return Readiness(
        probability=reaching(target_percent),
        expected=expected * to_percent,
        low=low * to_percent,
        high=high * to_percent,
        curve=tuple((percent, reaching(percent)) for percent in CURVE_PERCENTS),
        show=show_rule(counts, exam),
    )


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
    predicted = _logistic(
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
        predicted = _logistic(features @ weights)
        slope = features.T @ (is_correct - predicted) - precision @ (weights - start)
        curvature = features.T @ (features * (predicted * (1 - predicted))[:, None]) + precision
        step = np.linalg.solve(curvature, slope)
        weights = weights + step
        if np.abs(step).max() < 1e-10:
            break
    intercept, ability_weight, recall_weight = map(float, weights)
    return Forgetting(intercept, max(0.0, ability_weight), max(0.0, recall_weight))


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


# Arithmetic


def _check_competencies(competency: Integers, competencies: int) -> None:
    if len(competency) and not (competency.min() >= 0 and competency.max() < competencies):
        raise ValueError(f"An answer is about a competency that is none of the {competencies}.")


def _logistic(values: Floats) -> Floats:
    result: Floats = 1 / (1 + np.exp(-np.clip(values, -30, 30)))
    return result


def _logit(shares: Floats) -> Floats:
    clipped = np.clip(shares, *CLIP)
    result: Floats = np.log(clipped / (1 - clipped))
    return result


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
