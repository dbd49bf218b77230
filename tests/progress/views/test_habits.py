from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.factories import NOW, make_blueprint, make_question
from tests.progress.builders import make_answered
from tests.reviews.builders import review

URL = "progress:habits"


def test_habits_count_the_answers_of_each_day(candidate: User, candidate_client: Client) -> None:
    review(candidate, make_question("MET-K1.1"), at=timezone.now())
    review(candidate, make_question("MET-K2.1"), at=timezone.now())

    page = candidate_client.get(reverse(URL)).text

    assert "2 answers on 1 day in the last 26 weeks" in page
    assert "A day ends at 04:00 in your time zone" in page


def test_habits_without_an_answer_in_half_a_year_say_so(candidate: User, candidate_client: Client) -> None:
    make_answered(candidate, [make_question()], at=NOW.replace(year=2020))

    assert "No answers in the last 26 weeks." in candidate_client.get(reverse(URL)).text


def test_habits_tell_certainty_from_ten_answers_on(candidate: User, candidate_client: Client) -> None:
    make_answered(candidate, [make_question() for _ in range(10)], confidence="sure")
    make_answered(candidate, [make_question() for _ in range(9)], confidence="guess", label="A")

    page = candidate_client.get(reverse(URL)).text

    assert "When you were sure, 100 % of 10 were right. None was wrong so far." in page
    assert ("When you were guessing" in page, "1 more needed" in page) == (False, True)


def test_habits_count_the_reasons_that_were_named(candidate: User, candidate_client: Client) -> None:
    make_answered(candidate, [make_question() for _ in range(2)], label="A", miss_reason="misread")
    make_answered(candidate, [make_question()], label="A")

    page = candidate_client.get(reverse(URL)).text

    assert "You named a reason for 2 of 3 wrong answers: too few to show a pattern." in page
    assert "I misread the question" in page


def test_habits_compare_time_with_the_pace_of_the_exam(candidate: User, candidate_client: Client) -> None:
    make_blueprint(item_count=100)
    make_answered(candidate, [make_question("MET-K1.1") for _ in range(10)], seconds=54)
    make_answered(candidate, [make_question("CUL-K1.1")], seconds=54)

    page = candidate_client.get(reverse(URL)).text

    assert ("54 s" in page, "Pace of the exam: 108 s" in page) == (True, True)
    assert "Fewer than 10 timed answers yet in CUL, ORG, VOC, DES, STR." in page


def test_habits_say_what_is_missing_of_each_part(candidate: User, candidate_client: Client) -> None:
    make_answered(candidate, [make_question()])

    page = candidate_client.get(reverse(URL)).text

    assert "Say how sure you are when you answer." in page
    assert "When an answer was wrong, say why" in page
    assert "Shown from 10 timed first answers in a competency on." in page


def test_habits_before_the_first_answer_say_what_will_appear(other_candidate: User, candidate_client: Client) -> None:
    make_answered(other_candidate, [make_question()])
    review(other_candidate, make_question())

    assert "Nothing to show yet" in candidate_client.get(reverse(URL)).text


def test_habits_ask_visitors_to_sign_in(client: Client, db: None) -> None:
    response = client.get(reverse(URL))

    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={reverse(URL)}")


def test_habits_refuse_post(candidate_client: Client) -> None:
    assert candidate_client.post(reverse(URL)).status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_habits_take_a_fixed_number_of_queries(
    candidate: User, candidate_client: Client, count: int, django_assert_num_queries
) -> None:
    for _ in range(count):
        make_answered(candidate, [make_question()])
        review(candidate, make_question(), at=timezone.now())

    with django_assert_num_queries(8):
        candidate_client.get(reverse(URL))
