"""The calendar page, the feed for calendar programs, and the address of the feed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from reviews import tasks
from reviews.models import StudyPlan
from tests.factories import NOW, TODAY, make_study_plan
from tests.reviews.builders import make_schedule

URL = reverse("reviews:calendar")
RENEW = reverse("reviews:calendar-key-renew")
pytestmark = pytest.mark.usefixtures("at")


@pytest.fixture
def enqueued(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The candidates for whom a build was asked for."""
    calls: list[int] = []
    monkeypatch.setattr(tasks.build_schedule, "delay_on_commit", calls.append)
    return calls


@pytest.fixture
def plan(candidate: User) -> StudyPlan:
    """Six days to the exam: ten minutes, a break of a day, an easy day, a mock exam, two days of twenty minutes."""
    plan = make_study_plan(candidate, exam_on=TODAY + timedelta(days=6))
    for kind, number in (("off", 1), ("easy", 2), ("mock", 3)):
        on = TODAY + timedelta(days=number)
        plan.special_days.create(kind=kind, starts_on=on, ends_on=on)
    make_schedule(candidate, 10, 0, 5, 0, 20, 20, plan=plan, mocks={3})
    return plan


def feed_of(plan: StudyPlan) -> str:
    return reverse("reviews:calendar-feed", args=[plan.calendar_key])


def entries(text: str) -> list[tuple[str, str]]:
    """The date and the words of each entry."""
    lines = text.replace("\r\n ", "").split("\r\n")
    dates = [line.partition(":")[2] for line in lines if line.startswith("DTSTART;VALUE=DATE")]
    words = [line.partition(":")[2].replace("\\,", ",") for line in lines if line.startswith("SUMMARY")]
    return list(zip(dates, words, strict=True))


# The page


def test_calendar_shows_each_day_of_the_month(candidate_client: Client, plan: StudyPlan) -> None:
    response = candidate_client.get(URL)
    days = {cell["day"].on.day: cell["day"] for cell in response.context["cells"]}
    shown = [
        (days[number].kind, days[number].minutes, days[number].reviews, days[number].new) for number in range(1, 9)
    ]
    assert shown == [
        ("", 0, 0, 0),
        ("", 10, 10, 2),
        ("off", 0, 0, 0),
        ("easy", 5, 5, 1),
        ("mock", 0, 0, 0),
        ("", 20, 20, 4),
        ("", 20, 20, 4),
        ("exam", 0, 0, 0),
    ]
    outside = [cell["day"].on.day for cell in response.context["cells"] if cell["is_outside"]]
    assert outside == [1, *range(9, 32)]
    assert [cell["day"].on for cell in response.context["cells"] if cell["is_today"]] == [TODAY]
    assert response.text.count('aria-current="date"') == 1
    assert all(words in response.text for words in ("March 2026", "Mock exam", "Easy day", "Your exam", "20 min"))


def test_calendar_marks_weekdays_without_minutes_as_off(candidate: User, candidate_client: Client) -> None:
    plan = make_study_plan(candidate, minutes_by_weekday=[20, 0, 20, 20, 20, 20, 20])
    make_schedule(candidate, 20, 0, 20, plan=plan)
    cells = candidate_client.get(URL).context["cells"]
    assert [cell["is_off"] for cell in cells[1:4]] == [False, True, False]


def test_calendar_shows_a_new_break_before_the_schedule_has_followed(
    candidate_client: Client, plan: StudyPlan, enqueued: list[int]
) -> None:
    plan.special_days.create(kind="off", starts_on=TODAY, ends_on=TODAY)
    StudyPlan.objects.update(changed_at=NOW + timedelta(minutes=1))
    response = candidate_client.get(URL)
    assert (response.context["cells"][1]["day"].minutes, response.context["cells"][1]["is_off"]) == (0, True)
    assert ("Your schedule is being rebuilt." in response.text, enqueued) == (True, [plan.candidate_id])


