"""An account that goes leaves nothing behind that leads to its owner, and takes nothing that is others'."""

from __future__ import annotations

import smtplib
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertRedirects

from accounts.models import User
from accounts.services import keep_account
from cohorts.models import Cohort
from progress import services
from progress.tasks import delete_accounts
from questions.models import ProblemReport, Question, SignOff
from quizzes.models import Assignment, Attempt, Quiz, Response
from tests.factories import NOW, make_assignment, make_attempt, make_cohort, make_question, make_quiz, make_user
from tests.progress.belongings import TYPED, fill
from tests.promises.world import World, make_world

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def world() -> World:
    world = make_world(timezone.now())
    fill(world)
    return world


def ask(person: User, at: Any) -> None:
    User.objects.filter(pk=person.pk).update(deletion_asked_at=at)


def every_cell() -> list[tuple[str, str]]:
    """Each value of each row of each table, as text, with the name of its table and column."""
    found: list[tuple[str, str]] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                found += [(f"{table}.{name}", str(value)) for name, value in zip(names, row, strict=True)]
    return found


def leads_to(person_id: int) -> list[str]:
    """The columns, of any model, that refer to this person."""
    fields = [
        field
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.remote_field and field.remote_field.model is User
    ]
    assert len(fields) > 15
    return [str(field) for field in fields if field.model._base_manager.filter(**{field.attname: person_id}).exists()]


def test_no_table_knows_the_person_afterwards(world: World) -> None:
    person = world.own.candidate
    own = {person.email, str(person.code), person.code.hex, person.display_name, TYPED, "alder in", "192.0.2.7"}
    assert len(leads_to(person.pk)) > 15
    assert {table for table, value in every_cell() if TYPED in value} == {
        "study_note.text",
        "study_highlight.passage",
        "usersessions_usersession.user_agent",
    }
    ask(person, world.now - WEEK)

    assert services.delete_accounts(now=world.now) == 1
    assert leads_to(person.pk) == []
    assert [name for name, value in every_cell() if any(each in value for each in own)] == []
    assert LogEntry.objects.count() == 0


def test_what_belongs_to_others_is_as_before(world: World) -> None:
    other, person = world.other.candidate, world.own.candidate
    kept = (Quiz.objects.filter(author__in=[world.own.coordinator, world.other.coordinator, other]), Cohort.objects)
    kept += (Attempt.objects.filter(candidate=other), Response.objects.filter(attempt__candidate=other))
    kept += (Assignment.objects, Question.objects, User.objects.exclude(pk=person.pk))
    before = [sorted(rows.values_list("pk", flat=True)) for rows in kept]
    ask(person, world.now - WEEK)
    services.delete_accounts(now=world.now)
    assert [sorted(rows.values_list("pk", flat=True)) for rows in kept] == before


def test_reports_and_sign_offs_stay_without_the_person(world: World) -> None:
    ask(world.own.candidate, world.now - WEEK)
    services.delete_accounts(now=world.now)
    assert ProblemReport.objects.get(text="Is B not right?").reporter is None
    assert [(each.name, each.signer) for each in SignOff.objects.all()] == [("C. Alder, CCXP", None)]


def test_it_goes_when_seven_days_are_over_and_not_before(candidate: User) -> None:
    ask(candidate, NOW)
    assert services.delete_accounts(now=NOW + WEEK - timedelta(seconds=1)) == 0
    assert services.delete_accounts(now=NOW + WEEK) == 1
    assert User.objects.count() == 0


def test_who_never_asked_and_who_took_it_back_stay(candidate: User, other_candidate: User) -> None:
    ask(candidate, NOW)
    candidate.refresh_from_db()
    keep_account(person=candidate)
    assert services.delete_accounts(now=NOW + 9 * WEEK) == 0
    assert User.objects.count() == 2


def test_who_is_signed_in_is_not_any_more(candidate: User, candidate_client: Client) -> None:
    page = reverse("progress:today")
    assert candidate_client.get(page).status_code == 200
    ask(candidate, NOW)
    services.delete_accounts(now=NOW + WEEK)
    assertRedirects(candidate_client.get(page), f"{reverse('account_login')}?next={page}")


def test_one_mail_says_goodbye_however_often_it_runs(candidate: User) -> None:
    ask(candidate, timezone.now() - WEEK)
    delete_accounts()
    delete_accounts()
    assert [(message.subject, message.to) for message in mail.outbox] == [
        ("Your CCXP Prep account is deleted", ["carla@example.com"])
    ]


class Unreachable(EmailBackend):
    def open(self) -> bool:
        if self.fail_silently:
            return False
        raise ConnectionRefusedError("no mail server")

    def send_messages(self, messages: Any) -> int:
        return 0


class Refusing(EmailBackend):
    def send_messages(self, messages: Any) -> int:
        raise smtplib.SMTPRecipientsRefused({"carla@example.com": (450, b"later")})


class Dying(EmailBackend):
    """The worker is killed after it has handed the mail over."""

    def send_messages(self, messages: Any) -> int:
        super().send_messages(messages)
        raise SystemExit


