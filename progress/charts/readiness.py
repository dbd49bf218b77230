"""Readiness in the words of its pages, and its charts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from progress.charts.lines import Estimate, line_with_band, path_of
from quizzes.charts import IntervalRow, interval_row
from quizzes.queries.readiness import CandidateReadiness, Missing, TrendPoint
from quizzes.queries.rewarding import RewardingArea
from quizzes.readiness import Show, told_percent

FINEST_PERCENT = 5


@dataclass(frozen=True, slots=True)
class ReadinessWords:
    """As much of a readiness as its answers bear. Figures are whole percent; the interval stands from `rough` on."""

    show: str  # "none" without an exam to aim at, then "nothing", "rough", "full"
    n: int
    target: int
    missing: str
    chance: int | None
    expected: int | None
    low: int
    high: int

    @property
    def bounded_chance(self) -> tuple[str, int]:
        return bounded(self.chance or 0)

    @property
    def width(self) -> int:
        return self.high - self.low

    @property
    def verdict(self) -> str:
        if self.low >= self.target:
            return "All of that range reaches your practice target."
        if self.high < self.target:
            return "All of that range stays below your practice target."
        return "Your practice target lies within that range, so it may go either way."


def readiness_words(read: CandidateReadiness) -> ReadinessWords:
    if read.readiness is None:
        return ReadinessWords("none", read.n, read.target, "", None, None, 0, 0)
    show = read.readiness.show
    return ReadinessWords(
        show=show.value,
        n=read.n,
        target=read.target,
        missing=first_words(read) if show is Show.NOTHING else missing_words(read.missing),
        chance=read.readiness.shown_percent,
        expected=round(read.readiness.expected) if show is Show.FULL else None,
        low=round(read.readiness.low),
        high=round(read.readiness.high),
    )


def bounded(percent: int) -> tuple[str, int]:
    """A chance as it is said: ("about", 40). It is rounded to 5 %, so nothing finer is said of its ends."""
    if percent < FINEST_PERCENT:
        return "less than", FINEST_PERCENT
    if percent > 100 - FINEST_PERCENT:
        return "more than", 100 - FINEST_PERCENT
    return "about", percent


def first_words(read: CandidateReadiness) -> str:
    """What brings the first range, also for who has never heard of first answers."""
    count = read.missing.answers
    if not read.n:
        return f"answer {count} questions"
    return f"answer {count} more question{'' if count == 1 else 's'} that you have not met before"


def missing_words(missing: Missing) -> str:
    """ "7 more first answers, and of these 3 in MET"; empty where nothing is missing."""
    areas = " and ".join(f"{count} in {competency.code}" for competency, count in missing.in_competencies)
    if not missing.answers:
        return f"more first answers: {areas}" if areas else ""
    answers = f"{missing.answers} more first answer{'' if missing.answers == 1 else 's'}"
    return f"{answers}, at least {areas}" if areas else answers


@dataclass(frozen=True, slots=True)
class RewardingLink:
    area: RewardingArea
    points: str  # "1.4"
    href: str  # studies exactly its objectives

    @property
    def count(self) -> int:
        return len(self.area.objectives)


def rewarding_links(areas: Iterable[RewardingArea]) -> list[RewardingLink]:
    practice = reverse("quizzes:practice")
    return [
        RewardingLink(
            area, f"{area.points:.1f}", f"{practice}?{urlencode({'objectives': area.objectives}, doseq=True)}"
        )
        for area in areas
    ]


def estimate_rows(read: CandidateReadiness) -> list[IntervalRow]:
    show = read.readiness.show if read.readiness else Show.NOTHING
    return [interval_row(estimate, show, read.target) for estimate in read.estimates]


def trend_line(points: Sequence[TrendPoint]) -> dict[str, Any] | None:
    return line_with_band([Estimate(each.on, each.n, each.expected, each.low, each.high) for each in points])


def chance_curve(curve: Sequence[tuple[int, float]]) -> dict[str, Any]:
    """The chance to reach each score, as it may be told."""
    first, last = curve[0][0], curve[-1][0]
    points = [
        {
            "x": round(100 * (percent - first) / (last - first), 1),
            "y": told_percent(probability),
            "label": f"{percent} %",
            "text": "{} {} %".format(*bounded(told_percent(probability))),
        }
        for percent, probability in curve
    ]
    return {"points": points, "path": path_of(points), "x_start": f"{first} %", "x_end": f"{last} %"}
