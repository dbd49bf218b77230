from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format

from accounts.models import User
from questions.models import ProblemReport, Question
from questions.queries import unread

MOST_REPORTS_A_DAY = 20
A_DAY = timedelta(days=1)


class ReportRefused(Exception):
    """Why not, in a sentence for the reporter."""


def report_problem(
    *, question: Question, reporter: User, code: UUID, kind: str, text: str, now: datetime
) -> ProblemReport:
    """Whether this person was asked the question and may read its reasons is up to the caller.

    `code` is made once per form: sent twice, it is one report.
    """
    with transaction.atomic():
        # One after another, so that the count is right.
        User.objects.select_for_update(no_key=True).get(pk=reporter.pk)
        if sent := ProblemReport.objects.filter(code=code).first():
            if (sent.reporter_id, sent.question_id) != (reporter.pk, question.pk):
                raise ReportRefused("This form was used for another report. Open it again.")
            return sent
        if (
            ProblemReport.objects.by_reporter(reporter).filter(reported_at__gt=now - A_DAY).count()
            >= MOST_REPORTS_A_DAY
        ):
            raise ReportRefused(f"You sent {MOST_REPORTS_A_DAY} reports within a day, which is the most. Wait a day.")
        return ProblemReport.objects.create(
            code=code, question=question, reporter=reporter, kind=kind, text=text, reported_at=now
        )


def answer_report(*, report: ProblemReport, answer: str, answerer: User, now: datetime) -> ProblemReport:
    """Keep an answer, or its new words, and tell the reporter. The same words again change nothing."""
    with transaction.atomic():
        locked = ProblemReport.objects.select_for_update(of=("self",)).select_related("reporter").get(pk=report.pk)
        if answer and answer != locked.answer:
            locked.answer, locked.answered_at, locked.answerer, locked.seen_at = answer, now, answerer, None
            locked.save(update_fields=["answer", "answered_at", "answerer", "seen_at"])
            _tell_on_commit(locked, locked.reporter)
    return locked


def mark_answers_seen(*, reporter: User, reports: Collection[int], now: datetime) -> None:
    unread(reporter).filter(pk__in=reports).update(seen_at=now)


def _tell_on_commit(report: ProblemReport, reporter: User | None) -> None:
    if reporter is not None and reporter.is_active:
        # Robust: a mail that fails is logged, and the answer stays. A partial has no name that the log could tell.
        transaction.on_commit(lambda: _tell(report, reporter), robust=True)


def _tell(report: ProblemReport, reporter: User) -> None:
    """That there is an answer, and where; a mail is no place for keys."""
    reported_on = report.reported_at.astimezone(ZoneInfo(reporter.time_zone)).date()
    context = {
        "name": reporter.name,
        "kind": report.get_kind_display(),
        "reported_on": date_format(reported_on, "j F Y"),
        "reports_url": settings.SITE_URL + reverse("quizzes:problem-list"),
    }
    body = render_to_string("questions/problem_answered.txt", context)
    send_mail("Your report was answered", body.strip(), None, [reporter.email])
