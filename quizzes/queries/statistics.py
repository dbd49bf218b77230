"""What statistics are computed from, and what the admin shows of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast
from numpy.typing import NDArray

from competencies.models import Blueprint
from questions.models import Question
from quizzes.ability import Prior, authored_difficulty
from quizzes.item_analysis import Flag
from quizzes.models import Attempt, Calibration, ItemStatistics, QuizQuestion, Response, ResponseQuerySet
from reviews.models import ReviewLog

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

LABELS = "ABCD"
READ_AT_ONCE = 5000
COLUMNS = np.dtype(
    [("row", "i8"), ("question", "i8"), ("candidate", "i8"), ("label", "U1"), ("is_correct", "?"), ("seconds", "i8")]
)


@dataclass(frozen=True, slots=True, eq=False)
class FirstAnswers:
    """By primary keys, an entry per candidate and question; the option is the place of its label in LABELS."""

    row: Integers
    question: Integers
    candidate: Integers
    option: Integers
    is_correct: Booleans
    seconds: Integers

    def __len__(self) -> int:
        return len(self.row)


def first_answers() -> FirstAnswers:
    """Of graded attempts, where the candidate had never met the question before.

    A question that was first left unanswered, or first met in a review, has been seen: later answers may be remembered.
    """
    rows = graded_responses().order_by("attempt__submitted_at", "pk")
    names = ("pk", "question_id", "attempt__candidate_id", "selected_label", "is_correct", "seconds")
    read = np.fromiter(rows.values_list(*names).iterator(chunk_size=READ_AT_ONCE), dtype=COLUMNS)
    pairs = np.stack([read["candidate"], read["question"]])
    # By candidate and question, the earliest: a stable sort keeps the order of the rows.
    order = np.lexsort(pairs)
    sorted_pairs = pairs[:, order]
    is_first = np.ones(len(order), dtype=np.bool_)
    is_first[1:] = (sorted_pairs[:, 1:] != sorted_pairs[:, :-1]).any(axis=0)
    first = read[order[is_first]]
    first = first[first["label"] != ""]
    option = np.searchsorted(np.array(list(LABELS)), first["label"]).astype(np.int64)
    return FirstAnswers(
        first["row"], first["question"], first["candidate"], option, first["is_correct"], first["seconds"]
    )


def graded_responses() -> ResponseQuerySet:
    reviewed_before = ReviewLog.objects.filter(
        candidate=OuterRef("attempt__candidate"),
        objective=OuterRef("question__objective"),
        question=OuterRef("question"),
        is_from_review=True,
        reviewed_at__lt=OuterRef("attempt__started_at"),
    )
    graded = Response.objects.filter(attempt__state=Attempt.State.GRADED, is_correct__isnull=False)
    return graded.exclude(Exists(reviewed_before))


def answered_keys() -> dict[int, str]:
    """The key of every question that was ever drawn, by primary key."""
    return dict(Question.objects.filter(_is_drawn()).values_list("pk", "key"))


@dataclass(frozen=True, slots=True, eq=False)
class AnsweredQuestions:
    """Places of one array belong together; parameters are those in force, the authored ones where there are none."""

    question: Integers
    competency: Integers  # numbered from 0
    authored: Floats
    difficulty: Floats
    discrimination: Floats


def answered_questions() -> AnsweredQuestions:
    """Every question that was ever drawn, by primary key."""
    rows = Question.objects.filter(_is_drawn()).order_by("pk")
    names = ("pk", "objective__statement__competency_id", "difficulty")
    parameters = ("parameters__difficulty", "parameters__discrimination")
    read = list(rows.values_list(*names, *parameters))
    authored = [authored_difficulty(level) for _, _, level, _, _ in read]
    competencies = sorted({competency for _, competency, *_ in read})
    return AnsweredQuestions(
        question=np.array([pk for pk, *_ in read], dtype=np.int64),
        competency=np.searchsorted(competencies, [competency for _, competency, *_ in read]).astype(np.int64),
        authored=np.array(authored, dtype=np.float64),
        difficulty=np.array([b if b is not None else a for a, (*_, b, _) in zip(authored, read, strict=True)], float),
        discrimination=np.array([1.0 if a is None else a for *_, a in read], dtype=np.float64),
    )


def population_in_force() -> Prior:
    """Of the newest accepted calibration; the assumed one before there is any."""
    newest = Calibration.objects.filter(is_accepted=True).first()
    return Prior() if newest is None else Prior(newest.prior_mean, newest.general_spread, newest.specific_spread)


def _is_drawn() -> Exists:
    return Exists(Response.objects.filter(question=OuterRef("pk")))


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A quiz with chosen questions, and a row of marks for every candidate who answered all of them."""

    quiz: int
    marks: Floats


