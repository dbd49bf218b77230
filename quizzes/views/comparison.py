"""A result beside others: questions seen before, the candidate's earlier attempts, other candidates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from quizzes.attempt_facts import FEWEST_IN_A_GROUP, PeerPlace, ResponseFacts, Share, first_and_repeated, peer_place
from quizzes.charts import score_line
from quizzes.models import Attempt
from quizzes.queries.results import Result, peer_scores, positions_seen_before, results_like
from quizzes.scoring import percent_of


def first_text(attempt: Attempt, rows: Sequence[ResponseFacts]) -> str:
    """Questions met for the first time apart from those that may be remembered."""
    first, repeated = first_and_repeated(rows, positions_seen_before(attempt))
    if not repeated.total:
        return "You had seen none of these questions before."
    if not first.total:
        return "You had seen all of these questions before, so the score says what you remember of them, not more."
    return (
        f"{_were(first.total)} new to you: {_share_text(first)}. {_had_been(repeated.total)} seen before: "
        f"{_share_text(repeated)}. Only the new ones say something about the exam."
    )


def _were(n: int) -> str:
    return f"{n} question{' was' if n == 1 else 's were'}"


def _had_been(n: int) -> str:
    return f"{n} {'was one' if n == 1 else 'were ones'} you had"


def _share_text(share: Share) -> str:
    low, high = share.interval
    return f"{share.right} right, {share.percent} % (90 % interval {low} to {high} %)"


def trend_of(attempt: Attempt) -> dict[str, Any] | None:
    """None for the first of its kind."""
    results = results_like(attempt)
    if len(results) < 2:
        return None
    return {
        "chart": score_line([(_label(result), Share(result.raw_score, result.question_count)) for result in results]),
        "sentence": _step_text(results[-2], results[-1]),
        "note": _note(attempt),
    }


def _label(result: Result) -> str:
    return date_format(timezone.localtime(result.submitted_at), "j M, H:i")


def _step_text(before: Result, now: Result) -> str:
    last = percent_of(before.raw_score, before.question_count)
    step = percent_of(now.raw_score, now.question_count) - last
    if not step:
        return f"As last time, {last} %."
    return f"{abs(step)} point{'' if abs(step) == 1 else 's'} {'above' if step > 0 else 'below'} last time, {last} %."


def _note(attempt: Attempt) -> str:
    if attempt.is_mock or attempt.assignment_id:
        return "A step within the band may be chance."
    return "Practice quizzes differ in what they ask, so compare them with care. A step within the band may be chance."


def peers_of(attempt: Attempt) -> dict[str, Any] | None:
    """None among too few others."""
    own = attempt.percent_correct or 0
    place = peer_place(peer_scores(attempt), own)
    if place is None:
        return None
    return {"place": place, "own": own, "sentence": _place_text(place, own), "width": place.high - place.low}


def _place_text(place: PeerPlace, own: int) -> str:
    if place.below == FEWEST_IN_A_GROUP:
        standing = f"Better than at most {percent_of(place.below, place.n)} % of {place.n} other candidates"
    elif place.below == place.n - FEWEST_IN_A_GROUP:
        standing = f"Better than at least {percent_of(place.below, place.n)} % of {place.n} other candidates"
    else:
        standing = f"Better than {percent_of(place.below, place.n)} % of {place.n} other candidates"
    return f"{standing} in their first attempt. The middle one scored {place.median} %, you {own} %."
