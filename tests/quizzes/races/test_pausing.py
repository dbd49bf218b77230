from __future__ import annotations

import pytest
from django.db import transaction

from quizzes import services
from quizzes.models import Attempt
from tests.factories import NOW
from tests.quizzes.races.connections import HOUR, LATER, Beside, InParallel, record, state_of

pytestmark = pytest.mark.postgres


def test_pause_that_commits_first_keeps_the_sweep_away(attempt: Attempt, beside: Beside) -> None:
    """The sweep has found the attempt overdue already and waits for its row."""
    with transaction.atomic():
        services.pause_attempt(attempt=attempt, now=NOW)
        swept = beside.start(lambda: services.close_overdue_attempts(now=LATER))
        assert not swept.done()
    assert swept.result(10) == []
    attempt.refresh_from_db()
    assert (attempt.state, attempt.paused_at) == (Attempt.State.IN_PROGRESS, NOW)


def test_sweep_that_commits_first_refuses_the_pause(attempt: Attempt, beside: Beside) -> None:
    with transaction.atomic():
        assert services.close_overdue_attempts(now=LATER) == [attempt]
        paused = beside.start(lambda: services.pause_attempt(attempt=Attempt.objects.get(), now=NOW))
    assert paused.result(10) == "AttemptClosed"
    attempt.refresh_from_db()
    assert (attempt.state, attempt.paused_at) == (Attempt.State.GRADED, None)


def test_twenty_pauses_and_twenty_resumes_are_one_each(attempt: Attempt, in_parallel: InParallel) -> None:
    in_parallel(20, lambda _: services.pause_attempt(attempt=attempt, now=NOW))
    in_parallel(20, lambda _: services.resume_attempt(attempt=attempt, now=NOW + HOUR))
    attempt.refresh_from_db()
    assert (attempt.paused_at, attempt.paused_seconds, attempt.deadline_at) == (None, 3600, NOW + 2 * HOUR)


def test_answer_waits_for_the_resume_and_is_taken(attempt: Attempt, beside: Beside) -> None:
    services.pause_attempt(attempt=attempt, now=NOW)
    with transaction.atomic():
        services.resume_attempt(attempt=attempt, now=LATER)
        answered = beside.start(lambda: record(attempt, now=LATER).label)
    assert (answered.result(10), state_of(attempt)) == ("B", (1, "B"))


def test_answer_waits_for_the_pause_and_is_refused(attempt: Attempt, beside: Beside) -> None:
    with transaction.atomic():
        services.pause_attempt(attempt=attempt, now=NOW)
        answered = beside.start(lambda: record(attempt))
    assert (answered.result(10), state_of(attempt)) == ("AttemptPaused", (0, ""))
