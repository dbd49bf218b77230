"""How well readiness and adaptive selection do where the truth is known, and is not what they assume.

Simulated items have three parameters each: b = what its authored level says + N(0, .8^2), a lognormal around 1, and a
guessing floor between .12 and .32, while the estimate assumes a = 1 and one floor for all. Candidates answer items of
a practice pool and then sit an exam of 100 others from a sealed pool, by a blueprint; the exam is passed at 75. Each
tenth of them meets a bank of its own.

Two settings. MATCHED is that of the prototype: the population is the assumed one, the exam as hard as the pool and
known to be so, and the items calibrated, with the error that calibration leaves. SHIPPED is the first day: nothing is
calibrated (authored levels only), every exam is harder or easier than the pool by N(0, .3^2), and the population
differs from the assumed one: its mean lies .15 logits lower, its general spread is .9 (assumed .8) and its specific
spread .5 (assumed .4).

Measures: Brier score mean (p - y)^2, log loss with p clipped to 1e-4, expected calibration error over ten bins of
equal mass, skill 1 - Brier / Brier of the pass rate, coverage and width of the 90 % interval; what is judged has a 95 %
bootstrap interval over candidates, and misses its target when all of that interval does. Even a perfect forecast has
a calibration error in a finite sample: `error_floor` is its mean. Even somebody's true ability does not tell the score:
`best_skill` is that of forecasting from the truth.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from quizzes.ability import (
    FORM_SPREAD,
    Exam,
    Item,
    Prior,
    authored_difficulty,
    chance,
    make_exam,
    prior_ability,
    readiness,
    updated,
)
from quizzes.adaptive import PLACEMENT_ITEMS, RANDOMESQUE, RATE_LIMIT, Pool, next_item
from quizzes.blueprint import apportion

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

CANDIDATES = 1_000
BANKS = 10
ANSWER_COUNTS = (12, 30, 60, 120, 300)
BLUEPRINT = np.array([14, 19, 14, 17, 20, 16])
CUT = 75
PRACTICE_ITEMS, SEALED_ITEMS = 900, 400
LEVEL_SHARES = (0.02, 0.11, 0.45, 0.36, 0.06)  # of the bank as it stands
DIFFICULTY_ERROR = 0.8  # of an authored level
CALIBRATED_ERROR = 0.37  # left by calibration with some two hundred answers an item
DISCRIMINATION_SPREAD = 0.2  # of log a
GUESSING_RANGE = (0.12, 0.32)
STANDARD_NORMAL = NormalDist()
ASSUMED = Prior(mean=1.65)  # where about .7 of the candidates pass

BINS = 10
RESAMPLES = 400
SELECTION_CANDIDATES = 400
VARIANTS = 3  # items of one objective
# How many of the most informative items chance takes one of, and which exposure bars an item
SELECTION_MODES = {
    "random": (PRACTICE_ITEMS, math.inf),
    "most information": (1, math.inf),
    "ours": (RANDOMESQUE, RATE_LIMIT),
}

# What must hold, or the command fails
MOST_CALIBRATION_ERROR = 0.05
COVERAGE_RANGE = (0.87, 0.93)
LEAST_SKILL: Mapping[int, float] = {30: 0.35, 120: 0.5}


@dataclass(frozen=True, slots=True)
class Setting:
    name: str
    truth: Prior
    form_spread: float
    is_calibrated: bool


MATCHED = Setting("matched", ASSUMED, form_spread=0.0, is_calibrated=True)
SHIPPED = Setting(
    "shipped",
    replace(ASSUMED, mean=ASSUMED.mean - 0.15, general_spread=0.9, specific_spread=0.5),
    form_spread=FORM_SPREAD,
    is_calibrated=False,
)
SETTINGS = (MATCHED, SHIPPED)
OURS = "ours"


@dataclass(frozen=True, slots=True)
class Estimate:
    """With its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one method after n first answers; coverage and width of methods that give an interval."""

    method: str
    n: int
    brier: float
    log_loss: float
    calibration_error: Estimate
    error_floor: float
    skill: Estimate
    coverage: Estimate | None
    width: float | None


@dataclass(frozen=True, slots=True)
class Trial:
    setting: str
    pass_rate: float
    climatology: float  # Brier score of telling everybody the pass rate
    best_skill: float
    figures: list[Figures]


@dataclass(frozen=True, slots=True)
class SelectionFigures:
    mode: str
    composite_error: float  # believed standard error, in logits, of the ability weighted by the blueprint
    true_error: float  # root mean square of what it was wrong by
    brier: float
    max_exposure: float  # share of the tests that showed the item shown most
    never_used: float  # share of the items
    overexposed_choices: int


@dataclass(frozen=True, slots=True)
class Report:
    candidates: int
    seed: int
    trials: list[Trial]
    selection: list[SelectionFigures]


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedItems:
    competency: Integers
    difficulty: Floats
    discrimination: Floats
    guessing: Floats
    level: Integers
    believed: Floats  # the difficulty that the estimate works with

    def __len__(self) -> int:
        return len(self.competency)

    def chance(self, theta: Floats, items: Integers, shift: float = 0.0) -> Floats:
        """Of right answers to these items for somebody with abilities theta (k,)."""
        score = self.discrimination[items] * (theta[self.competency[items]] - shift - self.difficulty[items])
        floor = self.guessing[items]
        right: Floats = floor + (1 - floor) / (1 + np.exp(-score))
        return right


@dataclass(frozen=True, slots=True, eq=False)
class Forecasts:
    """For each candidate."""

    probability: Floats
    low: Floats | None = None
    high: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Simulated candidates: abilities (N, k), their first answers in order (N, n), and the exam that they sat."""

    theta: Floats
    order: Integers  # items of the practice pool
    is_correct: Booleans
    score: Integers

    @property
    def has_passed(self) -> Booleans:
        return self.score >= CUT


