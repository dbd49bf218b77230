from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from quizzes.models import Attempt, Quiz
from tests.factories import NOW, make_attempt, make_blueprint, make_question, make_quiz, make_study_plan
from tests.progress.builders import make_answered
from tests.reviews.builders import review

URL = "progress:overview"


def make_result(candidate: User, *, raw_score: int = 1) -> Attempt:
    attempt = make_attempt(
        candidate, make_question(), state=Attempt.State.GRADED, submitted_at=NOW, graded_at=NOW, raw_score=raw_score
    )
    attempt.responses.update(selected_label="B", answered_at=NOW, is_correct=bool(raw_score))
    return attempt


def test_overview_shows_scores_against_the_own_target(candidate: User, candidate_client: Client) -> None:
    make_study_plan(candidate, target_percent=82)
    make_result(candidate)

    page = candidate_client.get(reverse(URL)).content.decode()

    assert "Practice target 82 %" in page
    assert "Metrics, Measurement, and ROI" in page


def test_overview_lists_the_latest_results(candidate: User, candidate_client: Client) -> None:
    attempt = make_result(candidate)

    page = candidate_client.get(reverse(URL)).content.decode()

    assert attempt.get_absolute_url() in page
    assert "1 of 1" in page


def test_overview_shows_readiness_in_short(candidate: User, candidate_client: Client) -> None:
    make_blueprint(item_count=10, MET=100)
    make_result(candidate)

    page = candidate_client.get(reverse(URL)).content.decode()

    assert "Answer 11 more questions that you have not met before, and a first rough range stands here." in page
    assert reverse("progress:readiness") in page


def test_overview_says_what_will_appear_before_the_first_quiz(candidate_client: Client) -> None:
    assert "Nothing to show yet" in candidate_client.get(reverse(URL)).content.decode()


def test_overview_shows_nothing_of_other_candidates(other_candidate: User, candidate_client: Client) -> None:
    attempt = make_result(other_candidate)

    page = candidate_client.get(reverse(URL)).content.decode()

    assert str(attempt.code) not in page
    assert "Nothing to show yet" in page


def test_overview_asks_visitors_to_sign_in(client: Client, db: None) -> None:
    response = client.get(reverse(URL))

    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={reverse(URL)}")


def test_overview_refuses_post(candidate_client: Client) -> None:
    assert candidate_client.post(reverse(URL)).status_code == 405


def test_overview_of_one_who_only_reviewed_has_no_scores(candidate: User, candidate_client: Client) -> None:
    review(candidate, make_question())

    page = candidate_client.get(reverse(URL)).text

    assert ("none yet" in page, "First answers right, per competency" in page) == (True, False)


def test_overview_tells_no_share_of_few_answers(candidate: User, candidate_client: Client) -> None:
    make_answered(candidate, [make_question() for _ in range(9)])

    page = candidate_client.get(reverse(URL)).text

    assert "a share is told from 10 on" in page
    assert '<span class="bar-n">9 of 9</span>' in page
    assert "A share is told from 10 answers on" in page


def test_overview_tells_the_interval_of_a_share(candidate: User, candidate_client: Client) -> None:
    make_answered(candidate, [make_question() for _ in range(10)])

    assert "n = 10, 90 % interval 79 to 100 %" in candidate_client.get(reverse(URL)).text


def test_overview_shows_six_competencies_as_a_shape(candidate: User, candidate_client: Client) -> None:
    objectives = [f"{code}-K1.1" for code in ("CUL", "ORG", "VOC", "DES", "MET", "STR")]
    make_answered(candidate, [make_question(objective) for objective in objectives[:3] for _ in range(10)])
    make_answered(candidate, [make_question(objective) for objective in objectives[3:]])

    page = candidate_client.get(reverse(URL)).text

    assert "<desc>CUL 100 %, ORG 100 %, VOC 100 %, DES too few answers, MET too few answers, STR too few" in page


def test_overview_says_when_the_shape_appears(candidate: User, candidate_client: Client) -> None:
    make_result(candidate)

    page = candidate_client.get(reverse(URL)).text

    assert "stand here once three of them have 10 first answers each." in page
    assert "radar" not in page


@pytest.mark.parametrize("results", [1, 3])
def test_overview_takes_a_fixed_number_of_queries(
    candidate: User, candidate_client: Client, results: int, django_assert_num_queries
) -> None:
    make_blueprint()
    for _ in range(results):
        make_result(candidate)

    with django_assert_num_queries(27):
        candidate_client.get(reverse(URL))


def test_overview_leaves_the_placement_test_out_of_shares(candidate: User, candidate_client: Client) -> None:
    placement = make_quiz(kind=Quiz.Kind.PLACEMENT)
    make_answered(candidate, [make_question() for _ in range(12)], quiz=placement, label="A")
    make_answered(candidate, [make_question() for _ in range(12)])

    context = candidate_client.get(reverse(URL)).context

    assert [(bar["value"], bar["n"]) for bar in context["scores"] if bar["n"]] == [(100, 12)]
    assert context["figures"][0].value == "100"
