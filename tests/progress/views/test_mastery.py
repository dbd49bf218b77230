from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.factories import NOW, make_objective, make_question
from tests.reviews.builders import review

URL = "progress:mastery"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def test_mastery_counts_the_states_of_a_competency_and_leads_to_it(candidate: User, candidate_client: Client) -> None:
    review(candidate, make_question("MET-K1.1"))
    make_objective("MET-K1.2")

    page = candidate_client.get(reverse(URL)).text

    assert "1 known, 1 not met" in page
    assert f'href="{reverse("progress:mastery-detail", args=["MET"])}"' in page


def test_mastery_says_what_the_states_mean(candidate_client: Client) -> None:
    page = candidate_client.get(reverse(URL)).text

    assert "You have met it, and expected recall today has fallen below 75 %." in page
    assert "Held back" not in page


def test_mastery_praises_no_recall_on_the_day_of_study(
    candidate: User, candidate_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    review(candidate, make_question("MET-K1.1"))
    today = candidate_client.get(reverse(URL)).text
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=1))
    tomorrow = candidate_client.get(reverse(URL)).text

    assert ("Stands here from tomorrow on." in today, "Expected recall today, of" in today) == (True, False)
    assert "Expected recall today, of the objectives met before today" in tomorrow


def test_mastery_before_the_first_answer_says_what_will_move(candidate_client: Client) -> None:
    make_question()

    page = candidate_client.get(reverse(URL)).text

    assert "Nothing is met yet." in page
    assert "1 not met" in page


def test_mastery_shows_nothing_of_other_candidates(other_candidate: User, candidate_client: Client) -> None:
    review(other_candidate, make_question())

    assert "Nothing is met yet." in candidate_client.get(reverse(URL)).text


def test_mastery_asks_visitors_to_sign_in(client: Client, db: None) -> None:
    response = client.get(reverse(URL))

    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={reverse(URL)}")


def test_mastery_refuses_post(candidate_client: Client) -> None:
    assert candidate_client.post(reverse(URL)).status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_mastery_takes_a_fixed_number_of_queries(
    candidate: User, candidate_client: Client, count: int, django_assert_num_queries
) -> None:
    for number in range(1, count + 1):
        review(candidate, make_question(f"MET-K{number}.1"))

    with django_assert_num_queries(12):
        candidate_client.get(reverse(URL))
