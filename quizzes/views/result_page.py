"""The figures and sentences of a result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import sqrt
from typing import TypedDict
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from competencies.models import Statement
from quizzes.forms.responses import FilterResponsesForm
from quizzes.models import Attempt, Response
from quizzes.scoring import ScoredResponse, competency_scores, statement_scores

# Below this many questions a share says nothing about a competency.
FEW_QUESTIONS = 5
STUDY_AGAIN_AT_MOST = 5
QUESTIONS_PER_PAGE = 20
# Half the width of a 95 % interval of a share near one half, in points, before it is divided by the root of n.
WIDEST_HALF_INTERVAL = 98
FILTERS = {"all": "All", "wrong": "Wrong", "flagged": "Flagged", "unanswered": "Unanswered"}
EMPTY_TITLES = {
    "all": "No questions",
    "wrong": "No wrong answers",
    "flagged": "Nothing flagged",
    "unanswered": "Nothing left unanswered",
}


class BarRow(TypedDict):
    """A row of components/charts/bar.html."""

    label: str
    value: int
    n: int
    code: str


class Tab(TypedDict):
    """A tab of components/tabs.html."""

    href: str
    label: str
    is_current: bool
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    code: str
    text: str
    href: str
    competency: str
    correct: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Which questions of an attempt are read again. What is wrong is not told before the key may be."""

    show: str
    positions: list[int]
    counts: dict[str, int]
    refusal: str

    @property
    def query(self) -> str:
        return urlencode({"show": self.show})

    @property
    def empty_title(self) -> str:
        return EMPTY_TITLES[self.show]


def review_of(states: Iterable[Response], form: FilterResponsesForm, *, is_explained: bool) -> Review:
    rows = list(states)
    found = {
        "all": [row.position for row in rows],
        "wrong": [row.position for row in rows if row.selected_label and not row.is_correct],
        "flagged": [row.position for row in rows if row.is_flagged],
        "unanswered": [row.position for row in rows if not row.selected_label],
    }
    if not is_explained:
        del found["wrong"]
    asked = (form.cleaned_data["show"] or "all") if form.is_valid() else ""
    show = asked if asked in found else "all"
    return Review(
        show=show,
        positions=found[show],
        counts={name: len(positions) for name, positions in found.items()},
        refusal="" if show == asked else _why_all(asked),
    )


def _why_all(asked: str) -> str:
    if asked:
        return "Which ones were wrong is shown after the due date. Here are all questions."
    return "There is no such filter. Here are all questions."


def tabs_of(attempt: Attempt, review: Review) -> list[Tab]:
    return [
        {"href": filter_href(attempt, name), "label": FILTERS[name], "is_current": name == review.show, "count": count}
        for name, count in review.counts.items()
    ]


def filter_href(attempt: Attempt, name: str) -> str:
    return f"{reverse('quizzes:response-list', args=[attempt.code])}?show={name}"


def href_of_reviewed(attempt: Attempt, position: int) -> str:
    page = (position - 1) // QUESTIONS_PER_PAGE + 1
    return f"{reverse('quizzes:response-list', args=[attempt.code])}?page={page}#question-{position}"


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


def score_text(attempt: Attempt) -> str:
    percent, target = attempt.percent_correct or 0, attempt.cut_score
    if percent >= target:
        return f"{percent} % right. You met your practice target of {target} %."
    missing = target - percent
    return f"{percent} % right, {missing} point{'' if missing == 1 else 's'} below your practice target of {target} %."


def honest_text(question_count: int) -> str:
    if question_count < FEW_QUESTIONS:
        return "So few questions are practice and not a measure: they say next to nothing about what you know."
    points = round(WIDEST_HALF_INTERVAL / sqrt(question_count))
    return (
        f"With {question_count} questions, chance alone moves a score by up to about {points} points either way. "
        "Read it as a hint, not as a forecast."
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
    return time_text((attempt.submitted_at or attempt.started_at) - attempt.started_at)


def time_basis(attempt: Attempt) -> str:
    if attempt.deadline_at is None:
        return "No time limit"
    allowed = f"of {time_text(attempt.deadline_at - attempt.started_at)} allowed"
    return f"{allowed}; closed when time was up" if attempt.submitted_at == attempt.deadline_at else allowed


def time_text(span: timedelta) -> str:
    seconds = max(0, round(span.total_seconds()))
    hours, minutes = divmod(seconds // 60, 60)
    if hours >= 24:
        return f"{hours // 24} d {hours % 24} h"
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds % 60} s" if minutes < 10 else f"{minutes} min"
