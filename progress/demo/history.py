"""All of it, person by person. Every moment is counted back from `now`."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from competencies.models import Blueprint
from progress.demo.assigned import assignments
from progress.demo.keeping import keep_things
from progress.demo.people import People
from progress.demo.personas import CANDIDATES
from progress.demo.studying import Studying
from progress.services import measure_estimates
from quizzes.services import calibrate_items, compute_form_statistics, compute_item_statistics, fit_forgetting
from reviews.queries import DEFAULT_BLUEPRINT
from reviews.services import build_schedule, fit_memory


def write_history(*, now: datetime) -> None:
    edition = Blueprint.objects.get(code=DEFAULT_BLUEPRINT)
    people, studying = People(now, edition), Studying(now, edition)
    admin = people.person("Ada", is_staff=True, is_superuser=True)
    coordinator = people.person("Cora", role=User.Role.COORDINATOR, time_zone="Europe/Amsterdam")
    candidates = [people.candidate(persona) for persona in CANDIDATES]
    cohort = people.cohort(coordinator, candidates)
    people.empty_cohort(people.person("Kofi", role=User.Role.COORDINATOR, time_zone="Africa/Accra"))
    assigned = dict(assignments(cohort, edition=edition, now=now))
    for persona, candidate in zip(CANDIDATES, candidates, strict=True):
        studying.study(persona, candidate, assigned)
        studying.say_why(candidate)
        keep_things(candidate=candidate, admin=admin, now=now)
        fit_memory(candidate=candidate, now=now)
        build_schedule(candidate=candidate, now=now)
    compute_item_statistics(now=now)
    compute_form_statistics(now=now)
    calibrate_items(now=now)
    fit_forgetting(now=now)
    measure_estimates(now=now)
