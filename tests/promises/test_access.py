"""Everybody at every door: each role, each route that the resolver knows, each method."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib import admin
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from tests.promises.access import ACCESS, object_of, route_of
from tests.promises.routes import every_route, own_routes
from tests.promises.world import ROLES, World, answer_data, form_data

pytestmark = pytest.mark.django_db
LETTERS = {200: "o", 403: "n", 404: "x", 405: "m", 401: "r", 409: "r", 410: "r", 422: "r"}
REFUSED = "snxmr"
WRITES = ("INSERT", "UPDATE", "DELETE")
NOT_SAVED = "You were signed out, so your last step was not saved."
# Sign-in state, which is nobody's data.
MAY_CHANGE = ("django_session", "usersessions_usersession")


def client_of(world: World, role: str) -> Client:
    client = Client(raise_request_exception=False)
    if user := world.people[role]:
        client.force_login(user)
    return client


def letter(response: HttpResponse) -> str:
    """As the table of access.py has it; a status that it does not know stands for itself."""
    if response.status_code in (301, 302):
        return "s" if response["Location"].startswith(("/accounts/login/", "/admin/login/")) else "l"
    return LETTERS.get(response.status_code, str(response.status_code))


def ask(client: Client, method: str, entry: str, world: World) -> tuple[str, list[str]]:
    """The outcome, and what was written; the database is as before afterwards."""
    route = route_of(entry)
    address = reverse(route, kwargs=world.own.arguments[object_of(entry)])
    sent: dict[str, Any] = {}
    if method != "get":
        is_json = route == "quizzes:answer-record"
        sent = {"data": answer_data() if is_json else form_data(route, world.own, world.now)}
        sent |= {"content_type": "application/json"} if is_json or method != "post" else {}
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        response = getattr(client, method)(address, **sent)
        transaction.set_rollback(True)
    written = [
        query["sql"]
        for query in queries.captured_queries
        if query["sql"].startswith(WRITES) and not any(table in query["sql"] for table in MAY_CHANGE)
    ]
    return letter(response), written


# Ours


def test_every_route_is_in_the_table() -> None:
    assert {route_of(entry) for entry in ACCESS} == own_routes()


@pytest.mark.parametrize("role", ROLES)
def test_doors_open_for_whom_they_should(world: World, role: str) -> None:
    client, place = client_of(world, role), ROLES.index(role)
    expected, found, written = {}, {}, {}
    for entry, columns in ACCESS.items():
        for method, column in zip(("get", "post"), columns, strict=True):
            door = f"{method} {entry}"
            expected[door] = column[place]
            found[door], writes = ask(client, method, entry, world)
            if found[door] in REFUSED and writes:
                written[door] = writes
    assert found == expected
    assert written == {}


@pytest.mark.parametrize("role", ROLES)
def test_other_methods_open_nothing(world: World, role: str) -> None:
    client = client_of(world, role)
    found = {f"{method} {entry}": ask(client, method, entry, world) for method in ("put", "delete") for entry in ACCESS}
    allowed = {"m", "s"} if role == "anonymous" else {"m"}

    assert {door: outcome for door, (outcome, writes) in found.items() if outcome not in allowed or writes} == {}


def test_posts_without_a_token_are_refused(world: World) -> None:
    """Also the one that sends JSON; none is exempt."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.own.candidate)
    found = {
        entry: ask(client, "post", entry, world)[0]
        for entry, (_, posted) in ACCESS.items()
        if posted[ROLES.index("owner")] != "m"
    }

    assert {entry: outcome for entry, outcome in found.items() if outcome != "n"} == {}


def test_after_signing_in_nobody_is_led_to_an_address_without_a_page(world: World) -> None:
    """Where the session ended before a form was sent, and the browser does not say on which page it stood."""
    anonymous, clients = client_of(world, "anonymous"), {role: client_of(world, role) for role in ROLES[1:]}
    found = {}
    for entry, (got, posted) in ACCESS.items():
        role = ROLES[max(0, posted.find("l"))]
        if got[ROLES.index(role)] != "m" or not posted.startswith("s"):
            continue
        address = reverse(route_of(entry), kwargs=world.own.arguments[object_of(entry)])
        sign_in = anonymous.post(address).headers["Location"]
        arrived = clients[role].get(parse_qs(urlsplit(sign_in).query)["next"][0], follow=True)
        found[entry] = (arrived.status_code, NOT_SAVED in arrived.content.decode())

    assert len(found) > 25
    assert {entry: outcome for entry, outcome in found.items() if outcome != (200, True)} == {}


