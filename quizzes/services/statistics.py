from __future__ import annotations

from collections.abc import Iterator, Set
from datetime import datetime
from math import isnan
from typing import TypeVar

import numpy as np
from django.db.models import Model, QuerySet

from quizzes.forgetting import fitted_forgetting
from quizzes.item_analysis import Analysis, Answers, Measured, analyse, analyse_form, flags
from quizzes.models import Calibration, FormStatistics, ItemStatistics, OptionStatistics
from quizzes.queries.recall import chances_before, recall_trials
from quizzes.queries.statistics import LABELS, answered_keys, complete_forms, first_answers, seconds_per_question

WRITTEN_AT_ONCE = 200
DECIMALS = 6
# Fewer would move the weights of ability and memory little from those assumed, and not always to the better.
FEWEST_TRIALS = 200

Row = TypeVar("Row", bound=Model)


def compute_item_statistics(*, now: datetime) -> int:
    """Write the statistics of every question that was answered in a graded attempt; returns how many there are.

    Only a candidate's first answer to a question counts: later ones are remembered. Each run writes every row anew, so
    that two runs, or one run twice, leave the same; rows that no answer supports any more are deleted.
    """
    computed = list(_item_statistics(now))
    ItemStatistics.objects.bulk_create(
        computed,
        batch_size=WRITTEN_AT_ONCE,
        update_conflicts=True,
        unique_fields=["question"],
        update_fields=[
            "n",
            "facility",
            "discrimination_n",
            "discrimination",
            "efficiency",
            "upper_lower",
            "median_seconds",
            "option_statistics",
            "flags",
            "computed_at",
        ],
    )
    delete_unsupported(ItemStatistics.objects.all(), "question_id", {row.question_id for row in computed})
    return len(computed)


def compute_form_statistics(*, now: datetime) -> int:
    """The same for quizzes whose questions were chosen, and are so the same for everybody."""
    computed = []
    for form in complete_forms():
        analysis = analyse_form(form.marks)
        computed.append(
            FormStatistics(
                quiz_id=form.quiz,
                n=analysis.n,
                items=analysis.items,
                mean=analysis.mean,
                sd=analysis.sd,
                alpha=analysis.alpha,
                sem=analysis.sem,
                computed_at=now,
            )
        )
    FormStatistics.objects.bulk_create(
        computed,
        batch_size=WRITTEN_AT_ONCE,
        update_conflicts=True,
        unique_fields=["quiz"],
        update_fields=["n", "items", "mean", "sd", "alpha", "sem", "computed_at"],
    )
    delete_unsupported(FormStatistics.objects.all(), "quiz_id", {row.quiz_id for row in computed})
    return len(computed)


def fit_forgetting(*, now: datetime) -> Calibration | None:
    """Weigh ability and memory anew in the calibration in force, which is returned; None before there is any.

    By first answers to questions never seen before, about objectives reviewed before. With too few of them the assumed
    weights hold. A second time changes nothing.
    """
    calibration = Calibration.objects.filter(is_accepted=True).first()
    if calibration is None:
        return None
    trials = recall_trials()
    weights: list[float] = []
    if len(trials) >= FEWEST_TRIALS:
        fitted = fitted_forgetting(chances_before(trials, at=now), trials.recall, trials.is_correct)
        weights = [round(one, DECIMALS) for one in (fitted.intercept, fitted.ability_weight, fitted.recall_weight)]
    calibration.forgetting = weights
    calibration.save(update_fields=["forgetting"])
    return calibration


def delete_unsupported(rows: QuerySet[Row], field: str, supported: Set[int]) -> None:
    """Those whose `field` is not among the supported; a few as a rule, so that they are named one by one."""
    stale = sorted(set(rows.values_list(field, flat=True)) - supported)
    for start in range(0, len(stale), WRITTEN_AT_ONCE):
        rows.filter(**{f"{field}__in": stale[start : start + WRITTEN_AT_ONCE]}).delete()


def _item_statistics(now: datetime) -> Iterator[ItemStatistics]:
    answers = first_answers()
    questions, item = np.unique(answers.question, return_inverse=True)
    _, candidate = np.unique(answers.candidate, return_inverse=True)
    analysis = analyse(Answers(candidate, item, answers.option, answers.is_correct, answers.seconds), len(questions))
    keys = answered_keys()
    expected_seconds = seconds_per_question()
    for place, question in enumerate(questions.tolist()):
        options = _options(analysis, place)
        yield ItemStatistics(
            question_id=question,
            n=int(analysis.n[place]),
            facility=float(analysis.facility[place]),
            discrimination_n=int(analysis.discrimination_n[place]),
            discrimination=_known(analysis.discrimination[place]),
            efficiency=_known(analysis.efficiency[place]),
            upper_lower=_known(analysis.upper_lower[place]),
            median_seconds=_known(analysis.median_seconds[place]),
            option_statistics=options,
            flags=[
                flag.code
                for flag in flags(_measured(analysis, place, keys[question]), expected_seconds=expected_seconds)
            ],
            computed_at=now,
        )


def _options(analysis: Analysis, place: int) -> dict[str, OptionStatistics]:
    return {
        label: OptionStatistics(
            count=int(analysis.option_count[place, option]),
            share=round(float(analysis.option_count[place, option] / analysis.n[place]), DECIMALS),
            discrimination=_known(analysis.option_discrimination[place, option]),
            top_share=_known(analysis.option_top_share[place, option]),
        )
        for option, label in enumerate(LABELS)
    }


def _measured(analysis: Analysis, place: int, key: str) -> Measured:
    return Measured(
        key=key,
        n=int(analysis.n[place]),
        facility=float(analysis.facility[place]),
        discrimination_n=int(analysis.discrimination_n[place]),
        discrimination=float(analysis.discrimination[place]),
        median_seconds=float(analysis.median_seconds[place]),
        shares=dict(zip(LABELS, (analysis.option_count[place] / analysis.n[place]).tolist(), strict=True)),
        top_shares=dict(zip(LABELS, analysis.option_top_share[place].tolist(), strict=True)),
    )


def _known(value: float) -> float | None:
    return None if isnan(value) else round(float(value), DECIMALS)
