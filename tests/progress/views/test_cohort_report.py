from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cohorts.models import Cohort, Membership
from quizzes.models import Assignment, Attempt
from tests.factories import make_assignment, make_attempt, make_cohort, make_question, make_quiz, make_user


@pytest.fixture
def assignment(cohort: Cohort) -> Assignment:
    now = timezone.now()
    quiz = make_quiz(title="Week 1", author=cohort.coordinator)
    # The candidate was a member before it was due.
    cohort.memberships.update(joined_at=now - timedelta(days=9))
    return make_assignment(cohort, quiz=quiz, opens_at=now - timedelta(days=8), due_at=now - timedelta(days=1))


def answer(assignment: Assignment, candidate: User, *, right: int, of: int = 5) -> None:
    now = timezone.now()
    attempt = make_attempt(
        candidate,
        *(make_question("MET-K1.1") for _ in range(of)),
        quiz=assignment.quiz,
        assignment=assignment,
        state=Attempt.State.GRADED,
        submitted_at=now - timedelta(days=2),
        graded_at=now - timedelta(days=2),
        raw_score=right,
    )
    attempt.responses.filter(position__lte=right).update(is_correct=True, selected_label="B")
    attempt.responses.filter(position__gt=right).update(is_correct=False, selected_label="A")


def report(client: Client, cohort: Cohort) -> str:
    return client.get(reverse("progress:cohort-report", args=[cohort.code])).content.decode()


def test_report_shows_scores_per_competency_with_n(
    coordinator_client: Client, assignment: Assignment, candidate: User
) -> None:
    answer(assignment, candidate, right=4)
    page = report(coordinator_client, assignment.cohort)

    assert "80" in page
    assert "n 5" in page


def test_report_names_who_is_late(coordinator_client: Client, assignment: Assignment) -> None:
    page = report(coordinator_client, assignment.cohort)

    assert "Who needs help" in page
    assert "Week 1" in page


def test_report_names_the_competency_below_target(
    coordinator_client: Client, assignment: Assignment, candidate: User
) -> None:
    answer(assignment, candidate, right=2)

    assert "(2&nbsp;of&nbsp;5)" in report(coordinator_client, assignment.cohort)


def test_report_is_not_concerned_by_fewer_than_five_answers(
    coordinator_client: Client, assignment: Assignment, candidate: User
) -> None:
    answer(assignment, candidate, right=0, of=4)

    assert "Nobody is late" in report(coordinator_client, assignment.cohort)


def test_report_is_not_concerned_by_what_was_due_before_joining(
    coordinator_client: Client, assignment: Assignment
) -> None:
    Membership.objects.update(joined_at=timezone.now())

    assert "Nobody is late" in report(coordinator_client, assignment.cohort)


def test_report_counts_only_what_was_due_of_a_member(coordinator_client: Client, assignment: Assignment) -> None:
    Membership.objects.update(joined_at=timezone.now(), sharing=Membership.Sharing.PROGRESS)
    early = report(coordinator_client, assignment.cohort)
    make_assignment(assignment.cohort, due_at=timezone.now() + timedelta(days=3))

    assert "Carla: joined after all that was assigned so far" in early
    assert "Carla: 0 of 1 finished" in report(coordinator_client, assignment.cohort)


def test_report_shows_progress_only_of_who_does_not_share(
    coordinator_client: Client, assignment: Assignment, candidate: User
) -> None:
    answer(assignment, candidate, right=1)
    Membership.objects.update(sharing=Membership.Sharing.PROGRESS)
    page = report(coordinator_client, assignment.cohort)

    assert "Carla: 1 of 1 finished" in page
    assert "n 5" not in page


def test_report_knows_nothing_of_practice_on_one_s_own(
    coordinator_client: Client, assignment: Assignment, candidate: User
) -> None:
    attempt = make_attempt(
        candidate, make_question("STR-K1.1"), state=Attempt.State.GRADED, submitted_at=timezone.now()
    )
    attempt.responses.update(is_correct=True)

    assert "n 1" not in report(coordinator_client, assignment.cohort)


def test_report_knows_nothing_of_other_cohorts(
    coordinator_client: Client, assignment: Assignment, outsider: User
) -> None:
    stranger = make_user("zebulon")
    answer(make_assignment(make_cohort(outsider, stranger)), stranger, right=3)

    assert "Zebulon" not in report(coordinator_client, assignment.cohort)


def test_report_export_holds_what_the_report_shows(
    coordinator_client: Client, assignment: Assignment, candidate: User
) -> None:
    answer(assignment, candidate, right=4)
    response = coordinator_client.get(reverse("progress:cohort-report-export", args=[assignment.cohort.code]))

    assert response.content.decode("utf-8-sig").splitlines() == [
        "Candidate,Shares,Finished,Late,MET",
        "Carla,progress and scores,1,,80",
    ]


@pytest.mark.parametrize("members", [1, 3, 200])
def test_report_takes_a_fixed_number_of_queries(
    coordinator: User, coordinator_client: Client, members: int, django_assert_num_queries
) -> None:
    people = [make_user(f"member{number}") for number in range(members)]
    cohort = make_cohort(coordinator, *people)
    assignment = make_assignment(cohort)
    for person in people[:3]:
        answer(assignment, person, right=1)

    with django_assert_num_queries(8):
        report(coordinator_client, cohort)


@pytest.mark.parametrize("name", ["cohort-report", "cohort-report-export"])
@pytest.mark.parametrize(
    ("who", "status"), [("outsider_client", 404), ("candidate_client", 403), ("admin_client", 403), ("client", 302)]
)
def test_report_is_closed_to(name: str, who: str, status: int, cohort: Cohort, request: pytest.FixtureRequest) -> None:
    response = request.getfixturevalue(who).get(reverse(f"progress:{name}", args=[cohort.code]))

    assert response.status_code == status


@pytest.mark.parametrize("name", ["cohort-report", "cohort-report-export"])
def test_report_refuses_post(name: str, cohort: Cohort, coordinator_client: Client) -> None:
    assert coordinator_client.post(reverse(f"progress:{name}", args=[cohort.code])).status_code == 405