# The world


def make_items(count: int, rng: np.random.Generator, *, is_calibrated: bool) -> SimulatedItems:
    """As many of each competency as the blueprint weighs it."""
    competency = np.repeat(np.arange(len(BLUEPRINT)), np.round(count * BLUEPRINT / BLUEPRINT.sum()).astype(np.int64))
    total = len(competency)
    steps = (np.arange(total) + 0.5) / total
    level = 1 + rng.permutation(np.searchsorted(np.cumsum(LEVEL_SHARES)[:-1], steps))
    authored = np.array([authored_difficulty(int(number)) for number in level])
    difficulty = authored + rng.normal(0, DIFFICULTY_ERROR, total)
    believed = calibrated(difficulty, authored, rng) if is_calibrated else authored
    return SimulatedItems(
        competency=competency,
        difficulty=difficulty,
        discrimination=np.exp(rng.normal(0, DISCRIMINATION_SPREAD, total)),
        guessing=rng.uniform(*GUESSING_RANGE, total),
        level=level,
        believed=believed,
    )


def calibrated(difficulty: Floats, authored: Floats, rng: np.random.Generator) -> Floats:
    """What calibration would make of them: drawn to the authored ones as far as the answers leave doubt."""
    kept = 1 - (CALIBRATED_ERROR / DIFFICULTY_ERROR) ** 2
    doubt = CALIBRATED_ERROR / math.sqrt(kept)
    found: Floats = authored + kept * (difficulty + rng.normal(0, doubt, len(difficulty)) - authored)
    return found


def make_abilities(count: int, population: Prior, rng: np.random.Generator) -> Floats:
    """The general part in equal steps of its distribution: a sample that by chance is able would say little of us."""
    steps = rng.permutation([STANDARD_NORMAL.inv_cdf((place + 0.5) / count) for place in range(count)])
    general = population.mean + population.general_spread * steps[:, None]
    specific: Floats = rng.normal(0, population.specific_spread, (count, len(BLUEPRINT)))
    return general + specific


def draw_form(sealed: SimulatedItems, rng: np.random.Generator) -> Integers:
    """The 100 items of one sitting, by the blueprint."""
    return np.concatenate(
        [
            rng.choice(np.flatnonzero(sealed.competency == place), size=items, replace=False)
            for place, items in enumerate(BLUEPRINT)
        ]
    )


def make_sample(
    count: int, setting: Setting, practice: SimulatedItems, sealed: SimulatedItems, rng: np.random.Generator
) -> Sample:
    theta = make_abilities(count, setting.truth, rng)
    order = np.stack([rng.permutation(len(practice))[: max(ANSWER_COUNTS)] for _ in range(count)])
    chances = np.stack([practice.chance(theta[place], order[place]) for place in range(count)])
    is_correct = rng.random(order.shape) < chances
    score = np.zeros(count, dtype=np.int64)
    for place in range(count):
        form = draw_form(sealed, rng)
        shift = rng.normal(0, setting.form_spread)
        score[place] = (rng.random(len(form)) < sealed.chance(theta[place], form, shift)).sum()
    return Sample(theta, order, is_correct, score)


