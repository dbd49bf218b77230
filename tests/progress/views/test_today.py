from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from questions.models import ProblemReport
from quizzes.services import check_response
from reviews.services import add_special_days
from reviews.special_days import Span
from reviews.study_days import study_day
from tests.factories import (
    NOW,
    TODAY,
    make_assignment,
    make_attempt,
    make_blueprint,
    make_cohort,
    make_question,
    make_study_plan,
)
from tests.reviews.builders import review

URL = "progress:today"


def make_report(reporter: User, **fields: Any) -> ProblemReport:
    return ProblemReport.objects.create(
        **{
            "question": make_question(),
            "reporter": reporter,
            "kind": ProblemReport.Kind.KEY,
            "text": "It is D.",
            "reported_at": timezone.now(),
            **fields,
        }
    )


def test_today_offers_the_placement_test_first_to_a_new_candidate(candidate_client: Client) -> None:
    make_blueprint()
    page = candidate_client.get(reverse(URL)).content.decode()

    assert page.index(f'href="{reverse("quizzes:placement")}"') < page.index("Ten practice questions")
    assert "Answer 12 questions, and a first rough range stands here." in page
    assert "When is your exam?" in page


def test_today_counts_the_days_to_the_exam(candidate: User, candidate_client: Client) -> None:
    make_study_plan(candidate, exam_on=timezone.localdate() + timedelta(days=40))

    assert "to your exam" in candidate_client.get(reverse(URL)).content.decode()


@pytest.mark.parametrize(
    ("exam", "said"),
    [
        (2, ["<strong>1</strong> day to your exam"]),
        (1, ["<strong>0</strong> days to your exam"]),
        (0, ["Your exam was yesterday"]),
    ],
)
def test_today_dates_the_exam_by_the_calendar_after_midnight(
    candidate: User, candidate_client: Client, monkeypatch: pytest.MonkeyPatch, exam: int, said: list[str]
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(hours=14))
    make_question()
    make_study_plan(candidate, exam_on=TODAY + timedelta(days=exam))
    page = candidate_client.get(reverse(URL)).content.decode()
    sentences = [
        "<strong>1</strong> day to your exam",
        "<strong>0</strong> days to your exam",
        "Your exam was yesterday",
    ]

    assert [sentence for sentence in [*sentences, "Your exam is today"] if sentence in page] == said


def test_today_says_that_the_exam_date_has_passed(candidate: User, candidate_client: Client) -> None:
    make_study_plan(candidate, exam_on=timezone.localdate() - timedelta(days=5))

    assert "Your exam date has passed." in candidate_client.get(reverse(URL)).content.decode()


def test_today_says_what_the_session_holds_and_starts_it(candidate: User, candidate_client: Client) -> None:
    now = timezone.now()
    make_study_plan(candidate, exam_on=timezone.localdate() + timedelta(days=40), minutes_by_weekday=[60] * 7)
    review(candidate, make_question("MET-K1.1"), at=now - timedelta(days=300))
    make_question("MET-K2.1")
    make_question("MET-K2.2")

    page = candidate_client.get(reverse(URL)).content.decode()

    assert "Study 3 objectives" in page
    assert "1 review, 2 new; about " in page
    assert f'href="{reverse("reviews:review-next")}"' in page


def test_today_offers_to_study_ahead_when_all_is_done(candidate: User, candidate_client: Client) -> None:
    review(candidate, make_question("MET-K1.1"), at=timezone.now() - timedelta(days=1))

    page = candidate_client.get(reverse(URL)).content.decode()

    assert "All done for today" in page
    assert f'href="{reverse("reviews:review-next")}?ahead=1"' in page


def test_today_leads_to_the_mock_on_a_mock_day(candidate: User, candidate_client: Client) -> None:
    today = study_day(timezone.now(), candidate.time_zone)
    make_study_plan(candidate, exam_on=today + timedelta(days=40))
    add_special_days(candidate=candidate, span=Span("mock", today, today), now=timezone.now())

    page = candidate_client.get(reverse(URL)).content.decode()

    assert "Sit a mock exam" in page
    assert f'href="{reverse("quizzes:mock")}"' in page


def test_today_says_that_a_day_is_off(candidate: User, candidate_client: Client) -> None:
    today = study_day(timezone.now(), candidate.time_zone)
    review(candidate, make_question("MET-K1.1"), at=timezone.now() - timedelta(days=1))
    make_study_plan(candidate, exam_on=today + timedelta(days=40))
    add_special_days(candidate=candidate, span=Span("off", today, today), now=timezone.now())

    assert "Today is off" in candidate_client.get(reverse(URL)).content.decode()


