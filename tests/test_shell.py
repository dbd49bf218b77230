"""The shell around every page, and the pages that tell of a fault."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from tests.markup import links_of, render

MAIN = [
    "progress:today",
    "quizzes:practice",
    "quizzes:mock",
    "reviews:review-list",
    "reviews:schedule",
    "progress:overview",
    "study:competency-list",
]
ACCOUNT = ["accounts:settings", "reviews:plan", "quizzes:problem-list", "offline:page"]


def shell(user: User | None, view_name: str = "", app_name: str = "") -> str:
    """base.html as this person gets it on a page of that name."""
    request = RequestFactory().get("/")
    request.user = user or SimpleNamespace(is_authenticated=False)  # type: ignore[assignment]
    request.resolver_match = SimpleNamespace(view_name=view_name, app_name=app_name)  # type: ignore[assignment]
    return re.sub(r"\s+", " ", render_to_string("base.html", request=request))


def test_anonymous_shell_offers_study_and_the_doors() -> None:
    html = shell(None)

    names = ["study:competency-list", "progress:search", "account_login", "account_signup"]
    assert links_of(html, "Main") == [reverse(name) for name in names]
    assert "tab-bar" not in html
    assert "Sign out" not in html


@pytest.mark.parametrize(
    ("fields", "extra"),
    [
        ({}, []),
        ({"role": User.Role.COORDINATOR}, ["cohorts:cohort-list"]),
        ({"is_staff": True}, ["admin:index"]),
        ({"role": User.Role.COORDINATOR, "is_staff": True}, ["cohorts:cohort-list", "admin:index"]),
    ],
    ids=["candidate", "coordinator", "admin", "both"],
)
def test_navigation_shows_what_the_person_may_open(fields: dict[str, Any], extra: list[str]) -> None:
    html = shell(User(email="carla@example.com", **fields))

    assert links_of(html, "Main") == [reverse(name) for name in MAIN + extra]


def test_tab_bar_reaches_everything_the_header_reaches() -> None:
    html = shell(User(email="carla@example.com", role=User.Role.COORDINATOR, is_staff=True))

    names = {*MAIN, *ACCOUNT, "progress:search", "cohorts:cohort-list", "admin:index"}
    assert set(links_of(html, "Tabs")) == {reverse(name) for name in names}
    assert links_of(html, "Tabs")[:4] == [
        reverse(name) for name in ["progress:today", "quizzes:practice", "reviews:review-list", "study:competency-list"]
    ]


def test_signing_out_is_a_post_with_a_token() -> None:
    html = shell(User(email="carla@example.com"))

    forms_out = re.findall(rf'<form method="post" action="{reverse("account_logout")}">(.*?)</form>', html)
    assert len(forms_out) == 2
    assert all('name="csrfmiddlewaretoken"' in form for form in forms_out)


@pytest.mark.parametrize(
    ("view_name", "app_name", "label", "mark"),
    [
        ("progress:today", "progress", "Today", "page"),
        ("quizzes:mock-start", "quizzes", "Mock exam", "true"),
        ("reviews:review-next", "reviews", "Reviews", "true"),
        ("study:objective-detail", "study", "Study", "true"),
    ],
)
def test_navigation_marks_where_you_are(view_name: str, app_name: str, label: str, mark: str) -> None:
    html = shell(User(email="carla@example.com"), view_name, app_name)

    header = re.search(r'<nav class="site-nav".*?</nav>', html)
    assert header is not None
    assert re.findall(r'aria-current="(\w+)">([^<]+)</a>', header[0]) == [(mark, label)]


def test_navigation_marks_nothing_elsewhere() -> None:
    assert "aria-current" not in shell(User(email="carla@example.com"), "quizzes:attempt-detail", "quizzes")


def test_shell_carries_what_every_page_needs() -> None:
    html = shell(User(email="carla@example.com"))

    assert '<html lang="en"' in html
    assert '<a class="skip-link" href="#main">' in html
    assert '<main class="site-main page-width" id="main" tabindex="-1">' in html
    assert '"allowEval":false' in html
    assert "Independent. Not affiliated with or endorsed by CXPA. CCXP and CXPA are marks of their owner." in html


def test_name_in_the_account_menu_is_escaped() -> None:
    html = shell(User(email="carla@example.com", display_name="<script>alert(1)</script>"))

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


def test_missing_page_sends_visitors_to_the_doors(client: Client, db: None) -> None:
    response = client.get("/no/such/page/")

    assert response.status_code == 404
    assert f'href="{reverse("account_login")}"' in response.content.decode()


def test_missing_page_keeps_the_navigation_of_those_signed_in(candidate_client: Client) -> None:
    response = candidate_client.get("/no/such/page/")

    assert response.status_code == 404
    assert links_of(re.sub(r"\s+", " ", response.content.decode()), "Main") == [reverse(name) for name in MAIN]


def test_forbidden_page_gives_the_reason(candidate_client: Client) -> None:
    response = candidate_client.get(reverse("cohorts:cohort-list"))

    assert response.status_code == 403
    assert "You cannot open this page" in response.content.decode()


def test_failed_token_gets_a_page_in_words(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "a", "password": "b"})

    assert response.status_code == 403
    assert "This form has expired" in response.content.decode()


def test_server_error_page_needs_no_context() -> None:
    html = render("500.html")

    assert "Something went wrong on our side" in html
    assert "Sign in" not in html
