"""What the question pages, the admin and the commands read."""

from __future__ import annotations

from questions.queries.checks import (
    CHUNK,
    REFERENCE_CODES,
    bank_findings,
    next_code,
    published_contents,
    question_content,
    question_fields,
    question_findings,
)
from questions.queries.options import OptionResult, OptionRow, option_results, option_rows, sample_question
from questions.queries.problems import reports_by, unread, unread_answers
from questions.queries.report import (
    BankQuality,
    BlindReview,
    Coverage,
    Tally,
    bank_coverage,
    bank_measures,
    bank_quality,
    blind_review,
    recorded_solves,
)
from questions.queries.sources import Source, sources_of

__all__ = [
    "CHUNK",
    "REFERENCE_CODES",
    "BankQuality",
    "BlindReview",
    "Coverage",
    "OptionResult",
    "OptionRow",
    "Source",
    "Tally",
    "bank_coverage",
    "bank_findings",
    "bank_measures",
    "bank_quality",
    "blind_review",
    "next_code",
    "option_results",
    "option_rows",
    "published_contents",
    "question_content",
    "question_fields",
    "question_findings",
    "recorded_solves",
    "reports_by",
    "sample_question",
    "sources_of",
    "unread",
    "unread_answers",
]
