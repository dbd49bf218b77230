"""Their accounts, what the candidates plan, and the cohort that they join."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts.models import User
from cohorts.models import Cohort
from cohorts.services import accept_invitation, create_cohort, invite_by_link
from competencies.models import Blueprint
from progress.demo.evenings import ago
from progress.demo.personas import CANDIDATES, Persona, address
from reviews.models import default_minutes
from reviews.services import plan_suggested_mocks, save_study_plan
from reviews.study_days import study_day

PASSWORD = "customers-come-first"


class People:
    def __init__(self, now: datetime, edition: Blueprint) -> None:
        self.now = now
        self.edition = edition
        # One slow hash for all of them instead of eleven.
        self.password = make_password(PASSWORD)

    def person(self, name: str, **fields: object) -> User:
        person = User(email=address(name), display_name=name, password=self.password, **fields)
        person.save()
        EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
        return person

    def candidate(self, persona: Persona) -> User:
        candidate = self.person(
            persona.name, time_zone=persona.time_zone, extra_time_percent=persona.extra_time_percent
        )
        if persona.days_to_exam is not None:
            save_study_plan(
                candidate=candidate,
                exam_on=study_day(self.now, persona.time_zone) + timedelta(days=persona.days_to_exam),
                minutes_by_weekday=default_minutes(),
                blueprint=self.edition,
                target_percent=75,
                wants_reminders=False,
                time_zone=persona.time_zone,
                now=ago(self.now, max(persona.evenings, default=0), persona.time_zone),
            )
            plan_suggested_mocks(candidate=candidate, now=self.now)
        return candidate

    def cohort(self, coordinator: User, people: list[User]) -> Cohort:
        cohort = create_cohort(coordinator=coordinator, name="Spring cohort, Rotterdam")
        for persona, candidate in sorted(zip(CANDIDATES, people, strict=True), key=lambda pair: -pair[0].joined):
            if not persona.is_in_cohort:
                continue
            joined_at = ago(self.now, persona.joined, persona.time_zone)
            invitation = invite_by_link(cohort=cohort, now=joined_at)
            accept_invitation(invitation=invitation, candidate=candidate, sharing=persona.sharing, now=joined_at)
        invite_by_link(cohort=cohort, now=self.now)
        return cohort

    def empty_cohort(self, coordinator: User) -> None:
        invite_by_link(cohort=create_cohort(coordinator=coordinator, name="Evening group, Accra"), now=self.now)
