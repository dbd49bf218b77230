"""Leeches: objectives that are missed again and again, which more of the same reviewing does not cure.

A miss makes a leech when it is the fourth in all, or a later one, or the third within two weeks, or when the objective
has grown as difficult as can be although it was expected to be known. The first review of an objective is no miss: it
was not known yet. Two recalls in a row on different days, later than the miss, end it; a miss meanwhile renews it.

Anki calls a card a leech after eight lapses; with weeks to an exam that would be too late.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from reviews.scheduler import DESIRED_RETENTION, Rating

MOST_LAPSES = 4
MOST_LAPSES_SOON = 3
SOON = timedelta(days=14)
HIGHEST_DIFFICULTY = 9.5
RECALLS_TO_END = 2
# Read and think first: a leech is not asked again before.
REST = timedelta(days=2)
# An objective that is a leech for so many of those who met it is badly explained or badly asked.
DEFECT_SHARE = 0.30
FEWEST_FOR_SHARE = 10


class Reviewed(NamedTuple):
    rating: int
    on: date
    recall: float  # expected just before; nan at the first review
    difficulty: float  # just after


def leech_day(reviews: Sequence[Reviewed]) -> date | None:
    """The day of the newest miss of a leech, None when it is none. Reviews in the order of time."""
    misses: list[Reviewed] = []
    recalled_on: set[date] = set()
    is_leech = False
    for each in reviews[1:]:
        if each.rating == Rating.AGAIN:
            misses.append(each)
            recalled_on.clear()
            is_leech = is_leech or _makes_leech(misses)
        elif misses and each.on > misses[-1].on:
            recalled_on.add(each.on)
            is_leech = is_leech and len(recalled_on) < RECALLS_TO_END
    return misses[-1].on if is_leech else None


def _makes_leech(misses: Sequence[Reviewed]) -> bool:
    """Whether the last of them does."""
    newest = misses[-1]
    soon = sum(newest.on - each.on < SOON for each in misses)
    is_surprising = newest.difficulty >= HIGHEST_DIFFICULTY and newest.recall >= DESIRED_RETENTION
    return len(misses) >= MOST_LAPSES or soon >= MOST_LAPSES_SOON or is_surprising