def test_other_peoples_objects_are_not_there_either_way(world: World) -> None:
    """What Carla may open of her own she may not open of Oscar's, and Cora not of Otto's."""
    mixed = World(world.now, world.other, world.own, world.admin)
    # A calendar and an invitation open to whoever holds their secret address.
    by_address = ("reviews:calendar-feed", "cohorts:invitation-accept")
    content = {"competency", "statement", "objective", "term", "sheet", "reference", "blueprint"}
    open_to_all = ("healthz", "readyz", *by_address)
    found = {}
    for role in ("owner", "coordinator"):
        client = client_of(world, role)
        for entry in ACCESS:
            named = object_of(entry) not in {"", "small", *content} and not entry.startswith(open_to_all)
            if named:
                found[f"{role} {entry}"] = {ask(client, method, entry, mixed)[0] for method in ("get", "post")}

    assert {door: outcomes for door, outcomes in found.items() if not outcomes <= {"x", "n", "m"}} == {}


# Django's admin


def admin_addresses() -> list[str]:
    """Every page of the admin with a row that is really there, where one is."""
    rows = {
        f"{model._meta.app_label}_{model._meta.model_name}": model._default_manager.order_by("pk").first()
        for model in admin.site._registry
    }
    found = []
    # Signing out would end what the others are asked with.
    names = {name for name, _ in every_route() if name.startswith("admin:")} - {"admin:", "admin:logout"}
    for name in sorted(names):
        model = "_".join(name.removeprefix("admin:").split("_")[:2])
        row = rows.get(model) or rows["questions_question"]
        for arguments in ([], [row.pk], [1, 1], ["questions"]):
            try:
                found.append(reverse(name, args=arguments))
            except NoReverseMatch:
                continue
            break
    return found


@pytest.mark.parametrize("role", ROLES)
def test_admin_is_for_admins(world: World, role: str) -> None:
    client = client_of(world, role)
    found: dict[str, str] = {}
    for address in admin_addresses():
        for method in ("get", "post", "put", "delete"):
            with transaction.atomic():
                found[f"{method} {address}"] = letter(getattr(client, method)(address))
                transaction.set_rollback(True)
    if role == "admin":
        assert {door: outcome for door, outcome in found.items() if outcome.startswith("5")} == {}
        tables = [each._meta.label_lower.replace(".", "_") for each in admin.site._registry]
        lists = [reverse(f"admin:{table}_changelist") for table in tables]
        assert {address: found[f"get {address}"] for address in lists} == dict.fromkeys(lists, "o")
    else:
        # The dialogs' translations are no secret; the sign-in page of the admin is allauth's.
        let_in = {door: outcome for door, outcome in found.items() if outcome not in "snm" and "/jsi18n/" not in door}
        assert let_in == {}


# allauth's pages


OPEN_TO_VISITORS = {
    "account_login",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_email_verification_sent",
}


def test_account_pages_are_for_those_who_are_signed_in(world: World) -> None:
    """Visitors see the way in and nothing else; nobody meets a fault."""
    foreign = [name for name, _ in every_route() if name.startswith(("account_", "mfa_", "usersessions_"))]
    opened = set()
    faults = []
    for role in ROLES:
        for name in foreign:
            client = client_of(world, role)
            try:
                address = reverse(name)
            except NoReverseMatch:
                continue
            for method in ("get", "post"):
                with transaction.atomic():
                    response = getattr(client, method)(address)
                    transaction.set_rollback(True)
                if response.status_code >= 500:
                    faults.append((role, method, name))
                if role == "anonymous" and method == "get" and response.status_code == 200:
                    opened.add(name)

    assert faults == []
    assert opened == OPEN_TO_VISITORS
