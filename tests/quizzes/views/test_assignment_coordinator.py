"""What a coordinator does with assignments."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.models import User
from cohorts.models import Cohort
from quizzes.models import Assignment, Attempt, Feedback, Quiz
from tests.factories import (
    NOW,
    make_assignment,
    make_attempt,
    make_blueprint,
    make_cohort,
    make_mock_question,
    make_question,
    make_user,
)


@pytest.fixture(autouse=True)
def _clock(set_clock: Callable[[datetime], None]) -> None:
    set_clock(NOW)


@pytest.fixture
def assignment(cohort: Cohort) -> Assignment:
    now = timezone.now()
    return make_assignment(cohort, opens_at=now - timedelta(days=1), due_at=now + timedelta(days=1))


@pytest.fixture
def five() -> list[User]:
    return [make_user(f"member{number}") for number in range(5)]


@pytest.fixture
def assignment_of_five(coordinator: User, five: list[User]) -> Assignment:
    return make_assignment(make_cohort(coordinator, *five))


def page_url(name: str, assignment: Assignment) -> str:
    return reverse(f"quizzes:assignment-{name}", args=[assignment.code])


def create_url(cohort: Cohort) -> str:
    return reverse("quizzes:assignment-create", args=[cohort.code])


def form_data(**fields: Any) -> dict[str, Any]:
    return {
        "code": str(uuid.uuid4()),
        "title": "Week 1",
        "content": "rule",
        "question_count": 2,
        "opens_at": "2026-03-02T09:00",
        "due_at": "2026-03-09T09:00",
        "attempts_allowed": 1,
        "feedback": "at_end",
        **fields,
    }


def answer(assignment: Assignment, candidate: User, label: str = "B") -> Attempt:
    now = timezone.now()
    attempt = make_attempt(
        candidate,
        make_question("MET-K1.1"),
        quiz=assignment.quiz,
        assignment=assignment,
        state=Attempt.State.GRADED,
        submitted_at=now,
        graded_at=now,
        raw_score=int(label == "B"),
    )
    attempt.responses.update(selected_label=label, is_correct=label == "B")
    return attempt


def test_assignment_create_by_rule(coordinator_client: Client, cohort: Cohort) -> None:
    make_question("MET-K1.1")
    make_question("MET-K2.1")
    response = coordinator_client.post(create_url(cohort), form_data(competencies=["MET"], time_limit_minutes=30))

    quiz = Assignment.objects.get().quiz
    assert (quiz.title, quiz.rule, quiz.question_count, quiz.time_limit_minutes) == (
        "Week 1",
        {"competencies": ["MET"]},
        2,
        30,
    )
    assert response["Location"] == page_url("board", Assignment.objects.get())


def test_assignment_create_takes_the_time_zone_of_the_coordinator(
    coordinator: User, coordinator_client: Client, cohort: Cohort
) -> None:
    coordinator.time_zone = "Asia/Tokyo"
    coordinator.save()
    make_question("MET-K1.1")
    coordinator_client.post(create_url(cohort), form_data(question_count=1))

    assert Assignment.objects.get().opens_at.isoformat() == "2026-03-02T00:00:00+00:00"


def test_assignment_create_by_chosen_codes(coordinator_client: Client, cohort: Cohort) -> None:
    first, second = make_question("MET-K1.1"), make_question("MET-K2.1")
    coordinator_client.post(
        create_url(cohort), form_data(content="chosen", question_codes=f"{second.code}\n{first.code.lower()}")
    )

    chosen = Assignment.objects.get().quiz.quiz_questions.values_list("question__code", flat=True)
    assert list(chosen) == [second.code, first.code]


def test_assignment_create_of_a_mock_takes_its_edition(coordinator_client: Client, cohort: Cohort) -> None:
    make_blueprint(item_count=1, MET=100)
    make_mock_question("MET-K1.1")
    coordinator_client.post(create_url(cohort), form_data(content="mock", blueprint="six-areas"))

    quiz = Assignment.objects.get().quiz
    assert (quiz.kind, quiz.question_count, quiz.time_limit_minutes) == (Quiz.Kind.MOCK, 1, 180)


def test_assignment_create_sent_twice_is_one(coordinator_client: Client, cohort: Cohort) -> None:
    make_question("MET-K1.1")
    data = form_data(question_count=1)
    coordinator_client.post(create_url(cohort), data)
    coordinator_client.post(create_url(cohort), data)

    assert (Assignment.objects.count(), Quiz.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"question_count": 50}, "Only 1 question matches; you asked for 50."),
        ({"question_count": ""}, "Enter how many questions each candidate gets."),
        ({"due_at": "2026-03-01T09:00"}, "The due date must lie after the opening."),
        ({"opens_at": "2026-02-01T09:00", "due_at": "2026-03-02T12:00"}, "That moment is over. Choose a later one."),
        # Beyond the ends of the calendar, in the time zone of whoever reads it.
        ({"opens_at": "0001-01-01T00:00"}, "Choose a day within two years."),
        ({"due_at": "9999-12-31T23:59"}, "Choose a day within two years."),
        ({"opens_at": "soon"}, "Enter a date and a time, such as 2026-05-31 18:00."),
        ({"content": "chosen", "question_codes": "MET-X9"}, "No published practice question has the code MET-X9."),
        ({"content": "chosen", "question_codes": ""}, "Enter at least one question code."),
        ({"content": "mock", "blueprint": ""}, "Choose an edition."),
        (
            {"content": "mock", "blueprint": "six-areas", "feedback": "after_each"},
            "A mock exam explains its answers at the end or after the due date.",
        ),
        ({"competencies": ["XYZ"]}, "Select a valid choice. XYZ is not one of the available choices."),
        ({"code": "nonsense"}, "Open this page again to assign."),
    ],
)
def test_assignment_create_refuses_with_a_sentence_and_keeps_the_title(
    fields: dict[str, Any], sentence: str, coordinator_client: Client, cohort: Cohort
) -> None:
    make_blueprint(item_count=1, MET=100)
    make_question("MET-K1.1")
    page = coordinator_client.post(create_url(cohort), form_data(**fields)).content.decode()

    assert sentence in page
    assert 'value="Week 1"' in page
    assert (Assignment.objects.count(), Quiz.objects.count()) == (0, 0)


def test_assignment_create_takes_no_sealed_question(coordinator_client: Client, cohort: Cohort) -> None:
    sealed = make_mock_question("MET-K1.1")
    page = coordinator_client.post(
        create_url(cohort), form_data(content="chosen", question_codes=sealed.code)
    ).content.decode()

    assert f"No published practice question has the code {sealed.code}." in page


def test_question_search_finds_by_competency_and_words(coordinator_client: Client, cohort: Cohort) -> None:
    wanted = make_question("MET-K1.1", stem="Which driver of churn matters most?")
    make_question("MET-K2.1", stem="Which chart fits?")
    make_question("CUL-K1.1", stem="Which churn story fits?")
    sealed = make_mock_question("MET-K3.1", stem="Which churn figure is right?")
    page = coordinator_client.get(
        reverse("quizzes:question-search", args=[cohort.code]), {"competency": "MET", "words": "churn"}
    ).content.decode()

    assert "1 found." in page
    assert wanted.code in page
    assert sealed.code not in page


def test_question_search_gives_htmx_the_results_alone(coordinator_client: Client, cohort: Cohort) -> None:
    make_question("MET-K1.1")
    page = coordinator_client.get(
        reverse("quizzes:question-search", args=[cohort.code]), headers={"HX-Request": "true"}
    ).content.decode()

    assert "<html" not in page
    assert "1 found." in page


def test_assignment_list_counts_who_has_finished(
    coordinator_client: Client, cohort: Cohort, assignment: Assignment, candidate: User
) -> None:
    answer(assignment, candidate)
    page = coordinator_client.get(reverse("quizzes:assignment-list", args=[cohort.code])).content.decode()

    assert "1 of 1" in page


@pytest.mark.parametrize("assignments", [1, 3])
def test_assignment_list_takes_a_fixed_number_of_queries(
    coordinator_client: Client, cohort: Cohort, assignments: int, django_assert_num_queries
) -> None:
    for _ in range(assignments):
        make_assignment(cohort)

    with django_assert_num_queries(4):
        coordinator_client.get(reverse("quizzes:assignment-list", args=[cohort.code]))


def test_assignment_board_shows_state_and_score(
    coordinator_client: Client, assignment: Assignment, candidate: User
) -> None:
    answer(assignment, candidate)
    page = coordinator_client.get(page_url("board", assignment)).content.decode()

    assert "Carla" in page
    assert "100 %" in page


def test_assignment_board_hides_a_score_at_once_when_it_is_no_longer_shared(
    coordinator_client: Client, candidate_client: Client, assignment: Assignment, candidate: User
) -> None:
    answer(assignment, candidate)
    candidate_client.post(reverse("cohorts:membership-update", args=[assignment.cohort.code]), {"sharing": "progress"})
    page = coordinator_client.get(page_url("board", assignment)).content.decode()

    assert "100 %" not in page
    assert "not shared" in page


@pytest.mark.parametrize("members", [1, 3])
def test_assignment_board_takes_a_fixed_number_of_queries(
    coordinator: User, coordinator_client: Client, members: int, django_assert_num_queries
) -> None:
    people = [make_user(f"member{number}") for number in range(members)]
    assignment = make_assignment(make_cohort(coordinator, *people))
    for person in people:
        answer(assignment, person)

    with django_assert_num_queries(7):
        coordinator_client.get(page_url("board", assignment))


def test_assignment_questions_never_show_a_sealed_stem(
    coordinator_client: Client, five: list[User], assignment_of_five: Assignment
) -> None:
    sealed = make_mock_question("MET-K1.1", stem="Sealed stem?")
    for person in five:
        answer(assignment_of_five, person).responses.update(question=sealed)
    page = coordinator_client.get(page_url("questions", assignment_of_five)).content.decode()

    assert sealed.code in page
    assert "Sealed stem?" not in page


def test_assignment_questions_show_what_five_people_chose(
    coordinator_client: Client, five: list[User], assignment_of_five: Assignment
) -> None:
    question = make_question()
    for person in five:
        answer(assignment_of_five, person, "C").responses.update(question=question)
    page = coordinator_client.get(page_url("questions", assignment_of_five)).content.decode()

    shown = [" ".join(strip_tags(cell).split()) for cell in re.findall(r"<td.*?</td>", page, re.DOTALL)]
    assert shown == ["5", "0", "0 %", "A 0 · B 0 (key) · C 5 · D 0"]


def test_assignment_questions_show_nothing_of_a_single_person(
    coordinator_client: Client, five: list[User], assignment_of_five: Assignment
) -> None:
    answer(assignment_of_five, five[0], "C")
    page = coordinator_client.get(page_url("questions", assignment_of_five)).content.decode()

    assert ("Too few answers" in page, page.count("<td")) == (True, 0)


def test_assignment_export_holds_what_the_board_shows(
    coordinator_client: Client, assignment: Assignment, candidate: User
) -> None:
    candidate.display_name = "=cmd()"
    candidate.save()
    answer(assignment, candidate)
    response = coordinator_client.get(page_url("export", assignment))
    lines = response.content.decode("utf-8-sig").splitlines()

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="practice-quiz-scores.csv"'
    assert lines[0] == "Candidate,State,Started,Finished,Attempts,Score in percent,MET"
    assert lines[1].startswith("'=cmd(),Finished,")
    assert lines[1].endswith(",1,100,100")


def test_assignment_update_moves_the_due_date(coordinator_client: Client, assignment: Assignment) -> None:
    due_at = (timezone.now() + timedelta(days=5)).replace(second=0, microsecond=0)
    coordinator_client.post(
        page_url("update", assignment),
        {
            "opens_at": f"{assignment.opens_at:%Y-%m-%dT%H:%M}",
            "due_at": f"{due_at:%Y-%m-%dT%H:%M}",
            "attempts_allowed": 2,
        },
    )

    assignment.refresh_from_db()
    assert (assignment.due_at, assignment.attempts_allowed) == (due_at, 2)


def test_assignment_update_refuses_a_due_date_in_the_past(coordinator_client: Client, assignment: Assignment) -> None:
    page = coordinator_client.post(
        page_url("update", assignment),
        {"opens_at": "2020-01-01T00:00", "due_at": "2020-02-01T00:00", "attempts_allowed": 1},
    ).content.decode()

    assert "The due date cannot be moved into the past" in page


PAGES = ["board", "questions", "export", "update"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    ("who", "status"), [("outsider_client", 404), ("candidate_client", 403), ("admin_client", 403), ("client", 302)]
)
def test_assignment_page_is_closed_to(
    name: str, who: str, status: int, assignment: Assignment, request: pytest.FixtureRequest
) -> None:
    assert request.getfixturevalue(who).get(page_url(name, assignment)).status_code == status


@pytest.mark.parametrize("name", ["assignment-list", "assignment-create", "question-search"])
@pytest.mark.parametrize(("who", "status"), [("outsider_client", 404), ("candidate_client", 403), ("client", 302)])
def test_assignments_of_a_cohort_are_closed_to(
    name: str, who: str, status: int, cohort: Cohort, request: pytest.FixtureRequest
) -> None:
    assert request.getfixturevalue(who).get(reverse(f"quizzes:{name}", args=[cohort.code])).status_code == status


def test_assignment_of_another_cohort_s_quiz_cannot_be_made(outsider_client: Client, cohort: Cohort) -> None:
    make_question("MET-K1.1")

    assert outsider_client.post(create_url(cohort), form_data(question_count=1)).status_code == 404
    assert Assignment.objects.count() == 0


@pytest.mark.parametrize("name", ["board", "questions", "export"])
def test_assignment_page_refuses_post(name: str, coordinator_client: Client, assignment: Assignment) -> None:
    assert coordinator_client.post(page_url(name, assignment)).status_code == 405


def test_feedback_after_the_due_date_can_be_chosen(coordinator_client: Client, cohort: Cohort) -> None:
    make_question("MET-K1.1")
    coordinator_client.post(create_url(cohort), form_data(question_count=1, feedback="after_due"))

    assert Assignment.objects.get().quiz.feedback == Feedback.AFTER_DUE
