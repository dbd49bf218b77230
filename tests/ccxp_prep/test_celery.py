from __future__ import annotations

import logging
from unittest.mock import Mock

import pytest
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from ccxp_prep.celery import app
from quizzes.tasks import close_overdue_attempts


def test_every_scheduled_task_exists() -> None:
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert scheduled - set(app.tasks) == set()


def test_every_task_of_ours_is_named_after_its_app() -> None:
    app.loader.import_default_modules()
    named = {name: task.__module__ for name, task in app.tasks.items() if not name.startswith("celery.")}

    assert {name: module for name, module in named.items() if module.partition(".")[0] != name.partition(".")[0]} == {}
    assert named != {}


def test_project_app_is_the_one_that_shared_tasks_use() -> None:
    assert close_overdue_attempts.app is app


@pytest.fixture
def apply_async(monkeypatch: pytest.MonkeyPatch) -> Mock:
    mock = Mock()
    monkeypatch.setattr(close_overdue_attempts._get_current_object(), "apply_async", mock)
    return mock


@pytest.mark.django_db(transaction=True)
def test_task_is_published_after_the_commit_with_its_arguments(apply_async: Mock) -> None:
    with transaction.atomic():
        close_overdue_attempts.delay_on_commit(1, name="two")
        assert apply_async.call_count == 0

    apply_async.assert_called_once_with((1,), {"name": "two"})


@pytest.mark.django_db(transaction=True)
def test_task_is_not_published_after_a_rollback(apply_async: Mock) -> None:
    with transaction.atomic():
        close_overdue_attempts.delay_on_commit()
        transaction.set_rollback(True)

    assert apply_async.call_count == 0


@pytest.mark.django_db(transaction=True)
def test_lost_broker_is_logged_and_forgiven(apply_async: Mock, caplog: pytest.LogCaptureFixture) -> None:
    apply_async.side_effect = OperationalError("Connection refused")
    close_overdue_attempts.delay_on_commit()

    message = "quizzes.close_overdue_attempts was not published: Connection refused"
    assert caplog.record_tuples == [("ccxp_prep.celery", logging.ERROR, message)]


@pytest.mark.django_db(transaction=True)
def test_fault_of_the_task_itself_is_not_forgiven(apply_async: Mock) -> None:
    apply_async.side_effect = ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        close_overdue_attempts.delay_on_commit()
