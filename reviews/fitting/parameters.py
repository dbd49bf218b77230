"""Parameters of the memory model fitted to one candidate. With y = 0 for Again, else 1, and p the recall foretold,

    loss      sum_i v_i [-y ln p - (1 - y) ln(1 - p)] + PULL / 2 sum_k z_k ^ 2
    recency   v_i = .25 + .75 s ^ 3, scaled to a mean of 1, where s is the share of reviews on that day or before
    distance  z_k = (w_k - start) / width, for the first four stabilities that of their logarithms

which is the negative logarithm of a posterior: without reviews a parameter stays where everybody starts. Recency and
widths are those of fsrs-optimizer 6.5 (`DEFAULT_PARAMS_STDDEV_TENSOR`, the spread between people), but for the first
stabilities: widths of 6 to 28 days would let a few dozen reviews say anything.

The loss is minimized by damped Gauss-Newton steps. All 21 derivatives are finite differences out of one fold, and so
are all dampings that are tried; the best of them is taken. No chance is involved.
"""

from __future__ import annotations

import numpy as np

from reviews.fitting.history import History
from reviews.fitting.scores import CERTAIN, losses_of
from reviews.scheduler import HIGHEST_PARAMETERS, LOWEST_PARAMETERS, START_PARAMETERS, Floats

# Nothing is learned from fewer, and from fewer than that only the first stabilities. In both simulated worlds these
# alone foretell better after 16 to 128 reviews, as well after 200 and 300, and worse after 500; fsrs-rs draws it at 64.
FEWEST_REVIEWS = 8
FEWEST_FOR_ALL = 256
# The first line is of logarithms. Of widths .5, 1 and 2 there with a PULL of .3, 1, 3 and 10, 1 and 1 came within .0003
# of the best log loss on new reviews, over both simulated worlds and logs of 400 and 2,500 reviews.
# fmt: off
WIDTHS = np.array((
    1.0, 1.0, 1.0, 1.0,
    0.57, 0.28, 0.6, 0.12,
    0.39, 0.18, 0.33,
    0.3, 0.09, 0.16, 0.57,
    0.25, 1.03,
    0.31, 0.32, 0.14,
    0.27,
))
# fmt: on
PULL = 1.0
LEAST_RECENCY = 0.25
FIRST_STABILITIES = slice(0, 4)
DIFFERENCE = 1e-5  # of distances
DAMPINGS = np.array((0.0, 0.01, 0.1, 1.0, 10.0, 100.0))
MOST_STEPS = 30
ENOUGH = 1e-4  # of the loss, which is a sum over all reviews


def fitted(history: History) -> tuple[float, ...]:
    """The parameters that make the log most probable; those to start with where there is too little of it."""
    usable = int(history.is_usable.sum())
    if usable < FEWEST_REVIEWS:
        return START_PARAMETERS
    moved = len(START_PARAMETERS) if usable >= FEWEST_FOR_ALL else FIRST_STABILITIES.stop
    weights = _recency(history)
    place = np.zeros(moved)
    loss, forecast = _loss(history, weights, place[:, np.newaxis])
    for _ in range(MOST_STEPS):
        steps = _steps(history, weights, place, forecast[0])
        losses, forecasts = _loss(history, weights, steps)
        best = int(np.argmin(losses))
        gained = loss[0] - losses[best]
        if not gained > 0:
            break
        place, loss, forecast = steps[:, best], losses[[best]], forecasts[[best]]
        if gained < ENOUGH:
            break
    return tuple(float(one) for one in _parameters(place))


def _recency(history: History) -> Floats:
    """The weight of each usable review."""
    share = np.searchsorted(history.usable_days, history.days[history.is_usable], side="right")
    weights = LEAST_RECENCY + (1 - LEAST_RECENCY) * (share / len(share)) ** 3
    return np.asarray(weights / weights.mean())


def _parameters(places: Floats) -> Floats:
    """From distances to the start in widths, of as many parameters as are moved, one column each."""
    start = np.array(START_PARAMETERS).reshape(-1, *[1] * (places.ndim - 1))
    width = WIDTHS.reshape(start.shape)[: len(places)]
    moved = start[: len(places)] + width * places
    moved[FIRST_STABILITIES] = start[FIRST_STABILITIES] * np.exp((width * places)[FIRST_STABILITIES])
    rest = np.broadcast_to(start[len(places) :], (len(start) - len(places), *places.shape[1:]))
    bounds = np.array([LOWEST_PARAMETERS, HIGHEST_PARAMETERS]).reshape(2, *start.shape)
    return np.asarray(np.clip(np.concatenate([moved, rest]), *bounds))


def _bounds(moved: int) -> tuple[Floats, Floats]:
    """Of distances."""
    start, low, high = (np.array(one) for one in (START_PARAMETERS, LOWEST_PARAMETERS, HIGHEST_PARAMETERS))
    for one in (low, high, start):
        one[FIRST_STABILITIES] = np.log(one[FIRST_STABILITIES])
    return ((low - start) / WIDTHS)[:moved], ((high - start) / WIDTHS)[:moved]


def _loss(history: History, weights: Floats, places: Floats) -> tuple[Floats, Floats]:
    """Of each column, with what it foretells of the usable reviews."""
    forecasts = history.forecast(_parameters(places)[..., np.newaxis])[..., history.is_usable]
    losses = losses_of(forecasts, history.recalled[history.is_usable]) @ weights
    return losses + PULL / 2 * (places**2).sum(axis=0), forecasts


def _steps(history: History, weights: Floats, place: Floats, forecast: Floats) -> Floats:
    """Where to go next, one column for each damping."""
    low, high = _bounds(len(place))
    way = np.where(place + DIFFERENCE > high, -DIFFERENCE, DIFFERENCE)
    _, forecasts = _loss(history, weights, place[:, np.newaxis] + np.diag(way))
    slopes = (forecasts - forecast) / way[:, np.newaxis]
    p = np.clip(forecast, CERTAIN, 1 - CERTAIN)
    gradient = slopes @ (weights * (p - history.recalled[history.is_usable]) / (p * (1 - p))) + PULL * place
    curvature = (slopes * (weights / (p * (1 - p)))) @ slopes.T + PULL * np.eye(len(place))
    # What would leave the range stays at its end.
    is_free = ~((place <= low) & (gradient > 0) | (place >= high) & (gradient < 0))
    free = np.ix_(is_free, is_free)
    steps = np.repeat(place[:, np.newaxis], len(DAMPINGS), axis=1)
    for column, damping in enumerate(DAMPINGS):
        damped = curvature[free] + damping * np.diag(np.diag(curvature[free]))
        steps[is_free, column] -= np.linalg.solve(damped, gradient[is_free])
    return np.clip(steps, low[:, np.newaxis], high[:, np.newaxis])
