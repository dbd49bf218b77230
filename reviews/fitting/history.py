"""A log of reviews as arrays, and what of it a model can foretell.

Only reviews on a later day than the one before are usable, as the model foretells nothing within a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reviews.scheduler import START_PARAMETERS, Floats, Integers, Parameters, Rating, fold

Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class History:
    """A log: each card's reviews in the order of time, cards mixed or one after the other."""

    cards: Integers
    ratings: Integers
    days: Integers

    @cached_property
    def recalled(self) -> Floats:
        return np.where(self.ratings == Rating.AGAIN, 0.0, 1.0)

    @cached_property
    def gaps(self) -> Integers:
        """Days since the card's last review; 0 on the same day, out of order, and at the first one."""
        return self._by_card.gaps

    @cached_property
    def is_usable(self) -> Booleans:
        return self.gaps > 0

    @cached_property
    def usable_days(self) -> Integers:
        """The days of usable reviews, a day for each, the oldest first."""
        return np.sort(self.days[self.is_usable])

    @cached_property
    def bins(self) -> Integers:
        """The bin of each review, numbered from 0."""
        days = _grown(self.gaps, 3.62)
        numbers = _grown(self._by_card.numbers, 1.89)
        lapses = _grown(self._by_card.lapses, 1.73)
        return np.asarray(np.unique(np.stack([days, numbers, lapses]), axis=1, return_inverse=True)[1]).ravel()

    def forecast(self, parameters: Parameters = START_PARAMETERS) -> Floats:
        return fold(self.cards, self.ratings, self.days, parameters).recall

    def before(self, day: int) -> History:
        earlier = self.days < day
        return History(self.cards[earlier], self.ratings[earlier], self.days[earlier])

    @cached_property
    def _by_card(self) -> _ByCard:
        order = np.argsort(self.cards, kind="stable")
        is_first = np.ones(len(order), dtype=np.bool_)
        is_first[1:] = np.diff(self.cards[order]) != 0
        card = np.cumsum(is_first) - 1
        starts = np.flatnonzero(is_first)[card]
        days = self.days[order] - self.days.min(initial=0)
        # The latest day of the card so far: cards are set so far apart that one maximum runs through all.
        apart = card * (days.max(initial=0) + 1)
        latest = np.maximum.accumulate(days + apart) - apart
        gaps = np.where(is_first, 0, np.diff(latest, prepend=0))
        is_lapse = (self.ratings[order] == Rating.AGAIN) & (gaps > 0)
        before = np.cumsum(is_lapse) - is_lapse
        sorted_back = np.argsort(order, kind="stable")
        numbers = np.arange(len(order)) - starts + 1
        return _ByCard(gaps[sorted_back], numbers[sorted_back], (before - before[starts])[sorted_back])


class _ByCard(NamedTuple):
    gaps: Integers
    numbers: Integers  # of the review, the first of a card is 1
    lapses: Integers  # of the card before the review


def _grown(numbers: Integers, factor: float) -> Integers:
    """Which power of the factor each number has reached; -1 for 0."""
    powers = np.floor(np.log(np.maximum(numbers, 1)) / np.log(factor)).astype(np.int64)
    return np.where(numbers > 0, powers, -1)
