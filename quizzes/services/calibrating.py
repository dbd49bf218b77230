from __future__ import annotations

from datetime import datetime

import numpy as np
from django.db import IntegrityError, transaction

from quizzes.ability import Prior
from quizzes.calibration import MODEL_VERSION, Fit, Items, Outcome, calibrated
from quizzes.calibration import FirstAnswers as Marks
from quizzes.models import Calibration, ItemParameters
from quizzes.queries.statistics import (
    AnsweredQuestions,
    FirstAnswers,
    answered_questions,
    first_answers,
    population_in_force,
)
from quizzes.services.statistics import WRITTEN_AT_ONCE, delete_unsupported


def calibrate_items(*, now: datetime) -> Calibration | None:
    """Fit the parameters of every answered question and record the run; None when it has nothing new to see.

    Accepted parameters replace those in force, all at once; refused ones are recorded with the reason and go.
    """
    answers = first_answers()
    as_of = int(answers.row.max(initial=0))
    if not as_of or Calibration.objects.filter(model_version=MODEL_VERSION, as_of_response_id=as_of).exists():
        return None
    questions = answered_questions()
    population = population_in_force()
    outcome = calibrated(_marks(answers, questions), _items(questions), population)
    try:
        with transaction.atomic():
            calibration = _recorded(outcome, population, answers, as_of, now)
            if outcome.is_accepted and outcome.fit is not None:
                _put_in_force(calibration, outcome.fit, questions)
    except IntegrityError:
        # Another run recorded the same state of answers first.
        if Calibration.objects.filter(model_version=MODEL_VERSION, as_of_response_id=as_of).exists():
            return None
        raise
    return calibration


def _marks(answers: FirstAnswers, questions: AnsweredQuestions) -> Marks:
    _, candidate = np.unique(answers.candidate, return_inverse=True)
    item = np.searchsorted(questions.question, answers.question).astype(np.int64)
    return Marks(candidate, item, answers.is_correct, answers.row)


def _items(questions: AnsweredQuestions) -> Items:
    return Items(questions.competency, questions.authored, questions.difficulty, questions.discrimination)


def _recorded(outcome: Outcome, population: Prior, answers: FirstAnswers, as_of: int, now: datetime) -> Calibration:
    population = outcome.fit.population if outcome.fit is not None else population
    return Calibration.objects.create(
        is_accepted=outcome.is_accepted,
        reason=outcome.reason,
        answers=len(answers),
        candidates=len(np.unique(answers.candidate)),
        questions=len(np.unique(answers.question)),
        log_loss_before=outcome.log_loss_before,
        log_loss_after=outcome.log_loss_after,
        prior_mean=population.mean,
        general_spread=population.general_spread,
        specific_spread=population.specific_spread,
        model_version=MODEL_VERSION,
        as_of_response_id=as_of,
        computed_at=now,
    )


def _put_in_force(calibration: Calibration, fit: Fit, questions: AnsweredQuestions) -> None:
    rows = [
        ItemParameters(
            question_id=int(questions.question[place]),
            calibration=calibration,
            difficulty=float(fit.difficulty[place]),
            difficulty_se=float(fit.difficulty_se[place]),
            discrimination=float(fit.discrimination[place]),
            n=int(fit.n[place]),
        )
        for place in np.flatnonzero(fit.n).tolist()
    ]
    ItemParameters.objects.bulk_create(
        rows,
        batch_size=WRITTEN_AT_ONCE,
        update_conflicts=True,
        unique_fields=["question"],
        update_fields=["calibration", "difficulty", "difficulty_se", "discrimination", "n"],
    )
    delete_unsupported(ItemParameters.objects.all(), "question_id", {row.question_id for row in rows})
