"""Every background effect happens once: after a kill in the middle, with two beats, with two workers on one message."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from django.core import mail
from django.utils import timezone

from accounts.models import User
from cohorts.models import Invitation
from cohorts.services import invite_by_email
from cohorts.tasks import mail_invitation
from progress.tasks import delete_accounts
from quizzes.models import Attempt, ItemStatistics
from quizzes.services import build_practice_quiz, record_answer, start_attempt
from quizzes.tasks import close_overdue_attempts, compute_item_statistics
from reviews.models import Card, Reminder, ReviewLog, Schedule
from reviews.tasks import build_schedule, rebuild_stale_schedules, send_reminders
from tests.factories import make_cohort, make_question, make_study_plan, make_user
from tests.processes import wait_until
from tests.production import Production
from tests.promises.test_redis import compared_with_a_rebuild, has_current_schedule
from tests.promises.visitor import make_candidates, read_value

ATTEMPTS = 30
QUESTIONS = 5
RUNS = 8
InParallel = Callable[[int, Callable[[int], Any]], list[Any]]

# Attempts that ran out a minute ago, each with all its questions answered.
OVERDUE = """
import uuid
from datetime import timedelta
from django.utils import timezone
from accounts.models import User
from quizzes.services import build_practice_quiz, record_answer, start_attempt
start = timezone.now() - timedelta(minutes=62)
for email in EMAILS:
    person = User.objects.create_user(email, None, time_zone="UTC")
    quiz = build_practice_quiz(candidate=person, code=uuid.uuid4(), title="Overdue", rule={}, question_count=QUESTIONS,
        feedback="at_end", time_limit_minutes=60)
    attempt = start_attempt(candidate=person, quiz=quiz, now=start)
    for place in range(1, QUESTIONS + 1):
        record_answer(attempt_code=attempt.code, candidate=person, position=place, key=uuid.uuid4(), sequence=1,
            label="A", now=start)
