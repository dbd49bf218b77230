"""The places of an attempt as its navigator shows them, and which of them a page has to be told anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from quizzes.models import Attempt, Feedback, Response

# In this header static/js/question-swap.js tells what the navigator shows, as `marks_of` wrote it into the page. Only
# what differs is sent then: a hundred places are half of the work that a question takes, here and in the browser.
MARKS_SHOWN = "Places-Shown"
CURRENT = "."
WORDS = {"open": "not answered", "answered": "answered", "right": "right", "wrong": "wrong"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One position of a quiz in its navigator."""

    attempt_code: UUID
    position: int
    state: str  # open, answered, right, wrong
    is_flagged: bool
    is_current: bool

    @property
    def href(self) -> str:
        return reverse("quizzes:response-detail", args=[self.attempt_code, self.position])

    @property
    def words(self) -> str:
        return f"{WORDS[self.state]}{', flagged' if self.is_flagged else ''}"

    @property
    def mark(self) -> str:
        letter = self.state[0]
        return letter.upper() if self.is_flagged else letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    answered: int
    unanswered: int
    flagged: int


def places_of(attempt: Attempt, responses: Iterable[Response], *, current: int | None = None) -> list[Place]:
    return [
        Place(
            attempt_code=attempt.code,
            position=response.position,
            state=state_of(attempt, response),
            is_flagged=response.is_flagged,
            is_current=response.position == current,
        )
        for response in responses
    ]


def marks_of(places: Sequence[Place]) -> str:
    """One character for each. The current place may change while its page is open, so nothing is said of it."""
    return "".join(CURRENT if place.is_current else place.mark for place in places)


def places_to_tell(places: Sequence[Place], shown: str | None) -> list[Place] | None:
    """Those that the navigator shows otherwise, and the current one; None, for all of it, where it is not known."""
    if shown is None or len(shown) != len(places):
        return None
    return [place for place, mark in zip(places, shown, strict=True) if place.is_current or place.mark != mark]


def place_context(response: Response, states: Sequence[Response]) -> dict[str, Any]:
    """What of the navigator is swapped out of turn when one question's state has changed."""
    places = places_of(response.attempt, states, current=response.position)
    return {
        "place": places[response.position - 1],
        "page": {"tally": tally_of(states), "count": len(states)},
        "is_oob": True,
    }


def state_of(attempt: Attempt, response: Response) -> str:
    if attempt.feedback == Feedback.AFTER_EACH:
        if response.checked_at is None:
            return "open"
        return "right" if response.is_correct else "wrong"
    return "answered" if response.selected_label else "open"


def tally_of(responses: Iterable[Response]) -> Tally:
    rows = list(responses)
    answered = sum(1 for response in rows if response.selected_label)
    return Tally(
        answered=answered,
        unanswered=len(rows) - answered,
        flagged=sum(1 for response in rows if response.is_flagged),
    )


def next_open(attempt: Attempt, responses: Sequence[Response], *, after: int = 0) -> int | None:
    """The first unanswered position behind `after`, or else the first of all; None when everything is answered."""
    waiting = [response.position for response in responses if state_of(attempt, response) == "open"]
    return next((position for position in waiting if position > after), waiting[0] if waiting else None)
