from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from quizzes.models import Attempt, Response

# A question left open over night was not on screen all the time.
MOST_SECONDS = 6 * 3600


class ReadingTime(NamedTuple):
    """How long a question was on screen since its answer of that sequence, the newest that the sender knows of."""

    position: int
    sequence: int
    seconds: int


def add_seconds(response: Response, seconds: int) -> None:
    """Saving it is up to the caller."""
    response.seconds = min(response.seconds + max(seconds, 0), MOST_SECONDS)


def add_reading_times(attempt: Attempt, times: Iterable[ReadingTime]) -> None:
    """Of an attempt whose row is locked.

    A newer answer than the sender knows has brought its own time, so what was counted before it is not added.
    """
    told = {time.position: time for time in times}
    responses = Response.objects.filter(attempt=attempt, position__in=told, checked_at=None)
    added = [
        response
        for response in responses.only("position", "sequence", "seconds")
        if told[response.position].sequence >= response.sequence
    ]
    for response in added:
        add_seconds(response, told[response.position].seconds)
    Response.objects.bulk_update(added, ["seconds"])
