"""What readiness costs a page, and what a night costs that calibrates and analyses a million answers.

Each night's work stands beside the plainest work on the same answers: counting right ones per item with a loop.
"""

from __future__ import annotations

import resource
from collections import Counter
from collections.abc import Callable
from functools import partial
from time import perf_counter

import numpy as np
import pytest

from quizzes import ability, calibration, item_analysis, readiness
from quizzes.ability import Answers, Prior
from quizzes.adaptive import Pool, next_item, placement_quotas
from quizzes.calibration import FirstAnswers, Items

ITEMS = 1_200
GROWTH = (10_000, 100_000, 1_000_000)
MOST_MILLISECONDS = 5
MOST_CALIBRATION_SECONDS = 60
EACH = 200  # answers of a candidate


def best_seconds(work: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        start = perf_counter()
        work()
        taken.append(perf_counter() - start)
    return min(taken)


def make_first_answers(count: int) -> FirstAnswers:
    draws = np.random.default_rng(2026)
    candidate = np.repeat(np.arange(count // EACH), EACH)
    item = draws.integers(0, ITEMS, count)
    theta = draws.normal(0.8, 0.9, count // EACH)
    known = 1 / (1 + np.exp(-(theta[candidate] - 0.8 * (item % 5 - 2))))
    return FirstAnswers(candidate, item, draws.random(count) < 0.22 + 0.78 * known, np.arange(count))


def make_items() -> Items:
    number = np.arange(ITEMS)
    authored = 0.8 * (number % 5 - 2).astype(float)
    return Items(number % 6, authored, authored, np.ones(ITEMS))


def test_cost_of_readiness_and_of_choosing_an_item(capsys: pytest.CaptureFixture[str]) -> None:
    draws = np.random.default_rng(1)
    count = 1_000
    answers = Answers(
        draws.integers(0, 6, count),
        draws.normal(0, 1, count),
        np.ones(count),
        draws.random(count) < 0.7,
        np.arange(count) / 25,
    )
    exam = readiness.make_exam(np.array([14, 19, 14, 17, 20, 16.0]), [draws.normal(0, 0.8, 60) for _ in range(6)])
    counts = np.bincount(answers.competency)
    now = ability.estimated(answers, Prior())
    pool = Pool(draws.integers(0, 6, 900), np.arange(900), draws.normal(0, 0.8, 900), np.ones(900))
    none = np.zeros(900, bool)
    choose = partial(
        next_item, now, pool, quotas=placement_quotas(), seen=none, asked=none, exposure=np.zeros(900), seed="x"
    )
    cost = {
        "fold of 1,000 first answers": 1000 * best_seconds(partial(ability.estimated, answers, Prior()), 5),
        "readiness": 1000 * best_seconds(partial(readiness.readiness, now, exam, target_percent=75, counts=counts), 20),
        "choice of an item out of 900": 1000 * best_seconds(choose, 20),
    }
    with capsys.disabled():
        print("\n" + ", ".join(f"{name} {each:.2f} ms" for name, each in cost.items()))
    assert cost["readiness"] < MOST_MILLISECONDS
    assert cost["choice of an item out of 900"] < MOST_MILLISECONDS


def test_calibration_and_item_analysis_of_a_million_answers(capsys: pytest.CaptureFixture[str]) -> None:
    for count in GROWTH:
        first = make_first_answers(count)
        pairs = list(zip(first.item.tolist(), first.is_correct.tolist(), strict=True))
        counted = best_seconds(lambda pairs=pairs: Counter(item for item, is_correct in pairs if is_correct), 1)
        calibrated = best_seconds(partial(calibration.calibrated, first, make_items(), Prior()), 1)
        options = np.where(first.is_correct, 0, 1 + first.item % 3)
        sheet = item_analysis.Answers(first.candidate, first.item, options, first.is_correct, np.full(count, 40))
        analysed = best_seconds(partial(item_analysis.analyse, sheet, ITEMS), 1)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        with capsys.disabled():
            print(
                f"\n{count:,} answers: calibration {calibrated:.2f} s, item analysis {analysed:.2f} s,"
                f" counting in a loop {counted:.2f} s; peak memory {peak} MB",
                end="",
            )
    with capsys.disabled():
        print()
    assert calibrated < MOST_CALIBRATION_SECONDS
