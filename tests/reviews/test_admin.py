from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from reviews.models import Card, MemoryFit, Reminder, ReviewLog, Schedule, StudyPlan
from reviews.services import build_schedule
from tests.factories import NOW, TODAY, make_objective, make_question, make_study_plan, make_user
from tests.reviews.builders import make_due_card, make_fit, review

MODELS = ["card", "memoryfit", "reviewlog", "schedule", "studyplan", "reminder"]
READ_ONLY = [
    ("card", Card),
    ("memoryfit", MemoryFit),
    ("reviewlog", ReviewLog),
    ("schedule", Schedule),
    ("reminder", Reminder),
]


def fill(number: int) -> User:
    """A candidate with one row of each kind."""
    person = make_user(f"person{number}")
    review(person, make_question())
    make_study_plan(person)
    build_schedule(candidate=person, now=NOW)
    make_fit(person)
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
    assert [rows.objects.count() for _, rows in READ_ONLY] == [0, 0, 0, 0, 0]


@pytest.mark.parametrize("model", MODELS)
def test_admin_is_not_for_candidates(candidate_client: Client, model: str) -> None:
    assert candidate_client.get(list_url(model)).status_code in {302, 403}


def test_admin_lists_fits_with_their_scores_beside_those_of_simpler_forecasts(admin_client: Client) -> None:
    scores = {"log_loss": 0.31246, "log_loss_default": 0.35, "log_loss_average": 0.4}
    make_fit(make_user("pia"), **scores, rmse_bins=0.04567, rmse_bins_default=0.08)
    page = admin_client.get(list_url("memoryfit")).content.decode()
    assert all(each in page for each in ("0.3125", "0.3500", "0.4000", "0.046, 0.080"))


# Leeches


def test_admin_filters_cards_that_are_leeches(admin_client: Client) -> None:
    person = make_user("pia")
    make_due_card(person, make_objective("MET-K1.1"), leech_on=TODAY)
    make_due_card(person, make_objective("MET-K1.2"))
    shown = admin_client.get(list_url("card"), {"leech_on__isempty": "0"}).context["cl"]
    assert [card.objective.code for card in shown.result_list] == ["MET-K1.1"]


def meet(code: str, *, leeching: int, others: int) -> None:
    for number in range(leeching + others):
        person = User.objects.filter(email=f"person{number}@example.com").first() or make_user(f"person{number}")
        make_due_card(person, make_objective(code), leech_on=TODAY if number < leeching else None)


def test_admin_lists_objectives_with_the_share_for_whom_they_are_leeches(admin_client: Client) -> None:
    meet("MET-K1.1", leeching=4, others=6)
    meet("MET-K1.2", leeching=5, others=0)
    url = reverse("admin:competencies_objective_changelist")
    response = admin_client.get(url, {"o": "-6"})
    assert [objective.code for objective in response.context["cl"].result_list] == ["MET-K1.1", "MET-K1.2"]
    page = response.content.decode()
    assert ("40 %" in page, page.count("too few met it")) == (True, 1)
    shown = admin_client.get(url, {"leeches": "many"}).context["cl"]
    assert [objective.code for objective in shown.result_list] == ["MET-K1.1"]


def test_admin_lists_objectives_with_the_same_queries_for_one_and_three(
    admin_client: Client, django_assert_num_queries: Any
) -> None:
    url = reverse("admin:competencies_objective_changelist")
    meet("MET-K1.1", leeching=4, others=6)
    with django_assert_num_queries(100, exact=False) as few:
        admin_client.get(url)
    meet("MET-K1.2", leeching=4, others=6)
    meet("MET-K1.3", leeching=1, others=9)
    with django_assert_num_queries(len(few)):
        admin_client.get(url)
