from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from reviews.models import Schedule, StudyPlan
from tests.factories import NOW, TODAY, make_blueprint, make_study_plan

URL = reverse("reviews:plan")
pytestmark = pytest.mark.usefixtures("at")


def form(**fields: str) -> dict[str, str]:
    return {
        "exam_on": "2026-04-13",
        "blueprint": "six-areas",
        "target_percent": "80",
        "time_zone": "Europe/Berlin",
        "wants_reminders": "on",
        **{f"minutes_{number}": "25" for number in range(7)},
        **fields,
    }


@pytest.fixture(autouse=True)
def _editions(db: None) -> None:
    make_blueprint("six-areas")
    make_blueprint("five-areas", CUL=22, VOC=78)


def test_plan_page_of_a_beginner_shows_the_defaults(candidate_client: Client) -> None:
    bound = candidate_client.get(URL).context["form"]
    assert {name: bound[name].value() for name in ("exam_on", "blueprint", "target_percent", "time_zone")} == {
        "exam_on": None,
        "blueprint": "six-areas",
        "target_percent": 75,
        "time_zone": "UTC",
    }
    assert [field.value() for field in bound.minutes_fields()] == [20, 20, 20, 20, 20, 30, 30]


def test_plan_page_shows_what_was_saved(candidate: User, candidate_client: Client) -> None:
    make_study_plan(candidate, exam_on=date(2026, 5, 1), minutes_by_weekday=[1, 2, 3, 4, 5, 6, 7], target_percent=90)
    response = candidate_client.get(URL)
    assert [field.value() for field in response.context["form"].minutes_fields()] == [1, 2, 3, 4, 5, 6, 7]
    assert 'value="2026-05-01"' in response.text


def test_plan_is_saved_and_leads_to_the_schedule(candidate: User, candidate_client: Client) -> None:
    response = candidate_client.post(URL, form(blueprint="five-areas", minutes_6="0"))
    assert (response.status_code, response["Location"]) == (302, reverse("reviews:schedule"))
    plan = StudyPlan.objects.select_related("blueprint", "candidate").get()
    assert (plan.candidate, plan.exam_on, plan.target_percent) == (candidate, date(2026, 4, 13), 80)
    assert plan.minutes_by_weekday == [25, 25, 25, 25, 25, 25, 0]
    assert (plan.wants_reminders, plan.changed_at, plan.candidate.time_zone) == (True, NOW, "Europe/Berlin")
    assert plan.blueprint
    assert plan.blueprint.code == "five-areas"


def test_plan_saved_rebuilds_the_schedule(candidate_client: Client, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        candidate_client.post(URL, form())
    assert (Schedule.objects.get().exam_on, Schedule.objects.get().plan_changed_at) == (date(2026, 4, 13), NOW)


def test_plan_posted_twice_is_one_plan(candidate_client: Client) -> None:
    for _ in range(2):
        candidate_client.post(URL, form())
    assert StudyPlan.objects.count() == 1


def test_plan_may_leave_the_exam_date_empty_and_the_reminders_off(candidate_client: Client) -> None:
    data = form(exam_on="")
    del data["wants_reminders"]
    candidate_client.post(URL, data)
    plan = StudyPlan.objects.get()
    assert (plan.exam_on, plan.wants_reminders) == (None, False)


def test_plan_without_any_minutes_is_saved_and_said_plainly(candidate_client: Client) -> None:
    nothing = {f"minutes_{number}": "0" for number in range(7)}
    response = candidate_client.post(URL, form(**nothing), follow=True)
    assert StudyPlan.objects.get().minutes_by_weekday == [0] * 7
    assert "No minutes on any weekday" in response.text


@pytest.mark.parametrize("days", [0, 1, 730])
def test_plan_takes_an_exam_from_today_to_two_years_from_now(candidate_client: Client, days: int) -> None:
    exam_on = TODAY + timedelta(days=days)
    candidate_client.post(URL, form(exam_on=exam_on.isoformat()))
    assert StudyPlan.objects.get().exam_on == exam_on


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("exam_on", "2026-03-01", "That day is over. Choose today or a later day, or leave the date empty."),
        ("exam_on", "2028-03-02", "Choose a day within two years, or leave the date empty until then."),
        ("exam_on", "soon", "Write the date as year, month and day, like 2026-11-30."),
        ("exam_on", "2026-02-30", "Write the date as year, month and day, like 2026-11-30."),
        ("minutes_0", "", "Write the minutes for Monday, 0 for a day off."),
        ("minutes_1", "-1", "Tuesday cannot have fewer than 0 minutes."),
        ("minutes_2", "601", "Wednesday can have at most 600 minutes."),
        ("minutes_3", "ten", "Write whole minutes for Thursday, 0 for a day off."),
        ("minutes_4", "9" * 400, "Friday can have at most 600 minutes."),
        ("target_percent", "49", "A target is at least 50 percent."),
        ("target_percent", "101", "A target is at most 100 percent."),
        ("target_percent", "", "Write a target from 50 to 100."),
        ("blueprint", "seven-areas", "Choose an edition from the list."),
        ("time_zone", "Mars/Olympus", "Choose a time zone from the list."),
        ("time_zone", "", "Choose a time zone from the list."),
    ],
)
def test_plan_with_a_bad_value_gets_a_sentence_and_keeps_what_was_typed(
    candidate_client: Client, field: str, value: str, sentence: str
) -> None:
    response = candidate_client.post(URL, form(**{"minutes_5": "17", field: value}))
    bound = response.context["form"]
    assert (response.status_code, bound.errors) == (200, {field: [sentence]})
    assert (bound[field].value(), bound["minutes_5"].value()) == (value, "17")
    assert StudyPlan.objects.count() == 0


