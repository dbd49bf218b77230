"""Which questions of a pool make up an attempt, and in which order.

A question comes before another one in a draw when
1. it was never seen and the other one was, or it was seen longer ago (only when unseen ones are wanted first),
2. fewer questions of its objective come before it, so that a draw spreads over the objectives,
3. the random generator says so.
The chosen ones are then shuffled, so that their place tells nothing. What a pool lacks is reported, never filled from
elsewhere. Values in, values out: the same generator state gives the same draw.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random


@dataclass(frozen=True, slots=True)
class PoolQuestion:
    pk: int
    objective_id: int
    last_seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AreaPool:
    """What an area of a blueprint needs, and the questions that it may take."""

    name: str
    needed: int
    questions: Sequence[PoolQuestion]


@dataclass(frozen=True, slots=True)
class Shortage:
    area: str
    available: int
    needed: int

    def sentence(self, pool: str = "sealed pool") -> str:
        return f"The {pool} has {self.available} of {self.needed} questions for {self.area}."


@dataclass(frozen=True, slots=True)
class AreaDraw:
    """Question ids in the order of the exam; none when any area is short."""

    question_ids: list[int]
    shortages: list[Shortage]


def draw_by_area(areas: Iterable[AreaPool], rng: Random) -> AreaDraw:
    areas = list(areas)
    shortages = [
        Shortage(area.name, len(area.questions), area.needed) for area in areas if len(area.questions) < area.needed
    ]
    if shortages:
        return AreaDraw([], shortages)
    drawn = [pk for area in areas for pk in _choose(area.questions, area.needed, unseen_first=True, rng=rng)]
    rng.shuffle(drawn)
    return AreaDraw(drawn, [])


def draw_practice(pool: Sequence[PoolQuestion], count: int, *, unseen_first: bool, rng: Random) -> list[int]:
    """Up to `count` ids; fewer when the pool has fewer, which the caller has to say."""
    drawn = _choose(pool, count, unseen_first=unseen_first, rng=rng)
    rng.shuffle(drawn)
    return drawn


def shuffle_options(labels: str, rng: Random) -> str:
    return "".join(rng.sample(labels, len(labels)))


def _choose(pool: Sequence[PoolQuestion], count: int, *, unseen_first: bool, rng: Random) -> list[int]:
    # By primary key first, so that the draw does not depend on the order in which a database returns rows.
    questions = sorted(pool, key=lambda question: question.pk)
    rng.shuffle(questions)
    if unseen_first:
        questions.sort(key=_last_seen)
    earlier_variants: Counter[int] = Counter()
    ranked = []
    for question in questions:
        ranked.append(
            (_last_seen(question) if unseen_first else 0.0, earlier_variants[question.objective_id], question)
        )
        earlier_variants[question.objective_id] += 1
    # Stable: what is equal so far keeps its random order.
    ranked.sort(key=lambda entry: entry[:2])
    return [question.pk for _, _, question in ranked[:count]]


def _last_seen(question: PoolQuestion) -> float:
    """Never seen sorts before everything."""
    return question.last_seen_at.timestamp() if question.last_seen_at else float("-inf")
