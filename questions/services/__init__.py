"""Every write to the bank."""

from __future__ import annotations

from questions.services.loading import LoadReport, load_fixture_files, load_questions
from questions.services.publishing import publish_version, retire_question, revise_question, save_draft, send_to_review
from questions.services.signing import sign_off, withdraw_sign_off
from questions.services.turns import QuestionRefused
from questions.services.uploads import keep_upload, kept_upload

__all__ = [
    "LoadReport",
    "QuestionRefused",
    "keep_upload",
    "kept_upload",
    "load_fixture_files",
    "load_questions",
    "publish_version",
    "retire_question",
    "revise_question",
    "save_draft",
    "send_to_review",
    "sign_off",
    "withdraw_sign_off",
]
