"""What a candidate may take along: practice questions only, and none that an exam of theirs is asking."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from uuid import UUID, uuid4

from accounts.models import User
from questions.models import Option, Question
from quizzes.models import Attempt, Response
from quizzes.queries.answered import withheld_questions
from reviews import queries as reviews
from reviews.models import ReviewLog
from reviews.queries import Study
from reviews.study_queue import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenQuestion:
    """`source` is the key of its answer: sent twice, it is one answer. Options stand in the order shown."""

    source: UUID
    question: Question
    kind: str  # "new", "review", "again", "ahead" or "practice"
    options: list[Option]


def questions_to_review(candidate: User, *, on: date, count: int, at: datetime) -> list[TakenQuestion]:
    """What today's session would ask, and beyond it what pays most. The number of queries is fixed."""
    study = reviews.study_of(candidate, on=on)
    kinds = _kinds(study)
    chosen: dict[int, tuple[int, str]] = {}
    # Where an exam is asking all questions of an objective, others take its place.
    asking = reviews.variants(candidate, list(kinds)[: 2 * count])
    withheld = withheld_questions(candidate, at=at).values("question__code")
    for pk, objective in asking.exclude(code__in=withheld).values_list("pk", "objective_id"):
        chosen.setdefault(objective, (pk, kinds[objective]))
    wanted = [chosen[objective] for objective in kinds if objective in chosen][:count]
    questions = Question.objects.with_blueprint().in_bulk([pk for pk, _ in wanted])
    return [_taken(questions[pk], kind) for pk, kind in wanted]


def questions_to_practice(attempt: Attempt, *, at: datetime) -> list[TakenQuestion]:
    """What an open practice quiz of learning mode has not asked yet."""
    withheld = withheld_questions(attempt.candidate, at=at).values("question__code")
    responses = Response.objects.filter(attempt=attempt, checked_at=None, question__pool=Question.Pool.PRACTICE)
    asked = responses.exclude(question__code__in=withheld).order_by("position")
    return [
        TakenQuestion(
            source=response.code,
            question=response.question,
            kind="practice",
            options=[response.question.option(label) for label in response.option_order],
        )
        for response in asked.select_related("question__objective__statement__competency")
    ]


def logged_labels(candidate: User, sources: Collection[UUID]) -> dict[UUID, str]:
    """By source, the label that the log of reviews holds."""
    logs = ReviewLog.objects.for_candidate(candidate).filter(source__in=sources)
    return dict(logs.values_list("source", "selected_label"))


def _kinds(study: Study) -> dict[int, str]:
    """Why each objective is asked, in the order of asking; a leech that rests is not."""
    session, outset = study.session, study.outset
    kinds = {study.objectives[place]: "review" if outset.is_met[place] else "new" for place in session.places}
    kinds |= {study.objectives[place]: "again" for place in session.again}
    for place in session.queue.order:
        if outset.rests_for[place] <= 0 and session.queue.kind[place] != Kind.AGAIN_TODAY:
            kinds.setdefault(study.objectives[place], "ahead" if outset.is_met[place] else "new")
    return kinds


def _taken(question: Question, kind: str) -> TakenQuestion:
    source = uuid4()
    options = Random(source.int).sample(question.options, len(question.options))
    return TakenQuestion(source=source, question=question, kind=kind, options=options)
