from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.http import HttpRequest
from progress import charts, tasks
from progress.queries import estimates as queries


@require_safe
def estimates(request: HttpRequest) -> HttpResponse:
    """Open to everybody; one's own memory fit when one is signed in."""
    live = queries.stored_figures()
    if live is None and queries.is_first_to_ask():
        tasks.measure_estimates.delay_on_commit()
    simulated, policies = queries.recorded("readiness"), queries.recorded("policies")
    context = {
        "simulated": simulated,
        "simulated_tables": charts.simulated_tables(simulated),
        "policies": policies,
        "policy_tables": charts.policy_tables(policies),
        "nobody_ahead": charts.nobody_ahead(),
        "live": live,
        "fewest": queries.FEWEST,
        "calibration": queries.newest_calibration(),
        "fit": queries.own_fit(request.user) if request.user.is_authenticated else None,
    }
    return render(request, "progress/estimates.html", context)
