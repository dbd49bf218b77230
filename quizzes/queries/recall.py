"""First answers to questions never seen, about objectives reviewed on an earlier day: what a memory model foretells."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, Max, OuterRef, Q
from numpy.typing import NDArray

from accounts.models import User
from competencies.models import Competency
from questions.models import Question
from quizzes.ability import ability_trail, chance, prior_ability
from quizzes.models import Response
from quizzes.queries.first_answers import answers_of
from quizzes.queries.placement import difficulty_in_force, discrimination_in_force
from quizzes.queries.statistics import READ_AT_ONCE, population_in_force
from reviews import scheduler
from reviews.models import MemoryFit, ReviewLog

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
Parameters = tuple[float, ...]

# Those who answered last. The figures of so many say what there is to say, at a cost that stops growing.
MOST_CANDIDATES = 500

COLUMNS = np.dtype(
    [
        ("candidate", "i8"),
        ("objective", "i8"),
        ("question", "i8"),
        ("rating", "i8"),
        ("day", "i8"),
        ("is_correct", "?"),
        ("was_blank", "?"),
    ]
)


@dataclass(frozen=True, slots=True, eq=False)
class RecallTrials:
    """By primary keys, an entry per answer; `recall` as the memory model of today would have foretold it."""

    candidate: Integers
    question: Integers
    day: Integers
    recall: Floats
    is_correct: Booleans

    def __len__(self) -> int:
        return len(self.recall)


def recall_trials() -> RecallTrials:
    """Three queries. A question that was left blank in an attempt before has been seen."""
    newest = ReviewLog.objects.order_by().values("candidate").annotate(newest=Max("pk")).order_by("-newest")
    candidates = [row["candidate"] for row in newest[:MOST_CANDIDATES]]
    read = _read(candidates)
    recall = np.full(len(read), np.nan)
    for own, parameters in _parameters(read["candidate"], candidates):
        pairs = np.stack([read["candidate"][own], read["objective"][own]])
        _, cards = np.unique(pairs, axis=1, return_inverse=True)
        fold = scheduler.fold(cards.ravel(), read["rating"][own], read["day"][own], parameters)
        recall[own] = fold.recall
    # Each objective's answers stand in the order of time, and a question belongs to one objective.
    _, first = np.unique(np.stack([read["candidate"], read["question"]]), axis=1, return_index=True)
    is_trial = np.zeros(len(read), dtype=np.bool_)
    is_trial[first] = True
    # What was met for the first time was not foretold, and on the day of a review nothing is forgotten yet.
    with np.errstate(invalid="ignore"):
        is_trial &= (recall < 1) & ~read["was_blank"]
    kept = read[is_trial]
    return RecallTrials(kept["candidate"], kept["question"], kept["day"], recall[is_trial], kept["is_correct"])


def chances_before(trials: RecallTrials, *, at: datetime) -> Floats:
    """By ability alone: the chance of each answer to be right, given the candidate's first answers of earlier days.

    Two queries and two for each candidate.
    """
    competencies = list(Competency.objects.order_by("position"))
    population = population_in_force()
    items = _items(trials.question, {competency.pk: place for place, competency in enumerate(competencies)})
    chances = np.zeros(len(trials))
    for candidate in User.objects.filter(pk__in=np.unique(trials.candidate).tolist()):
        own = np.flatnonzero(trials.candidate == candidate.pk)
        answers = answers_of(candidate, competencies, until=at)
        trail = ability_trail(answers, population, competencies=len(competencies))
        days = [day for day, _ in trail]
        start = prior_ability(population, len(competencies))
        for place in own.tolist():
            earlier = bisect_left(days, float(trials.day[place]))
            ability = trail[earlier - 1][1] if earlier else start
            competency, difficulty, discrimination = items[int(trials.question[place])]
            theta = ability.mean[competency : competency + 1]
            chances[place] = chance(theta, np.array([difficulty]), np.array([discrimination]))[0]
    return chances


def _read(candidates: list[int]) -> NDArray[np.void]:
    blank = Response.objects.filter(
        attempt__candidate=OuterRef("candidate"),
        question=OuterRef("question"),
        selected_label="",
        answered_at=None,
        attempt__started_at__lt=OuterRef("reviewed_at"),
    )
    logs = ReviewLog.objects.standing().filter(candidate__in=candidates)
    logs = logs.order_by("candidate_id", "objective_id", "study_day", "reviewed_at", "source")
    is_correct = ExpressionWrapper(Q(selected_label=F("question__key")), output_field=BooleanField())
    rows = logs.annotate(is_correct=is_correct, was_blank=Exists(blank)).values_list(
        "candidate_id", "objective_id", "question_id", "rating", "study_day", "is_correct", "was_blank"
    )
    listed = ((*row[:4], row[4].toordinal(), *row[5:]) for row in rows.iterator(chunk_size=READ_AT_ONCE))
    return np.fromiter(listed, dtype=COLUMNS)


def _parameters(candidate: Integers, candidates: list[int]) -> list[tuple[Integers, Parameters]]:
    """Which rows are folded with which parameters: those of each candidate with a fit, and all others together."""
    fits = MemoryFit.objects.filter(
        candidate__in=candidates, is_accepted=True, algorithm_version=scheduler.ALGORITHM_VERSION
    )
    # In the order of time, so that the newest one stays.
    fitted = dict(fits.order_by("pk").values_list("candidate_id", "parameters"))
    groups = [
        (np.flatnonzero(candidate == pk), scheduler.usable_parameters(parameters)) for pk, parameters in fitted.items()
    ]
    rest = np.flatnonzero(~np.isin(candidate, list(fitted)))
    return [(own, parameters) for own, parameters in [*groups, (rest, scheduler.usable_parameters(None))] if len(own)]


def _items(questions: Integers, places: dict[int, int]) -> dict[int, tuple[int, float, float]]:
    """By question: the place of its competency, its difficulty and discrimination in force."""
    names = ("pk", "objective__statement__competency_id", "difficulty")
    parameters = ("parameters__difficulty", "parameters__discrimination")
    rows = Question.objects.filter(pk__in=np.unique(questions).tolist()).values_list(*names, *parameters)
    return {
        pk: (places[competency], difficulty_in_force(level, b), discrimination_in_force(a))
        for pk, competency, level, b, a in rows
    }
