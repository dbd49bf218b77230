"""Whatever is sent, nobody meets a fault: forged addresses, sort and filter values, and every field of every form.

On PostgreSQL, which is stricter than SQLite about what it takes.
"""

from __future__ import annotations

import html
import itertools
import json
import re
import uuid
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.db import transaction
from django.forms import BaseForm
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.promises.access import ACCESS, object_of, route_of
from tests.promises.world import ROLES, World, answer_data, form_data, make_world, tables_as_text

BAD_VALUES = ("", "\x00", "9" * 40, "<script>💥" * 200, "2026-13-45T99:99")
# In an address, ready to stand there.
BAD_PARTS = (
    "nothing",
    "%00",
    "%FF%FE",
    "MET-K1%00",
    "a" * 3000,
    "9" * 40,
    str(uuid.UUID(int=0)),
    "%F0%9F%92%A5",
    "'%20OR%20",
)
PARAMETERS = (
    "page",
    "show",
    "competencies",
    "statements",
    "objectives",
    "objective",
    "competency",
    "words",
    "q",
    "next",
    "sort",
    "order",
    "month",
)
HTMX = {"HX-Request": "true"}
ADMIN_PARAMETERS = ("o", "p", "q", "all", "e", "status__exact", "is_active__exact", "candidate__password__startswith")


@pytest.fixture
def world(db: None) -> World:
    return make_world(timezone.now())


