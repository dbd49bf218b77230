from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from ccxp_prep.celery import app
from quizzes import services, tasks
from quizzes.models import Attempt, Calibration, FormStatistics, ItemStatistics, QuizQuestion
from reviews.models import Schedule
from tests.factories import make_attempt, make_question

HOUR = timedelta(hours=1)


def make_overdue(candidate: User) -> Attempt:
    now = timezone.now()
    attempt = make_attempt(candidate, make_question(), started_at=now - 2 * HOUR, deadline_at=now - HOUR)
    attempt.responses.update(selected_label="B", answered_at=now - 2 * HOUR)
    return attempt


def test_close_overdue_attempts_closes_and_builds_the_schedule(
    candidate: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    attempt = make_overdue(candidate)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.close_overdue_attempts()
    attempt.refresh_from_db()
    assert (attempt.state, attempt.submitted_at, attempt.raw_score) == (
        Attempt.State.GRADED,
        attempt.deadline_at,
        1,
    )
    assert list(Schedule.objects.values_list("candidate", flat=True)) == [candidate.pk]


def test_close_overdue_attempts_builds_one_schedule_per_candidate(
    candidate: User,
    other_candidate: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for person in (candidate, candidate, other_candidate):
        make_overdue(person)
    built: list[int] = []
    monkeypatch.setattr(tasks.build_schedule, "delay_on_commit", built.append)
    tasks.close_overdue_attempts()
    assert sorted(built) == sorted([candidate.pk, other_candidate.pk])


def test_close_overdue_attempts_twice_does_its_work_once(candidate: User, monkeypatch: pytest.MonkeyPatch) -> None:
    make_overdue(candidate)
    built: list[int] = []
    monkeypatch.setattr(tasks.build_schedule, "delay_on_commit", built.append)
    tasks.close_overdue_attempts()
    tasks.close_overdue_attempts()
    assert built == [candidate.pk]


def test_compute_item_statistics_twice_leaves_one_row(candidate: User) -> None:
    services.close_overdue_attempts(now=make_overdue(candidate).started_at + 3 * HOUR)
    tasks.compute_item_statistics()
    tasks.compute_item_statistics()
    assert list(ItemStatistics.objects.values_list("n", "facility")) == [(1, 1.0)]


def test_compute_form_statistics_twice_leaves_one_row(candidate: User) -> None:
    attempt = make_overdue(candidate)
    QuizQuestion.objects.create(quiz=attempt.quiz, question=attempt.responses.get().question, position=1)
    services.close_overdue_attempts(now=attempt.started_at + 3 * HOUR)
    tasks.compute_form_statistics()
    tasks.compute_form_statistics()
    assert list(FormStatistics.objects.values_list("n", "items", "mean")) == [(1, 1, 100.0)]


def test_calibrate_items_twice_records_one_run(candidate: User) -> None:
    services.close_overdue_attempts(now=make_overdue(candidate).started_at + 3 * HOUR)
    tasks.calibrate_items()
    tasks.calibrate_items()
    assert list(Calibration.objects.values_list("is_accepted", "answers")) == [(False, 1)]


def test_every_scheduled_task_of_quizzes_exists() -> None:
    schedule: dict[str, Any] = settings.CELERY_BEAT_SCHEDULE
    named = {entry["task"] for entry in schedule.values() if entry["task"].startswith("quizzes.")}
    assert named == {name for name in app.tasks if name.startswith("quizzes.")}