def complete_forms() -> Iterator[Form]:
    """Of each candidate the first complete attempt; of each quiz the questions that its newest one held.

    A retired question is asked in its next version, so that the questions of one quiz may change.
    """
    for quiz, rows in groupby(_form_rows(), key=lambda row: row[0]):
        sittings = [_Sitting.of(list(responses)) for _, responses in groupby(rows, key=lambda row: row[1])]
        complete = [sitting for sitting in sittings if sitting.is_complete]
        if complete:
            questions = sorted(complete[-1].marks)
            alike = [sitting for sitting in complete if sorted(sitting.marks) == questions]
            # Read backwards, a candidate's first attempt overwrites the later ones.
            first = {sitting.candidate: sitting.marks for sitting in reversed(alike)}
            yield Form(quiz, np.array([[marks[question] for question in questions] for marks in first.values()], float))


# Quiz, attempt, candidate, question, label, mark: by quiz, and its attempts by time.
FormRow = tuple[int, int, int, int, str, bool | None]


@dataclass(frozen=True, slots=True)
class _Sitting:
    candidate: int
    marks: dict[int, bool]
    is_complete: bool

    @classmethod
    def of(cls, rows: list[FormRow]) -> _Sitting:
        marks = {question: is_correct is True for _, _, _, question, _, is_correct in rows}
        return cls(rows[0][2], marks, all(label for *_, label, _ in rows))


def _form_rows() -> Iterator[FormRow]:
    is_chosen = Exists(QuizQuestion.objects.filter(quiz=OuterRef("attempt__quiz")))
    rows = Response.objects.filter(is_chosen, attempt__state=Attempt.State.GRADED)
    rows = rows.order_by("attempt__quiz_id", "attempt__submitted_at", "attempt_id", "position")
    names = ("attempt__quiz_id", "attempt_id", "attempt__candidate_id", "question_id", "selected_label", "is_correct")
    return rows.values_list(*names).iterator(chunk_size=READ_AT_ONCE)


def seconds_per_question() -> float | None:
    """What the exam leaves for one, in the edition named first."""
    edition = Blueprint.objects.order_by("position").first()
    return None if edition is None or not edition.item_count else 60 * edition.minutes / edition.item_count


def most_serious_first(statistics: QuerySet[ItemStatistics]) -> QuerySet[ItemStatistics]:
    """By `seriousness`: 1 for the most serious flag, and above all flags where there is none; then by code."""
    ranks = [When(_flagged(flag), then=Value(rank)) for rank, flag in enumerate(Flag, start=1)]
    return (
        statistics.annotate(flag_codes=Cast("flags", TextField()))
        .annotate(seriousness=Case(*ranks, default=Value(len(Flag) + 1), output_field=IntegerField()))
        .order_by("seriousness", "question__code", "-question__version")
    )


def flagged(statistics: QuerySet[ItemStatistics], flag: Flag) -> QuerySet[ItemStatistics]:
    return statistics.annotate(flag_codes=Cast("flags", TextField())).filter(_flagged(flag))


def _flagged(flag: Flag) -> Q:
    # The list as text, quotes and all: SQLite knows no other way to look into a list.
    return Q(flag_codes__contains=f'"{flag.code}"')
