from __future__ import annotations

import pytest

from accounts.models import User
from reviews import queries, services, tasks
from reviews.models import MemoryFit, Schedule
from tests.factories import make_study_plan


def test_build_schedule_builds_for_the_candidate(candidate: User) -> None:
    tasks.build_schedule(candidate.pk)
    assert Schedule.objects.get().candidate == candidate


def test_build_schedule_of_nobody_does_nothing(db: None) -> None:
    tasks.build_schedule(999_999)
    assert Schedule.objects.count() == 0


def test_build_schedule_twice_is_one_schedule(candidate: User) -> None:
    tasks.build_schedule(candidate.pk)
    tasks.build_schedule(candidate.pk)
    assert Schedule.objects.count() == 1


def test_rebuild_stale_schedules_rebuilds_what_is_stale(candidate: User) -> None:
    make_study_plan(candidate)
    tasks.rebuild_stale_schedules()
    assert Schedule.objects.get().candidate == candidate


def test_rebuild_all_schedules_rebuilds_current_ones_too(candidate: User, other_candidate: User) -> None:
    make_study_plan(candidate)
    tasks.build_schedule(candidate.pk)
    before = Schedule.objects.get().built_at
    tasks.rebuild_all_schedules()
    after = Schedule.objects.get()
    assert (after.candidate, after.built_at > before) == (candidate, True)


def test_send_reminders_calls_the_service(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []
    monkeypatch.setattr(services, "send_reminders", lambda now: calls.append(now) or 0)
    tasks.send_reminders()
    assert len(calls) == 1


def test_fit_memories_fits_everybody_who_is_due(
    candidate: User, other_candidate: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted: list[User] = []
    monkeypatch.setattr(queries, "candidates_to_fit", lambda: User.objects.filter(pk=other_candidate.pk))
    monkeypatch.setattr(services, "fit_memory", lambda candidate, now: fitted.append(candidate))
    tasks.fit_memories()
    assert fitted == [other_candidate]


@pytest.mark.parametrize("is_accepted", [True, False])
def test_fit_memory_builds_the_schedule_again_when_the_fit_is_accepted(
    candidate: User, monkeypatch: pytest.MonkeyPatch, is_accepted: bool
) -> None:
    monkeypatch.setattr(services, "fit_memory", lambda candidate, now: MemoryFit(is_accepted=is_accepted))
    tasks.fit_memory(candidate.pk)
    assert Schedule.objects.filter(candidate=candidate).exists() is is_accepted


def test_fit_memory_of_nobody_does_nothing(db: None) -> None:
    tasks.fit_memory(999_999)
    assert MemoryFit.objects.count() == 0


def test_fit_memory_of_a_short_log_does_nothing(candidate: User) -> None:
    tasks.fit_memory(candidate.pk)
    assert (MemoryFit.objects.count(), Schedule.objects.count()) == (0, 0)


def test_tasks_carry_the_names_of_the_beat_schedule() -> None:
    assert [task.name for task in (tasks.build_schedule, tasks.rebuild_stale_schedules)] == [
        "reviews.build_schedule",
        "reviews.rebuild_stale_schedules",
    ]
    assert [task.name for task in (tasks.rebuild_all_schedules, tasks.send_reminders)] == [
        "reviews.rebuild_all_schedules",
        "reviews.send_reminders",
    ]
    assert [task.name for task in (tasks.fit_memories, tasks.fit_memory)] == [
        "reviews.fit_memories",
        "reviews.fit_memory",
    ]