def client_of(user: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
    return client


def status_of(client: Client, method: str, address: str, data: Any = None, **options: Any) -> int:
    """The database is as before afterwards."""
    with transaction.atomic():
        status: int = getattr(client, method)(address, data, **options).status_code
        transaction.set_rollback(True)
    return status


def doors(role: str, outcomes: str, column: int) -> list[str]:
    """The entries of the table that this role meets with one of the outcomes; the candidate's own once."""
    found = [entry for entry, columns in ACCESS.items() if columns[column][ROLES.index(role)] in outcomes]
    return found if role == "owner" else [entry for entry in found if entry not in doors("owner", outcomes, column)]


# Addresses


@pytest.mark.postgres
def test_forged_addresses_meet_no_fault(world: World) -> None:
    faults = {}
    for role, column in itertools.product(("owner", "coordinator"), (0, 1)):
        client = client_of(world.people[role])
        for entry in doors(role, "ol", column):
            arguments = world.own.arguments[object_of(entry)]
            address = reverse(route_of(entry), kwargs=arguments)
            for value, bad in itertools.product(arguments.values(), BAD_PARTS):
                forged = re.sub(rf"/{re.escape(str(value))}(?=[/.])", f"/{bad}", address, count=1)
                status = status_of(client, ("get", "post")[column], forged)
                if status not in (403, 404, 405, 422):
                    faults[f"{role} {forged[:120]}"] = status

    assert faults == {}


@pytest.mark.postgres
def test_sort_filter_and_page_values_meet_no_fault(world: World) -> None:
    faults = {}
    for role in ("owner", "coordinator"):
        client = client_of(world.people[role])
        for entry, bad in itertools.product(doors(role, "ol", 0), (*BAD_VALUES, "%FF")):
            address = reverse(route_of(entry), kwargs=world.own.arguments[object_of(entry)])
            query = "&".join(f"{name}={bad if bad == '%FF' else quote(bad)}" for name in PARAMETERS)
            status = status_of(client, "get", f"{address}?{query}", headers=HTMX if "practice-count" in entry else {})
            if status >= 500:
                faults[f"{role} {address}?..={bad[:20]!r}"] = status

    assert faults == {}


@pytest.mark.postgres
def test_filters_of_the_admin_meet_no_fault(world: World) -> None:
    client = client_of(world.admin)
    faults = {}
    for model in admin.site._registry:
        address = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist")
        for name, bad in itertools.product(ADMIN_PARAMETERS, ("-1", "9" * 40, "💥")):
            status = status_of(client, "get", address, {name: bad})
            if status >= 500:
                faults[f"{address}?{name}={bad[:20]}"] = status

    assert faults == {}


# Forms


# Read without a form.
FORMLESS = {"next"}


@pytest.fixture
def cleaned_fields(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names that forms look for in what they are sent."""
    names: set[str] = set()
    clean = BaseForm.full_clean

    def remember_names(form: BaseForm) -> None:
        names.update(form.add_prefix(name) for name in form.fields)
        clean(form)

    monkeypatch.setattr(BaseForm, "full_clean", remember_names)
    return names


@pytest.mark.postgres
def test_every_field_of_every_form_takes_anything(world: World, cleaned_fields: set[str]) -> None:
    """One field at a time, the others sound; also those that the sound data leave out."""
    faults = {}
    tried: set[str] = set()
    for role in ("owner", "coordinator"):
        client = client_of(world.people[role])
        for entry in doors(role, "ol", 1):
            route = route_of(entry)
            if route == "quizzes:answer-record":
                continue
            address = reverse(route, kwargs=world.own.arguments[object_of(entry)])
            sound = form_data(route, world.own, world.now)
            cleaned_fields.clear()
            status_of(client, "post", address, sound)
            for field, bad in itertools.product(sorted(cleaned_fields | set(sound) | FORMLESS), BAD_VALUES):
                status = status_of(client, "post", address, {**sound, field: bad})
                if status >= 500:
                    faults[f"{role} {entry} {field}={bad[:20]!r}"] = status
                tried.add(field)

    assert faults == {}
    assert {"competencies", "statuses", "exam_on", "ends_on", "confidence", "label"} - tried == set()


@pytest.mark.postgres
def test_answers_take_nothing_but_answers(world: World) -> None:
    client = client_of(world.own.candidate)
    address = reverse("quizzes:answer-record", kwargs=world.own.arguments["exam"])
    odd = [None, [], {}, True, -1, 10**30, 1.5, "", "\x00", "💥"]
    bodies = [json.dumps({**answer_data(), field: value}) for field in answer_data() for value in odd]
    bodies += ["", "[]", "null", "{", "\xff", '{"a": NaN}', "[" * 10_000, json.dumps({**answer_data(), "score": 1})]
    statuses = {
        body[:200]: status_of(client, "post", address, body, content_type="application/json") for body in bodies
    }

    assert {body: status for body, status in statuses.items() if status not in (200, 404, 409, 422)} == {}
    # What got through is what an answer may be: no mark, a false flag, seconds on screen.
    assert sum(status == 200 for status in statuses.values()) <= 4


# Route and object: what is sent besides sound values, what must still stand there, the sentence.
KEPT: dict[str, tuple[dict[str, str], str, str]] = {
    "quizzes:practice": ({"question_count": "999", "time_limit_minutes": "45"}, "45", "at most 100 questions"),
    "quizzes:practice ": ({"question_count": "99", "time_limit_minutes": "45"}, "45", "you asked for 99"),
    "reviews:plan": ({"exam_on": "2001-01-01", "minutes_3": "77"}, "77", "That day is over."),
    "reviews:plan ": ({"minutes_2": "many", "minutes_3": "77"}, "77", "Write whole minutes for Wednesday"),
    "reviews:special-days-create": (
        {"starts_on": "2001-02-03", "ends_on": "2001-02-04"},
        "2001-02-03",
        "That day is over.",
    ),
    "accounts:profile": ({"time_zone": "Mars/Olympus", "display_name": "Kept Name"}, "Kept Name", "time zone"),
    "cohorts:cohort-create": ({"name": "K" * 81}, "K" * 81, "at most 80"),
    "cohorts:cohort-update cohort": ({"name": "K" * 81}, "K" * 81, "at most 80"),
    "cohorts:invitation-create cohort": (
        {"emails": "kept@example.org, wrong"},
        "kept@example.org",
        "Not an email address: wrong",
    ),
    "quizzes:assignment-create of cohort": (
        {"title": "Kept title", "due_at": "yesterday"},
        "Kept title",
        "Enter a date and a time",
    ),
    "quizzes:assignment-create of cohort ": (
        {"title": "Kept title", "content": "chosen", "question_codes": "XYZ-1"},
        "XYZ-1",
        "No published practice question has the code XYZ-1",
    ),
    "quizzes:assignment-update due": (
        {"due_at": "2001-01-01T10:00", "attempts_allowed": "9"},
        "9",
        "must lie after the opening",
    ),
}


@pytest.mark.parametrize("entry", KEPT)
def test_people_get_a_sentence_and_keep_what_they_typed(world: World, entry: str) -> None:
    changes, kept, sentence = KEPT[entry]
    entry = entry.rstrip()
    role = "coordinator" if entry.startswith("cohorts:") or "assignment" in entry else "owner"
    address = reverse(route_of(entry), kwargs=world.own.arguments[object_of(entry)])
    before = tables_as_text()
    response = client_of(world.people[role]).post(
        address, {**form_data(route_of(entry), world.own, world.now), **changes}
    )
    text = html.unescape(response.content.decode())

    assert response.status_code in (200, 422)
    assert sentence in text
    assert f'value="{kept}"' in text or f">{kept}" in text or f">\n{kept}" in text
    assert tables_as_text() == before
