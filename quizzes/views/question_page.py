"""What a page may show of a question. The key and the rationales enter these values only when a question is explained,
so that no template can let them out before their time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.forms import Form
from django.urls import reverse

from accounts.models import User
from competencies.models import Objective, Term
from questions.queries import Source, sources_of
from quizzes.models import Attempt, Feedback, Response
from quizzes.queries.peers import peer_choices
from quizzes.services import can_pause, deadline_for
from quizzes.views.navigator import Place, Tally, marks_of, next_open, places_of, tally_of
from study.models import Note

LETTERS = "ABCD"
# Each pause is kept in whole seconds.
PAUSES_ROUNDED = timedelta(seconds=5)
# From a response to what its explanation names.
EXPLAINED = ("question__references", "question__objective__terms", "question__statistics")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownOption:
    letter: str  # by place on the page
    label: str  # by identity in the bank
    text: str
    is_chosen: bool
    is_key: bool = False
    rationale: str = ""
    share: int | None = None  # percent of first answers; None where there are too few to tell
    share_of: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    is_correct: bool
    text: str
    word: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What a question shows beside its options once it is checked or the quiz is over."""

    verdict: Verdict
    objective: Objective
    terms: list[Term]
    sources: list[Source]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownQuestion:
    position: int
    stem: str
    options: list[ShownOption]
    is_answered: bool
    is_flagged: bool
    confidence: str
    flag_href: str
    problem_href: str
    explanation: Explanation | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPage:
    """One question of an open attempt, and the way to the others."""

    title: str
    href: str
    count: int
    question: ShownQuestion
    sequence: int  # of the newest answer
    places: list[Place]
    tally: Tally
    is_checked_at_once: bool
    chosen_confidence: str
    is_flagged: bool
    note: Note | None
    remaining_seconds: int | None
    due_at: datetime | None  # as `due_at`
    extra_time_percent: int  # that the clock includes
    pause_href: str  # empty where there is no pause
    submit_href: str
    previous_href: str
    next_href: str  # the next question without an answer; empty when there is none

    @property
    def marks(self) -> str:
        return marks_of(self.places)

    @property
    def is_last(self) -> bool:
        return self.question.position == self.count

    @property
    def confidences(self) -> list[tuple[str, str]]:
        return list(Response.Confidence.choices)

    @property
    def remaining_text(self) -> str:
        return clock_text(self.remaining_seconds or 0)


def question_page(
    response: Response,
    states: Sequence[Response],
    *,
    candidate: User,
    form: Form,
    now: datetime,
    note: Note | None = None,
) -> QuestionPage:
    """`states` are all responses of the attempt; what the form was sent with is shown again, else what is stored."""
    attempt, position = response.attempt, response.position
    behind = next_open(attempt, [state for state in states if state.position != position], after=position)
    return QuestionPage(
        title=attempt.quiz.title,
        href=href_of(attempt, position),
        count=attempt.question_count,
        question=show_question(
            response,
            explained=response.shows_rationale(now),
            chosen=sent_or_stored(form, "label", response.selected_label),
        ),
        sequence=response.sequence,
        places=places_of(attempt, states, current=position),
        tally=tally_of(states),
        is_checked_at_once=attempt.feedback == Feedback.AFTER_EACH,
        chosen_confidence=sent_or_stored(form, "confidence", response.confidence),
        is_flagged=bool(sent_or_stored(form, "is_flagged", "on" if response.is_flagged else "")),
        note=note,
        remaining_seconds=attempt.remaining_seconds(now),
        due_at=due_at(attempt),
        extra_time_percent=extra_time_in(attempt, candidate),
        pause_href=reverse("quizzes:attempt-pause", args=[attempt.code]) if can_pause(attempt) else "",
        submit_href=reverse("quizzes:attempt-submit", args=[attempt.code]),
        previous_href=href_of(attempt, position - 1) if position > 1 else "",
        next_href=href_of(attempt, behind) if behind else "",
    )


def due_at(attempt: Attempt) -> datetime | None:
    """When it closes, where nothing but the due date of an assignment closes it."""
    is_due_alone = attempt.assignment_id is not None and attempt.quiz.time_limit_minutes is None
    return attempt.deadline_at if is_due_alone else None


def extra_time_in(attempt: Attempt, candidate: User) -> int:
    """What its deadline includes: nothing where an assignment ends before, or where it was granted after the start."""
    whole = deadline_for(candidate, attempt.quiz, None, attempt.started_at)
    if whole is None or attempt.deadline_at is None:
        return 0
    missing = whole + timedelta(seconds=attempt.paused_seconds) - attempt.deadline_at
    return candidate.extra_time_percent if abs(missing) < PAUSES_ROUNDED else 0


def sent_or_stored(form: Form, name: str, stored: str) -> str:
    return form.data.get(name, "") if form.is_bound else stored


def show_question(response: Response, *, explained: bool, chosen: str | None = None) -> ShownQuestion:
    """`chosen` is marked in place of what is stored. `EXPLAINED` is what explaining a list prefetches."""
    return ShownQuestion(
        position=response.position,
        stem=response.question.stem,
        options=shown_options(response, explained=explained, chosen=chosen),
        is_answered=bool(response.selected_label),
        is_flagged=response.is_flagged,
        confidence=response.get_confidence_display(),
        flag_href=reverse("quizzes:response-flag", args=[response.attempt.code, response.position]),
        problem_href=reverse("quizzes:problem-create", args=[response.attempt.code, response.position]),
        explanation=explain(response) if explained else None,
    )


def explain(response: Response) -> Explanation:
    question = response.question
    return Explanation(
        verdict=verdict_of(response),
        objective=question.objective,
        terms=list(question.objective.terms.all()),
        sources=sources_of(question),
    )


def shown_options(response: Response, *, explained: bool, chosen: str | None = None) -> list[ShownOption]:
    question = response.question
    chosen = response.selected_label if chosen is None else chosen
    options = [(label, question.option(label)) for label in response.option_order]
    peers = peer_choices(question) if explained else None
    return [
        ShownOption(
            letter=letter,
            label=label,
            text=option["text"],
            is_chosen=label == chosen,
            is_key=explained and label == question.key,
            rationale=option["rationale"] if explained else "",
            share=peers.percent.get(label) if peers else None,
            share_of=peers.n if peers else 0,
        )
        for letter, (label, option) in zip(LETTERS, options, strict=True)
    ]


def verdict_of(response: Response) -> Verdict:
    letter = LETTERS[response.option_order.index(response.question.key)]
    if response.is_correct:
        return Verdict(is_correct=True, text=f"Right: {letter} is the key", word="Right", tone="success", icon="right")
    if not response.selected_label:
        return Verdict(is_correct=False, text=f"{letter} is the key", word="Unanswered", tone="warning", icon="wrong")
    return Verdict(
        is_correct=False, text=f"Not this time: {letter} is the key", word="Wrong", tone="error", icon="wrong"
    )


def href_of(attempt: Attempt, position: int) -> str:
    return reverse("quizzes:response-detail", args=[attempt.code, position])


def clock_text(seconds: int) -> str:
    """As static/js/countdown.js writes it."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"