def believed_exam(sealed: SimulatedItems) -> Exam:
    pools = [sealed.believed[sealed.competency == place] for place in range(len(BLUEPRINT))]
    return make_exam(BLUEPRINT.astype(np.float64), pools)


# The methods


def hierarchical(
    sample: Sample, practice: SimulatedItems, exam: Exam, prior: Prior, form_spread: float
) -> dict[int, Forecasts]:
    """Ours, by the code that candidates meet: the filter answer by answer, readiness after each of ANSWER_COUNTS."""
    start = prior_ability(prior, len(BLUEPRINT))
    rows: dict[int, list[tuple[float, float, float]]] = {n: [] for n in ANSWER_COUNTS}
    items = [Item(float(difficulty)) for difficulty in practice.believed]
    competencies = practice.competency.tolist()
    for order, marks in zip(sample.order.tolist(), sample.is_correct.tolist(), strict=True):
        ability = start
        for n, (index, is_correct) in enumerate(zip(order, marks, strict=True), start=1):
            ability = updated(ability, competencies[index], items[index], is_correct)
            if n in rows:
                counts = np.bincount(practice.competency[order[:n]], minlength=len(BLUEPRINT))
                found = readiness(ability, exam, target_percent=CUT, counts=counts, form_spread=form_spread)
                rows[n].append((found.probability, found.low, found.high))
    return {n: Forecasts(*np.array(found).T) for n, found in rows.items()}


def independent(
    sample: Sample, practice: SimulatedItems, exam: Exam, prior: Prior, form_spread: float
) -> dict[int, Forecasts]:
    """The same without what competencies have in common: each starts with the whole spread of its own."""
    spread = math.hypot(prior.general_spread, prior.specific_spread)
    apart = replace(prior, general_spread=0.0, specific_spread=spread)
    return hierarchical(sample, practice, exam, apart, form_spread)


def beta_binomial(right: Floats, n: int, mean: float, spread: float) -> Forecasts:
    """The share of right answers drawn to that of the population, whose shares have this mean and spread."""
    strength = max(1.0, mean * (1 - mean) / spread**2 - 1)
    share = (right + strength * mean) / (n + strength)
    return Forecasts(_passing(share, share * (1 - share) / (n + strength + 1)))


def naive_normal(right: Floats, n: int) -> Forecasts:
    share = right / n
    return Forecasts(_passing(share, share * (1 - share) / n))


def above_cut(right: Floats, n: int) -> Forecasts:
    return Forecasts((100 * right / n >= CUT).astype(np.float64))


def _passing(share: Floats, variance: Floats) -> Floats:
    """Chance that 100 answers reach CUT, when their share of right ones is known with this variance."""
    spread = np.sqrt(100 * share * (1 - share) + 100**2 * variance) + 1e-9
    distance = (100 * share - (CUT - 0.5)) / spread
    return np.array([0.5 * math.erfc(-value / math.sqrt(2)) for value in distance])


# The measures


def brier(probability: Floats, outcome: Booleans) -> float:
    return float(((probability - outcome) ** 2).mean())


def log_loss(probability: Floats, outcome: Booleans) -> float:
    clipped = np.clip(probability, 1e-4, 1 - 1e-4)
    return float(-np.where(outcome, np.log(clipped), np.log(1 - clipped)).mean())


