"""What a placement test asks next, and what it has found out.

Ability is folded from the first answers that the candidate gave before the test and from the answers of the test
itself, where "I do not know" is a wrong one. Competencies are numbered in the order of the handbook.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import numpy as np
from django.db.models import Count, QuerySet
from numpy.typing import NDArray

from accounts.models import User
from competencies.models import Competency
from questions.models import Question
from quizzes.ability import Ability, Answers, authored_difficulty, estimated
from quizzes.adaptive import Pool, next_item, placement_quotas
from quizzes.models import Attempt, Quiz, Response
from quizzes.queries.pool import Source, reads
from quizzes.queries.statistics import graded_responses, population_in_force
from quizzes.queries.statuses import last_seen
from quizzes.readiness import GRID, Show, make_exam, show_rule
from reviews.study_days import study_day

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

# A question is barred by the share of recent tests that showed it; of fewer tests a share says nothing.
EXPOSURE_SPAN = timedelta(days=180)
FEWEST_TESTS = 40
MOST_TESTS = 400
# A large bank is sampled for so many questions, which gives each competency enough to choose from.
QUESTIONS_WANTED = 100
# Standard deviations on either side of a mean that hold nine tenths of a normal distribution.
NINE_TENTHS = 1.645

# Competency, authored level, calibrated difficulty and discrimination, outcome, moment.
GivenAnswer = tuple[int, int, float | None, float | None, bool, datetime]


@dataclass(frozen=True, slots=True, eq=False)
class AskablePool:
    """Places of both belong together."""

    questions: Integers  # primary keys
    items: Pool


@dataclass(frozen=True, slots=True)
class CompetencyEstimate:
    """Of our practice questions in this competency, the percent that the candidate would answer right on meeting
    them: the most likely figure, and a 90 % interval of it."""

    competency: Competency
    n: int  # answers in this competency
    expected: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PlacementResult:
    show: Show
    estimates: list[CompetencyEstimate]

    def weakest(self, count: int) -> list[CompetencyEstimate]:
        return sorted(self.estimates, key=lambda estimate: estimate.expected)[:count]


def placements_of(candidate: User) -> QuerySet[Attempt]:
    """Newest first."""
    placements = Attempt.objects.for_candidate(candidate).filter(quiz__kind=Quiz.Kind.PLACEMENT)
    return placements.select_related("quiz").order_by("-started_at", "-pk")


def waiting_response(attempt: Attempt) -> Response | None:
    """The question that was drawn last, until it is answered."""
    waiting = Response.objects.filter(attempt=attempt, answered_at=None).select_related("attempt__quiz", "question")
    return waiting.defer("question__key", "is_correct").first()


def count_answered(attempt: Attempt) -> int:
    return Response.objects.filter(attempt=attempt, answered_at__isnull=False).count()


def count_askable(attempt: Attempt) -> int:
    """How many questions this test can have: its quota of each competency, one question per objective."""
    competencies = _competencies()
    if not competencies:
        return 0
    quotas = _quotas_left(attempt, competencies, [])
    askable = 0
    for pool in _askable_pools(attempt, 0, competencies):
        pairs = {*zip(pool.items.objective.tolist(), pool.items.competency.tolist(), strict=True)}
        objectives = np.bincount([competency for _, competency in pairs], minlength=len(competencies))
        askable = int(np.minimum(quotas, objectives).sum())
        if askable == quotas.sum():
            break
    return askable


def next_question(attempt: Attempt, *, position: int, at: datetime) -> int | None:
    """None when nothing is left to ask. The same answers and the same bank give the same question.

    Questions that the candidate has met before come only when nothing else is left.
    """
    competencies = _competencies()
    drawn = Response.objects.filter(attempt=attempt).order_by()
    asked = list(drawn.values_list("question__objective_id", "question__objective__statement__competency_id"))
    quotas = _quotas_left(attempt, competencies, [competency for _, competency in asked])
    ability = estimated(
        _answers_of(attempt, competencies),
        population_in_force(),
        competencies=len(competencies),
        on_day=float(study_day(at, attempt.candidate.time_zone).toordinal()),
    )
    seen = list(last_seen(attempt.candidate))
    pool = None
    for pool in _askable_pools(attempt, position, competencies):
        question = _choice(attempt, position, ability, pool, quotas, asked, seen, at)
        if question is not None:
            return question
    return None if pool is None else _choice(attempt, position, ability, pool, quotas, asked, [], at)


def placement_result(attempt: Attempt) -> PlacementResult:
    """As it was when the test was finished, by today's parameters."""
    competencies = _competencies()
    answers = _answers_of(attempt, competencies)
    ability = estimated(answers, population_in_force(), competencies=len(competencies))
    counts = np.bincount(answers.competency, minlength=len(competencies))
    items = next(_askable_pools(attempt, 0, competencies)).items
    places = [np.flatnonzero(items.competency == place) for place in range(len(competencies))]
    exam = make_exam(
        np.array([float(len(place) > 0) for place in places]),
        [items.difficulty[place] for place in places],
        [items.discrimination[place] for place in places],
    )
    estimates = []
    for place, (competency, curve) in enumerate(zip(competencies, exam.curves, strict=True)):
        mean, reach = float(ability.mean[place]), NINE_TENTHS * float(ability.spread[place])
        low, expected, high = 100 * np.interp([mean - reach, mean, mean + reach], GRID, curve)
        if exam.items[place]:
            estimates.append(
                CompetencyEstimate(competency, int(counts[place]), float(expected), float(low), float(high))
            )
    return PlacementResult(show_rule(counts, exam), estimates)


