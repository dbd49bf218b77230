from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from accounts.models import User
from cohorts.models import Cohort
from quizzes.models import Attempt, Feedback, Quiz, Response
from quizzes.services import finish_attempt
from tests.factories import (
    NOW,
    make_assignment,
    make_attempt,
    make_blueprint,
    make_mock_attempt,
    make_question,
    make_quiz,
)

SetClock = Callable[[datetime], None]
OBJECTIVES = ["CUL-K1.1", "MET-K1.1", "MET-K1.2", "MET-T1.1"]


@pytest.fixture(autouse=True)
def _clock(set_clock: SetClock) -> None:
    set_clock(NOW)


def open_attempt(candidate: User, labels: str, *, feedback: str = Feedback.AT_END, **fields: Any) -> Attempt:
    """One question per label; the key is B, and - means unanswered."""
    questions = [make_question(objective) for objective, _ in zip(OBJECTIVES * 10, labels, strict=False)]
    limit = fields.pop("time_limit_minutes", None)
    quiz = make_quiz(author=candidate, question_count=len(labels), feedback=feedback, time_limit_minutes=limit)
    attempt = make_attempt(candidate, *questions, quiz=quiz, **fields)
    for position, label in enumerate(labels.replace("-", " "), start=1):
        Response.objects.filter(attempt=attempt, position=position).update(selected_label=label.strip())
    return attempt


def finished(candidate: User, labels: str = "BBD-", **fields: Any) -> Attempt:
    """Right, right, wrong and unanswered, after six minutes."""
    attempt = open_attempt(candidate, labels, **fields)
    return finish_attempt(attempt=attempt, now=NOW + timedelta(minutes=6, seconds=5))


@pytest.fixture
def before_due(candidate: User, cohort: Cohort) -> Attempt:
    """Of an assignment that shows key and rationales after its due date, a week from now."""
    quiz = make_quiz(author=cohort.coordinator, question_count=4, feedback=Feedback.AFTER_DUE)
    assignment = make_assignment(cohort, quiz)
    attempt = make_attempt(candidate, *[make_question(code) for code in OBJECTIVES], quiz=quiz, assignment=assignment)
    for position, label in enumerate("BBD", start=1):
        Response.objects.filter(attempt=attempt, position=position).update(selected_label=label)
    return finish_attempt(attempt=attempt, now=NOW)


def url_of(attempt: Attempt) -> str:
    return f"/attempts/{attempt.code}/"


# The result


def test_result_shows_the_score_beside_the_target(candidate_client: Client, candidate: User) -> None:
    response = candidate_client.get(url_of(finished(candidate)))
    body = response.content.decode()
    assert '<span class="score-right">2</span> <span class="score-of">of 4</span>' in body
    assert response.context["score_text"] == "50 % right, 25 points below your practice target of 75 %."
    assert "Practice target 75 %" in body
    assert "pass" not in body.lower()


def test_result_says_when_the_target_was_met(candidate_client: Client, candidate: User) -> None:
    response = candidate_client.get(url_of(finished(candidate, "BBBD")))
    assert response.context["score_text"] == "75 % right. You met your practice target of 75 %."


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (4, "So few questions are practice and not a measure: they say next to nothing about what you know."),
        (
            25,
            "25 questions are a sample. Of all such questions you would get 90 to 100 % right, in nine cases of ten.",
        ),
    ],
)
def test_result_is_honest_about_small_numbers(
    candidate_client: Client, candidate: User, count: int, sentence: str
) -> None:
    response = candidate_client.get(url_of(finished(candidate, "B" * count)))
    assert sentence in response.content.decode()


def test_result_shows_each_competency_with_its_n_in_the_handbooks_order(
    candidate_client: Client, candidate: User
) -> None:
    response = candidate_client.get(url_of(finished(candidate)))
    assert [(row["code"], row["value"], row["n"]) for row in response.context["competency_rows"]] == [
        ("CUL", 100, 1),
        ("MET", 33, 3),
    ]
    assert response.context["few_text"] == "Fewer than 5 questions in CUL, MET: too few to tell strong from weak."


def test_result_shows_each_statement_weakest_first(candidate_client: Client, candidate: User) -> None:
    context = candidate_client.get(url_of(finished(candidate))).context
    assert [(row.code, row.correct, row.total) for row in context["weak_statements"]] == [
        ("MET-T1", 0, 1),
        ("MET-K1", 1, 2),
    ]
    assert [(row.code, row.correct, row.total) for row in context["sound_statements"]] == [("CUL-K1", 1, 1)]