def test_today_leads_to_exactly_the_objectives_that_pay(candidate: User, candidate_client: Client) -> None:
    make_blueprint(item_count=10, MET=100)
    review(candidate, make_question("MET-K1.1"), at=timezone.now() - timedelta(days=3))
    make_question("MET-K2.1")

    page = candidate_client.get(reverse(URL)).content.decode()

    assert f'href="{reverse("quizzes:practice")}?objectives=MET-K2.1&amp;objectives=MET-K1.1"' in page


def test_today_lists_an_open_assignment(candidate: User, candidate_client: Client, coordinator: User) -> None:
    now = timezone.now()
    assignment = make_assignment(
        make_cohort(coordinator, candidate), opens_at=now - timedelta(days=1), due_at=now + timedelta(days=3)
    )

    assert assignment.get_absolute_url() in candidate_client.get(reverse(URL)).content.decode()


def test_today_offers_to_resume_an_open_attempt(candidate: User, candidate_client: Client) -> None:
    attempt = make_attempt(candidate, make_question())

    assert attempt.get_absolute_url() in candidate_client.get(reverse(URL)).content.decode()


@pytest.mark.parametrize(("count", "listed", "is_led_to_all"), [(5, 5, False), (6, 5, True)])
def test_today_lists_the_latest_unfinished_and_leads_to_the_rest(
    candidate: User, candidate_client: Client, count: int, listed: int, is_led_to_all: bool
) -> None:
    question = make_question()
    for _ in range(count):
        make_attempt(candidate, question)

    page = candidate_client.get(reverse(URL)).text

    assert (page.count('<p class="muted">Started '), f"All {count} unfinished" in page) == (listed, is_led_to_all)


@pytest.mark.parametrize(("seconds_left", "is_offered"), [(1, True), (0, False)])
def test_today_offers_to_resume_while_there_is_time_left(
    candidate: User,
    candidate_client: Client,
    monkeypatch: pytest.MonkeyPatch,
    seconds_left: int,
    is_offered: bool,
) -> None:
    attempt = make_attempt(candidate, make_question(), deadline_at=NOW + timedelta(minutes=20))
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(minutes=20, seconds=-seconds_left))

    page = candidate_client.get(reverse(URL)).text

    assert ("whether you are here or not" in page) is is_offered
    assert (attempt.get_absolute_url() in page) is is_offered


def test_today_says_that_a_reported_problem_is_answered(candidate: User, candidate_client: Client) -> None:
    make_report(candidate, answer="Thank you. The key is changed.", answered_at=timezone.now())

    page = candidate_client.get(reverse(URL)).text

    assert "One of your reports has an answer." in page
    assert f'href="{reverse("quizzes:problem-list")}"' in page


def test_today_is_silent_about_reports_that_wait_or_were_read(candidate: User, candidate_client: Client) -> None:
    now = timezone.now()
    make_report(candidate)
    make_report(candidate, answer="No.", answered_at=now, seen_at=now)

    assert "You reported a problem" not in candidate_client.get(reverse(URL)).text


def test_today_goes_on_after_one_answer_and_a_closed_page(candidate: User, candidate_client: Client) -> None:
    make_study_plan(candidate, exam_on=timezone.localdate() + timedelta(days=40), minutes_by_weekday=[60] * 7)
    for number in range(1, 4):
        make_question(f"MET-K{number}.1")
    asked = candidate_client.get(reverse("reviews:review-next"))
    ticket = asked.context["form"].initial["ticket"]
    candidate_client.post(reverse("reviews:review-answer"), {"ticket": ticket, "label": "B", "confidence": "sure"})

    page = Client()
    page.force_login(candidate)

    assert "Go on: 2 objectives left today" in page.get(reverse(URL)).text


def test_today_keeps_a_practice_quiz_where_it_was_left(candidate: User, candidate_client: Client) -> None:
    attempt = make_attempt(candidate, make_question("MET-K1.1"), make_question("MET-K2.1"))
    check_response(response=attempt.responses.all()[0], label="B", now=timezone.now())

    page = candidate_client.get(reverse(URL)).text
    again = candidate_client.get(attempt.get_absolute_url(), follow=True)

    assert attempt.get_absolute_url() in page
    assert again.redirect_chain[-1][0] == reverse("quizzes:response-detail", args=[attempt.code, 2])


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
    make_blueprint()
    for _ in range(attempts):
        make_attempt(candidate, make_question())

    with django_assert_num_queries(25):
        candidate_client.get(reverse(URL))
