"""Quizzes, attempts and answers. A key is told where the candidate may see it already, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from progress.queries.personal_data.declaration import Column, Kind, Record
from quizzes.models import Answer, Attempt, Quiz, QuizQuestion, Response, StatusReset
from quizzes.queries.answered import withheld_codes


@dataclass(frozen=True, slots=True)
class ToldResponse:
    """A response with what the pages of its result say of it. A key that is asked for again waits once more."""

    response: Response
    is_shown: bool
    is_told: bool

    @property
    def stem(self) -> str | None:
        return self.response.question.stem if self.is_shown else None

    @property
    def selected_text(self) -> str | None:
        label = self.response.selected_label
        return self._text_of(label) if label and self.is_shown else None

    @property
    def is_correct(self) -> bool | None:
        return self.response.is_correct if self.is_told else None

    @property
    def key(self) -> str | None:
        return self.response.question.key if self.is_told else None

    @property
    def key_text(self) -> str | None:
        return self._text_of(self.response.question.key) if self.is_told else None

    @property
    def miss_reason(self) -> str | None:
        return self.response.miss_reason if self.is_told else None

    def _text_of(self, label: str) -> str:
        return self.response.question.option(label)["text"]


def _attempts(person: User, at: datetime) -> Iterator[Attempt]:
    attempts = Attempt.objects.for_candidate(person).select_related("quiz", "assignment__cohort").order_by("pk")
    return attempts.iterator(chunk_size=500)


def _responses(person: User, at: datetime) -> Iterator[ToldResponse]:
    withheld = withheld_codes(person, at=at)
    responses = Response.objects.filter(attempt__candidate=person).select_related("attempt__assignment", "question")
    for response in responses.order_by("attempt_id", "position").iterator(chunk_size=500):
        is_explained = response.shows_rationale(at)
        yield ToldResponse(
            response,
            is_shown=is_explained or not response.attempt.is_open,
            is_told=is_explained and response.question.code not in withheld,
        )


def _answers(person: User, at: datetime) -> Iterator[Answer]:
    answers = Answer.objects.filter(attempt__candidate=person).select_related("attempt", "response")
    return answers.order_by("pk").iterator(chunk_size=500)


SITTINGS = (
    Record(
        name="quizzes",
        title="Quizzes you built",
        words="Each practice quiz, and for coordinators each quiz they assigned.",
        models=(Quiz, QuizQuestion),
        columns=(
            Column("code", Kind.CODE, "Stands for the quiz."),
            Column("title", Kind.TEXT, "Its title."),
            Column("kind", Kind.TEXT, "practice, mock or placement."),
            Column("question_count", Kind.WHOLE, "How many questions."),
            Column("time_limit_minutes", Kind.WHOLE, "Its time limit.", may_be_missing=True),
            Column("feedback", Kind.TEXT, "When answers are explained: after_each, at_end or after_due."),
            Column("rule", Kind.RULE, "What the questions are drawn from."),
            Column(
                "chosen_questions",
                Kind.TEXTS,
                "Codes of the questions, where a coordinator chose them.",
                lambda quiz: [each.question.code for each in quiz.quiz_questions.all()],
            ),
            Column("daily_on", Kind.DAY, "The day whose ten questions these are.", may_be_missing=True),
            Column("created_at", Kind.MOMENT, "When you built it."),
        ),
        rows=lambda person, at: (
            Quiz.objects.filter(author=person)
            .prefetch_related("quiz_questions__question")
            .order_by("pk")
            .iterator(chunk_size=500)
        ),
    ),
    Record(
        name="attempts",
        title="Attempts",
        words="Each sitting of a quiz, a mock exam or the placement test.",
        models=(Attempt,),
        columns=(
            Column("code", Kind.CODE, "Stands for the attempt."),
            Column("quiz", Kind.TEXT, "Title of the quiz.", "quiz.title"),
            Column("kind", Kind.TEXT, "practice, mock or placement.", "quiz.kind"),
            Column("cohort", Kind.TEXT, "The cohort that assigned it.", "assignment.cohort.name", True),
            Column("state", Kind.TEXT, "in_progress, submitted, graded or abandoned."),
            Column("feedback", Kind.TEXT, "When answers are explained."),
            Column("question_count", Kind.WHOLE, "How many questions."),
            Column("target_percent", Kind.WHOLE, "The practice target then.", "cut_score"),
            Column("started_at", Kind.MOMENT, "When you started."),
            Column("deadline_at", Kind.MOMENT, "When time runs out.", may_be_missing=True),
            Column("paused_seconds", Kind.WHOLE, "How long it paused."),
            Column("submitted_at", Kind.MOMENT, "When you finished.", may_be_missing=True),
            Column("raw_score", Kind.WHOLE, "How many were right. Empty until it is graded.", may_be_missing=True),
        ),
        rows=_attempts,
    ),
    Record(
        name="responses",
        title="Questions asked, and what you last chose",
        words="One row for each question of each attempt. The question, its key and your mark stand there as soon as"
        " you may see them in the product.",
        models=(Response,),
        columns=(
            Column("attempt", Kind.CODE, "Code of the attempt.", "response.attempt.code"),
            Column("position", Kind.WHOLE, "Its place, from 1.", "response.position"),
            Column("question", Kind.TEXT, "Code of the question.", "response.question.code"),
            Column("question_version", Kind.WHOLE, "Its version.", "response.question.version"),
            Column("option_order", Kind.TEXT, "The options in the order shown.", "response.option_order"),
            Column("selected_label", Kind.TEXT, "Your choice. Empty for none.", "response.selected_label"),
            Column("is_flagged", Kind.YES_NO, "Whether you flagged it.", "response.is_flagged"),
            Column("confidence", Kind.TEXT, "sure, unsure, guess or empty.", "response.confidence"),
            Column("seconds", Kind.WHOLE, "How long it was on screen.", "response.seconds"),
            Column("answered_at", Kind.MOMENT, "When you last chose.", "response.answered_at", True),
            Column("checked_at", Kind.MOMENT, "When it was explained to you.", "response.checked_at", True),
            Column("stem", Kind.TEXT, "The question. Empty until you may read it again.", may_be_missing=True),
            Column("selected_text", Kind.TEXT, "The option you chose, in words.", may_be_missing=True),
            Column("is_told", Kind.YES_NO, "Whether the four columns that follow are filled."),
            Column("is_correct", Kind.YES_NO, "Whether you were right.", may_be_missing=True),
            Column("key", Kind.TEXT, "The right option.", may_be_missing=True),
            Column("key_text", Kind.TEXT, "The right option, in words.", may_be_missing=True),
            Column("miss_reason", Kind.TEXT, "Why you missed it, as you judged.", may_be_missing=True),
        ),
        rows=_responses,
    ),
    Record(
        name="answers",
        title="Each choice you made",
        words="Every answer that reached us, also those you changed later.",
        models=(Answer,),
        columns=(
            Column("attempt", Kind.CODE, "Code of the attempt.", "attempt.code"),
            Column("position", Kind.WHOLE, "Place of the question.", "response.position"),
            Column("sequence", Kind.WHOLE, "Counts your choices for this question, from 1."),
            Column("label", Kind.TEXT, "The option. Empty where you took it back."),
            Column("is_flagged", Kind.YES_NO, "Whether it was flagged then."),
            Column("answered_at", Kind.MOMENT, "When."),
        ),
        rows=_answers,
    ),
    Record(
        name="status_resets",
        title="Fresh starts",
        words="When you had your questions count as not seen.",
        models=(StatusReset,),
        columns=(Column("reset_at", Kind.MOMENT, "When."),),
        rows=lambda person, at: StatusReset.objects.filter(candidate=person).order_by("pk"),
    ),
)
