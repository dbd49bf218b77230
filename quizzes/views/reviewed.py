"""A question of a finished attempt, read again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quizzes.attempt_facts import ResponseFacts, slow_rows
from quizzes.charts import seconds_text
from quizzes.models import Response
from quizzes.views.how_answered import CHANGE_WORDS
from quizzes.views.miss_reasons import ReasonForm, reason_form
from quizzes.views.question_page import ShownQuestion, show_question


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedQuestion:
    question: ShownQuestion
    href: str
    notes: list[str]
    reason: ReasonForm | None

    @property
    def describe(self) -> str:
        return f"with question {self.question.position}"


def reviewed_questions(
    responses: Iterable[Response],
    rows: Sequence[ResponseFacts],
    *,
    is_explained: bool,
    next_href: str,
) -> list[ReviewedQuestion]:
    """`rows` are all of the attempt: what is slow follows from all of them. The responses come with their attempt."""
    facts = {row.position: row for row in rows}
    slow = {row.position for row in slow_rows(rows)}
    return [
        ReviewedQuestion(
            question=show_question(response, explained=is_explained),
            href=f"{next_href}#question-{response.position}",
            notes=notes_on(facts[response.position], is_slow=response.position in slow, is_explained=is_explained),
            reason=None
            if not is_explained or response.is_correct is not False
            else reason_form(response.attempt, response, next_href=f"{next_href}#question-{response.position}"),
        )
        for response in responses
    ]


def notes_on(row: ResponseFacts, *, is_slow: bool, is_explained: bool) -> list[str]:
    """How it was answered, a few words each. The direction of a change would tell what was right."""
    said = {"sure": "You were sure", "unsure": "You were unsure", "guess": "You were guessing"}.get(row.confidence)
    time = f"{seconds_text(row.seconds)} on screen{', slow' if is_slow else ''}" if row.seconds else ""
    changed = f"Changed {CHANGE_WORDS[row.change]}" if is_explained and row.change else "Changed" if row.changes else ""
    return [note for note in (said, time, changed) if note]
