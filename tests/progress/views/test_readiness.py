from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from progress import charts
from progress.charts.readiness import bounded
from quizzes.readiness import told_percent
from tests.factories import make_blueprint, make_mock_question, make_question, make_study_plan
from tests.quizzes.queries.test_readiness import answer, finish
from tests.reviews.builders import review

URL = "progress:readiness"
DAY = timedelta(days=1)


@pytest.fixture
def edition(db: None) -> None:
    make_blueprint()
    make_mock_question("MET-K1.1")


def page_of(client: Client) -> str:
    return client.get(reverse(URL)).content.decode()


def test_readiness_says_how_many_answers_are_missing(candidate: User, candidate_client: Client, edition: None) -> None:
    finish(candidate, *(make_question() for _ in range(5)), at=timezone.now())

    page = page_of(candidate_client)

    assert "Answer 7 more questions that you have not met before" in page
    assert reverse("quizzes:placement") in page
    assert "What it assumes" not in page


def test_readiness_shows_a_range_only_while_answers_are_few(
    candidate: User, candidate_client: Client, edition: None
) -> None:
    answer(candidate, each=2, right=1, at=timezone.now())

    page = page_of(candidate_client)

    assert "would be your score, roughly" in page
    assert "18 more first answers, at least 1 in CUL" in page
    assert "chance to reach your practice target" not in page
    assert "Chance to reach a score" not in page


def test_readiness_shows_the_chance_with_what_it_assumes(
    candidate: User, candidate_client: Client, edition: None
) -> None:
    make_study_plan(candidate, target_percent=80, exam_on=timezone.localdate() + 30 * DAY)
    answer(candidate, each=5, right=3, at=timezone.now() - DAY)
    answer(candidate, each=1, right=1, at=timezone.now())

    response = candidate_client.get(reverse(URL))
    page = response.content.decode()

    assert response.context["readiness"].chance % 5 in {0, 2, 3}
    assert "chance to reach your practice target of 80&nbsp;%" in page
    assert "The official standard is not published" in page
    assert "it assumes that you keep to the schedule" in page
    assert reverse("progress:estimates") in page
    assert "Expected score over time" in page
    assert "Chance to reach a score" in page


@pytest.mark.parametrize(
    ("probability", "words"), [(0.01, ("less than", 5)), (0.4, ("about", 40)), (0.99, ("more than", 95))]
)
def test_chance_at_either_end_is_told_as_a_bound(probability: float, words: tuple[str, int]) -> None:
    """It is rounded to 5 %, so that "about 3 %" would be finer than it is known."""
    assert bounded(told_percent(probability)) == words
    assert charts.chance_curve([(50, 0.5), (100, probability)])["points"][1]["text"] == f"{words[0]} {words[1]} %"


def test_readiness_says_what_its_first_answers_are(candidate: User, candidate_client: Client, edition: None) -> None:
    """Beside a share of first answers that leaves the placement test out."""
    answer(candidate, each=2, right=1, at=timezone.now())

    assert "n = 12 first answers, placement test included" in page_of(candidate_client)


def test_readiness_leads_to_three_competencies_that_pay(
    candidate: User, candidate_client: Client, edition: None
) -> None:
    answer(candidate, each=5, right=3, at=timezone.now())
    review(candidate, make_question("MET-K1.1"), at=timezone.now() - DAY)

    links = candidate_client.get(reverse(URL)).context["rewarding"]

    assert len(links) == 3
    for link in links:
        boxes = candidate_client.get(link.href).context["objective_choices"]
        assert {box.code for box in boxes if box.is_chosen} == set(link.area.objectives)


def test_readiness_without_an_exam_date_says_so(candidate: User, candidate_client: Client, edition: None) -> None:
    answer(candidate, each=5, right=3, at=timezone.now())

    assert "you have set no date that lies ahead" in page_of(candidate_client)


def test_readiness_on_an_empty_bank_says_what_will_appear(candidate_client: Client) -> None:
    assert "Nothing to aim at yet" in page_of(candidate_client)


def test_readiness_shows_nothing_of_other_candidates(
    other_candidate: User, candidate_client: Client, edition: None
) -> None:
    answer(other_candidate, each=5, right=3, at=timezone.now())

    assert "Answer 12 questions" in page_of(candidate_client)


def test_readiness_asks_visitors_to_sign_in(client: Client, db: None) -> None:
    response = client.get(reverse(URL))

    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={reverse(URL)}")


def test_readiness_refuses_post(candidate_client: Client) -> None:
    assert candidate_client.post(reverse(URL)).status_code == 405


@pytest.mark.parametrize("each", [1, 6])
def test_readiness_takes_a_fixed_number_of_queries(
    candidate: User, candidate_client: Client, edition: None, each: int, django_assert_num_queries: Any
) -> None:
    answer(candidate, each=each, right=1, at=timezone.now())
    review(candidate, make_question("MET-K1.1"), at=timezone.now() - DAY)

    with django_assert_num_queries(19):
        candidate_client.get(reverse(URL))