class Watching(EmailBackend):
    def send_messages(self, messages: Any) -> int:
        assert User.objects.exists() is False
        return super().send_messages(messages)


@pytest.mark.parametrize("backend", [Unreachable, Refusing])
def test_without_a_goodbye_nobody_goes(
    world: World, settings: Any, caplog: pytest.LogCaptureFixture, backend: type
) -> None:
    person = world.own.candidate
    before = len(leads_to(person.pk))
    ask(person, world.now - WEEK)
    settings.EMAIL_BACKEND = f"{__name__}.{backend.__name__}"
    assert services.delete_accounts(now=world.now) == 0
    assert (len(leads_to(person.pk)), mail.outbox) == (before, [])
    assert f"The account of person {person.pk} could not be deleted." in caplog.messages


def test_next_night_brings_the_goodbye_and_the_deletion(candidate: User, settings: Any) -> None:
    ask(candidate, NOW)
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Unreachable"
    assert services.delete_accounts(now=NOW + WEEK) == 0
    settings.EMAIL_BACKEND = working
    assert services.delete_accounts(now=NOW + WEEK + timedelta(days=1)) == 1
    assert [message.to for message in mail.outbox] == [["carla@example.com"]]


def test_no_mail_server_holds_an_account_for_more_than_seven_nights(
    candidate: User, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    ask(candidate, NOW)
    settings.EMAIL_BACKEND = f"{__name__}.Unreachable"
    assert services.delete_accounts(now=NOW + 2 * WEEK - timedelta(seconds=1)) == 0
    assert services.delete_accounts(now=NOW + 2 * WEEK) == 1
    assert f"The account of person {candidate.pk} is deleted, without a goodbye." in caplog.messages


def test_worker_that_dies_after_the_goodbye_has_deleted_nothing(candidate: User, settings: Any) -> None:
    ask(candidate, NOW)
    settings.EMAIL_BACKEND = f"{__name__}.Dying"
    with pytest.raises(SystemExit):
        services.delete_accounts(now=NOW + WEEK)
    assert (User.objects.count(), len(mail.outbox)) == (1, 1)


def test_goodbye_is_the_last_step(candidate: User, settings: Any) -> None:
    ask(candidate, NOW)
    settings.EMAIL_BACKEND = f"{__name__}.Watching"
    assert services.delete_accounts(now=NOW + WEEK) == 1
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("step", ["accounts.models.User.delete", "django.db.connection.check_constraints"])
def test_deletion_that_fails_says_no_goodbye(candidate: User, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def fail(*arguments: Any) -> None:
        raise IntegrityError("still referred to")

    monkeypatch.setattr(step, fail)
    ask(candidate, NOW)
    assert services.delete_accounts(now=NOW + WEEK) == 0
    monkeypatch.undo()
    assert (User.objects.count(), mail.outbox) == (1, [])


def test_who_leads_a_cohort_by_then_stays_and_holds_up_nobody(
    coordinator: User, candidate: User, caplog: pytest.LogCaptureFixture
) -> None:
    make_cohort(coordinator)
    for person in (coordinator, candidate):
        ask(person, NOW)
    assert services.delete_accounts(now=NOW + WEEK) == 1
    assert list(User.objects.all()) == [coordinator]
    assert "cannot be deleted yet: You lead “Spring cohort”" in caplog.text
    assert [message.to for message in mail.outbox] == [["carla@example.com"]]


def test_an_account_that_fails_holds_up_nobody(
    candidate: User, other_candidate: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail_for_carla(person: User) -> str:
        assert person.pk != candidate.pk
        return ""

    monkeypatch.setattr(services, "why_deletion_is_refused", fail_for_carla)
    for person in (candidate, other_candidate):
        ask(person, NOW)
    assert services.delete_accounts(now=NOW + WEEK) == 1
    assert list(User.objects.all()) == [candidate]
    assert f"The account of person {candidate.pk} could not be deleted." in caplog.messages


def test_quizzes_of_a_cohort_go_to_who_leads_it_now(coordinator: User, candidate: User) -> None:
    cohort = make_cohort(coordinator, candidate)
    assignment = make_assignment(cohort)
    attempt = make_attempt(candidate, make_question(), quiz=assignment.quiz, assignment=assignment)
    unused = make_quiz(author=coordinator, code=uuid.uuid4())
    following = make_user("noor", role=User.Role.COORDINATOR)
    Cohort.objects.update(coordinator=following)
    ask(coordinator, NOW)

    assert services.delete_accounts(now=NOW + WEEK) == 1
    assert Quiz.objects.get(pk=assignment.quiz_id).author == following
    assert Quiz.objects.filter(pk=unused.pk).exists() is False
    assert Attempt.objects.get().pk == attempt.pk


def test_the_address_in_an_invitation_goes_too(world: World) -> None:
    person = world.own.candidate
    invitation = world.other.cohort.invitations.create(
        email=person.email, created_at=world.now, expires_at=world.now + WEEK
    )
    ask(person, world.now - WEEK)
    services.delete_accounts(now=world.now)
    assert world.other.cohort.invitations.filter(pk=invitation.pk).exists() is False
