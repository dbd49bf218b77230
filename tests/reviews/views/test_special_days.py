"""Adding special days to the plan, taking them out, and accepting the suggested mock exams."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from reviews import tasks
from reviews.models import SpecialDays, StudyPlan
from tests.factories import NOW, TODAY, make_blueprint, make_study_plan

PLAN = reverse("reviews:plan")
CREATE = reverse("reviews:special-days-create")
REMOVE = reverse("reviews:special-days-remove")
MOCKS = reverse("reviews:mock-days-create")
pytestmark = pytest.mark.usefixtures("at")


@pytest.fixture(autouse=True)
def _edition(db: None) -> None:
    make_blueprint()


@pytest.fixture
def enqueued(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The candidates for whom a build was asked for."""
    calls: list[int] = []
    monkeypatch.setattr(tasks.build_schedule, "delay_on_commit", calls.append)
    return calls


def form(**fields: str) -> dict[str, str]:
    return {"kind": "off", "starts_on": "2026-03-10", "ends_on": "2026-03-12", **fields}


def entries() -> list[tuple[str, date, date]]:
    return list(SpecialDays.objects.values_list("kind", "starts_on", "ends_on"))


# Adding


def test_special_days_are_added_and_the_schedule_follows(
    candidate: User, candidate_client: Client, enqueued: list[int]
) -> None:
    response = candidate_client.post(CREATE, form(), follow=True)
    assert response.redirect_chain == [(PLAN, 302)]
    assert "10 to 12 March is in your plan. The schedule follows it." in response.text
    assert entries() == [("off", date(2026, 3, 10), date(2026, 3, 12))]
    assert (StudyPlan.objects.get().candidate, enqueued) == (candidate, [candidate.pk])


def test_special_days_posted_twice_are_one_entry(candidate_client: Client, enqueued: list[int]) -> None:
    for _ in range(2):
        candidate_client.post(CREATE, form())
    assert SpecialDays.objects.count() == 1


def test_special_days_without_a_last_day_are_one_day(candidate_client: Client, enqueued: list[int]) -> None:
    candidate_client.post(CREATE, form(ends_on=""))
    assert entries() == [("off", date(2026, 3, 10), date(2026, 3, 10))]


def test_special_days_that_run_begin_today(candidate_client: Client, enqueued: list[int]) -> None:
    candidate_client.post(CREATE, form(starts_on="0001-01-01"))
    assert entries() == [("off", TODAY, date(2026, 3, 12))]


