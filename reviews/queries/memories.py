"""The memories of a candidate, from the log alone: what the cards must say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

import numpy as np
from django.db.models import Max

from accounts.models import User
from reviews import scheduler
from reviews.leeches import Reviewed, leech_day
from reviews.models import Card, MemoryFit, ReviewLogQuerySet


class LogRow(NamedTuple):
    objective_id: int
    rating: int
    study_day: date


def fit_in_force(candidate: User) -> MemoryFit | None:
    """The newest accepted one of the algorithm of today; None means the parameters that everybody starts with."""
    fits = MemoryFit.objects.filter(candidate=candidate, algorithm_version=scheduler.ALGORITHM_VERSION)
    return fits.filter(is_accepted=True).order_by("-pk").first()


def log_rows(logs: ReviewLogQuerySet) -> list[LogRow]:
    """Standing reviews by objective, each objective's in the order of time.

    By the day and moment of the fact and not by the order of writing: a late sweep tells an older review later. The
    source settles equal moments, so that every order of writing gives the same cards.
    """
    ordered = logs.standing().order_by("objective_id", "study_day", "reviewed_at", "source")
    return [LogRow(*row) for row in ordered.values_list("objective_id", "rating", "study_day")]


def folded_cards(candidate: User, logs: ReviewLogQuerySet) -> Iterator[Card]:
    """The cards that these logs come to, unsaved; `logs` holds whole histories of objectives."""
    rows = log_rows(logs)
    newest = dict(logs.order_by().values_list("objective_id").annotate(Max("pk")))
    fit = fit_in_force(candidate)
    parameters = scheduler.usable_parameters(fit.parameters if fit else None)
    fold = scheduler.fold(
        np.array([row.objective_id for row in rows], dtype=np.int64),
        np.array([row.rating for row in rows], dtype=np.int64),
        np.array([row.study_day.toordinal() for row in rows], dtype=np.int64),
        parameters,
    )
    seen = zip(fold.recall, fold.difficulties, strict=True)
    for place, (objective_id, group) in enumerate(groupby(rows, key=lambda row: row.objective_id)):
        reviews = [Reviewed(row.rating, row.study_day, *map(float, next(seen))) for row in group]
        yield Card(
            candidate=candidate,
            objective_id=objective_id,
            stability=float(fold.stability[place]),
            difficulty=float(fold.difficulty[place]),
            last_reviewed_on=date.fromordinal(int(fold.last_day[place])),
            first_rating=reviews[0].rating,
            reps=int(fold.reps[place]),
            lapses=int(fold.lapses[place]),
            leech_on=leech_day(reviews),
            fit=fit,
            algorithm_version=scheduler.ALGORITHM_VERSION,
            as_of_log_id=newest[objective_id],
        )


def parameters_of(candidate: User) -> tuple[float, ...]:
    """Of the memory model, for this candidate."""
    fit = fit_in_force(candidate)
    return scheduler.usable_parameters(fit.parameters if fit else None)


def expected_recalls(candidate: User, cards: Sequence[Card], *, on: date) -> list[float]:
    """The probability, 0 to 1, that each card's objective is recalled on a day."""
    stability = np.array([card.stability for card in cards])
    elapsed = np.array([(on - card.last_reviewed_on).days for card in cards])
    return [float(one) for one in scheduler.recall(stability, elapsed, parameters_of(candidate))]
