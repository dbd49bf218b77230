"""The candidate's page of an assignment, and its start."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cohorts.models import Cohort, Membership
from quizzes import services
from quizzes.models import Assignment, Attempt
from tests.factories import make_assignment, make_attempt, make_question, make_quiz


@pytest.fixture
def assignment(cohort: Cohort) -> Assignment:
    now = timezone.now()
    make_question("MET-K1.1")
    quiz = make_quiz(title="Week 1", question_count=1, time_limit_minutes=40, author=cohort.coordinator)
    return make_assignment(cohort, quiz=quiz, opens_at=now - timedelta(days=1), due_at=now + timedelta(days=1))


@pytest.mark.parametrize(("minutes", "is_hidden"), [(6 * 24 * 60, True), (175, False)])
@pytest.mark.parametrize("page", ["questions/1/", "submit/"])
def test_an_assignment_without_a_limit_tells_its_due_date_and_a_clock_in_the_last_hours(
    assignment: Assignment, candidate: User, candidate_client: Client, page: str, minutes: int, is_hidden: bool
) -> None:
    candidate.time_zone = "Asia/Tokyo"
    candidate.save(update_fields=["time_zone"])
    assignment.due_at = timezone.now() + timedelta(minutes=minutes)
    assignment.save(update_fields=["due_at"])
    assignment.quiz.time_limit_minutes = None
    assignment.quiz.save(update_fields=["time_limit_minutes"])
    attempt = services.start_attempt(
        candidate=candidate, quiz=assignment.quiz, now=timezone.now(), assignment=assignment
    )
    body = candidate_client.get(f"/attempts/{attempt.code}/{page}").text
    due = assignment.due_at.astimezone(ZoneInfo("Asia/Tokyo"))
    assert f">{due:%a} {due.day} {due:%b, %H:%M}</time>" in body
    clock = re.search(r'<p class="time-left"[^>]*>', body)
    assert clock
    assert clock[0].endswith(" hidden>") == is_hidden


def test_a_limit_is_a_clock_and_no_due_date(assignment: Assignment, candidate: User, candidate_client: Client) -> None:
    assignment.quiz.time_limit_minutes = 300
    assignment.quiz.save(update_fields=["time_limit_minutes"])
    attempt = services.start_attempt(
        candidate=candidate, quiz=assignment.quiz, now=timezone.now(), assignment=assignment
    )
    body = candidate_client.get(f"/attempts/{attempt.code}/questions/1/").text
    assert ("question-due" in body, 'data-countdown-form="time-up">' in body) == (False, True)


def move(assignment: Assignment, *, opens: int, due: int) -> None:
    now = timezone.now()
    assignment.opens_at, assignment.due_at = now + timedelta(days=opens), now + timedelta(days=due)
    assignment.save()


def start_url(assignment: Assignment) -> str:
    return reverse("quizzes:assignment-start", args=[assignment.code])


def test_assignment_detail_says_what_and_until_when(assignment: Assignment, candidate_client: Client) -> None:
    page = candidate_client.get(assignment.get_absolute_url()).content.decode()

    assert "Week 1" in page
    assert "40 minutes from your start" in page
    assert "0 of 1 used" in page


def test_assignment_detail_counts_own_extra_time(
    assignment: Assignment, candidate: User, candidate_client: Client
) -> None:
    candidate.extra_time_percent = 50
    candidate.save()

    assert "60 minutes from your start" in candidate_client.get(assignment.get_absolute_url()).content.decode()


def test_assignment_start_draws_an_attempt(assignment: Assignment, candidate_client: Client) -> None:
    response = candidate_client.post(start_url(assignment))

    attempt = Attempt.objects.get()
    assert (attempt.assignment, attempt.question_count) == (assignment, 1)
    assert response["Location"] == attempt.get_absolute_url()


def test_assignment_start_twice_is_one_attempt(assignment: Assignment, candidate_client: Client) -> None:
    candidate_client.post(start_url(assignment))
    candidate_client.post(start_url(assignment))

    assert Attempt.objects.count() == 1


@pytest.mark.parametrize(
    ("opens", "due", "sentence"), [(1, 2, "This assignment opens on"), (-2, -1, "This assignment was due on")]
)
def test_assignment_start_outside_the_window_is_refused(
    opens: int, due: int, sentence: str, assignment: Assignment, candidate_client: Client
) -> None:
    move(assignment, opens=opens, due=due)

    assert sentence in candidate_client.post(start_url(assignment), follow=True).content.decode()
    assert Attempt.objects.count() == 0


def test_assignment_start_beyond_the_attempts_is_refused(
    assignment: Assignment, candidate: User, candidate_client: Client
) -> None:
    make_attempt(
        candidate,
        quiz=assignment.quiz,
        assignment=assignment,
        state=Attempt.State.GRADED,
        submitted_at=timezone.now(),
        raw_score=0,
    )
    page = candidate_client.post(start_url(assignment), follow=True).content.decode()

    assert "You have used the 1 attempt that this assignment allows." in page
    assert Attempt.objects.count() == 1


def test_assignment_is_not_found_for_who_is_no_member(assignment: Assignment, other_client: Client) -> None:
    assert other_client.get(assignment.get_absolute_url()).status_code == 404
    assert other_client.post(start_url(assignment)).status_code == 404


def test_assignment_is_not_found_for_who_has_left(assignment: Assignment, candidate_client: Client) -> None:
    Membership.objects.update(left_at=timezone.now())

    assert candidate_client.get(assignment.get_absolute_url()).status_code == 404


def test_assignment_asks_visitors_to_sign_in(assignment: Assignment, client: Client) -> None:
    assert client.get(assignment.get_absolute_url()).status_code == 302
    assert client.post(start_url(assignment)).status_code == 302


def test_assignment_start_refuses_get(assignment: Assignment, candidate_client: Client) -> None:
    assert candidate_client.get(start_url(assignment)).status_code == 405
