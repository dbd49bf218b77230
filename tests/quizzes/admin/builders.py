"""Rows as the night leaves them."""

from __future__ import annotations

from typing import Any

from questions.models import Question
from quizzes.models import Calibration, FormStatistics, ItemParameters, ItemStatistics, OptionStatistics, Quiz
from tests.factories import NOW

SOUND = {"A": (30, -0.2, 0.05), "B": (140, 0.31, 0.9), "C": (24, -0.15, 0.05), "D": (6, -0.1, 0.0)}


def make_statistics(question: Question, **fields: Any) -> ItemStatistics:
    """Of two hundred answers, sound but for option D, which hardly anybody chooses."""
    options = {
        label: OptionStatistics(count=count, share=count / 200, discrimination=r, top_share=top)
        for label, (count, r, top) in SOUND.items()
    }
    return ItemStatistics.objects.create(
        **{
            "question": question,
            "n": 200,
            "facility": 0.7,
            "discrimination_n": 200,
            "discrimination": 0.31,
            "efficiency": 44.4,
            "upper_lower": 0.42,
            "median_seconds": 48.0,
            "option_statistics": options,
            "flags": [],
            "computed_at": NOW,
            **fields,
        }
    )


def make_calibration(**fields: Any) -> Calibration:
    return Calibration.objects.create(
        **{
            "is_accepted": True,
            "reason": "Answers that were held out are foretold no worse: log loss 0.5500, before 0.5600.",
            "answers": 5000,
            "candidates": 60,
            "questions": 300,
            "log_loss_before": 0.56,
            "log_loss_after": 0.55,
            "prior_mean": 0.75,
            "general_spread": 0.8,
            "specific_spread": 0.4,
            "model_version": "map-em-1",
            "as_of_response_id": Calibration.objects.count() + 1,
            "computed_at": NOW,
            **fields,
        }
    )


def make_parameters(question: Question, **fields: Any) -> ItemParameters:
    values = {"difficulty": 0.75, "difficulty_se": 0.21, "discrimination": 1.0, "n": 180, **fields}
    return ItemParameters.objects.create(question=question, calibration=make_calibration(), **values)


def make_form_statistics(quiz: Quiz, **fields: Any) -> FormStatistics:
    values = {"n": 60, "items": 20, "mean": 71.4, "sd": 15.6, "alpha": 0.8, "sem": 6.98, **fields}
    return FormStatistics.objects.create(quiz=quiz, computed_at=NOW, **values)
