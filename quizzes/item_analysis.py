"""Classical item analysis of one question from its first answers.

facility p = right answers / answers.

Corrected point-biserial: the Pearson correlation of the item (0 or 1) with the rest of the test, that is with the
score from which the item itself was removed; uncorrected, an item correlates with itself and looks better than it is,
the more so the shorter the test. With x_i the mark of answer i and r_i its rest score, over n answers,

    r_pb = sum (x_i - mean x)(r_i - mean r) / sqrt( sum (x_i - mean x)^2  sum (r_i - mean r)^2 ).

Answers come from attempts of unlike length, so that the rest score is a share: (raw score - x_i) / (questions - 1).
An attempt of a single question has no rest; it counts for facility only. Without variance in x or r there is no
correlation: None, not zero.

Source: S. Henrysson, Correction of item-total correlations in item analysis, Psychometrika 28 (1963) 211-218;
R. L. Ebel and D. A. Frisbie, Essentials of Educational Measurement, 5th ed. (1991), chapter 13.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum, sqrt


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """What a candidate answered on meeting the question for the first time, and how the whole attempt went."""

    label: str
    is_correct: bool
    raw_score: int
    question_count: int

    @property
    def rest_share(self) -> float | None:
        if self.question_count < 2:
            return None
        return (self.raw_score - self.is_correct) / (self.question_count - 1)


@dataclass(frozen=True, slots=True)
class ItemAnalysis:
    n: int
    facility: float
    point_biserial: float | None
    option_counts: dict[str, int]


def analyse(answers: Sequence[FirstAnswer]) -> ItemAnalysis:
    if not answers:
        raise ValueError("An item without answers has no statistics.")
    return ItemAnalysis(
        n=len(answers),
        facility=facility(answer.is_correct for answer in answers),
        point_biserial=point_biserial(
            [(answer.is_correct, rest) for answer in answers if (rest := answer.rest_share) is not None]
        ),
        option_counts=dict(sorted(Counter(answer.label for answer in answers).items())),
    )


def facility(marks: Iterable[bool]) -> float:
    counted = list(marks)
    return sum(counted) / len(counted)


def point_biserial(pairs: Sequence[tuple[bool, float]]) -> float | None:
    """Of (mark, score without the item) pairs."""
    if len(pairs) < 2:
        return None
    mean_mark = fsum(mark for mark, _ in pairs) / len(pairs)
    mean_rest = fsum(rest for _, rest in pairs) / len(pairs)
    mark_variance = fsum((mark - mean_mark) ** 2 for mark, _ in pairs)
    rest_variance = fsum((rest - mean_rest) ** 2 for _, rest in pairs)
    # Equal shares may differ in their last bit; a correlation of such noise would be a number without meaning.
    if mark_variance == 0 or rest_variance < 1e-18 * len(pairs):
        return None
    covariance = fsum((mark - mean_mark) * (rest - mean_rest) for mark, rest in pairs)
    return max(-1.0, min(1.0, covariance / sqrt(mark_variance * rest_variance)))
