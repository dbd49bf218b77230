"""What can be said of a candidate's answers: shares with their intervals, apart by what they can tell.

A share of n is told with its Wilson score interval. With p = right / n and z = 1.645 (nine times in ten):

    (p + z^2 / 2n  -+  z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n)

Source: Wilson (1927), JASA 22(158), 209-212; Brown, Cai and DasGupta (2001) recommend it where n is small.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from statistics import median
from typing import NamedTuple, TypeVar

from quizzes.scoring import percent_of

NINE_IN_TEN = 1.645
# Below this a share, or a median, is not told.
FEWEST = 10
# Of a group of other candidates; a smaller one could give somebody away.
FEWEST_PEERS = 20
CERTAINTIES = ("guess", "unsure", "sure")
REASONS = ("knowledge", "misread", "reasoning", "time")

Key = TypeVar("Key")


class GivenAnswer(NamedTuple):
    """One answer in a finished quiz or exam. `is_first` where the question had never been met before."""

    competency: str
    on: date
    kind: str  # of the quiz: "practice", "mock" or "placement"
    is_first: bool
    is_right: bool
    confidence: str
    seconds: int
    miss_reason: str


@dataclass(frozen=True, slots=True)
class Share:
    right: int
    n: int

    @property
    def percent(self) -> int:
        return percent_of(self.right, self.n)

    @property
    def is_telling(self) -> bool:
        return self.n >= FEWEST

    @property
    def low(self) -> int:
        return round(100 * self._edges[0])

    @property
    def high(self) -> int:
        return round(100 * self._edges[1])

    @property
    def _edges(self) -> tuple[float, float]:
        if not self.n:
            return 0.0, 1.0
        p, z2 = self.right / self.n, NINE_IN_TEN**2
        middle, reach = p + z2 / (2 * self.n), NINE_IN_TEN * sqrt(p * (1 - p) / self.n + z2 / (4 * self.n**2))
        return max(0.0, (middle - reach) / (1 + z2 / self.n)), min(1.0, (middle + reach) / (1 + z2 / self.n))


def without_placement(answers: Iterable[GivenAnswer]) -> list[GivenAnswer]:
    """The placement test asks harder questions the better one is, so its shares say nothing beside others."""
    return [answer for answer in answers if answer.kind != "placement"]


def share_of(answers: Iterable[GivenAnswer]) -> Share:
    marks = [answer.is_right for answer in answers]
    return Share(sum(marks), len(marks))


def by_competency(answers: Iterable[GivenAnswer]) -> dict[str, Share]:
    """By code; without those that nothing was answered of."""
    return {code: share_of(found) for code, found in _grouped(answers, lambda answer: answer.competency).items()}


@dataclass(frozen=True, slots=True)
class Month:
    starts_on: date
    first: Share
    repeats: Share


def by_month(answers: Iterable[GivenAnswer]) -> list[Month]:
    """The newest first."""
    months = _grouped(answers, lambda answer: answer.on.replace(day=1))
    return [
        Month(
            starts_on,
            share_of(answer for answer in months[starts_on] if answer.is_first),
            share_of(answer for answer in months[starts_on] if not answer.is_first),
        )
        for starts_on in sorted(months, reverse=True)
    ]


def by_week(answers: Iterable[GivenAnswer]) -> list[tuple[date, Share]]:
    """By their Mondays, the oldest first; weeks with too few answers are left out."""
    weeks = _grouped(answers, lambda answer: answer.on - timedelta(days=answer.on.weekday()))
    shares = [(monday, share_of(weeks[monday])) for monday in sorted(weeks)]
    return [(monday, share) for monday, share in shares if share.is_telling]


def by_certainty(answers: Iterable[GivenAnswer]) -> list[tuple[str, Share]]:
    """Of first answers, because a key that is remembered is also one to be sure of."""
    said = _grouped((answer for answer in answers if answer.is_first), lambda answer: answer.confidence)
    return [(certainty, share_of(said.get(certainty, []))) for certainty in CERTAINTIES]


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why answers went wrong, as far as the candidate said; `counts` in the order of REASONS."""

    wrong: int
    counts: list[int]

    @property
    def n(self) -> int:
        return sum(self.counts)


def reasons_of(answers: Iterable[GivenAnswer]) -> Reasons:
    wrong = [answer for answer in answers if not answer.is_right]
    counts = Counter(answer.miss_reason for answer in wrong)
    return Reasons(len(wrong), [counts[reason] for reason in REASONS])


def reasons_by_month(answers: Iterable[GivenAnswer]) -> list[tuple[date, Reasons]]:
    """The newest first; months in which nothing was said are left out."""
    months = _grouped(answers, lambda answer: answer.on.replace(day=1))
    read = [(starts_on, reasons_of(months[starts_on])) for starts_on in sorted(months, reverse=True)]
    return [(starts_on, reasons) for starts_on, reasons in read if reasons.n]


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds on screen of one competency's questions."""

    competency: str
    n: int
    median: int  # 0 where there is none


def paces(answers: Iterable[GivenAnswer], competencies: Sequence[str]) -> list[Pace]:
    """Of first answers: a question that is known by heart takes no time. Without those that were not timed."""
    timed = _grouped((answer for answer in answers if answer.is_first and answer.seconds), lambda each: each.competency)
    spans = [(code, [answer.seconds for answer in timed.get(code, [])]) for code in competencies]
    return [Pace(code, len(seconds), round(median(seconds)) if seconds else 0) for code, seconds in spans]


@dataclass(frozen=True, slots=True)
class Peers:
    """The same questions, answered for the first time by the candidate and by others.

    Each counts as often for the others as it did for the candidate, so that neither had the easier ones.
    """

    own: Share
    percent: int  # of the others


def compare_with_peers(marks: Iterable[tuple[bool, int, float]]) -> Peers | None:
    """By question: the candidate's mark, and how many candidates with her gave which share of right answers.

    Questions that too few others have answered are left out; None where too few are left.
    """
    kept = [(is_right, n, facility) for is_right, n, facility in marks if n - 1 >= FEWEST_PEERS]
    own = Share(sum(is_right for is_right, *_ in kept), len(kept))
    if not own.is_telling:
        return None
    others = [(n * facility - is_right) / (n - 1) for is_right, n, facility in kept]
    return Peers(own, round(100 * sum(others) / len(others)))


def _grouped(answers: Iterable[GivenAnswer], key: Callable[[GivenAnswer], Key]) -> dict[Key, list[GivenAnswer]]:
    groups: dict[Key, list[GivenAnswer]] = defaultdict(list)
    for answer in answers:
        groups[key(answer)].append(answer)
    return groups
