"""Whether a fit is to be used, and how models compare: always by reviews that are newer than what was fitted to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from reviews.fitting.history import History
from reviews.fitting.parameters import fitted
from reviews.fitting.scores import Scores, average, measured, moving_average, scored
from reviews.scheduler import DEFAULT_PARAMETERS, START_PARAMETERS, Floats, Integers, Parameters

FEWEST_TO_TRY = 400
# With fewer no difference of .002 can be told from chance.
FEWEST_TO_JUDGE = 64
FITTED_SHARE = 0.8
LEAST_IMPROVEMENT = 0.002
# Of a log that models are compared on.
PARTS = 6


class Verdict(NamedTuple):
    """A fit, and what speaks for or against it. All scores are of the newest reviews, which took no part."""

    parameters: tuple[float, ...]
    is_accepted: bool
    reason: str
    fitted: Scores
    in_force: Scores
    start: Scores
    average: Scores


def verdict(history: History, in_force: Parameters, *, seen_until: int | None = None) -> Verdict | None:
    """Fit to the older part and judge by the newer one; what is accepted is then fitted to all of it.

    The judging part is the newest fifth, cut between days; of it, only what is newer than `seen_until`, the last day
    that the parameters in force were fitted to, or they would be judged by what they know. None means too few reviews.
    """
    days = history.usable_days
    if len(days) < FEWEST_TO_TRY:
        return None
    first_judged = _first_judged(days)
    if seen_until is not None:
        first_judged = max(first_judged, seen_until + 1)
    judged, older = history.days >= first_judged, history.before(first_judged)
    if int((days >= first_judged).sum()) < FEWEST_TO_JUDGE or not older.is_usable.any():
        return None
    parameters = fitted(older)
    ours, theirs = measured(history, parameters, judged), measured(history, in_force, judged)
    constant = scored(history, np.full(len(history.cards), average(older)), judged)
    is_accepted, reason = _reason(ours, theirs, constant)
    return Verdict(
        parameters=fitted(history) if is_accepted else parameters,
        is_accepted=is_accepted,
        reason=reason,
        fitted=ours,
        in_force=theirs,
        start=measured(history, START_PARAMETERS, judged),
        average=constant,
    )


def compared(history: History, others: Mapping[str, Floats] | None = None) -> dict[str, Scores]:
    """Models beside each other, each foretelling every part of a log in the order of time from the parts before it.

    The log is cut between days into PARTS of about as many usable reviews; the first is only learned from. Empty when
    it is too short for that. `others` are forecasts from elsewhere, to be scored on the same reviews.
    """
    days = history.usable_days
    cuts = np.unique(days[len(days) * np.arange(1, PARTS) // PARTS]) if len(days) >= PARTS else days[:0]
    cuts = cuts[cuts > days[0]] if len(cuts) else cuts
    if not len(cuts):
        return {}
    judged = history.days >= cuts[0]
    start = average(history.before(int(cuts[0])))
    by_fit, by_average = np.empty(len(history.cards)), np.empty(len(history.cards))
    for cut in cuts:
        older, newer = history.before(int(cut)), history.days >= cut
        by_fit[newer] = history.forecast(fitted(older))[newer]
        by_average[newer] = average(older)
    forecasts = {
        "FSRS-6, fitted": by_fit,
        "FSRS-6, our start": history.forecast(START_PARAMETERS),
        "FSRS-6, defaults": history.forecast(DEFAULT_PARAMETERS),
        "moving average": moving_average(history, start),
        "average": by_average,
        **(others or {}),
    }
    return {name: scored(history, forecast, judged) for name, forecast in forecasts.items()}


def _reason(fitted: Scores, in_force: Scores, average: Scores) -> tuple[bool, str]:
    gained = in_force.log_loss - fitted.log_loss
    if gained < LEAST_IMPROVEMENT:
        told = f"better by {gained:.4f}" if gained >= 0 else f"worse by {-gained:.4f}"
        return False, f"Refused: its log loss is {told} than in force, and {LEAST_IMPROVEMENT} better is needed."
    if fitted.log_loss >= average.log_loss:
        return False, "Refused: the candidate's own average foretells the newest reviews better."
    return True, f"Accepted: its log loss on the newest {fitted.n} reviews is better by {gained:.4f}."


def _first_judged(days: Integers) -> int:
    """The day whose beginning is nearest to the end of the share that is fitted."""
    each, starts = np.unique(days, return_index=True)
    return int(each[np.argmin(np.abs(starts - FITTED_SHARE * len(days)))])
