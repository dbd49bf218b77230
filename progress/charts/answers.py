"""What answers say over time and apart from each other, for line.html, interval.html, calibration.html and bar.html."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from competencies.models import Competency
from progress.answers import (
    CERTAINTIES,
    FEWEST,
    FEWEST_PEERS,
    REASONS,
    GivenAnswer,
    Month,
    Pace,
    Peers,
    Reasons,
    Share,
    share_of,
)
from progress.charts.lines import Estimate, line_with_band
from progress.queries.answers import SatMock
from quizzes.models import Response

CERTAINTY_NAMES = {"guess": "Guessing", "unsure": "Unsure", "sure": "Sure"}
WHEN = {"guess": "When you were guessing", "unsure": "When you were unsure", "sure": "When you were sure"}
# One of four options, chosen blindly.
BLIND_PERCENT = 25
# The bar of a question that takes twice as long as the exam allows fills its track.
FULL_TRACK_OF_PACES = 2


# Over time


def mock_line(mocks: Sequence[SatMock]) -> dict[str, Any] | None:
    return line_with_band([_estimate(mock.on, mock.share) for mock in mocks])


def week_line(weeks: Sequence[tuple[date, Share]]) -> dict[str, Any] | None:
    return line_with_band([_estimate(monday, share) for monday, share in weeks])


def _estimate(on: date, share: Share) -> Estimate:
    return Estimate(on, share.n, share.percent, share.low, share.high)


# First answers and repeats


def first_and_repeat_rows(answers: Sequence[GivenAnswer]) -> list[dict[str, Any]]:
    """Rows of interval.html; without one that too few answers speak for."""
    groups = {
        "First answers": share_of(answer for answer in answers if answer.is_first),
        "Repeats": share_of(answer for answer in answers if not answer.is_first),
    }
    return [
        {
            "label": name,
            "low": share.low,
            "width": share.high - share.low,
            "value": share.percent,
            "text": f"{share.percent} %",
            "note": f"{share.right} of {share.n} right; 90 % interval {share.low} to {share.high} %.",
            "n": share.n,
        }
        for name, share in groups.items()
        if share.is_telling
    ]


def month_rows(months: Iterable[Month]) -> list[dict[str, str]]:
    return [
        {
            "label": f"{month.starts_on:%B %Y}",
            "first": _share_words(month.first),
            "first_n": str(month.first.n),
            "repeats": _share_words(month.repeats),
            "repeats_n": str(month.repeats.n),
        }
        for month in months
    ]


def _share_words(share: Share) -> str:
    if not share.n:
        return "none"
    return f"{share.percent} % ({share.low} to {share.high})" if share.is_telling else "too few"


def peer_words(peers: Peers | None) -> dict[str, Any] | None:
    """Two bars and a sentence; None where too few share a question."""
    if peers is None:
        return None
    bars = [
        {"label": "You", "value": peers.own.percent, "n": peers.own.n},
        {"label": "Others", "value": peers.percent, "n": peers.own.n},
    ]
    if peers.own.low > peers.percent:
        sentence = "You are ahead of them by more than chance alone would explain."
    elif peers.own.high < peers.percent:
        sentence = "You are behind them by more than chance alone would explain."
    else:
        sentence = "Chance alone may explain the difference."
    basis = f"{peers.own.n} questions, each answered by at least {FEWEST_PEERS} others"
    return {"bars": bars, "sentence": sentence, "basis": basis}


# Certainty


def calibration_points(said: Iterable[tuple[str, Share]]) -> list[dict[str, Any]]:
    """Columns of calibration.html, the least certain first; heights are counted from the top."""
    return [
        {
            "label": CERTAINTY_NAMES[certainty],
            "n": share.n,
            "value": share.percent if share.is_telling else None,
            "y": 100 - share.percent,
            "top": 100 - share.high,
            "bottom": 100 - share.low,
            "range_text": f"{share.low} to {share.high} %",
            "missing": f"{FEWEST - share.n} more needed",
        }
        for certainty, share in said
    ]


def calibration_words(said: Iterable[tuple[str, Share]]) -> list[str]:
    """A sentence for each certainty that enough answers speak for, the most certain first."""
    told = {certainty: share for certainty, share in said if share.is_telling}
    words = {
        certainty: f"{WHEN[certainty]}, {told[certainty].percent} % of {told[certainty].n} were right."
        for certainty in reversed(CERTAINTIES)
        if certainty in told
    }
    if "sure" in told:
        words["sure"] += f" {_what_sure_is_worth(told['sure'])}"
    return list(words.values())


def _what_sure_is_worth(share: Share) -> str:
    """In how many sure answers one is wrong, which is what a candidate can picture."""
    wrong = share.n - share.right
    if not wrong:
        return "None was wrong so far."
    return f"So about one in {max(1, round(share.n / wrong))} was wrong; those are worth reading twice."


# Why answers went wrong


def reason_bars(reasons: Reasons) -> list[dict[str, Any]]:
    return [
        {"label": Response.MissReason(reason).label, "value": round(100 * count / reasons.n), "text": str(count)}
        for reason, count in zip(REASONS, reasons.counts, strict=True)
        if reasons.n
    ]


def reason_months(months: Iterable[tuple[date, Reasons]]) -> dict[str, Any]:
    """Heads and rows of a table."""
    return {
        "heads": [Response.MissReason(reason).label for reason in REASONS],
        "rows": [
            {"label": f"{starts_on:%B %Y}", "counts": reasons.counts, "n": reasons.n, "wrong": reasons.wrong}
            for starts_on, reasons in months
        ],
    }


# Time


def pace_bars(found: Iterable[Pace], competencies: Mapping[str, Competency], *, pace: int) -> list[dict[str, Any]]:
    """Against the seconds of the exam, which stand in the middle of the track; without what too few answers say."""
    return [
        {
            "label": competencies[each.competency].name,
            "code": each.competency,
            "value": min(100, round(100 * each.median / (FULL_TRACK_OF_PACES * pace))),
            "text": f"{each.median} s",
            "n": each.n,
        }
        for each in found
        if each.n >= FEWEST and pace
    ]
