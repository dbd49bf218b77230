from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from quizzes.models import ItemStatistics, Quiz
from tests.factories import NOW, make_blueprint, make_mock_question, make_question, make_quiz, make_study_plan
from tests.progress.builders import make_answered

URL = "progress:scores"
DAY = timedelta(days=1)


def make_mock() -> Quiz:
    return make_quiz(kind=Quiz.Kind.MOCK, blueprint=make_blueprint("small", item_count=1, MET=100))


def test_scores_draw_a_line_through_mocks_on_two_days(candidate: User, candidate_client: Client) -> None:
    make_study_plan(candidate, target_percent=82)
    mock = make_mock()
    make_answered(candidate, [make_mock_question()], quiz=mock, at=NOW - DAY)
    make_answered(candidate, [make_mock_question()], quiz=mock, label="A")

    response = candidate_client.get(reverse(URL))

    assert response.context["mock_line"]["path"] == "0.0,100 100.0,0"
    assert "Practice target 82 %" in response.text


def test_scores_of_one_mock_are_a_sentence(candidate: User, candidate_client: Client) -> None:
    attempt = make_answered(candidate, [make_mock_question()], quiz=make_mock())

    response = candidate_client.get(reverse(URL))

    assert response.context["mock_line"] is None
    assert f'href="{attempt.get_absolute_url()}"' in response.text
    assert "A second mock exam on another day makes a line of it." in response.text


def test_scores_without_a_full_mock_say_where_short_ones_are(candidate: User, candidate_client: Client) -> None:
    make_answered(candidate, [make_question()])

    assert "No full mock yet; short ones count as practice." in candidate_client.get(reverse(URL)).text


def test_scores_draw_practice_week_by_week_without_mocks_and_placement(
    candidate: User, candidate_client: Client
) -> None:
    placement = make_quiz(kind=Quiz.Kind.PLACEMENT)
    make_answered(candidate, [make_question() for _ in range(10)], at=NOW - 7 * DAY)
    make_answered(candidate, [make_question() for _ in range(10)])
    make_answered(candidate, [make_question() for _ in range(10)], quiz=placement, label="A")
    make_answered(candidate, [make_mock_question()], quiz=make_mock(), label="A")

    line = candidate_client.get(reverse(URL)).context["week_line"]

    assert [point["text"] for point in line["points"]] == ["100 %", "100 %"]


def test_scores_keep_first_answers_and_repeats_apart(candidate: User, candidate_client: Client) -> None:
    questions = [make_question() for _ in range(10)]
    make_answered(candidate, questions, label="A", at=NOW - DAY)
    make_answered(candidate, questions)

    page = candidate_client.get(reverse(URL)).text

    assert "0 of 10 right; 90 % interval 0 to 21 %." in page
    assert "10 of 10 right; 90 % interval 79 to 100 %." in page
    assert "March 2026" in page


def test_scores_say_how_many_repeats_are_missing(candidate: User, candidate_client: Client) -> None:
    questions = [make_question() for _ in range(10)]
    make_answered(candidate, questions, at=NOW - DAY)
    make_answered(candidate, questions[:3])

    assert "Repeats are shown from 10 on; you have 3." in candidate_client.get(reverse(URL)).text


def test_scores_compare_with_others_on_the_same_questions(candidate: User, candidate_client: Client) -> None:
    questions = [make_question() for _ in range(10)]
    make_answered(candidate, questions)
    for question in questions:
        ItemStatistics.objects.create(question=question, n=21, facility=11 / 21, computed_at=NOW + DAY)

    page = candidate_client.get(reverse(URL)).text

    assert "10 questions, each answered by at least 20 others." in page
    assert "You are ahead of them by more than chance alone would explain." in page


def test_scores_do_not_compare_with_few_others(candidate: User, candidate_client: Client) -> None:
    questions = [make_question() for _ in range(10)]
    make_answered(candidate, questions)
    for question in questions:
        ItemStatistics.objects.create(question=question, n=20, facility=0.5, computed_at=NOW + DAY)

    page = candidate_client.get(reverse(URL)).text

    assert "A comparison needs 10 of your questions that at least 20 other candidates have answered too" in page
    assert "Others" not in page


def test_scores_before_the_first_quiz_say_what_will_appear(other_candidate: User, candidate_client: Client) -> None:
    make_answered(other_candidate, [make_question()])

    assert "No scores yet" in candidate_client.get(reverse(URL)).text


def test_scores_ask_visitors_to_sign_in(client: Client, db: None) -> None:
    response = client.get(reverse(URL))

    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={reverse(URL)}")


def test_scores_refuse_post(candidate_client: Client) -> None:
    assert candidate_client.post(reverse(URL)).status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_scores_take_a_fixed_number_of_queries(
    candidate: User, candidate_client: Client, count: int, django_assert_num_queries
) -> None:
    mock = make_mock()
    for _ in range(count):
        make_answered(candidate, [make_question()])
        make_answered(candidate, [make_mock_question()], quiz=mock)

    with django_assert_num_queries(8):
        candidate_client.get(reverse(URL))
