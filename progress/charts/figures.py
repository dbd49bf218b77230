"""The figures of the overview, for stat.html: each with what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from progress.activity import Activity
from progress.answers import FEWEST, Share
from progress.queries.mastery import CompetencyMastery
from progress.states import State


@dataclass(frozen=True, slots=True)
class Figure:
    label: str
    value: str
    unit: str
    basis: str


def four_figures(rows: Sequence[CompetencyMastery], first: Share, activity: Activity) -> list[Figure]:
    objectives = sum(row.objectives for row in rows)
    known = sum(row.states[State.KNOWN] for row in rows)
    met = sum(row.answered for row in rows)
    days = len(activity.active)
    return [
        _first_answers(first),
        Figure("Known today", str(known), "", f"of {objectives} objectives"),
        Figure("Met so far", str(met), "", f"of {objectives} objectives"),
        Figure("Answers", str(activity.answers), "", f"on {days} day{'' if days == 1 else 's'} of the last four weeks"),
    ]


def _first_answers(share: Share) -> Figure:
    if not share.n:
        return Figure("First answers right", "none yet", "", "in quizzes and exams")
    if not share.is_telling:
        return Figure("First answers right", f"{share.right} of {share.n}", "", f"a share is told from {FEWEST} on")
    basis = f"n = {share.n}, 90 % interval {share.low} to {share.high} %"
    return Figure("First answers right", str(share.percent), "%", basis)
