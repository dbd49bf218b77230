"""One row of every kind that belongs to Carla of tests/promises/world.py, besides those the world makes."""

from __future__ import annotations

from datetime import date, datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType

from accounts.models import User
from competencies.models import Objective
from questions.models import ProblemReport, Question, SignOff
from quizzes.models import StatusReset
from reviews.models import MemoryFit, Reminder, SpecialDays, StudyPlan
from study.models import Bookmark, Highlight, Note
from tests.promises.world import World

# Stands in whatever she typed: nothing that holds it may be left when her account is gone.
TYPED = "=typed-by-alder"


def fill(world: World) -> None:
    person, now = world.own.candidate, world.now
    objective, question = Objective.objects.get(code="MET-K1.1"), Question.objects.earliest("pk")
    plan = StudyPlan.objects.get(candidate=person)
    SpecialDays.objects.create(plan=plan, kind="off", starts_on=date(2027, 1, 1), ends_on=date(2027, 1, 2))
    Reminder.objects.create(candidate=person, on=now.date(), claimed_at=now)
    StatusReset.objects.create(candidate=person, reset_at=now)
    Note.objects.create(candidate=person, objective=objective, text=TYPED, updated_at=now)
    Bookmark.objects.create(candidate=person, objective=objective, created_at=now)
    Highlight.objects.create(candidate=person, objective=objective, passage=TYPED, created_at=now)
    ProblemReport.objects.create(
        question=question, reporter=person, kind="key", text="Is B not right?", reported_at=now
    )
    SignOff.objects.create(question=question, signer=person, name="C. Alder, CCXP")
    Question.objects.filter(pk=question.pk).update(author=person)
    UserSession.objects.create(user=person, ip="192.0.2.7", session_key="k" * 32, user_agent=TYPED)
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "hidden"})
    make_fit(person, now)
    log_a_change(world)


def make_fit(person: User, now: datetime) -> None:
    MemoryFit.objects.create(
        candidate=person,
        parameters=[0.5] * 21,
        is_accepted=True,
        reason="Better.",
        reviews=40,
        log_loss=0.3,
        log_loss_default=0.4,
        log_loss_average=0.5,
        rmse_bins=0.1,
        rmse_bins_default=0.1,
        algorithm_version="fsrs-6",
        as_of_log_id=1,
        fitted_at=now,
    )


def log_a_change(world: World) -> None:
    """An admin changed her account and her membership, and the admin's log says so by name."""
    person = world.own.candidate
    for row in (person, person.memberships.get()):
        LogEntry.objects.create(
            user=world.admin,
            content_type=ContentType.objects.get_for_model(row),
            object_id=str(row.pk),
            object_repr=str(row),
            action_flag=CHANGE,
        )
