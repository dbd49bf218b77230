"""How questions perform in practice, where nobody answers everything, and no two answer the same.

facility p = right answers / answers.

As what is missing is planned, the rest score of an answer is what the candidate got right of the other questions, less
what those questions are worth on the average,

    r = (share right of the others) - (mean facility of the others),

and a candidate counts for it from 20 answers on. Discrimination is the correlation of the mark with the rest score: the
item itself is removed, else it would correlate with itself. Its standard error is (1 - r^2) / sqrt(n - 1). Efficiency
is 100 cov / cov_max, cov_max pairing both lists sorted: what is reached of what these marks allow. The upper and lower
groups are the 27 % with the highest and with the lowest rest scores. Where there is no variance there is no
correlation: NaN, not zero.

Sources: S. Henrysson, Psychometrika 28 (1963) 211-218; T. L. Kelley, Journal of Educational Psychology 30 (1939) 17-24
(27 %).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

OPTIONS = 4
FEWEST_ANSWERS_OF_CANDIDATE = 20
GROUP_SHARE = 0.27
TOP_SHARE = 1 / 3
LONGEST_SECONDS = 2**20 - 1
# Equal shares may differ in their last bit; a correlation of such noise would be a number without meaning.
NOISE = 1e-18


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """One entry per first answer. Candidates, items and options are numbered from 0; 0 seconds were not measured."""

    candidate: Integers
    item: Integers
    option: Integers
    is_correct: Booleans
    seconds: Integers

    def __post_init__(self) -> None:
        columns = (self.candidate, self.item, self.option, self.is_correct, self.seconds)
        if len({len(column) for column in columns}) != 1:
            raise ValueError("Every answer needs a candidate, an item, an option, a mark and a time.")
        if len(self) and min(self.candidate.min(), self.item.min(), self.option.min(), self.seconds.min()) < 0:
            raise ValueError("Candidates, items and options are numbered from 0, and no time is negative.")
        if len(self) and self.option.max() >= OPTIONS:
            raise ValueError(f"An option is a number below {OPTIONS}.")

    def __len__(self) -> int:
        return len(self.candidate)


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """By item, and where named so by item and option. What cannot be known is NaN."""

    n: Integers
    facility: Floats
    discrimination_n: Integers
    discrimination: Floats
    efficiency: Floats
    upper_lower: Floats
    median_seconds: Floats
    option_count: Integers  # (items, options)
    option_discrimination: Floats  # (items, options)
    option_top_share: Floats  # (items, options): among the third with the highest rest scores


def analyse(answers: Answers, items: int) -> Analysis:
    if len(answers) and answers.item.max() >= items:
        raise ValueError("An answer names an item that is not there.")
    mark = answers.is_correct.astype(np.float64)
    n = np.bincount(answers.item, minlength=items)
    facility = ratio(_sums(answers.item, mark, items), n)
    by_option = np.bincount(answers.item * OPTIONS + answers.option, minlength=items * OPTIONS)
    ranked = _Ranked.of(answers, mark, facility, items)
    return Analysis(
        n=n,
        facility=facility,
        discrimination_n=ranked.n,
        discrimination=ranked.discrimination(),
        efficiency=ranked.efficiency(),
        upper_lower=ranked.upper_lower(),
        median_seconds=_median_seconds(answers, items),
        option_count=by_option.reshape(items, OPTIONS),
        option_discrimination=ranked.option_discrimination(),
        option_top_share=ranked.option_top_share(),
    )


def standard_error(discrimination: float, n: int) -> float:
    return float((1 - discrimination**2) / np.sqrt(n - 1)) if n > 1 else float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class _Ranked:
    """The answers of candidates with enough of them, by item and within it by rest score; deviations from its means."""

    items: int
    n: Integers
    item: Integers
    option: Integers
    mark: Floats
    rest: Floats  # less the item's mean
    rank: Integers  # from 0, within the item
    right: Integers  # answers to the item that are right
    rest_squares: Floats

    @classmethod
    def of(cls, answers: Answers, mark: Floats, facility: Floats, items: int) -> _Ranked:
        count = np.bincount(answers.candidate)
        right_less_expected = _sums(answers.candidate, mark - facility[answers.item], len(count))
        chosen = np.flatnonzero(count[answers.candidate] >= FEWEST_ANSWERS_OF_CANDIDATE)
        candidate, item, mark = answers.candidate[chosen], answers.item[chosen], mark[chosen]
        others = right_less_expected[candidate] - (mark - facility[item])
        rest = others / (count[candidate] - 1)
        # Who is alike in rest score comes by number, so that the order in which answers arrive changes nothing.
        order = np.lexsort((candidate, rest, item))
        item, mark, rest, option = item[order], mark[order], rest[order], answers.option[chosen[order]]
        n = np.bincount(item, minlength=items)
        rest = rest - ratio(_sums(item, rest, items), n)[item]
        rank = np.arange(len(item)) - (np.cumsum(n) - n)[item]
        right = np.rint(_sums(item, mark, items)).astype(np.int64)
        squares = _sums(item, rest**2, items)
        return cls(items, n, item, option, mark, rest, rank, right, np.where(squares < NOISE * n, 0.0, squares))

    def discrimination(self) -> Floats:
        return self._correlation(self.right, _sums(self.item, self.mark * self.rest, self.items))

    def efficiency(self) -> Floats:
        covariance = _sums(self.item, self.mark * self.rest, self.items)
        # Both lists sorted: the best rest scores meet the right answers.
        is_paired = self.rank >= (self.n - self.right)[self.item]
        highest = _sums(self.item[is_paired], self.rest[is_paired], self.items)
        is_defined = (self.rest_squares > 0) & (self.right > 0) & (self.right < self.n)
        return ratio(100 * covariance, np.where(is_defined, highest, 0.0))

    def upper_lower(self) -> Floats:
        size = np.floor(GROUP_SHARE * self.n + 0.5).astype(np.int64)
        is_upper = self.rank >= (self.n - size)[self.item]
        is_lower = self.rank < size[self.item]
        return ratio(_sums(self.item, self.mark * is_upper, self.items), size) - ratio(
            _sums(self.item, self.mark * is_lower, self.items), size
        )

    def option_discrimination(self) -> Floats:
        cell = self.item * OPTIONS + self.option
        size = self.items * OPTIONS
        chosen = np.bincount(cell, minlength=size).reshape(self.items, OPTIONS)
        covariance = _sums(cell, self.rest, size).reshape(self.items, OPTIONS)
        columns = [self._correlation(chosen[:, option], covariance[:, option]) for option in range(OPTIONS)]
        return np.stack(columns, axis=1)

    def option_top_share(self) -> Floats:
        size = np.floor(TOP_SHARE * self.n).astype(np.int64)
        is_top = self.rank >= (self.n - size)[self.item]
        cell = self.item[is_top] * OPTIONS + self.option[is_top]
        chosen = np.bincount(cell, minlength=self.items * OPTIONS).reshape(self.items, OPTIONS)
        return ratio(chosen, np.repeat(size[:, np.newaxis], OPTIONS, axis=1))

    def _correlation(self, chosen: Integers, covariance: Floats) -> Floats:
        """Of a thing that `chosen` of the n answers have with the rest score; both as sums of products."""
        share = ratio(chosen, self.n)
        variance = np.nan_to_num(self.n * share * (1 - share))
        return np.clip(ratio(covariance, np.sqrt(variance * self.rest_squares)), -1, 1)


def _sums(index: Integers, values: Floats, size: int) -> Floats:
    return np.bincount(index, values, size).astype(np.float64)


def ratio(above: Floats | Integers, below: Floats | Integers) -> Floats:
    """NaN where the lower one is 0."""
    out = np.full(np.shape(above), np.nan)
    np.divide(above, below, out=out, where=np.asarray(below) != 0)
    return out


def _median_seconds(answers: Answers, items: int) -> Floats:
    is_measured = answers.seconds > 0
    item = answers.item[is_measured]
    # One number per answer sorts by item and then by time, much faster than two do.
    ordered = np.sort(item * (LONGEST_SECONDS + 1) + np.minimum(answers.seconds[is_measured], LONGEST_SECONDS))
    seconds = ordered & LONGEST_SECONDS
    n = np.bincount(item, minlength=items)
    start = np.cumsum(n) - n
    known = np.flatnonzero(n)
    medians = np.full(items, np.nan)
    lower, upper = start[known] + (n[known] - 1) // 2, start[known] + n[known] // 2
    medians[known] = (seconds[lower] + seconds[upper]) / 2
    return medians
