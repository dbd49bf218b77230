from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from quizzes.models import Feedback
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_cohort,
    make_competency,
    make_objective,
    make_question,
    make_quiz,
)
from tests.progress.builders import make_answered
from tests.reviews.builders import make_due_card, make_schedule, review

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def url(code: str = "MET") -> str:
    return reverse("progress:mastery-detail", args=[code])


def test_mastery_detail_tells_state_recall_last_answer_and_next_review(
    candidate: User, candidate_client: Client
) -> None:
    question = make_question("MET-K1.1")
    review(candidate, question, at=NOW - 30 * DAY)
    make_schedule(candidate, 0, days=[{"on": str(TODAY + DAY), "reviews": ["MET-K1.1"], "new": [], "is_mock": False}])

    page = " ".join(candidate_client.get(url()).text.split())

    assert "Known</span> <span" in page
    assert "87 % recall today" in page
    assert "Right on 31 January. Next in your plan on 3 March. 1 of 1 question answered." in page


def test_mastery_detail_leads_to_the_study_text_and_asks(candidate_client: Client) -> None:
    objective = make_question("MET-K1.1").objective

    page = candidate_client.get(url()).text

    assert f'href="{objective.get_absolute_url()}"' in page
    assert f'href="{reverse("quizzes:practice")}?objectives=MET-K1.1"' in page


def test_mastery_detail_of_an_objective_without_questions_does_not_ask(candidate_client: Client) -> None:
    make_objective("MET-K1.1")

    page = candidate_client.get(url()).text

    assert "No question on it yet." in page
    assert "Ask me" not in page


def test_mastery_detail_counts_states_per_statement(candidate: User, candidate_client: Client) -> None:
    make_due_card(candidate, make_objective("MET-K1.1"), days_ago=300)
    make_objective("MET-K1.2")
    make_objective("MET-K2.1")

    page = candidate_client.get(url()).text

    assert page.count("1 fading, 1 not met") == 1
    assert page.count(">1 not met<") == 1
    assert "1 fading, 2 not met" in page


def test_mastery_detail_holds_back_what_an_assignment_keeps_to_itself(
    candidate: User, candidate_client: Client, coordinator: User
) -> None:
    question = make_question("MET-K1.1")
    quiz = make_quiz(author=coordinator, feedback=Feedback.AFTER_DUE)
    assignment = make_assignment(make_cohort(coordinator, candidate), quiz)
    make_answered(candidate, [question], label="A", quiz=quiz, assignment=assignment)
    review(candidate, question, selected_label="A", rating=1)

    page = candidate_client.get(url()).text

    assert ("Held back" in page, "Missed on" in page, "% recall today" in page) == (True, False, False)


def test_mastery_detail_of_a_competency_without_statements_says_so(candidate_client: Client) -> None:
    make_competency("CUL")

    assert "No statements yet" in candidate_client.get(url("CUL")).text


def test_mastery_detail_shows_nothing_of_other_candidates(other_candidate: User, candidate_client: Client) -> None:
    review(other_candidate, make_question())

    page = candidate_client.get(url()).text

    assert ("% recall today" in page, "0 of 1 question answered." in page) == (False, True)


@pytest.mark.parametrize("code", ["XXX", "met", "a-long-code-that-is-none"])
def test_mastery_detail_of_an_unknown_competency_is_not_found(candidate_client: Client, code: str) -> None:
    assert candidate_client.get(url(code)).status_code == 404


def test_mastery_detail_asks_visitors_to_sign_in(client: Client, db: None) -> None:
    response = client.get(url())

    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={url()}")


def test_mastery_detail_refuses_post(candidate_client: Client) -> None:
    assert candidate_client.post(url()).status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_mastery_detail_takes_a_fixed_number_of_queries(
    candidate: User,
    candidate_client: Client,
    count: int,
    django_assert_num_queries,
) -> None:
    for number in range(1, count + 1):
        review(candidate, make_question(f"MET-K{number}.1"))

    with django_assert_num_queries(13):
        candidate_client.get(url())
