"""Whose memory is to be fitted, and what it is fitted to."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from reviews import scheduler
from reviews.fitting import History
from reviews.models import MemoryFit, ReviewLog
from reviews.queries.memories import fit_in_force, log_rows

# Reviews before the first fit, and from fit to fit.
FEWEST_FIRST = 512
FEWEST_NEW = 400


class FitFacts(NamedTuple):
    """What a fit must have seen, and what it must beat."""

    log_id: int  # the newest row; 0 for none
    history: History
    in_force: tuple[float, ...]
    seen_until: int | None  # the last day that the parameters in force were fitted to


def candidates_to_fit() -> QuerySet[User]:
    """Who has reviewed enough since the last fit, accepted or refused.

    A review that was taken back counts too: how many can really be used, the fit itself finds out.
    """
    fits = MemoryFit.objects.filter(candidate=OuterRef("pk"), algorithm_version=scheduler.ALGORITHM_VERSION)
    logs = ReviewLog.objects.filter(candidate=OuterRef("pk"), pk__gt=OuterRef("fitted_to")).order_by()
    candidates = User.objects.annotate(
        fitted_to=Coalesce(Subquery(fits.order_by("-as_of_log_id").values("as_of_log_id")[:1]), 0),
        new=Subquery(logs.values("candidate").annotate(count=Count("pk")).values("count")),
    )
    return candidates.filter(Q(fitted_to=0, new__gte=FEWEST_FIRST) | Q(fitted_to__gt=0, new__gte=FEWEST_NEW)).order_by(
        "pk"
    )


def fit_facts(candidate: User) -> FitFacts:
    logs = ReviewLog.objects.for_candidate(candidate)
    log_id = logs.aggregate(newest=Max("pk"))["newest"] or 0
    rows = log_rows(logs.filter(pk__lte=log_id))
    fit = fit_in_force(candidate)
    seen = logs.filter(pk__lte=fit.as_of_log_id).aggregate(day=Max("study_day"))["day"] if fit else None
    return FitFacts(
        log_id=log_id,
        history=History(
            np.array([row.objective_id for row in rows], dtype=np.int64),
            np.array([row.rating for row in rows], dtype=np.int64),
            np.array([row.study_day.toordinal() for row in rows], dtype=np.int64),
        ),
        in_force=scheduler.usable_parameters(fit.parameters if fit else None),
        seen_until=seen.toordinal() if seen else None,
    )