def test_calendar_leads_from_month_to_month(candidate: User, candidate_client: Client) -> None:
    make_study_plan(candidate, exam_on=date(2026, 5, 4))
    assert f'rel="next" href="{URL}?month=2026-04"' in candidate_client.get(URL).text
    page = candidate_client.get(URL, {"month": "2026-05"})
    assert (page.context["month"].name, page.context["cells"][3]["day"].kind) == ("May 2026", "exam")
    assert (f'rel="prev" href="{URL}?month=2026-04"' in page.text, 'rel="next"' in page.text) == (True, False)


@pytest.mark.parametrize("month", ["", "soon", "\x00", "2026-13", "2031-01", "0000-00", "9" * 500, "2026-02"])
def test_calendar_of_a_bad_month_is_this_month(candidate_client: Client, plan: StudyPlan, month: str) -> None:
    response = candidate_client.get(URL, {"month": month})
    assert (response.status_code, response.context["month"].name) == (200, "March 2026")


def test_calendar_begins_on_the_study_day_of_the_candidate(
    candidate: User, candidate_client: Client, plan: StudyPlan, enqueued: list[int], at: Callable[[datetime], None]
) -> None:
    # 03:00 on the 3rd in Auckland still belongs to the 2nd; 05:00 does not.
    User.objects.update(time_zone="Pacific/Auckland")
    found = []
    for hour in (14, 16):
        at(datetime(2026, 3, 2, hour, 0, tzinfo=NOW.tzinfo))
        cells = candidate_client.get(URL).context["cells"]
        found.append([cell["day"].on.day for cell in cells if cell["is_today"]])
    assert found == [[2], [3]]


def test_calendar_of_a_beginner_leads_to_the_plan(candidate_client: Client, enqueued: list[int]) -> None:
    response = candidate_client.get(URL)
    assert ("No plan yet" in response.text, "Address of your calendar" in response.text) == (True, False)
    assert enqueued == []


def test_calendar_says_what_stands_in_the_way(candidate: User, candidate_client: Client) -> None:
    plan = make_study_plan(candidate, exam_on=TODAY + timedelta(days=5))
    plan.special_days.create(kind="off", starts_on=TODAY, ends_on=TODAY + timedelta(days=9))
    text = candidate_client.get(URL).text
    assert ("Every day until your exam is off" in text, "Your exam lies within a break" in text) == (True, True)


@pytest.mark.parametrize("count", [1, 3])
def test_calendar_takes_the_same_queries_however_much_it_shows(
    candidate: User, candidate_client: Client, count: int, django_assert_num_queries: Any
) -> None:
    plan = make_study_plan(candidate, exam_on=TODAY + timedelta(days=9 * count))
    for number in range(count):
        on = TODAY + timedelta(days=2 * number)
        plan.special_days.create(kind="off", starts_on=on, ends_on=on)
    make_schedule(candidate, *[20] * 9 * count, plan=plan)
    # Session, person, newest log row, plan, schedule, special days.
    with django_assert_num_queries(6):
        candidate_client.get(URL)


# The feed


def test_feed_has_an_entry_for_each_study_day_each_mock_and_the_exam(client: Client, plan: StudyPlan) -> None:
    response = client.get(feed_of(plan))
    assert entries(response.text) == [
        ("20260302", "Study 10 min: 10 reviews, 2 new"),
        ("20260304", "Study 5 min: 5 reviews, 1 new"),
        ("20260305", "Mock exam"),
        ("20260306", "Study 20 min: 20 reviews, 4 new"),
        ("20260307", "Study 20 min: 20 reviews, 4 new"),
        ("20260308", "CCXP exam"),
    ]
    assert "DTSTAMP:20260302T120000Z\r\n" in response.text


def test_feed_is_private_and_for_no_robot(client: Client, plan: StudyPlan) -> None:
    response = client.get(feed_of(plan))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("private, max-age=900", "noindex, nofollow")
    assert response.cookies == {}


def test_feed_tells_nothing_else(client: Client, candidate: User, plan: StudyPlan) -> None:
    text = client.get(feed_of(plan)).text
    told = [candidate.email, candidate.name, str(candidate.code), str(plan.calendar_key), "CUL-K", "MET-K"]
    assert [each for each in told if each in text] == []