@pytest.mark.parametrize(
    ("labels", "basis"), [("BBDD", "Every question has an answer."), ("BBD-", "Each counts as wrong.")]
)
def test_result_says_what_unanswered_questions_count(
    candidate_client: Client, candidate: User, labels: str, basis: str
) -> None:
    assert f'<dd class="stat-basis">{basis}</dd>' in candidate_client.get(url_of(finished(candidate, labels))).text


def test_result_and_list_name_a_short_mock_and_which_of_its_times_they_show(
    candidate_client: Client, candidate: User
) -> None:
    attempt = finished(candidate, time_limit_minutes=45)
    Quiz.objects.update(blueprint=make_blueprint())
    result, listed = (
        " ".join(re.sub(r"<[^>]+>", "", candidate_client.get(url).text).split())
        for url in (url_of(attempt), "/attempts/")
    )
    assert "Short mock, finished 2 March 2026, 12:06" in result
    assert "Short mock, started 2 Mar 2026, 12:00" in listed


def test_result_shows_the_time_taken(candidate_client: Client, candidate: User) -> None:
    attempt = finished(candidate, deadline_at=NOW + timedelta(minutes=90), time_limit_minutes=90)
    body = candidate_client.get(url_of(attempt)).content.decode()
    assert "6 min 5 s" in body
    assert "of 1 h 30 min allowed; 1 h 23 min left unused" in body


def test_break_is_no_time_taken(candidate_client: Client, candidate: User) -> None:
    attempt = finished(candidate, deadline_at=NOW + timedelta(minutes=91), time_limit_minutes=90, paused_seconds=60)
    context = candidate_client.get(url_of(attempt)).context
    assert context["time_taken"] == "5 min 5 s"
    assert context["time_basis"] == "of 1 h 30 min allowed; 1 h 24 min left unused"


def test_due_date_is_no_time_limit(candidate_client: Client, candidate: User) -> None:
    attempt = finished(candidate, deadline_at=NOW + timedelta(days=3))
    assert candidate_client.get(url_of(attempt)).context["time_basis"] == "No time limit"


def test_result_leads_to_what_was_missed(candidate_client: Client, candidate: User) -> None:
    response = candidate_client.get(url_of(finished(candidate)))
    assert response.context["missed_href"] == "/practice/?objectives=MET-T1.1&objectives=MET-K1.2"
    assert [objective.code for objective in response.context["study_again"]] == ["MET-T1.1", "MET-K1.2"]
    assert 'href="/study/objectives/MET-T1.1/"' in response.content.decode()


def test_result_lists_every_missed_objective_and_first_what_was_missed_most(
    candidate_client: Client, candidate: User
) -> None:
    codes = ["CUL-K1.1", "CUL-K2.1", "MET-K1.1", "MET-K2.1", "MET-K3.1", "STR-K1.1", "STR-K1.1"]
    attempt = finish_attempt(attempt=make_attempt(candidate, *[make_question(code) for code in codes]), now=NOW)
    body = candidate_client.get(url_of(attempt)).text
    listed = re.findall(r'class="next-link" href="/study/objectives/([^/]+)/"', body)
    assert listed == ["STR-K1.1", "MET-K1.1", "MET-K2.1", "MET-K3.1", "CUL-K1.1", "CUL-K2.1"]
    assert "<summary>1 more</summary>" in body


def test_result_with_nothing_missed_says_so(candidate_client: Client, candidate: User) -> None:
    body = candidate_client.get(url_of(finished(candidate, "BB"))).content.decode()
    assert "Nothing missed." in body
    assert "Practice what you missed" not in body


def test_result_says_that_the_schedule_follows(candidate_client: Client, candidate: User) -> None:
    body = candidate_client.get(url_of(finished(candidate))).content.decode()
    assert "Your review schedule takes these answers in." in body
    assert 'href="/reviews/schedule/"' in body


def test_result_leads_to_every_question_by_filter(candidate_client: Client, candidate: User) -> None:
    tabs = candidate_client.get(url_of(finished(candidate))).context["review"].tabs
    assert [(tab["label"], tab["count"]) for tab in tabs] == [("All", 4), ("Wrong", 1), ("Unanswered", 1)]


def test_result_of_own_practice_can_be_repeated(candidate_client: Client, candidate: User) -> None:
    attempt = finished(candidate)
    assert f'action="{url_of(attempt)}repeat/"' in candidate_client.get(url_of(attempt)).content.decode()


@pytest.mark.parametrize("count", [10, 40])
def test_result_takes_the_same_queries_whatever_the_number_of_questions(
    candidate_client: Client, candidate: User, django_assert_num_queries: Any, count: int
) -> None:
    attempt = finished(candidate, "D" * count)
    Response.objects.filter(attempt=attempt).update(confidence="sure", seconds=30)
    with django_assert_num_queries(17):
        candidate_client.get(url_of(attempt))


