"""The figures and sentences of a result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypedDict
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from competencies.models import Statement
from quizzes.models import Attempt, Quiz
from quizzes.scoring import ScoredResponse, competency_scores, statement_scores, wilson_interval

# Below this many questions a share says nothing about a competency.
FEW_QUESTIONS = 5
STUDY_AGAIN_AT_MOST = 5
QUESTIONS_PER_PAGE = 20


class BarRow(TypedDict):
    """A row of components/charts/bar.html."""

    label: str
    value: int
    n: int
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    code: str
    text: str
    href: str
    competency: str
    correct: int
    total: int


def list_href(attempt: Attempt) -> str:
    return reverse("quizzes:response-list", args=[attempt.code])


def filter_query(show: str, competency: str = "") -> str:
    return urlencode({"show": show} | ({"competency": competency} if competency else {}))


def filter_href(attempt: Attempt, show: str, competency: str = "") -> str:
    return f"{list_href(attempt)}?{filter_query(show, competency)}"


def href_of_reviewed(attempt: Attempt, position: int) -> str:
    """Where one question stands in the list of all."""
    page = (position - 1) // QUESTIONS_PER_PAGE + 1
    return f"{list_href(attempt)}?page={page}#question-{position}"


def competency_rows(marks: Iterable[ScoredResponse], names: Mapping[str, str]) -> list[BarRow]:
    return [
        {
            "label": names[score.code],
            "value": score.percent,
            "n": score.total,
            "code": score.code,
        }
        for score in competency_scores(marks)
    ]


def rows_before_explanation(rows: Sequence[BarRow]) -> list[BarRow]:
    """All or none: a share of so few questions tells which of them were right, and so would the rest of the score."""
    return [] if few_text(rows) else list(rows)


def statement_rows(marks: Iterable[ScoredResponse], statements: Mapping[str, Statement]) -> list[StatementRow]:
    """Weakest first; among equals, the one that more questions speak for."""
    scores = sorted(statement_scores(marks), key=lambda score: (score.percent, -score.total))
    return [
        StatementRow(
            code=score.code,
            text=statements[score.code].text,
            href=statements[score.code].get_absolute_url(),
            competency=statements[score.code].competency.code,
            correct=score.correct,
            total=score.total,
        )
        for score in scores
    ]


def builder_href(objectives: Sequence[str]) -> str:
    """The practice builder with these objectives chosen."""
    return f"{reverse('quizzes:practice')}?{urlencode({'objectives': objectives}, doseq=True)}"


def kind_text(attempt: Attempt) -> str:
    """What was sat."""
    quiz = attempt.quiz
    if attempt.assignment_id:
        return "Assigned quiz"
    # No other practice has both an edition's weights and a clock.
    if quiz.kind == Quiz.Kind.PRACTICE and quiz.blueprint_id and quiz.time_limit_minutes:
        return "Short mock"
    return quiz.get_kind_display()


def score_text(attempt: Attempt) -> str:
    percent, target = attempt.percent_correct or 0, attempt.cut_score
    if percent >= target:
        return f"{percent} % right. You met your practice target of {target} %."
    missing = target - percent
    return f"{percent} % right, {missing} point{'' if missing == 1 else 's'} below your practice target of {target} %."


def honest_text(attempt: Attempt) -> str:
    """How far chance alone may have moved the score, by Wilson's interval."""
    count, target = attempt.question_count, attempt.cut_score
    if count < FEW_QUESTIONS:
        return "So few questions are practice and not a measure: they say next to nothing about what you know."
    low, high = (round(end) for end in wilson_interval(attempt.raw_score or 0, count))
    standing = f" Your target of {target} % lies within that: too close to call." if low <= target <= high else ""
    return (
        f"{count} questions are a sample. Of all such questions you would get {low} to {high} % right, "
        f"in nine cases of ten.{standing}"
    )


def few_text(rows: Sequence[BarRow]) -> str:
    codes = [row["code"] for row in rows if row["n"] < FEW_QUESTIONS]
    if not codes:
        return ""
    return f"Fewer than {FEW_QUESTIONS} questions in {', '.join(codes)}: too few to tell strong from weak."


def due_text(attempt: Attempt) -> str:
    """When the feedback policy holds key and rationales back: until when."""
    assert attempt.assignment is not None  # only an assignment has a due date to wait for
    due = date_format(timezone.localtime(attempt.assignment.due_at), "j F Y, H:i")
    return f"The key and the reasons are shown after the due date, {due}."


def time_taken(attempt: Attempt) -> str:
    """Without the breaks."""
    return time_text(_spent(attempt))


def time_basis(attempt: Attempt) -> str:
    allowed = _allowed(attempt)
    if allowed is None:
        return "No time limit"
    is_cut_short = attempt.submitted_at == attempt.deadline_at
    if attempt.quiz.time_limit_minutes is None:
        return "No time limit; closed on the due date" if is_cut_short else "No time limit"
    if is_cut_short:
        return f"of {time_text(allowed)} allowed; closed when time was up"
    return f"of {time_text(allowed)} allowed; {time_text(allowed - _spent(attempt))} left unused"


def _spent(attempt: Attempt) -> timedelta:
    return (attempt.submitted_at or attempt.started_at) - attempt.started_at - timedelta(seconds=attempt.paused_seconds)


def _allowed(attempt: Attempt) -> timedelta | None:
    """A break moves the deadline by as much as it lasts."""
    if attempt.deadline_at is None:
        return None
    return attempt.deadline_at - attempt.started_at - timedelta(seconds=attempt.paused_seconds)


def time_text(span: timedelta) -> str:
    seconds = max(0, round(span.total_seconds()))
    hours, minutes = divmod(seconds // 60, 60)
    if hours >= 24:
        return f"{hours // 24} d {hours % 24} h"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min {seconds % 60} s" if minutes < 10 else f"{minutes} min"