def _choice(
    attempt: Attempt,
    position: int,
    ability: Ability,
    pool: AskablePool,
    quotas: Integers,
    asked: Sequence[tuple[int, int]],
    seen: Sequence[int],
    at: datetime,
) -> int | None:
    choice = next_item(
        ability,
        pool.items,
        quotas=quotas,
        seen=np.isin(pool.questions, seen),
        # What was asked may have left the pool since, or a sample may miss it: its objective tells.
        asked=np.isin(pool.items.objective, [objective for objective, _ in asked]),
        exposure=_exposure(attempt, pool.questions, at),
        seed=f"{attempt.code} {position}",
    )
    return None if choice is None else int(pool.questions[choice.index])


def _competencies() -> list[Competency]:
    return list(Competency.objects.order_by("position"))


def _quotas_left(attempt: Attempt, competencies: Sequence[Competency], asked: Sequence[int]) -> Integers:
    used = Counter(asked)
    quotas = placement_quotas(attempt.quiz.question_count, len(competencies))
    left: Integers = np.maximum(quotas - np.array([used[competency.pk] for competency in competencies]), 0)
    return left


def _askable_pools(attempt: Attempt, position: int, competencies: Sequence[Competency]) -> Iterator[AskablePool]:
    """The practice pool, whole when it is small; otherwise a sample and then the whole."""
    for rows in reads(Source(Question.Pool.PRACTICE), QUESTIONS_WANTED, Random(f"{attempt.code} {position}")):
        yield _askable_pool([pk for pk, _ in rows], competencies)


def _askable_pool(questions: Sequence[int], competencies: Sequence[Competency]) -> AskablePool:
    names = ("pk", "objective_id", "objective__statement__competency_id", "difficulty")
    parameters = ("parameters__difficulty", "parameters__discrimination")
    rows = list(Question.objects.filter(pk__in=questions).order_by("pk").values_list(*names, *parameters))
    places = {competency.pk: place for place, competency in enumerate(competencies)}
    return AskablePool(
        np.array([pk for pk, *_ in rows], dtype=np.int64),
        Pool(
            competency=np.array([places[competency] for _, _, competency, *_ in rows], dtype=np.int64),
            objective=np.array([objective for _, objective, *_ in rows], dtype=np.int64),
            difficulty=np.array([difficulty_in_force(level, b) for *_, level, b, _ in rows], dtype=np.float64),
            discrimination=np.array([discrimination_in_force(a) for *_, a in rows], dtype=np.float64),
        ),
    )


def _exposure(attempt: Attempt, questions: Integers, at: datetime) -> Floats:
    """The share of the newest tests that showed each question; none at all while there were few tests."""
    recent = Attempt.objects.filter(quiz=attempt.quiz_id, started_at__gt=at - EXPOSURE_SPAN).order_by("-pk")
    tests = list(recent.values_list("pk", flat=True)[:MOST_TESTS])
    if len(tests) < FEWEST_TESTS:
        return np.zeros(len(questions))
    responses = Response.objects.filter(attempt__in=tests).order_by()
    shown = dict(responses.values_list("question_id").annotate(n=Count("pk")))
    return np.array([shown.get(question, 0) / len(tests) for question in questions.tolist()], dtype=np.float64)


def _answers_of(attempt: Attempt, competencies: Sequence[Competency]) -> Answers:
    given = [*_given_before(attempt), *_given_in(attempt)]
    places = {competency.pk: place for place, competency in enumerate(competencies)}
    zone = attempt.candidate.time_zone
    return Answers(
        competency=np.array([places[competency] for competency, *_ in given], dtype=np.int64),
        difficulty=np.array([difficulty_in_force(level, b) for _, level, b, *_ in given], dtype=np.float64),
        discrimination=np.array([discrimination_in_force(a) for _, _, _, a, *_ in given], dtype=np.float64),
        is_correct=np.array([is_correct for *_, is_correct, _ in given], dtype=np.bool_),
        day=np.array([study_day(moment, zone).toordinal() for *_, moment in given], dtype=np.float64),
    )


ITEM = (
    "question__objective__statement__competency_id",
    "question__difficulty",
    "question__parameters__difficulty",
    "question__parameters__discrimination",
)


def _given_before(attempt: Attempt) -> list[GivenAnswer]:
    """First answers; one that was left open has shown its question, so that a later answer to it is none.

    What waited for a due date when the test began is none either: the result would tell how it went.
    """
    earlier = graded_responses().filter(
        attempt__candidate=attempt.candidate_id, attempt__submitted_at__lte=attempt.started_at
    )
    rows = earlier.exclude(attempt=attempt).with_held_back(attempt.started_at)
    names = ("question__code", "is_held_back", "answered_at", *ITEM, "is_correct", "attempt__submitted_at")
    first: dict[str, GivenAnswer | None] = {}
    for row in rows.order_by("attempt__submitted_at", "pk").values_list(*names):
        code, is_held_back, answered_at, competency, level, b, a, is_correct, submitted_at = row
        counts = answered_at is not None and not is_held_back
        first.setdefault(code, (competency, level, b, a, bool(is_correct), submitted_at) if counts else None)
    return [answer for answer in first.values() if answer]


def _given_in(attempt: Attempt) -> list[GivenAnswer]:
    rows = Response.objects.filter(attempt=attempt, answered_at__isnull=False).order_by("position")
    names = (*ITEM, "selected_label", "question__key", "answered_at")
    return [
        (competency, level, b, a, label == key, answered_at)
        for competency, level, b, a, label, key, answered_at in rows.values_list(*names)
        if answered_at
    ]


def difficulty_in_force(level: int, calibrated: float | None) -> float:
    return authored_difficulty(level) if calibrated is None else calibrated


def discrimination_in_force(calibrated: float | None) -> float:
    return 1.0 if calibrated is None else calibrated
