from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from accounts.models import User
from reviews import queries
from reviews.models import Reminder, StudyPlan
from reviews.services import send_reminders
from tests.factories import make_question, make_study_plan
from tests.reviews.builders import make_due_card

MORNING = datetime(2026, 3, 2, 7, 5, tzinfo=UTC)


class FailingBackend(BaseEmailBackend):
    def send_messages(self, messages: list[EmailMessage]) -> int:
        raise SMTPServerDisconnected("gone")


@pytest.fixture
def reader(candidate: User) -> User:
    """Wants reminders and has one objective due."""
    make_study_plan(candidate, wants_reminders=True)
    make_due_card(candidate, make_question(), days_ago=90)
    return candidate


def test_reminder_tells_the_counts_and_where_to_go(reader: User, mailoutbox: list[EmailMessage], settings: Any) -> None:
    settings.SITE_URL = "https://prep.example.com"
    make_due_card(reader, make_question("MET-K2.1"), days_ago=90)
    make_question("MET-K3.1")
    assert send_reminders(now=MORNING) == 1
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == (["carla@example.com"], "2 objectives to review today")
    assert mail.body.splitlines() == [
        "Good morning Carla,",
        "",
        "2 objectives are due for review, and your schedule has 1 new one. That is about 3 minutes.",
        "",
        "https://prep.example.com/today/",
        "",
        "You get this because you turned reminders on. Change your days, or turn reminders off, in your study plan:",
        "https://prep.example.com/reviews/plan/",
    ]


def test_reminder_of_new_objectives_alone(candidate: User, mailoutbox: list[EmailMessage]) -> None:
    make_study_plan(candidate, wants_reminders=True)
    make_question()
    assert send_reminders(now=MORNING) == 1
    assert mailoutbox[0].subject == "1 new objective for today"


def test_reminder_keeps_signs_of_a_name_as_they_are(reader: User, mailoutbox: list[EmailMessage]) -> None:
    User.objects.update(display_name="D'Arcy & <Co>")
    send_reminders(now=MORNING)
    assert mailoutbox[0].body.splitlines()[0] == "Good morning D'Arcy & <Co>,"


def test_reminder_is_sent_once_a_day(reader: User, mailoutbox: list[EmailMessage]) -> None:
    sent = [send_reminders(now=MORNING + timedelta(hours=hours)) for hours in (0, 0, 1, 24)]
    assert (sent, len(mailoutbox)) == ([1, 0, 0, 1], 2)
    assert [reminder.on for reminder in Reminder.objects.order_by("on")] == [date(2026, 3, 2), date(2026, 3, 3)]


def mark(candidate: User, kind: str) -> None:
    plan = StudyPlan.objects.get(candidate=candidate)
    plan.special_days.create(kind=kind, starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 3))


def test_reminder_of_a_mock_day_tells_only_that(reader: User, mailoutbox: list[EmailMessage], settings: Any) -> None:
    settings.SITE_URL = "https://prep.example.com"
    mark(reader, "mock")
    assert send_reminders(now=MORNING) == 1
    assert mailoutbox[0].subject == "Mock exam today"
    assert mailoutbox[0].body.splitlines()[2:5] == [
        "your plan has a mock exam for today, and nothing else. Sit it in one go, without notes:",
        "",
        "https://prep.example.com/mock/",
    ]


def test_reminder_of_a_mock_day_needs_nothing_due(candidate: User, mailoutbox: list[EmailMessage]) -> None:
    make_study_plan(candidate, wants_reminders=True)
    mark(candidate, "mock")
    assert [send_reminders(now=MORNING) for _ in range(2)] == [1, 0]


def test_reminder_of_an_easy_day_says_so(reader: User, mailoutbox: list[EmailMessage]) -> None:
    mark(reader, "easy")
    send_reminders(now=MORNING)
    assert mailoutbox[0].body.splitlines()[2:4] == [
        "1 objective is due for review. That is about 1 minute.",
        "Today is an easy day in your plan, so there is less than usual.",
    ]


def test_reminder_leaves_a_day_off_alone(reader: User, mailoutbox: list[EmailMessage]) -> None:
    mark(reader, "off")
    assert (send_reminders(now=MORNING), Reminder.objects.count(), mailoutbox) == (0, 0, [])


