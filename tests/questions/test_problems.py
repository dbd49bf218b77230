from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from accounts.models import User
from questions import services
from questions.models import ProblemReport, Question
from questions.queries import unread_answers
from tests.factories import NOW, make_question

ANSWER = "You are right: option C asks for both. It is mended now."


@pytest.fixture
def question(db: None) -> Question:
    return make_question()


def report(question: Question, reporter: User, **fields: Any) -> ProblemReport:
    sound = {"code": uuid.uuid4(), "kind": "ambiguous", "text": "C fits too, does it not?", "now": NOW}
    return services.report_problem(question=question, reporter=reporter, **{**sound, **fields})


def answer(report: ProblemReport, admin: User, text: str = ANSWER, **fields: Any) -> ProblemReport:
    return services.answer_report(report=report, answer=text, answerer=admin, now=fields.get("now", NOW))


def test_one_code_is_one_report(question: Question, candidate: User) -> None:
    code = uuid.uuid4()
    first, again = (report(question, candidate, code=code, text=text) for text in ("first words", "other words"))
    assert (first.pk, ProblemReport.objects.get().text) == (again.pk, "first words")


def test_code_of_somebody_else_is_refused(question: Question, candidate: User, other_candidate: User) -> None:
    code = report(question, candidate).code
    with pytest.raises(services.ReportRefused, match="used for another report"):
        report(question, other_candidate, code=code)


def test_limit_is_each_persons_own(question: Question, candidate: User, other_candidate: User) -> None:
    for _ in range(services.MOST_REPORTS_A_DAY):
        report(question, candidate)
    with pytest.raises(services.ReportRefused, match="20 reports within a day"):
        report(question, candidate)
    assert report(question, other_candidate).reporter == other_candidate
    assert report(question, candidate, now=NOW + timedelta(days=1)).pk


def test_answer_is_kept_with_who_gave_it_and_when(question: Question, candidate: User, admin_user: User) -> None:
    kept = answer(report(question, candidate), admin_user)
    assert (kept.answer, kept.answered_at, kept.answerer, kept.seen_at) == (ANSWER, NOW, admin_user, None)
    assert unread_answers(candidate) == 1


def test_reporter_gets_a_mail_with_the_way_to_the_answer_and_nothing_of_the_question(
    question: Question, candidate: User, admin_user: User, django_capture_on_commit_callbacks: Any
) -> None:
    own = report(question, candidate)
    with django_capture_on_commit_callbacks(execute=True):
        answer(own, admin_user)
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["carla@example.com"], "Your report was answered")
    assert "on 2 March 2026 you reported a problem with a question: more than one option fits." in sent.body
    assert sent.body.count("/questions/problems/") == 1
    assert [text for text in (ANSWER, own.text, question.stem, "Rationale") if text in sent.body] == []


def test_same_answer_again_tells_nobody(
    question: Question, candidate: User, admin_user: User, django_capture_on_commit_callbacks: Any
) -> None:
    own = answer(report(question, candidate), admin_user)
    with django_capture_on_commit_callbacks(execute=True):
        answer(own, admin_user, now=NOW + timedelta(days=1))
    assert (len(mail.outbox), ProblemReport.objects.get().answered_at) == (0, NOW)


def test_new_words_are_unread_again(
    question: Question, candidate: User, admin_user: User, django_capture_on_commit_callbacks: Any
) -> None:
    own = answer(report(question, candidate), admin_user)
    services.mark_answers_seen(reporter=candidate, reports=[own.pk], now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        answer(own, admin_user, "On second thought, B alone is right.", now=NOW + timedelta(days=1))
    assert (unread_answers(candidate), len(mail.outbox)) == (1, 1)


def test_mail_that_fails_leaves_the_answer(
    question: Question,
    candidate: User,
    admin_user: User,
    django_capture_on_commit_callbacks: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*arguments: Any, **options: Any) -> None:
        raise OSError("mail server away")

    monkeypatch.setattr("questions.services.problems.send_mail", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        answer(report(question, candidate), admin_user)
    assert ProblemReport.objects.get().answer == ANSWER


@pytest.mark.parametrize("gone", ["left", "inactive"])
def test_nobody_is_told_when_the_reporter_is_gone(
    question: Question, candidate: User, admin_user: User, django_capture_on_commit_callbacks: Any, gone: str
) -> None:
    own = report(question, candidate)
    if gone == "left":
        candidate.delete()
    else:
        User.objects.filter(pk=candidate.pk).update(is_active=False)
    with django_capture_on_commit_callbacks(execute=True):
        answer(own, admin_user)
    assert (len(mail.outbox), ProblemReport.objects.get().answer) == (0, ANSWER)


def test_only_the_reporters_own_answers_become_seen(
    question: Question, candidate: User, other_candidate: User, admin_user: User
) -> None:
    own = answer(report(question, candidate), admin_user)
    services.mark_answers_seen(reporter=other_candidate, reports=[own.pk], now=NOW)
    assert unread_answers(candidate) == 1
