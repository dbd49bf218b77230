"""The parameters of the memory model for each candidate."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from reviews import queries
from reviews.fitting import Verdict, verdict
from reviews.models import MemoryFit
from reviews.queries import FitFacts
from reviews.scheduler import ALGORITHM_VERSION
from reviews.services.log import lock_candidate, rebuild_cards


def fit_memory(*, candidate: User, now: datetime) -> MemoryFit | None:
    """Fit to the log of now, and fold all cards again when the fit is accepted. None: nothing new, or too little of it.

    Fitted outside of the lock, which it would hold for too long. Safe twice at once: whoever has seen the newer log
    stays. What is logged meanwhile is in the cards, which are folded from the log as it is then.
    """
    facts = queries.fit_facts(candidate)
    fits = MemoryFit.objects.filter(
        candidate=candidate, algorithm_version=ALGORITHM_VERSION, as_of_log_id__gte=facts.log_id
    )
    if fits.exists():
        return None
    found = verdict(facts.history, facts.in_force, seen_until=facts.seen_until)
    if found is None:
        return None
    with transaction.atomic():
        lock_candidate(candidate)
        if fits.exists():
            return None
        fit = _write(candidate, facts, found, now)
        if fit.is_accepted:
            rebuild_cards(candidate=candidate)
    return fit


def _write(candidate: User, facts: FitFacts, found: Verdict, now: datetime) -> MemoryFit:
    return MemoryFit.objects.create(
        candidate=candidate,
        parameters=list(found.parameters),
        is_accepted=found.is_accepted,
        reason=found.reason,
        reviews=len(facts.history.usable_days),
        log_loss=found.fitted.log_loss,
        log_loss_default=found.start.log_loss,
        log_loss_average=found.average.log_loss,
        rmse_bins=found.fitted.rmse_bins,
        rmse_bins_default=found.start.rmse_bins,
        algorithm_version=ALGORITHM_VERSION,
        as_of_log_id=facts.log_id,
        fitted_at=now,
    )
