"""Reports of problems, as their reporter reads them."""

from __future__ import annotations

from accounts.models import User
from questions.models import ProblemReport, ProblemReportQuerySet


def reports_by(reporter: User) -> ProblemReportQuerySet:
    """Newest first, each with its question; the options, and with them the rationales, stay where they are."""
    reports = ProblemReport.objects.by_reporter(reporter).select_related("question")
    return reports.defer("question__options", "question__key", "question__locators")


def unread_answers(reporter: User) -> int:
    return unread(reporter).count()


def unread(reporter: User) -> ProblemReportQuerySet:
    return ProblemReport.objects.by_reporter(reporter).filter(answered_at__isnull=False, seen_at=None)
