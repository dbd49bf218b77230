from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects, assertTemplateUsed

from accounts.models import User
from cohorts.models import Cohort
from tests.factories import make_cohort, make_study_plan

pytestmark = pytest.mark.django_db

URL = reverse("accounts:settings")
PAGES = [
    "accounts:profile",
    "account_email",
    "reviews:plan",
    "accounts:appearance",
    "account_change_password",
    "mfa_list_webauthn",
    "mfa_index",
    "usersessions_list",
    "cohorts:membership-list",
    "progress:account-data",
    "accounts:account-delete",
]


@pytest.mark.parametrize("name", PAGES)
def test_leads_to_every_page_of_the_account(candidate_client: Client, name: str) -> None:
    response = candidate_client.get(URL)
    assertTemplateUsed(response, "accounts/settings.html")
    assert f'<h3><a href="{reverse(name)}">' in response.content.decode()


def test_says_what_is_set(candidate_client: Client, candidate: User, cohort: Cohort) -> None:
    User.objects.filter(pk=candidate.pk).update(extra_time_percent=25, colour_scheme="dark", text_size=130)
    make_study_plan(candidate, exam_on=date(2027, 3, 27), wants_reminders=True)
    page = candidate_client.get(URL)
    assertContains(page, "Saturday, 27 March 2027", count=1)
    assertContains(page, "25 % extra time", count=1)
    assertContains(page, '<p class="setting-now">Dark</p>', count=1, html=True)
    assertContains(page, '<p class="setting-now">Larger</p>', count=1, html=True)
    assertContains(page, "Spring cohort", count=1)
    overview = page.context["overview"]
    assert (overview.wants_reminders, overview.keys, overview.has_app, overview.sessions) == (True, 0, False, 0)


def test_says_what_is_not_set(candidate_client: Client) -> None:
    page = candidate_client.get(URL)
    assertContains(page, "No date yet", count=1)
    assertContains(page, "You are in no cohort.", count=1)


def test_offers_nothing_of_other_people(candidate_client: Client, other_candidate: User) -> None:
    make_study_plan(other_candidate, exam_on=date(2027, 3, 27))
    page = candidate_client.get(URL)
    assertNotContains(page, other_candidate.email)
    assertNotContains(page, "27 March 2027")


def test_visitors_are_sent_to_sign_in_and_come_back(client: Client) -> None:
    assertRedirects(client.get(URL), f"{reverse('account_login')}?next={URL}")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_refuses_other_methods(candidate_client: Client, method: str) -> None:
    assert getattr(candidate_client, method)(URL).status_code == 405


@pytest.mark.parametrize("cohorts", [1, 3])
def test_query_count_is_fixed(
    candidate_client: Client,
    candidate: User,
    coordinator: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    cohorts: int,
) -> None:
    for _ in range(cohorts):
        make_cohort(coordinator, candidate)
    candidate_client.get(URL)
    with django_assert_num_queries(6):
        candidate_client.get(URL)
