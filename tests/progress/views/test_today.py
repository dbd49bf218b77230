from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.factories import make_assignment, make_attempt, make_cohort, make_question, make_study_plan

URL = "progress:today"


def test_today_suggests_a_first_quiz_to_a_new_candidate(candidate_client: Client) -> None:
    page = candidate_client.get(reverse(URL)).content.decode()

    assert "Answer your first ten questions" in page
    assert "When is your exam?" in page


def test_today_counts_the_days_to_the_exam(candidate: User, candidate_client: Client) -> None:
    make_study_plan(candidate, exam_on=timezone.localdate() + timedelta(days=40))

    assert "to your exam" in candidate_client.get(reverse(URL)).content.decode()


def test_today_says_that_the_exam_date_has_passed(candidate: User, candidate_client: Client) -> None:
    make_study_plan(candidate, exam_on=timezone.localdate() - timedelta(days=5))

    assert "Your exam date has passed." in candidate_client.get(reverse(URL)).content.decode()


def test_today_lists_an_open_assignment(candidate: User, candidate_client: Client, coordinator: User) -> None:
    now = timezone.now()
    assignment = make_assignment(
        make_cohort(coordinator, candidate), opens_at=now - timedelta(days=1), due_at=now + timedelta(days=3)
    )

    assert assignment.get_absolute_url() in candidate_client.get(reverse(URL)).content.decode()


def test_today_offers_to_resume_an_open_attempt(candidate: User, candidate_client: Client) -> None:
    attempt = make_attempt(candidate, make_question())

    assert attempt.get_absolute_url() in candidate_client.get(reverse(URL)).content.decode()


def test_today_shows_nothing_of_other_candidates(other_candidate: User, candidate_client: Client) -> None:
    attempt = make_attempt(other_candidate, make_question())

    assert str(attempt.code) not in candidate_client.get(reverse(URL)).content.decode()


def test_today_asks_visitors_to_sign_in_and_brings_them_back(client: Client, db: None) -> None:
    response = client.get(reverse(URL))

    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={reverse(URL)}")


def test_today_refuses_post(candidate_client: Client) -> None:
    assert candidate_client.post(reverse(URL)).status_code == 405


@pytest.mark.parametrize("attempts", [1, 3])
def test_today_takes_a_fixed_number_of_queries(
    candidate: User, candidate_client: Client, attempts: int, django_assert_num_queries
) -> None:
    for _ in range(attempts):
        make_attempt(candidate, make_question())

    with django_assert_num_queries(12):
        candidate_client.get(reverse(URL))