@pytest.mark.parametrize("plan", [{"minutes_by_weekday": [0, 20, 20, 20, 20, 20, 20]}, {"exam_on": date(2026, 3, 2)}])
def test_reminder_leaves_weekdays_without_minutes_and_the_exam_day_alone(
    reader: User, plan: dict[str, Any], mailoutbox: list[EmailMessage]
) -> None:
    StudyPlan.objects.update(**plan)
    assert [send_reminders(now=MORNING + timedelta(days=days)) for days in (0, 1)] == [0, 1]


def test_reminder_is_off_by_default(candidate: User, mailoutbox: list[EmailMessage]) -> None:
    make_study_plan(candidate)
    make_due_card(candidate, make_question(), days_ago=90)
    assert (send_reminders(now=MORNING), mailoutbox) == (0, [])


def test_reminder_is_not_sent_when_nothing_is_due(candidate: User, mailoutbox: list[EmailMessage]) -> None:
    make_study_plan(candidate, wants_reminders=True)
    make_due_card(candidate, make_question(), days_ago=1)
    assert (send_reminders(now=MORNING), Reminder.objects.count(), mailoutbox) == (0, 0, [])


def test_reminder_is_not_sent_to_deactivated_people(reader: User, mailoutbox: list[EmailMessage]) -> None:
    User.objects.update(is_active=False)
    assert (send_reminders(now=MORNING), mailoutbox) == (0, [])


@pytest.mark.parametrize(
    ("zone", "moment", "sent"),
    [
        ("UTC", datetime(2026, 3, 2, 6, 59, tzinfo=UTC), 0),
        ("UTC", datetime(2026, 3, 2, 7, 0, tzinfo=UTC), 1),
        ("UTC", datetime(2026, 3, 2, 8, 59, tzinfo=UTC), 1),
        ("UTC", datetime(2026, 3, 2, 9, 0, tzinfo=UTC), 0),
        ("America/New_York", datetime(2026, 3, 2, 12, 5, tzinfo=UTC), 1),
        ("America/New_York", datetime(2026, 3, 2, 7, 5, tzinfo=UTC), 0),
        ("Asia/Kolkata", datetime(2026, 3, 2, 2, 5, tzinfo=UTC), 1),
    ],
)
def test_reminder_comes_in_the_morning_of_the_candidate(
    reader: User, zone: str, moment: datetime, sent: int, mailoutbox: list[EmailMessage]
) -> None:
    User.objects.update(time_zone=zone)
    assert (send_reminders(now=moment), len(mailoutbox)) == (sent, sent)


def test_reminder_that_fails_is_claimed_and_the_next_one_is_sent(
    reader: User, other_candidate: User, settings: Any, caplog: pytest.LogCaptureFixture, mailoutbox: list[EmailMessage]
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.FailingBackend"
    make_study_plan(other_candidate, wants_reminders=True)
    make_due_card(other_candidate, make_question(), days_ago=90)
    assert (send_reminders(now=MORNING), Reminder.objects.count()) == (0, 2)
    assert [record.getMessage() for record in caplog.records] == [
        f"The reminder to candidate {person.pk} could not be sent." for person in (reader, other_candidate)
    ]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert (send_reminders(now=MORNING), mailoutbox) == (0, [])


@pytest.mark.postgres
def test_reminder_of_two_workers_at_once_is_one_mail(candidate: User, in_parallel: Any) -> None:
    make_study_plan(candidate, wants_reminders=True)
    make_due_card(candidate, make_question(), days_ago=90)
    assert sum(in_parallel(6, lambda number: send_reminders(now=MORNING))) == 1


def test_reminder_that_cannot_be_made_does_not_keep_others_waiting(
    reader: User, other_candidate: User, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_study_plan(other_candidate, wants_reminders=True)
    session_of = queries.study_session

    def fail_for_reader(candidate: User, **when: Any) -> queries.StudySession:
        if candidate == reader:
            raise ValueError("A bad row.")
        return session_of(candidate, **when)

    monkeypatch.setattr(queries, "study_session", fail_for_reader)
    assert send_reminders(now=MORNING) == 1
    assert [mail.to for mail in mailoutbox] == [[other_candidate.email]]
