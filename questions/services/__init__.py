"""Every write to the bank."""

from __future__ import annotations

from questions.services.loading import LoadReport, load_fixture_files, load_questions
from questions.services.problems import (
    MOST_REPORTS_A_DAY,
    ReportRefused,
    answer_report,
    mark_answers_seen,
    report_problem,
)
from questions.services.publishing import publish_version, retire_question, revise_question, save_draft, send_to_review
from questions.services.signing import sign_off, withdraw_sign_off
from questions.services.turns import QuestionRefused
from questions.services.uploads import keep_upload, kept_upload

__all__ = [
    "MOST_REPORTS_A_DAY",
    "LoadReport",
    "QuestionRefused",
    "ReportRefused",
    "answer_report",
    "keep_upload",
    "kept_upload",
    "load_fixture_files",
    "load_questions",
    "mark_answers_seen",
    "publish_version",
    "report_problem",
    "retire_question",
    "revise_question",
    "save_draft",
    "send_to_review",
    "sign_off",
    "withdraw_sign_off",
]