def calibration_error(probability: Floats, outcome: Booleans) -> float:
    """Mean distance of forecast and frequency over BINS of equal mass."""
    order = np.argsort(probability, kind="stable")
    distance = np.add.reduceat((probability - outcome)[order], np.arange(BINS) * len(order) // BINS)
    return float(np.abs(distance).sum() / len(order))


def measured(
    method: str, n: int, forecasts: Forecasts, exam_score: Integers, climatology: float, rng: np.random.Generator
) -> Figures:
    probability, outcome = forecasts.probability, exam_score >= CUT
    size = len(outcome)
    resamples = rng.integers(0, size, (RESAMPLES, size))
    squares = (probability - outcome) ** 2
    rates = outcome[resamples].mean(axis=1)
    score = brier(probability, outcome)
    errors = np.array([calibration_error(probability[rows], outcome[rows]) for rows in resamples])
    perfect = [calibration_error(probability, rng.random(size) < probability) for _ in range(RESAMPLES)]
    coverage = width = None
    if forecasts.low is not None and forecasts.high is not None:
        covered = (forecasts.low <= exam_score) & (exam_score <= forecasts.high)
        coverage = _estimate(float(covered.mean()), covered[resamples].mean(axis=1))
        width = float((forecasts.high - forecasts.low).mean())
    return Figures(
        method=method,
        n=n,
        brier=score,
        log_loss=log_loss(probability, outcome),
        calibration_error=_estimate(calibration_error(probability, outcome), errors, least=0.0),
        error_floor=float(np.mean(perfect)),
        skill=_estimate(1 - score / climatology, 1 - squares[resamples].mean(axis=1) / (rates * (1 - rates))),
        coverage=coverage,
        width=width,
    )


def _estimate(value: float, resampled: Floats, least: float = -math.inf) -> Estimate:
    """The basic interval, which reflects the resampled values: where sampling errs to one side, as it does with a mean
    of absolute distances, it takes the error back instead of doubling it."""
    low, high = np.quantile(resampled, [0.025, 0.975])
    return Estimate(value, max(least, 2 * value - float(high)), max(least, 2 * value - float(low)))


# The trials


def run_trial(setting: Setting, *, candidates: int = CANDIDATES, seed: int = 1) -> Trial:
    """Over several banks, as the luck of one would be taken for a property of the method."""
    rng = np.random.default_rng([seed, SETTINGS.index(setting)])
    samples, truths, forecasts = [], [], []
    for bank in range(BANKS):
        practice = make_items(PRACTICE_ITEMS, rng, is_calibrated=setting.is_calibrated)
        sealed = make_items(SEALED_ITEMS, rng, is_calibrated=setting.is_calibrated)
        share = candidates * (bank + 1) // BANKS - candidates * bank // BANKS
        samples.append(make_sample(share, setting, practice, sealed, rng))
        truths.append(true_chances(samples[-1], sealed, setting.form_spread))
        forecasts.append(all_forecasts(samples[-1], practice, sealed, setting, rng))
    score = np.concatenate([sample.score for sample in samples])
    pass_rate = float((score >= CUT).mean())
    climatology = pass_rate * (1 - pass_rate)
    return Trial(
        setting=setting.name,
        pass_rate=pass_rate,
        climatology=climatology,
        best_skill=1 - brier(np.concatenate(truths), score >= CUT) / climatology,
        figures=[
            measured(method, n, _joined([bank[method][n] for bank in forecasts]), score, climatology, rng)
            for method in forecasts[0]
            for n in ANSWER_COUNTS
        ],
    )


def _joined(parts: Sequence[Forecasts]) -> Forecasts:
    def joined(bounds: Sequence[Floats | None]) -> Floats | None:
        known = [bound for bound in bounds if bound is not None]
        return np.concatenate(known) if known else None

    return Forecasts(
        np.concatenate([part.probability for part in parts]),
        joined([part.low for part in parts]),
        joined([part.high for part in parts]),
    )


def all_forecasts(
    sample: Sample, practice: SimulatedItems, sealed: SimulatedItems, setting: Setting, rng: np.random.Generator
) -> dict[str, dict[int, Forecasts]]:
    exam = believed_exam(sealed)
    population = make_abilities(CANDIDATES, ASSUMED, rng)[:, practice.competency]
    shares = chance(population, practice.believed, np.ones(len(practice))).mean(axis=1)
    mean, spread = float(shares.mean()), float(shares.std())
    right = {n: sample.is_correct[:, :n].sum(axis=1).astype(np.float64) for n in ANSWER_COUNTS}
    return {
        OURS: hierarchical(sample, practice, exam, ASSUMED, setting.form_spread),
        "independent competencies": independent(sample, practice, exam, ASSUMED, setting.form_spread),
        "beta-binomial": {n: beta_binomial(right[n], n, mean, spread) for n in ANSWER_COUNTS},
        "naive normal": {n: naive_normal(right[n], n) for n in ANSWER_COUNTS},
        "share >= cut": {n: above_cut(right[n], n) for n in ANSWER_COUNTS},
    }


def true_chances(sample: Sample, sealed: SimulatedItems, form_spread: float) -> Floats:
    """Of passing, for somebody who knows the true abilities and items, and not the form."""
    steps = [form_spread * STANDARD_NORMAL.inv_cdf((place + 0.5) / 20) for place in range(20)]
    everything = np.arange(len(sealed))
    weights = (BLUEPRINT / np.bincount(sealed.competency))[sealed.competency]
    chances = np.zeros(len(sample.theta))
    for place, theta in enumerate(sample.theta):
        by_shift = np.stack([sealed.chance(theta, everything, shift) for shift in steps])
        distance = (by_shift @ weights - (CUT - 0.5)) / np.sqrt((by_shift * (1 - by_shift)) @ weights)
        chances[place] = np.mean([STANDARD_NORMAL.cdf(float(value)) for value in distance])
    return chances


def run_selection(mode: str, *, candidates: int = SELECTION_CANDIDATES, seed: int = 1) -> SelectionFigures:
    """A placement test each, with the blueprint's quotas, in the setting MATCHED."""
    rng = np.random.default_rng([seed, len(SETTINGS)])
    practice = make_items(PRACTICE_ITEMS, rng, is_calibrated=True)
    sealed = make_items(SEALED_ITEMS, rng, is_calibrated=True)
    sample = make_sample(candidates, MATCHED, practice, sealed, rng)
    exam = believed_exam(sealed)
    size = len(practice)
    pool = Pool(practice.competency, np.arange(size) // VARIANTS, practice.believed, np.ones(size))
    randomesque, rate_limit = SELECTION_MODES[mode]
    weights = BLUEPRINT / BLUEPRINT.sum()
    shown = np.zeros(size)
    overexposed = 0
    spreads, errors, probabilities = [], [], []
    for number, theta in enumerate(sample.theta):
        ability = prior_ability(ASSUMED, len(BLUEPRINT))
        quotas = np.array(apportion(PLACEMENT_ITEMS, BLUEPRINT.tolist()))
        asked = np.zeros(size, dtype=np.bool_)
        while choice := next_item(
            ability,
            pool,
            quotas=quotas,
            seen=np.zeros(size, dtype=np.bool_),
            asked=asked,
            exposure=shown / max(1, number),
            seed=f"{seed} {number}",
            randomesque=randomesque,
            rate_limit=rate_limit,
        ):
            place = int(pool.competency[choice.index])
            is_correct = bool(rng.random() < practice.chance(theta, np.array([choice.index]))[0])
            ability = updated(ability, place, Item(float(pool.difficulty[choice.index])), is_correct)
            quotas[place] -= 1
            asked[choice.index] = True
            overexposed += choice.is_overexposed
        shown += asked
        found = readiness(
            ability,
            exam,
            target_percent=CUT,
            counts=np.bincount(pool.competency[asked], minlength=len(BLUEPRINT)),
            form_spread=MATCHED.form_spread,
        )
        spreads.append(math.sqrt(weights @ ability.covariance @ weights))
        errors.append(float(weights @ (ability.mean - theta)))
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


def run_all(*, candidates: int = CANDIDATES, seed: int = 1) -> Report:
    return Report(
        candidates=candidates,
        seed=seed,
        trials=[run_trial(setting, candidates=candidates, seed=seed) for setting in SETTINGS],
        selection=[
            run_selection(mode, candidates=min(candidates, SELECTION_CANDIDATES), seed=seed) for mode in SELECTION_MODES
        ],
    )


def missed_targets(report: Report) -> list[str]:
    """A sentence for each target that the report misses by more than chance explains."""
    return [
        f"{trial.setting}, {figures.n} answers: {sentence}"
        for trial in report.trials
        for figures in trial.figures
        if figures.method == OURS
        for sentence in _misses(figures)
    ]


def _misses(figures: Figures) -> list[str]:
    misses = []
    error, skill, coverage = figures.calibration_error, figures.skill, figures.coverage
    if error.low > MOST_CALIBRATION_ERROR:
        misses.append(f"the calibration error is {error.value:.3f}, at most {MOST_CALIBRATION_ERROR} is wanted.")
    least_coverage, most_coverage = COVERAGE_RANGE
    if coverage and (coverage.high < least_coverage or coverage.low > most_coverage):
        misses.append(f"the interval covers {coverage.value:.3f}, {least_coverage} to {most_coverage} is wanted.")
    least_skill = LEAST_SKILL.get(figures.n)
    if least_skill is not None and skill.high < least_skill:
        misses.append(f"the skill is {skill.value:.3f}, at least {least_skill} is wanted.")
    return misses
