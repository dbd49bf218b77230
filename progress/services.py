from __future__ import annotations

from datetime import datetime

from django.core.cache import cache

from progress.queries.estimates import LIVE, LiveFigures, live_figures


def measure_estimates(*, now: datetime) -> LiveFigures:
    """Compute what this installation shows about its estimates, and keep it until the next time."""
    figures = live_figures(at=now)
    cache.set(LIVE, figures, timeout=None)
    return figures
