from __future__ import annotations

from quizzes.models import Response


def classify_miss(*, response: Response, reason: str) -> None:
    """Keep why an answer went wrong, in the candidate's own judgement; an empty reason takes it back.

    What was answered right, or is not graded yet, keeps none.
    """
    Response.objects.filter(pk=response.pk, is_correct=False).update(miss_reason=reason)
