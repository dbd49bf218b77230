from __future__ import annotations

import uuid

import pytest
from django.test import Client

from accounts.models import User
from questions.models import ProblemReport
from reviews.models import ReviewLog
from reviews.services import NewReview, record_reviews
from tests.factories import NOW, make_question


@pytest.fixture
def log(candidate: User) -> ReviewLog:
    question = make_question()
    review = NewReview(
        objective_id=question.objective_id,
        question_id=question.pk,
        source=uuid.uuid4(),
        selected_label="B",
        rating=3,
        seconds=5,
        reviewed_at=NOW,
        is_from_review=True,
    )
    record_reviews(candidate=candidate, reviews=[review])
    return ReviewLog.objects.get()


def url_of(log: ReviewLog) -> str:
    return f"/reviews/{log.source}/problem/"


def report() -> dict[str, str]:
    return {"code": str(uuid.uuid4()), "kind": "source", "text": "The source is of another year."}


def test_feedback_of_a_review_leads_to_the_form(candidate_client: Client, log: ReviewLog) -> None:
    assert f'href="{url_of(log)}"' in candidate_client.get(f"/reviews/{log.source}/").content.decode()
    assert candidate_client.get(url_of(log)).context["stem"] == log.question.stem


def test_report_is_kept_and_leads_back_to_the_feedback(
    candidate_client: Client, candidate: User, log: ReviewLog
) -> None:
    response = candidate_client.post(url_of(log), report())
    kept = ProblemReport.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/reviews/{log.source}/")
    assert (kept.question, kept.reporter, kept.kind) == (log.question, candidate, "source")


def test_bad_input_gets_a_sentence(candidate_client: Client, log: ReviewLog) -> None:
    response = candidate_client.post(url_of(log), {**report(), "text": "\x00"})
    assert (response.status_code, ProblemReport.objects.count()) == (200, 0)
    assert "There is a problem" in response.content.decode()


def test_question_as_a_label_gets_no_colon_in_the_summary(candidate_client: Client, log: ReviewLog) -> None:
    html = candidate_client.post(url_of(log), {**report(), "kind": ""}).content.decode()
    assert html.count(">What is wrong? Choose what is wrong.</a>") == 1


def test_answer_of_a_quiz_is_no_review(candidate_client: Client, log: ReviewLog) -> None:
    ReviewLog.objects.update(is_from_review=False)
    assert candidate_client.get(url_of(log)).status_code == 404


def test_visitors_strangers_and_other_methods_come_to_nothing(
    client: Client, candidate_client: Client, other_client: Client, log: ReviewLog
) -> None:
    assert client.get(url_of(log))["Location"].startswith("/accounts/login/")
    assert other_client.post(url_of(log), report()).status_code == 404
    assert candidate_client.put(url_of(log)).status_code == 405
    assert ProblemReport.objects.count() == 0
