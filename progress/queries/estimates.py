"""How far our estimates can be trusted: what simulations showed, and what this installation has seen so far."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import numpy as np
from django.conf import settings
from django.core.cache import cache
from django.db.models import Avg, Count, Q
from numpy.typing import NDArray

from accounts.models import User
from quizzes.models import Attempt, Calibration, Quiz
from quizzes.queries.readiness import readiness_before
from quizzes.queries.recall import RecallTrials, recall_trials
from quizzes.readiness import Show
from reviews.models import MemoryFit
from reviews.study_queue import GUESSED_RIGHT

Floats = NDArray[np.float64]

# Below this a share says too little to be shown.
FEWEST = 30
# Edges of recall; the memory model seldom foretells less than half.
EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
SURE = 1e-4  # what a forecast of certainty is taken for
# The newest ones; each costs a fold of its candidate's answers.
MOST_MOCKS = 300

# In Django's cache, whose database table every process sees. The number changes with the shape of LiveFigures.
LIVE = "live-figures-1"
ASKED = "live-figures-asked"
ASK_AGAIN_AFTER = 600  # seconds


@dataclass(frozen=True, slots=True)
class RecallBin:
    """Answers whose recall was foretold between `low` and `high`; all in percent but n."""

    low: int
    high: int
    n: int
    expected: float  # right answers, with those that are guessed
    right: float

    @property
    def is_telling(self) -> bool:
        return self.n >= FEWEST


@dataclass(frozen=True, slots=True)
class RecallFigures:
    n: int
    bins: list[RecallBin]
    log_loss: float | None
    log_loss_average: float | None  # of foretelling the average of all of them each time


@dataclass(frozen=True, slots=True)
class MockFigures:
    """Readiness before mock exams against their scores, in percent."""

    n: int
    within: float | None  # of the 90 % intervals held the score
    expected: float | None  # mean
    scored: float | None  # mean
    brier: float | None  # of the chance to reach the target
    brier_average: float | None  # of foretelling the share that reached it each time


@dataclass(frozen=True, slots=True)
class FitFigures:
    """Of the memory model: every candidate's newest fit, accepted or not; scores are means."""

    accepted: int
    refused: int
    log_loss: float | None
    log_loss_default: float | None
    log_loss_average: float | None

    @property
    def n(self) -> int:
        return self.accepted + self.refused


@dataclass(frozen=True, slots=True)
class LiveFigures:
    computed_at: datetime
    recall: RecallFigures
    mocks: MockFigures
    fits: FitFigures


def live_figures(*, at: datetime) -> LiveFigures:
    """Reads the log of hundreds of candidates: for the night, not for a page."""
    return LiveFigures(at, recall_figures(recall_trials()), mock_figures(), fit_figures())


def stored_figures() -> LiveFigures | None:
    """Those of last night; None before the first, or when the cache was emptied since."""
    found = cache.get(LIVE)
    return found if isinstance(found, LiveFigures) else None


def is_first_to_ask() -> bool:
    """Whether nobody has asked for the figures lately: then they are worth computing by day."""
    return cache.add(ASKED, True, ASK_AGAIN_AFTER)


def recall_figures(trials: RecallTrials) -> RecallFigures:
    expected = trials.recall + (1 - trials.recall) * GUESSED_RIGHT
    right = trials.is_correct.astype(np.float64)
    place = np.clip(np.searchsorted(EDGES, trials.recall, side="right") - 1, 0, len(EDGES) - 2)
    bins = [
        RecallBin(
            low=round(100 * low),
            high=round(100 * high),
            n=int((place == number).sum()),
            expected=_percent(expected[place == number]),
            right=_percent(right[place == number]),
        )
        for number, (low, high) in enumerate(pairwise(EDGES))
    ]
    if not len(trials):
        return RecallFigures(0, bins, None, None)
    average = np.full(len(trials), right.mean())
    return RecallFigures(len(trials), bins, _log_loss(expected, right), _log_loss(average, right))


def mock_figures() -> MockFigures:
    """Of the newest mock exams before which an interval could have been shown."""
    mocks = Attempt.objects.filter(quiz__kind=Quiz.Kind.MOCK, state=Attempt.State.GRADED, raw_score__isnull=False)
    newest = mocks.select_related("quiz__blueprint", "candidate").order_by("-submitted_at", "-pk")[:MOST_MOCKS]
    rows = []
    for attempt in newest:
        before = readiness_before(attempt)
        if before is not None and before.show is not Show.NOTHING and attempt.raw_score is not None:
            score = 100 * attempt.raw_score / attempt.question_count
            rows.append((before.low, before.high, before.expected, before.probability, score, attempt.cut_score))
    if not rows:
        return MockFigures(0, None, None, None, None, None)
    low, high, expected, probability, score, target = np.array(rows, dtype=np.float64).T
    reached = (score >= target).astype(np.float64)
    return MockFigures(
        n=len(rows),
        within=_percent((score >= low) & (score <= high)),
        expected=float(expected.mean()),
        scored=float(score.mean()),
        brier=float(((probability - reached) ** 2).mean()),
        brier_average=float(((reached.mean() - reached) ** 2).mean()),
    )


def fit_figures() -> FitFigures:
    newest: dict[int, int] = dict(MemoryFit.objects.order_by("pk").values_list("candidate_id", "pk"))
    fits = MemoryFit.objects.filter(pk__in=newest.values()).order_by()
    return FitFigures(
        **fits.aggregate(
            accepted=Count("pk", filter=Q(is_accepted=True)),
            refused=Count("pk", filter=Q(is_accepted=False)),
            log_loss=Avg("log_loss"),
            log_loss_default=Avg("log_loss_default"),
            log_loss_average=Avg("log_loss_average"),
        )
    )


def newest_calibration() -> Calibration | None:
    return Calibration.objects.first()


def own_fit(candidate: User) -> MemoryFit | None:
    """The newest one of the candidate's memory, accepted or refused."""
    return MemoryFit.objects.filter(candidate=candidate).first()


# What the simulations printed


@dataclass(frozen=True, slots=True)
class Measurement:
    """A recorded run of a command; `made_on` is when the file was written."""

    made_on: date
    content: dict[str, Any]


def recorded(name: str) -> Measurement | None:
    """A file of docs/measurements; None where it is not there, or holds nothing that can be read."""
    path = settings.MEASUREMENTS / f"{name}.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        changed_at = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
    except (OSError, ValueError):
        return None
    if not isinstance(content, dict):
        return None
    try:
        made_on = date.fromisoformat(content["made_on"])
    except (KeyError, TypeError, ValueError):
        made_on = changed_at.date()
    return Measurement(made_on, content)


def _percent(values: NDArray[Any]) -> float:
    return float(100 * values.mean()) if len(values) else 0.0


def _log_loss(chances: Floats, outcomes: Floats) -> float:
    sure = np.clip(chances, SURE, 1 - SURE)
    return float(-np.mean(outcomes * np.log(sure) + (1 - outcomes) * np.log(1 - sure)))
