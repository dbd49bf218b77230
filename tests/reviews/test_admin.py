from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from reviews.models import Card, Reminder, ReviewLog, Schedule, StudyPlan
from reviews.services import build_schedule
from tests.factories import NOW, TODAY, make_question, make_study_plan, make_user
from tests.reviews.builders import review

MODELS = ["card", "reviewlog", "schedule", "studyplan", "reminder"]
READ_ONLY = [("card", Card), ("reviewlog", ReviewLog), ("schedule", Schedule), ("reminder", Reminder)]


def fill(number: int) -> User:
    """A candidate with one row of each kind."""
    person = make_user(f"person{number}")
    review(person, make_question())
    make_study_plan(person)
    build_schedule(candidate=person, now=NOW)
    Reminder.objects.create(candidate=person, on=TODAY, claimed_at=NOW)
    return person


def list_url(model: str) -> str:
    return reverse(f"admin:reviews_{model}_changelist")


@pytest.mark.parametrize("model", MODELS)
def test_admin_lists_and_finds_by_address(admin_client: Client, model: str) -> None:
    fill(1)
    fill(2)
    assert admin_client.get(list_url(model)).context["cl"].result_count == 2
    assert admin_client.get(list_url(model), {"q": "person2@"}).context["cl"].result_count == 1


@pytest.mark.parametrize("model", MODELS)
def test_admin_lists_take_the_same_queries_for_one_and_three_rows(
    admin_client: Client, model: str, django_assert_num_queries: Any
) -> None:
    fill(1)
    with django_assert_num_queries(100, exact=False) as few:
        admin_client.get(list_url(model))
    fill(2)
    fill(3)
    with django_assert_num_queries(len(few)):
        admin_client.get(list_url(model))


@pytest.mark.parametrize(("model", "rows"), READ_ONLY)
def test_admin_shows_derived_rows_and_facts_but_changes_none(admin_client: Client, model: str, rows: Any) -> None:
    fill(1)
    row = rows.objects.get()
    change = reverse(f"admin:reviews_{model}_change", args=[row.pk])
    assert admin_client.get(change).status_code == 200
    refused = [
        admin_client.post(change, {}).status_code,
        admin_client.get(reverse(f"admin:reviews_{model}_add")).status_code,
        admin_client.post(reverse(f"admin:reviews_{model}_delete", args=[row.pk]), {"post": "yes"}).status_code,
    ]
    assert refused == [403, 403, 403]
    assert rows.objects.count() == 1


def plan_form(plan: StudyPlan, **fields: Any) -> dict[str, Any]:
    return {
        "candidate": plan.candidate_id,
        "exam_on": "",
        "minutes_by_weekday": json.dumps([5] * 7),
        "blueprint": "",
        "target_percent": 75,
        **fields,
    }


def test_admin_changes_a_study_plan_so_that_the_schedule_follows(admin_client: Client) -> None:
    plan = make_study_plan(make_user("pia"))
    url = reverse("admin:reviews_studyplan_change", args=[plan.pk])
    assert admin_client.post(url, plan_form(plan)).status_code == 302
    plan.refresh_from_db()
    assert (plan.minutes_by_weekday, plan.changed_at > NOW) == ([5] * 7, True)


@pytest.mark.parametrize(
    "minutes", ["[1, 2]", "7", '["a","b","c","d","e","f","g"]', "[0,0,0,0,0,0,601]", "[true,0,0,0,0,0,0]"]
)
def test_admin_refuses_minutes_that_are_no_week(admin_client: Client, minutes: str) -> None:
    plan = make_study_plan(make_user("pia"))
    url = reverse("admin:reviews_studyplan_change", args=[plan.pk])
    response = admin_client.post(url, plan_form(plan, minutes_by_weekday=minutes))
    assert response.context["adminform"].form.errors["minutes_by_weekday"] == [
        "Seven whole numbers from 0 to 600, Monday first."
    ]


def test_admin_deletes_what_belongs_to_a_deleted_candidate(admin_client: Client) -> None:
    person = fill(1)
    url = reverse("admin:accounts_user_delete", args=[person.pk])
    assert admin_client.post(url, {"post": "yes"}).status_code == 302
    assert [rows.objects.count() for _, rows in READ_ONLY] == [0, 0, 0, 0]


@pytest.mark.parametrize("model", MODELS)
def test_admin_is_not_for_candidates(candidate_client: Client, model: str) -> None:
    assert candidate_client.get(list_url(model)).status_code in {302, 403}