"""
PUBLISH = "from celery import current_app\nfor name in NAMES: current_app.send_task(name)"


def make_overdue(stack: Production, count: int) -> list[str]:
    emails = [f"{uuid.uuid4().hex[:12]}@example.com" for _ in range(count)]
    stack.shell(f"EMAILS = {emails!r}\nQUESTIONS = {QUESTIONS}\n{OVERDUE}")
    return emails


def publish(stack: Production, *names: str) -> None:
    stack.shell(f"NAMES = {list(names)!r}\n{PUBLISH}")


def graded(stack: Production, emails: list[str]) -> int:
    query = (
        "SELECT count(*) FROM quizzes_attempt t JOIN accounts_user u ON u.id = t.candidate_id"
        " WHERE u.email = ANY(%s) AND t.state = 'graded' AND t.submitted_at = t.deadline_at"
    )
    return int(read_value(stack, query, emails))


def is_somebody_waiting(stack: Production) -> bool:
    return bool(read_value(stack, "SELECT count(*) FROM pg_locks WHERE NOT granted"))


def reviews(stack: Production, emails: list[str]) -> tuple[int, int]:
    """How many rows, and how many different answers they tell of."""
    query = (
        "SELECT json_build_array(count(*), count(DISTINCT l.source)) FROM reviews_reviewlog l"
        " JOIN accounts_user u ON u.id = l.candidate_id WHERE u.email = ANY(%s)"
    )
    rows, sources = read_value(stack, query, emails)
    return rows, sources


# A worker that is killed


def test_schedule_of_a_killed_worker_is_built_once_by_the_next(production_stack: Production) -> None:
    [visitor] = make_candidates(production_stack, 1)
    visitor.sign_in()
    attempt = visitor.start_mock()
    visitor.answer(attempt, 1, "A")
    received = production_stack.log("worker").count("Task reviews.build_schedule")
    with production_stack.connect() as lock, lock.cursor() as cursor:
        # The task waits for the table, so that it is certainly in the middle when its worker dies.
        cursor.execute("LOCK TABLE reviews_schedule")
        visitor.post(f"{attempt}submit/")
        wait_until(
            lambda: production_stack.log("worker").count("Task reviews.build_schedule") > received, what="the task"
        )
        time.sleep(0.5)
        production_stack.kill("worker")
    assert not has_current_schedule(production_stack, visitor)
    production_stack.start("worker")

    # The visibility timeout of the stack is ten seconds; nothing else publishes for this candidate.
    wait_until(lambda: has_current_schedule(production_stack, visitor), seconds=40, what="the schedule")
    assert compared_with_a_rebuild(production_stack, visitor) == [[True, 1]]


def test_sweeps_killed_again_and_again_close_every_attempt_once(production_stack: Production) -> None:
    """Once while it claims the attempts, once while it grades them, each time with half of them done."""
    emails = make_overdue(production_stack, ATTEMPTS)
    middle = emails[ATTEMPTS // 2]
    attempt = "SELECT 1 FROM quizzes_attempt t JOIN accounts_user u ON u.id = t.candidate_id WHERE u.email = %s"
    person = "SELECT 1 FROM accounts_user u WHERE u.email = %s"
    for row in (f"{attempt} FOR UPDATE OF t", f"{person} FOR UPDATE"):
        with production_stack.connect() as lock, lock.cursor() as cursor:
            cursor.execute(row, [middle])
            publish(production_stack, "quizzes.close_overdue_attempts")
            wait_until(lambda: is_somebody_waiting(production_stack), what="a sweep in the middle")
            production_stack.kill("worker")
        production_stack.start("worker")
    publish(production_stack, "quizzes.close_overdue_attempts")

    wait_until(lambda: graded(production_stack, emails) == ATTEMPTS, seconds=60, what="all attempts graded")
    assert reviews(production_stack, emails) == (ATTEMPTS * QUESTIONS, ATTEMPTS * QUESTIONS)
    # A sweep killed between grading and publishing left schedules behind, which the other sweep finds.
    publish(production_stack, "reviews.rebuild_stale_schedules")
    current = (
        "SELECT count(*) FROM reviews_schedule s JOIN accounts_user u ON u.id = s.candidate_id WHERE u.email = ANY(%s)"
        " AND s.as_of_log_id = (SELECT max(id) FROM reviews_reviewlog l WHERE l.candidate_id = u.id)"
    )
    wait_until(lambda: read_value(production_stack, current, emails) == ATTEMPTS, seconds=60, what="every schedule")
    # It ends with 1 when any rule is broken.
    production_stack.manage("check_integrity")


# Two beats


def test_two_beats_have_the_effect_of_one(production_stack: Production) -> None:
    """Each periodic task is published twice at the same moment, for a worker of two processes."""
    [email] = make_overdue(production_stack, 1)
    # Where it is seven in the morning now; the signs of these zones are turned around.
    hours = (datetime.now(UTC).hour - 7 + 12) % 24 - 12
    remind = (
        "from accounts.models import User; from reviews.models import StudyPlan, Card; from datetime import timedelta;"
        "from django.utils import timezone; from quizzes.services import close_overdue_attempts;"
        f"person = User.objects.get(email={email!r}); now = timezone.now(); close_overdue_attempts(now=now);"
        f"User.objects.filter(pk=person.pk).update(time_zone='Etc/GMT{hours:+d}');"
        "Card.objects.filter(candidate=person).update(last_reviewed_on=now.date() - timedelta(days=90));"
        "StudyPlan.objects.create(candidate=person, wants_reminders=True, changed_at=now)"
    )
    production_stack.shell(remind)
    names = sorted({entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()})
    done = production_stack.log("worker").count("succeeded")
    publish(production_stack, *names, *names)

    wait_until(
        lambda: production_stack.log("worker").count("succeeded") >= done + 2 * len(names), seconds=60, what="all runs"
    )
    reminders = (
        "SELECT count(*) FROM reviews_reminder r JOIN accounts_user u ON u.id = r.candidate_id WHERE u.email = %s"
    )
    assert read_value(production_stack, reminders, email) == 1
    assert production_stack.log("worker").count(f"To: {email}") == 1
    assert reviews(production_stack, [email]) == (QUESTIONS, QUESTIONS)
    assert (
        read_value(production_stack, "SELECT count(*) - count(DISTINCT question_id) FROM quizzes_itemstatistics") == 0
    )


def test_periodic_tasks_exist() -> None:
    current_app.loader.import_default_modules()
    names = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert names - set(current_app.tasks) == set()


# One message run by several at once


@pytest.fixture
def sitter(db: None) -> User:
    """Her attempt ran out, something is due, and she wants a mail about it."""
    now = timezone.now()
    hours = (now.hour - 7 + 12) % 24 - 12
    candidate = make_user("simone", time_zone=f"Etc/GMT{hours:+d}")
    make_study_plan(candidate, wants_reminders=True)
    for number in range(1, QUESTIONS + 1):
        make_question(f"MET-K{number}.1")
    for days in (9, 1):
        quiz = build_practice_quiz(
            candidate=candidate,
            code=uuid.uuid4(),
            title="Overdue",
            rule={},
            question_count=QUESTIONS,
            feedback="at_end",
            time_limit_minutes=60,
        )
        start = now - timedelta(days=days)
        attempt = start_attempt(candidate=candidate, quiz=quiz, now=start)
        for place in range(1, QUESTIONS + 1):
            record_answer(
                attempt_code=attempt.code,
                candidate=candidate,
                position=place,
                key=uuid.uuid4(),
                sequence=1,
                label="A",
                now=start,
            )
    return candidate


@pytest.mark.postgres
def test_every_task_run_by_many_at_once_has_its_effect_once(sitter: User, in_parallel: InParallel) -> None:
    cohort = make_cohort(make_user("cora", role=User.Role.COORDINATOR))
    [invitation] = invite_by_email(cohort=cohort, emails=["new@example.org"], now=timezone.now())

    in_parallel(RUNS, lambda _: close_overdue_attempts.run())
    in_parallel(RUNS, lambda _: build_schedule.run(sitter.pk))
    in_parallel(RUNS, lambda _: rebuild_stale_schedules.run())
    in_parallel(RUNS, lambda _: compute_item_statistics.run())
    Card.objects.update(last_reviewed_on=timezone.now().date() - timedelta(days=90))
    in_parallel(RUNS, lambda _: send_reminders.run())
    in_parallel(RUNS, lambda _: mail_invitation.run(invitation.pk))
    leaver = make_user("lena", deletion_asked_at=timezone.now() - timedelta(days=8))
    in_parallel(RUNS, lambda _: delete_accounts.run())

    states = list(Attempt.objects.values_list("state", flat=True))
    assert states == [Attempt.State.GRADED] * 2
    assert ReviewLog.objects.count() == 2 * QUESTIONS
    assert [card.reps for card in Card.objects.all()] == [2] * QUESTIONS
    assert Schedule.objects.get().as_of_log_id == ReviewLog.objects.latest("pk").pk
    assert list(ItemStatistics.objects.values_list("n", flat=True)) == [1] * QUESTIONS
    assert Reminder.objects.count() == 1
    assert User.objects.filter(pk=leaver.pk).exists() is False
    assert sorted(message.to[0] for message in mail.outbox) == [leaver.email, "new@example.org", sitter.email]
    assert Invitation.objects.get().mailed_at is not None
