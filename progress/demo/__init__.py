"""People to look at, and four weeks of what they would have done, written by the services they would use.

Every moment is counted back from `now`, so that the history always ends yesterday and the deadlines lie ahead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from competencies.models import Blueprint
from progress.demo.history import write_history
from progress.demo.people import PASSWORD
from progress.demo.personas import CANDIDATES, address
from reviews.queries import DEFAULT_BLUEPRINT

__all__ = ["PASSWORD", "Account", "DemoRefused", "accounts", "address", "load_demo"]


class DemoRefused(Exception):
    """The sentence says why."""


@dataclass(frozen=True, slots=True)
class Account:
    email: str
    role: str
    what: str


def load_demo(*, now: datetime) -> bool:
    """Everything or nothing; False when it is there already."""
    if User.objects.filter(email=address("Ada")).exists():
        return False
    if not Blueprint.objects.filter(code=DEFAULT_BLUEPRINT).exists():
        raise DemoRefused("The competencies and questions are missing. Run load_content first.")
    with transaction.atomic():
        write_history(now=now)
    return True


def accounts() -> list[Account]:
    return [
        Account(address("Ada"), "admin", "keeps the bank and the people"),
        Account(address("Cora"), "coordinator", "leads a cohort of eight with three assignments"),
        Account(address("Kofi"), "coordinator", "leads a cohort that nobody has joined yet"),
        *(Account(address(persona.name), "candidate", persona.what) for persona in CANDIDATES),
    ]
