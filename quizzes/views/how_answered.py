"""How an attempt was answered: its pace, what was changed, and how sure the candidate was. Own numbers, no advice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from competencies.matching import excerpt, plain_text
from quizzes.attempt_facts import (
    Change,
    ResponseFacts,
    change_counts,
    median_seconds,
    share_by_confidence,
    slowest,
)
from quizzes.charts import certainty_rows, pace_strip, seconds_text
from quizzes.models import Attempt, Response
from quizzes.queries.results import questions_at, seconds_in_exam
from quizzes.views.miss_reasons import ReasonForm, reason_form
from quizzes.views.result_page import filter_href, href_of_reviewed
from quizzes.views.review_filters import slow_text

SLOWEST = 5
READ_FIRST_AT_MOST = 5
CHANGE_WORDS = {
    Change.WRONG_TO_RIGHT: "from wrong to right",
    Change.RIGHT_TO_WRONG: "from right to wrong",
    Change.WRONG_TO_WRONG: "from wrong to wrong",
    Change.RIGHT_TO_RIGHT: "away from the right answer and back",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowRow:
    position: int
    href: str
    text: str
    outcome: str  # empty where it may not be told


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    sentence: str
    slow_text: str
    slow_href: str
    chart: dict[str, Any]
    slowest: list[SlowRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFirst:
    """An answer that was sure, and wrong."""

    position: int
    competency: str
    stem: str
    href: str
    reason: ReasonForm


def pace_of(candidate: User, attempt: Attempt, rows: Sequence[ResponseFacts], *, is_explained: bool) -> Pace | None:
    """None where too little was timed."""
    middle = median_seconds(rows)
    if middle is None:
        return None
    exam = seconds_in_exam(candidate, attempt)
    return Pace(
        sentence=_pace_sentence(middle, exam, extra_time_percent=candidate.extra_time_percent),
        slow_text=slow_text(rows),
        slow_href=filter_href(attempt, "slow"),
        chart=pace_strip(rows, exam, outcomes=[outcome_of(row) if is_explained else "" for row in rows]),
        slowest=[
            SlowRow(
                position=row.position,
                href=href_of_reviewed(attempt, row.position),
                text=seconds_text(row.seconds),
                outcome=outcome_of(row) if is_explained else "",
            )
            for row in slowest(rows, SLOWEST)
        ],
    )


def _pace_sentence(middle: float, exam: float | None, *, extra_time_percent: int) -> str:
    own = f"Half of the questions took you less than {seconds_text(middle)}."
    if exam is None:
        return own
    extra = f", with your {extra_time_percent} % extra time" if extra_time_percent else ""
    return f"{own} The exam leaves {seconds_text(exam)} for one{extra}."


def outcome_of(row: ResponseFacts) -> str:
    if row.is_correct:
        return "Right"
    return "Wrong" if row.selected else "Unanswered"


def changes_of(attempt: Attempt, rows: Sequence[ResponseFacts]) -> dict[str, Any]:
    """Each kind that came up, with the places of its questions."""
    counts = change_counts(rows)
    kinds = [
        {
            "count": count,
            "text": CHANGE_WORDS[change],
            "places": [
                {"position": row.position, "href": href_of_reviewed(attempt, row.position)}
                for row in rows
                if row.change is change
            ],
        }
        for change, count in counts.items()
        if count
    ]
    gain = counts[Change.WRONG_TO_RIGHT] - counts[Change.RIGHT_TO_WRONG]
    return {"count": sum(counts.values()), "kinds": kinds, "balance": _balance(gain)}


def _balance(gain: int) -> str:
    if not gain:
        return "Together they left your score as it was."
    points = f"{abs(gain)} question{'' if abs(gain) == 1 else 's'}"
    return f"Together they {'won' if gain > 0 else 'cost'} you {points}."


def certainty_of(rows: Sequence[ResponseFacts]) -> dict[str, Any] | None:
    """None where it was never said."""
    names = dict(Response.Confidence.choices)
    shares = share_by_confidence(rows, list(names))
    if not shares:
        return None
    unsaid = sum(bool(row.selected and not row.confidence) for row in rows)
    return {"rows": certainty_rows(shares, names), "unsaid": unsaid}


def read_first(attempt: Attempt, rows: Sequence[ResponseFacts], *, next_href: str) -> list[ReadFirst]:
    """What was sure and wrong, in the order of the attempt; one query."""
    chosen = {row.position: row for row in rows if row.is_sure_but_wrong}
    return [
        ReadFirst(
            position=response.position,
            competency=chosen[response.position].competency,
            stem="".join(part.text for part in excerpt(plain_text(response.question.stem), [])),
            href=f"{filter_href(attempt, 'sure-wrong')}#question-{response.position}",
            reason=reason_form(attempt, chosen[response.position], next_href=next_href),
        )
        for response in questions_at(attempt, list(chosen)[:READ_FIRST_AT_MOST])
    ]