@pytest.mark.parametrize(
    ("first", "last", "entry", "sentence"),
    [
        ("08", "12", (8, 12), "8 to 12 March is in your plan."),
        ("12", "20", (10, 20), "10 to 20 March is one entry in your plan now, with 12 to 20 March in it."),
        ("13", "13", (10, 13), "10 to 13 March is one entry in your plan now, with 13 March in it."),
        ("11", "11", (10, 12), "10 to 12 March is one entry in your plan now, with 11 March in it."),
    ],
)
def test_special_days_that_meet_others_are_merged_and_the_page_says_into_what(
    candidate_client: Client, enqueued: list[int], first: str, last: str, entry: tuple[int, int], sentence: str
) -> None:
    candidate_client.post(CREATE, form())
    response = candidate_client.post(CREATE, form(starts_on=f"2026-03-{first}", ends_on=f"2026-03-{last}"), follow=True)
    assert entries() == [("off", date(2026, 3, entry[0]), date(2026, 3, entry[1]))]
    assert f"{sentence} The schedule follows it." in response.text


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"ends_on": "2026-03-09"}, "ends_on", "The last day comes before the first."),
        ({"starts_on": "2026-02-01", "ends_on": "2026-03-01"}, "ends_on", "That day is over."),
        ({"starts_on": "2026-03-01", "ends_on": ""}, "starts_on", "That day is over."),
        ({"ends_on": "2028-03-02"}, "ends_on", "Choose days within two years."),
        ({"ends_on": "9999-12-31"}, "ends_on", "Choose days within two years."),
        ({"starts_on": "2028-03-02", "ends_on": ""}, "starts_on", "Choose days within two years."),
        ({"kind": "mock"}, "ends_on", "A mock exam takes one day. Leave the last day empty."),
        ({"kind": "mock", "starts_on": "2026-04-13", "ends_on": ""}, "starts_on", "Your exam is on 13 April."),
        ({"kind": "mock", "starts_on": "2026-04-20", "ends_on": ""}, "starts_on", "Your exam is on 13 April."),
        (
            {"ends_on": "2026-04-13"},
            "ends_on",
            "Your exam is on 13 April. End before that day",
        ),
        ({"starts_on": "2026-04-13", "ends_on": ""}, "starts_on", "Your exam is on 13 April."),
        ({"starts_on": ""}, "starts_on", "Write the first of the days."),
        ({"starts_on": "soon"}, "starts_on", "Write the date as year, month and day, like 2026-11-30."),
        ({"starts_on": "\x00"}, "starts_on", "Write the date as year, month and day, like 2026-11-30."),
        ({"ends_on": "9" * 400}, "ends_on", "Write the date as year, month and day, like 2026-11-30."),
        ({"kind": "party"}, "kind", "Choose one of the kinds in the list."),
        ({"kind": ""}, "kind", "Choose what these days are."),
    ],
)
def test_special_days_with_a_bad_value_get_a_sentence_and_keep_what_was_typed(
    candidate: User,
    candidate_client: Client,
    enqueued: list[int],
    fields: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    make_study_plan(candidate, exam_on=date(2026, 4, 13))
    response = candidate_client.post(CREATE, form(**fields))
    bound = response.context["days_form"]
    assert (response.status_code, list(bound.errors)) == (200, [field])
    assert bound.errors[field][0].startswith(sentence)
    assert bound[field].value() == form(**fields)[field]
    assert (entries(), enqueued) == ([], [])
    # The plan beside it stands as it was saved.
    assert 'value="2026-04-13"' in response.text


def test_special_days_of_another_kind_on_the_same_day_are_refused(
    candidate_client: Client, enqueued: list[int]
) -> None:
    candidate_client.post(CREATE, form())
    response = candidate_client.post(CREATE, form(kind="easy"))
    assert response.context["days_form"].errors["starts_on"][0].startswith("10 to 12 March is in your list already")
    assert len(entries()) == 1


def test_special_days_after_the_exam_are_taken(candidate: User, candidate_client: Client, enqueued: list[int]) -> None:
    make_study_plan(candidate, exam_on=date(2026, 3, 5))
    candidate_client.post(CREATE, form())
    assert len(entries()) == 1


def test_special_days_are_judged_by_the_clock_of_the_candidate(
    candidate: User, candidate_client: Client, enqueued: list[int], at: Callable[[datetime], None]
) -> None:
    # 23:00 UTC on the 2nd is the 3rd in Auckland.
    at(NOW + timedelta(hours=11))
    one_day = form(starts_on="2026-03-02", ends_on="")
    User.objects.update(time_zone="Pacific/Auckland")
    assert candidate_client.post(CREATE, one_day).status_code == 200
    User.objects.update(time_zone="UTC")
    assert candidate_client.post(CREATE, one_day).status_code == 302


# Taking out


def test_special_days_are_removed_and_the_schedule_follows(
    candidate: User, candidate_client: Client, enqueued: list[int]
) -> None:
    candidate_client.post(CREATE, form())
    for _ in range(2):
        response = candidate_client.post(REMOVE, {"kind": "off", "starts_on": "2026-03-10"})
    assert (response.status_code, response["Location"], entries()) == (302, PLAN, [])
    assert enqueued == [candidate.pk] * 3


def test_special_days_of_somebody_else_stay(
    other_candidate: User, candidate_client: Client, enqueued: list[int]
) -> None:
    plan = make_study_plan(other_candidate)
    plan.special_days.create(kind="off", starts_on=date(2026, 3, 10), ends_on=date(2026, 3, 10))
    candidate_client.post(REMOVE, {"kind": "off", "starts_on": "2026-03-10"})
    assert len(entries()) == 1


@pytest.mark.parametrize(
    "data", [{}, {"kind": "\x00", "starts_on": "2026-03-10"}, {"kind": "off", "starts_on": "9" * 400}]
)
def test_special_days_that_cannot_be_named_are_not_removed(
    candidate_client: Client, enqueued: list[int], data: dict[str, str]
) -> None:
    response = candidate_client.post(REMOVE, data, follow=True)
    assert "That entry could not be found. This is the list as it stands." in response.text
    assert enqueued == []


# The suggested mock exams


def test_suggested_mock_exams_are_accepted_by_one_click(
    candidate: User, candidate_client: Client, enqueued: list[int]
) -> None:
    make_study_plan(candidate, exam_on=TODAY + timedelta(days=28))
    assert "Add these 3 mock exams" in candidate_client.get(PLAN).text
    response = candidate_client.post(MOCKS, follow=True)
    assert "3 mock exams are in your plan. The schedule follows it." in response.text
    assert [starts_on for _, starts_on, _ in entries()] == [date(2026, 3, 15), date(2026, 3, 21), date(2026, 3, 26)]
    assert (response.context["suggested"], enqueued) == ([], [candidate.pk])


def test_suggested_mock_exams_accepted_twice_are_added_once(
    candidate: User, candidate_client: Client, enqueued: list[int]
) -> None:
    make_study_plan(candidate, exam_on=TODAY + timedelta(days=28))
    for _ in range(2):
        response = candidate_client.post(MOCKS, follow=True)
    assert "Your plan has its mock exams already, or no room for one." in response.text
    assert (len(entries()), enqueued) == (3, [candidate.pk])


def test_suggested_mock_exams_need_an_exam_date(candidate_client: Client, enqueued: list[int]) -> None:
    assert candidate_client.get(PLAN).context["suggested"] == []
    candidate_client.post(MOCKS)
    assert (entries(), enqueued) == ([], [])


# Who may


@pytest.mark.parametrize("url", [CREATE, REMOVE, MOCKS])
def test_anonymous_visitors_are_sent_to_sign_in(client: Client, url: str) -> None:
    response = client.post(url, form())
    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={url}%3Funsent")
    assert entries() == []


@pytest.mark.parametrize("url", [CREATE, REMOVE, MOCKS])
@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_other_methods_are_refused(candidate_client: Client, url: str, method: str) -> None:
    assert getattr(candidate_client, method)(url).status_code == 405


def test_special_days_rebuild_the_schedule(
    candidate: User, candidate_client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    make_study_plan(candidate, exam_on=TODAY + timedelta(days=28))
    with django_capture_on_commit_callbacks(execute=True):
        candidate_client.post(CREATE, form())
    plan = StudyPlan.objects.select_related("candidate__schedule").get()
    assert plan.candidate.schedule.plan_changed_at == plan.changed_at