# Before the due date


def test_result_before_the_due_date_shows_the_score_and_hides_the_rest(
    candidate_client: Client, before_due: Attempt
) -> None:
    body = candidate_client.get(url_of(before_due)).content.decode()
    assert "33 %" not in body
    assert "Until then you see your score as a whole." in body
    assert "The key and the reasons are shown after the due date, 9 March 2026, 12:00." in body
    hidden = ["Practice what you missed", "By statement", "show=wrong", "MET-K1.2", "Rationale"]
    assert [text for text in hidden if text in body] == []


def test_result_after_the_due_date_shows_everything(
    candidate_client: Client, before_due: Attempt, set_clock: SetClock
) -> None:
    set_clock(NOW + timedelta(days=7))
    body = candidate_client.get(url_of(before_due)).content.decode()
    shown = ["Practice what you missed", "By statement", "show=wrong", "MET-K1.2"]
    assert [text for text in shown if text in body] == shown
    assert "repeat/" not in body


# While it is open


def test_open_attempt_goes_on_at_the_first_unanswered_question(candidate_client: Client, candidate: User) -> None:
    attempt = open_attempt(candidate, "B-D-")
    assert candidate_client.get(url_of(attempt))["Location"] == f"{url_of(attempt)}questions/2/"


def test_open_attempt_with_feedback_after_each_goes_on_at_the_first_unchecked_question(
    candidate_client: Client, candidate: User
) -> None:
    attempt = open_attempt(candidate, "BB", feedback=Feedback.AFTER_EACH)
    Response.objects.filter(attempt=attempt, position=1).update(checked_at=NOW, is_correct=True)
    assert candidate_client.get(url_of(attempt))["Location"] == f"{url_of(attempt)}questions/2/"


def test_open_attempt_with_everything_answered_goes_on_at_the_way_out(
    candidate_client: Client, candidate: User
) -> None:
    attempt = open_attempt(candidate, "BD")
    assert candidate_client.get(url_of(attempt))["Location"] == f"{url_of(attempt)}submit/"


def test_open_mock_exam_goes_on_in_its_room(candidate_client: Client, candidate: User) -> None:
    attempt = make_mock_attempt(candidate)
    assert candidate_client.get(url_of(attempt))["Location"] == f"{url_of(attempt)}exam/"


@pytest.mark.parametrize(
    ("offset", "state"), [(-1, "in_progress"), (0, "in_progress"), (9, "in_progress"), (10, "graded")]
)
def test_overdue_attempt_is_closed_by_the_visit(
    candidate_client: Client, candidate: User, set_clock: SetClock, offset: int, state: str
) -> None:
    attempt = open_attempt(candidate, "B-", deadline_at=NOW)
    set_clock(NOW + timedelta(seconds=offset))
    body = candidate_client.get(url_of(attempt), follow=True).content.decode()
    attempt.refresh_from_db()
    assert attempt.state == state
    assert ("Time was up on 2 March, 12:00." in body) is (state == "graded")
    if state == "graded":
        assert "closed on the due date" in body


def test_ungraded_attempt_is_graded_by_the_visit(candidate_client: Client, candidate: User) -> None:
    attempt = open_attempt(candidate, "B-", state="submitted", submitted_at=NOW)
    assert candidate_client.get(url_of(attempt)).status_code == 200
    attempt.refresh_from_db()
    assert (attempt.state, attempt.raw_score) == ("graded", 1)


def test_abandoned_attempt_has_no_score(candidate_client: Client, candidate: User) -> None:
    body = candidate_client.get(url_of(open_attempt(candidate, "B", state="abandoned"))).content.decode()
    assert "This quiz was given up, so it has no score." in body


# Access


def test_somebody_elses_result_is_not_found(
    other_client: Client, coordinator_client: Client, before_due: Attempt
) -> None:
    for client in (other_client, coordinator_client):
        assert client.get(url_of(before_due)).status_code == 404


def test_unknown_result_is_not_found(candidate_client: Client) -> None:
    assert candidate_client.get(f"/attempts/{UUID(int=0)}/").status_code == 404


def test_anonymous_is_sent_to_sign_in(client: Client, before_due: Attempt) -> None:
    assert client.get(url_of(before_due))["Location"] == f"/accounts/login/?next={url_of(before_due)}"


def test_other_methods_are_refused(candidate_client: Client, before_due: Attempt) -> None:
    assert candidate_client.post(url_of(before_due)).status_code == 405
