from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from reviews import tasks
from reviews.models import Schedule, StudyPlan
from tests.factories import NOW, TODAY, make_objective, make_question, make_study_plan
from tests.reviews.builders import make_schedule, review

URL = reverse("reviews:schedule")
HTMX = {"HX-Request": "true"}
POLL = f'hx-get="{URL}" hx-trigger="every 2s"'
pytestmark = pytest.mark.usefixtures("at")


@pytest.fixture
def enqueued(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The candidates for whom a build was asked for."""
    calls: list[int] = []
    monkeypatch.setattr(tasks.build_schedule, "delay_on_commit", calls.append)
    return calls


def make_days(
    candidate: User, *minutes: int, exam: int | None = None, mocks: set[int] | None = None, **fields: Any
) -> StudyPlan:
    """A plan and the schedule of these minutes that follows from it; without `exam`, the exam is the day after."""
    plan = make_study_plan(candidate, exam_on=TODAY + timedelta(days=len(minutes) if exam is None else exam))
    make_schedule(candidate, *minutes, plan=plan, mocks=mocks or set(), **fields)
    return plan


def test_schedule_shows_each_day_to_the_exam(candidate: User, candidate_client: Client, enqueued: list[int]) -> None:
    make_days(candidate, *[10] * 20, projected_recall=0.84)
    for code in ("CUL-K1.1", "CUL-K10.1", "CUL-K11.1", "MET-K1.1", "MET-K3.1"):
        make_objective(code)
    response = candidate_client.get(URL)
    context = response.context
    assert context["title"] == "20 days to your exam"
    assert [day["load"].on for day in context["named_days"]] == [TODAY + timedelta(days=n) for n in range(7)]
    assert sum(len(week.days) for week in context["later_weeks"]) == 13
    # Ten minutes are ten reviews and two new objectives, of which these exist.
    assert [objective.code for objective in context["named_days"][0]["reviews"]] == ["CUL-K1.1", "CUL-K10.1"]
    assert [objective.code for objective in context["named_days"][0]["new"]] == ["MET-K1.1"]
    assert (len(context["chart"].columns), context["chart"].is_dense, context["chart"].is_weekly) == (20, True, False)
    assert (context["recall_percent"], context["whole"].new, context["whole"].reviews) == (84, 40, 200)
    assert (enqueued, POLL in response.text) == ([], False)


def test_schedule_leads_into_the_session_of_today(candidate: User, candidate_client: Client) -> None:
    make_days(candidate, 10, 10)
    page = candidate_client.get(URL).text
    assert page.count(f'href="{reverse("reviews:review-next")}"') == 1
    assert "/practice/?" not in page


def test_schedule_far_ahead_is_drawn_by_week(candidate: User, candidate_client: Client) -> None:
    make_days(candidate, *[10] * 60)
    chart = candidate_client.get(URL).context["chart"]
    assert (chart.is_weekly, len(chart.columns), chart.columns[0]["name"]) == (True, 9, "Week from 2 March")


def test_schedule_says_openly_what_does_not_fit(candidate: User, candidate_client: Client) -> None:
    make_days(candidate, 2, dropped=["MET-K2.1", "MET-K3.1"])
    make_objective("MET-K2.1")
    make_objective("MET-K3.1")
    response = candidate_client.get(URL)
    assert [objective.code for objective in response.context["dropped"]] == ["MET-K2.1", "MET-K3.1"]
    assert "2 objectives do not fit before your exam" in response.text


@pytest.mark.parametrize(
    ("exam", "title"), [(1, "Your exam is tomorrow"), (0, "Your exam is today"), (-1, "Your next four weeks")]
)
def test_schedule_close_to_or_after_an_exam(candidate: User, candidate_client: Client, exam: int, title: str) -> None:
    make_days(candidate, *[10] * max(0, exam), exam=exam)
    response = candidate_client.get(URL)
    assert (response.status_code, response.context["title"]) == (200, title)
    assert ("Your exam date has passed." in response.text) == (exam == -1)


@pytest.mark.parametrize(
    ("exam", "headline"),
    [
        (2, ("Your exam is tomorrow", "Wednesday 4 March 2026. Today is the last day planned.")),
        (1, ("Your exam is today", "Tuesday 3 March 2026. The plan ends at four in the morning. Sleep comes first.")),
        (0, ("Your exam was yesterday", "Monday 2 March 2026. Nothing is planned for tonight.")),
    ],
)
def test_schedule_dates_the_exam_by_the_calendar_after_midnight(
    candidate: User, candidate_client: Client, at: Callable[[datetime], None], exam: int, headline: tuple[str, str]
) -> None:
    make_days(candidate, *[10] * exam, exam=exam)
    at(NOW + timedelta(hours=14))
    context = candidate_client.get(URL).context
    assert (context["title"], context["lead"]) == headline


def test_schedule_reckons_with_no_exam_that_the_plan_has_no_longer(
    candidate: User, candidate_client: Client, enqueued: list[int]
) -> None:
    forecast = {"expected_score": 74.2, "score_low": 68.4, "score_high": 80.6, "projected_recall": 0.8}
    make_days(candidate, 10, dropped=["MET-K2.1"], **forecast)
    make_objective("MET-K2.1")
    StudyPlan.objects.update(exam_on=None, changed_at=NOW + timedelta(minutes=1))
    context = candidate_client.get(URL).context
    assert (context["is_awaited"], context["dropped"], context["score"], context["recall_percent"]) == (
        True,
        [],
        None,
        None,
    )


def test_schedule_that_is_rebuilt_for_a_new_exam_date_asks_for_no_date(
    candidate: User, candidate_client: Client, enqueued: list[int]
) -> None:
    plan = make_study_plan(candidate)
    make_schedule(candidate, *[10] * 28, plan=plan)
    StudyPlan.objects.update(exam_on=TODAY + timedelta(days=57), changed_at=NOW + timedelta(minutes=1))
    response = candidate_client.get(URL)
    assert (response.context["title"], response.context["is_awaited"]) == ("57 days to your exam", True)
    assert "once you set the date" not in response.text
    assert "A score on exam day is being worked out." in response.text


def test_schedule_without_an_exam_forecasts_no_score(candidate: User, candidate_client: Client) -> None:
    make_schedule(candidate, *[10] * 28, plan=make_study_plan(candidate))
    response = candidate_client.get(URL)
    assert (response.context["title"], response.context["score"]) == ("Your next four weeks", None)
    assert "A score on exam day is forecast once you set the date of your exam." in response.text


# What it leads to


def test_schedule_forecasts_the_score_and_holds_it_against_the_target(
    candidate: User, candidate_client: Client
) -> None:
    make_days(candidate, 10, expected_score=74.2, score_low=68.4, score_high=80.6, projected_recall=0.8)
    text = " ".join(re.sub(r"<[^>]+>", "", candidate_client.get(URL).text).split())
    assert "74% expected score on exam day" in text
    assert "Nine in ten scores are expected between 68&nbsp;% and 81&nbsp;%." in text
    assert "Your practice target of 75 % lies within" in text
    assert "It is an estimate and no promise: the pass mark of the exam is not published." in text


def test_schedule_built_before_there_were_forecasts_shows_none(candidate: User, candidate_client: Client) -> None:
    make_days(candidate, 10, 10)
    days = [{name: day[name] for name in day if name != "is_mock"} for day in Schedule.objects.get().days]
    Schedule.objects.update(days=days)
    response = candidate_client.get(URL)
    assert (response.status_code, response.context["score"], response.context["whole"].minutes) == (200, None, 20)


def test_schedule_tells_the_minutes_planned_and_spare(candidate: User, candidate_client: Client) -> None:
    make_days(candidate, 50, 40, 0, mocks={2})
    days = Schedule.objects.get().days
    days[0]["capacity"] = 60
    days[1]["capacity"] = 120
    Schedule.objects.update(days=days)
    context = candidate_client.get(URL).context
    assert (context["time_planned"], context["spare_text"]) == (
        "1 h 30 min",
        "1 h 30 min to spare; 1 mock exam on top",
    )


def test_schedule_that_uses_every_minute_says_so(candidate: User, candidate_client: Client) -> None:
    make_days(candidate, 10, 10)
    assert candidate_client.get(URL).context["spare_text"] == "all that your plan allows"


# Special days


def test_schedule_names_mock_easy_and_free_days(candidate: User, candidate_client: Client) -> None:
    plan = make_days(candidate, 10, 5, 0, 0, mocks={2})
    for kind, number in (("easy", 1), ("off", 3)):
        on = TODAY + timedelta(days=number)
        plan.special_days.create(kind=kind, starts_on=on, ends_on=on)
    loads = [day["load"] for day in candidate_client.get(URL).context["named_days"]]
    assert [(load.kind, load.is_off) for load in loads] == [
        ("", False),
        ("easy", False),
        ("mock", False),
        ("off", True),
    ]


def test_schedule_of_a_mock_day_leads_to_the_mock_exam(candidate: User, candidate_client: Client) -> None:
    make_days(candidate, 0, 10, mocks={0})
    text = candidate_client.get(URL).text
    assert ("A mock exam, and nothing else." in text, "To the mock exam" in text) == (True, True)


def test_schedule_says_when_no_weekday_has_minutes(candidate: User, candidate_client: Client) -> None:
    make_days(candidate, 0, 0)
    StudyPlan.objects.update(minutes_by_weekday=[0] * 7)
    assert "No minutes on any weekday" in candidate_client.get(URL).text


def test_schedule_says_when_every_day_until_the_exam_is_off(candidate: User, candidate_client: Client) -> None:
    plan = make_days(candidate, 0, 0)
    plan.special_days.create(kind="off", starts_on=TODAY, ends_on=TODAY + timedelta(days=1))
    text = candidate_client.get(URL).text
    assert ("Every day until your exam is off" in text, f'href="{reverse("reviews:plan")}"' in text) == (True, True)


# Until it is built


def test_schedule_of_a_beginner_leads_to_the_plan(candidate_client: Client, enqueued: list[int]) -> None:
    response = candidate_client.get(URL)
    assert ("No schedule yet" in response.text, POLL in response.text, enqueued) == (True, False, [])
    assert f'href="{reverse("reviews:plan")}"' in response.text


def test_schedule_without_a_plan_but_with_answers_is_built(
    candidate: User, candidate_client: Client, enqueued: list[int]
) -> None:
    review(candidate, make_question())
    response = candidate_client.get(URL)
    assert ("Your schedule is being built." in response.text, enqueued) == (True, [candidate.pk])


def test_schedule_older_than_the_log_stays_and_says_that_it_is_rebuilt(
    candidate: User, candidate_client: Client, enqueued: list[int]
) -> None:
    make_days(candidate, *[10] * 20)
    review(candidate, make_question("CUL-K1.1"))
    response = candidate_client.get(URL)
    assert ("Your schedule is being rebuilt." in response.text, POLL in response.text) == (True, True)
    assert (len(response.context["named_days"]), enqueued) == (7, [candidate.pk])


def test_schedule_of_yesterday_begins_today_and_is_rebuilt(
    candidate: User, candidate_client: Client, enqueued: list[int], at: Callable[[datetime], None]
) -> None:
    make_days(candidate, *[10] * 20)
    at(NOW + timedelta(days=1))
    response = candidate_client.get(URL)
    assert response.context["named_days"][0]["load"].on == TODAY + timedelta(days=1)
    assert (POLL in response.text, enqueued) == (True, [candidate.pk])


def test_schedule_polled_while_stale_says_nothing_and_asks_for_no_other_build(
    candidate: User, candidate_client: Client, enqueued: list[int]
) -> None:
    make_study_plan(candidate)
    response = candidate_client.get(URL, headers=HTMX)
    assert (response.status_code, response.content, enqueued) == (204, b"", [])


def test_schedule_polled_when_current_is_the_fragment_that_stops_asking(
    candidate: User, candidate_client: Client, enqueued: list[int]
) -> None:
    make_days(candidate, *[10] * 20)
    page = candidate_client.get(URL, headers=HTMX).text
    assert (page.strip().startswith('<div class="stack'), "<html" in page, POLL in page) == (True, False, False)
    assert enqueued == []


def test_schedule_rebuilt_after_the_visit_is_current(
    candidate: User, candidate_client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    make_study_plan(candidate)
    make_question()
    with django_capture_on_commit_callbacks(execute=True):
        candidate_client.get(URL)
    assert candidate_client.get(URL, headers=HTMX).status_code == 200


def test_schedule_shows_nothing_of_somebody_else(
    other_candidate: User, candidate_client: Client, enqueued: list[int]
) -> None:
    make_days(other_candidate, 10)
    assert "No schedule yet" in candidate_client.get(URL).text


@pytest.mark.parametrize("count", [1, 3])
def test_schedule_takes_the_same_queries_however_long(
    candidate: User, candidate_client: Client, count: int, django_assert_num_queries: Any
) -> None:
    plan = make_days(candidate, *[10] * 7 * count)
    for number in range(count):
        make_objective(f"MET-K{number + 1}.1")
        on = TODAY + timedelta(days=2 * number)
        plan.special_days.create(kind="easy", starts_on=on, ends_on=on)
    # Session, person, newest log row, plan, schedule, the objectives named, special days.
    with django_assert_num_queries(7):
        candidate_client.get(URL)


def test_schedule_sends_anonymous_visitors_to_sign_in(client: Client, db: None) -> None:
    response = client.get(URL)
    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={URL}")


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_schedule_refuses_other_methods(candidate_client: Client, method: str) -> None:
    assert getattr(candidate_client, method)(URL).status_code == 405
