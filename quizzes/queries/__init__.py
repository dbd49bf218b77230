from __future__ import annotations

from quizzes.queries.attempts import (
    get_attempt_for,
    get_response_for,
    missed_objectives,
    response_states,
    responses_of,
    scored_responses,
)
from quizzes.queries.pool import COUNTED_AT_MOST, count_practice_questions, sealed_shortages

__all__ = [
    "COUNTED_AT_MOST",
    "count_practice_questions",
    "get_attempt_for",
    "get_response_for",
    "missed_objectives",
    "response_states",
    "responses_of",
    "scored_responses",
    "sealed_shortages",
]
