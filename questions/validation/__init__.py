"""The shape of one question and the soundness of a bank: values in, findings out.

An error keeps a question out of the bank, a warning asks its author to look again.
"""

from __future__ import annotations

from questions.validation.bank import Area, Edition, Measure, check_bank, measure_bank
from questions.validation.content import (
    LABELS,
    FieldPath,
    Finding,
    OptionContent,
    QuestionContent,
    Severity,
    canonical,
    fingerprint,
    read_question,
)
from questions.validation.item import LEVELS, POOLS, check_question

__all__ = [
    "LABELS",
    "LEVELS",
    "POOLS",
    "Area",
    "Edition",
    "FieldPath",
    "Finding",
    "Measure",
    "OptionContent",
    "QuestionContent",
    "Severity",
    "canonical",
    "check_bank",
    "check_question",
    "fingerprint",
    "measure_bank",
    "read_question",
]