def test_feed_names_one_review_as_one(client: Client, candidate: User) -> None:
    plan = make_study_plan(candidate)
    make_schedule(candidate, 1, plan=plan)
    assert entries(client.get(feed_of(plan)).text) == [("20260302", "Study 1 min: 1 review")]


def test_feed_of_a_schedule_of_yesterday_begins_today(
    client: Client, plan: StudyPlan, at: Callable[[datetime], None]
) -> None:
    at(NOW + timedelta(days=4))
    assert [on for on, _ in entries(client.get(feed_of(plan)).text)] == ["20260306", "20260307", "20260308"]


def test_feed_after_the_exam_is_a_calendar_without_it(
    client: Client, plan: StudyPlan, at: Callable[[datetime], None]
) -> None:
    at(NOW + timedelta(days=30))
    response = client.get(feed_of(plan))
    assert (response.status_code, entries(response.text)) == (200, [])


def test_feed_of_a_plan_without_a_schedule_has_what_is_marked(client: Client, candidate: User) -> None:
    plan = make_study_plan(candidate, exam_on=TODAY + timedelta(days=9))
    plan.special_days.create(kind="mock", starts_on=TODAY + timedelta(days=4), ends_on=TODAY + timedelta(days=4))
    assert entries(client.get(feed_of(plan)).text) == [("20260306", "Mock exam"), ("20260311", "CCXP exam")]


def test_feed_of_an_unknown_key_is_not_there(client: Client, plan: StudyPlan) -> None:
    assert client.get(reverse("reviews:calendar-feed", args=[uuid.uuid4()])).status_code == 404
    assert client.get("/reviews/calendar/nothing.ics").status_code == 404


def test_feed_of_somebody_deactivated_is_not_there(client: Client, plan: StudyPlan) -> None:
    User.objects.update(is_active=False)
    assert client.get(feed_of(plan)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_feed_takes_the_same_queries_however_long(
    client: Client, candidate: User, count: int, django_assert_num_queries: Any
) -> None:
    plan = make_study_plan(candidate, exam_on=TODAY + timedelta(days=9 * count))
    make_schedule(candidate, *[20] * 9 * count, plan=plan)
    # Plan with person and schedule, special days.
    with django_assert_num_queries(2):
        client.get(feed_of(plan))


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_feed_refuses_other_methods(client: Client, plan: StudyPlan, method: str) -> None:
    assert getattr(client, method)(feed_of(plan)).status_code == 405


# Its address


def test_calendar_shows_the_address_of_the_feed(candidate_client: Client, plan: StudyPlan, settings: Any) -> None:
    settings.SITE_URL = "https://prep.example.com"
    assert f'value="https://prep.example.com{feed_of(plan)}" readonly' in candidate_client.get(URL).text


def test_new_address_takes_the_old_one_back(
    client: Client, candidate_client: Client, plan: StudyPlan, enqueued: list[int]
) -> None:
    response = candidate_client.post(RENEW)
    assert (response.status_code, response["Location"]) == (302, URL)
    new = StudyPlan.objects.get()
    assert [client.get(feed_of(each)).status_code for each in (plan, new)] == [404, 200]
    assert (new.changed_at, enqueued) == (plan.changed_at, [])


def test_new_address_without_a_plan_changes_nothing(candidate_client: Client, other_candidate: User) -> None:
    other = make_study_plan(other_candidate)
    assert candidate_client.post(RENEW).status_code == 302
    assert StudyPlan.objects.get().calendar_key == other.calendar_key


@pytest.mark.parametrize(("method", "url", "mark"), [("get", URL, ""), ("post", RENEW, "%3Funsent")])
def test_anonymous_visitors_are_sent_to_sign_in(client: Client, db: None, method: str, url: str, mark: str) -> None:
    response = getattr(client, method)(url)
    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={url}{mark}")


@pytest.mark.parametrize(
    ("method", "url"), [("post", URL), ("put", URL), ("delete", URL), ("get", RENEW), ("put", RENEW)]
)
def test_other_methods_are_refused(candidate_client: Client, method: str, url: str) -> None:
    assert getattr(candidate_client, method)(url).status_code == 405