def test_plan_judges_the_exam_date_by_the_clock_that_was_chosen(candidate_client: Client, at: Any) -> None:
    # 23:00 UTC on the 2nd is the 3rd in Auckland.
    at(NOW + timedelta(hours=11))
    assert candidate_client.post(URL, form(exam_on="2026-03-02", time_zone="Pacific/Auckland")).status_code == 200
    assert candidate_client.post(URL, form(exam_on="2026-03-02", time_zone="UTC")).status_code == 302


@pytest.mark.parametrize("value", ["\x00", "9" * 400, "2026-04-13\x00", "99999-01-01"])
def test_plan_with_an_exam_date_of_nonsense_gets_a_sentence(candidate_client: Client, value: str) -> None:
    response = candidate_client.post(URL, form(exam_on=value))
    assert response.context["form"].errors == {"exam_on": ["Write the date as year, month and day, like 2026-11-30."]}


def test_plan_page_lists_the_special_days_that_are_not_over(candidate: User, candidate_client: Client) -> None:
    plan = make_study_plan(candidate)
    for kind, first, last in (("off", -9, -1), ("off", -2, 3), ("easy", 5, 5), ("mock", 9, 9)):
        plan.special_days.create(
            kind=kind, starts_on=TODAY + timedelta(days=first), ends_on=TODAY + timedelta(days=last)
        )
    response = candidate_client.get(URL)
    assert [(each["label"], each["words"], each["days"]) for each in response.context["special_days"]] == [
        ("No study", "28 February to 5 March", 6),
        ("Half the minutes", "7 March", 1),
        ("Mock exam", "11 March", 1),
    ]
    assert response.text.count(f'action="{reverse("reviews:special-days-remove")}"') == 3


@pytest.mark.parametrize(
    ("exam", "first", "last", "title"),
    [
        (9, 0, 8, "Every day until your exam is off"),
        (9, 7, 12, "Your exam lies within a break"),
        (-1, 7, 12, "Your exam date has passed."),
    ],
)
def test_plan_page_says_what_stands_in_the_way(
    candidate: User, candidate_client: Client, exam: int, first: int, last: int, title: str
) -> None:
    plan = make_study_plan(candidate, exam_on=TODAY + timedelta(days=exam))
    plan.special_days.create(kind="off", starts_on=TODAY + timedelta(days=first), ends_on=TODAY + timedelta(days=last))
    response = candidate_client.get(URL)
    assert [each.title for each in response.context["hindrances"]] == [title]
    assert title in response.text


def test_plan_with_an_exam_within_a_break_is_saved_and_said_plainly(candidate: User, candidate_client: Client) -> None:
    plan = make_study_plan(candidate)
    plan.special_days.create(kind="off", starts_on=date(2026, 4, 10), ends_on=date(2026, 4, 20))
    response = candidate_client.post(URL, form(), follow=True)
    assert (StudyPlan.objects.get().exam_on, response.redirect_chain) == (
        date(2026, 4, 13),
        [(reverse("reviews:schedule"), 302)],
    )
    assert "It is on 13 April, and 10 to 20 April is marked as no study. The exam counts." in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_plan_page_takes_the_same_queries_however_many_special_days(
    candidate: User, candidate_client: Client, count: int, django_assert_num_queries: Any
) -> None:
    plan = make_study_plan(candidate)
    for number in range(count):
        on = TODAY + timedelta(days=2 * number)
        plan.special_days.create(kind="off", starts_on=on, ends_on=on)
    # Session, person, plan, special days; whether there are editions, and which.
    with django_assert_num_queries(6):
        candidate_client.get(URL)


def test_plan_keeps_an_edition_chosen_by_nobody_else(
    candidate: User, other_candidate: User, candidate_client: Client
) -> None:
    make_study_plan(other_candidate, target_percent=99)
    candidate_client.post(URL, form(candidate=str(other_candidate.pk), changed_at="2020-01-01"))
    assert StudyPlan.objects.get(candidate=other_candidate).target_percent == 99
    assert StudyPlan.objects.get(candidate=candidate).changed_at == NOW


def test_plan_page_takes_at_most_ten_queries(candidate_client: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(10):
        candidate_client.get(URL)


def test_plan_sends_anonymous_visitors_to_sign_in(client: Client) -> None:
    response = client.get(URL)
    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={URL}")


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_plan_refuses_other_methods(candidate_client: Client, method: str) -> None:
    assert getattr(candidate_client, method)(URL).status_code == 405
