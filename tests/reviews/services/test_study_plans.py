from __future__ import annotations

from datetime import timedelta
from typing import Any

from accounts.models import User
from reviews.models import StudyPlan
from reviews.services import renew_calendar_key, save_study_plan
from tests.factories import NOW, TODAY, make_blueprint, make_study_plan


def save(candidate: User, **fields: Any) -> StudyPlan:
    return save_study_plan(
        **{
            "candidate": candidate,
            "exam_on": TODAY + timedelta(days=30),
            "minutes_by_weekday": [10, 20, 30, 40, 50, 60, 0],
            "blueprint": None,
            "target_percent": 80,
            "wants_reminders": True,
            "time_zone": "UTC",
            "now": NOW,
            **fields,
        }
    )


def test_save_study_plan_makes_the_first_one(candidate: User) -> None:
    blueprint = make_blueprint()
    save(candidate, blueprint=blueprint)
    plan = StudyPlan.objects.get(candidate=candidate)
    assert (plan.exam_on, plan.minutes_by_weekday, plan.blueprint, plan.target_percent) == (
        TODAY + timedelta(days=30),
        [10, 20, 30, 40, 50, 60, 0],
        blueprint,
        80,
    )
    assert (plan.wants_reminders, plan.changed_at) == (True, NOW)


def test_save_study_plan_replaces_the_one_there_is(candidate: User) -> None:
    save(candidate)
    save(candidate, exam_on=None, wants_reminders=False, now=NOW + timedelta(hours=1))
    plan = StudyPlan.objects.get()
    assert (plan.exam_on, plan.wants_reminders, plan.changed_at) == (None, False, NOW + timedelta(hours=1))


def test_save_study_plan_moves_the_candidate_to_the_time_zone(candidate: User) -> None:
    save(candidate, time_zone="Europe/Berlin")
    candidate.refresh_from_db()
    assert candidate.time_zone == "Europe/Berlin"


def test_renew_calendar_key_of_one_candidate(candidate: User, other_candidate: User) -> None:
    plan, other = make_study_plan(candidate), make_study_plan(other_candidate)
    renew_calendar_key(candidate=candidate)
    keys = dict(StudyPlan.objects.values_list("candidate", "calendar_key"))
    assert (keys[candidate.pk] == plan.calendar_key, keys[other_candidate.pk]) == (False, other.calendar_key)
    # The schedule does not follow from it.
    assert StudyPlan.objects.get(candidate=candidate).changed_at == plan.changed_at


def test_save_study_plan_keeps_the_special_days_and_the_address_of_the_calendar(candidate: User) -> None:
    plan = make_study_plan(candidate)
    plan.special_days.create(kind="off", starts_on=TODAY, ends_on=TODAY)
    saved = save(candidate)
    assert (saved.calendar_key, saved.special_days.count()) == (plan.calendar_key, 1)
