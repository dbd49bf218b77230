from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from questions.models import Question
from tests.factories import make_attempt, make_question

URL = "/practice/count/"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def bank(db: None) -> None:
    make_question("MET-K1.1")
    make_question("MET-K2.1")
    make_question("CUL-K1.1")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({}, '<strong class="matching-count">3</strong> questions match'),
        ({"competencies": "MET"}, '<strong class="matching-count">2</strong> questions match'),
        ({"competencies": ["MET", "CUL"]}, '<strong class="matching-count">3</strong> questions match'),
        ({"objectives": "CUL-K1.1"}, '<strong class="matching-count">1</strong> question matches'),
        ({"competencies": "XXX"}, '<strong class="matching-count">0</strong> questions match.'),
        ({"statements": "MET-K1"}, '<strong class="matching-count">1</strong> question matches'),
        ({"competencies": "CUL", "statements": "MET-K1"}, '<strong class="matching-count">2</strong> questions match'),
        ({"levels": "medium"}, '<strong class="matching-count">3</strong> questions match'),
        ({"levels": ["easy", "hard"]}, '<strong class="matching-count">0</strong> questions match. Widen the choice.'),
        ({"statuses": "unseen"}, '<strong class="matching-count">3</strong> questions match'),
        ({"statuses": "missed"}, '<strong class="matching-count">0</strong> questions match.'),
        ({"statuses": "lost"}, '<strong class="matching-count">0</strong> questions match.'),
        ({"levels": "\x00"}, '<strong class="matching-count">0</strong> questions match.'),
        ({"objectives": "\x00"}, '<strong class="matching-count">0</strong> questions match.'),
    ],
)
def test_fragment_counts(candidate_client: Client, query: dict[str, str], sentence: str) -> None:
    body = candidate_client.get(URL, query, headers=HTMX).content.decode()
    assert body.lstrip().startswith('<p class="matching" id="matching" role="status">')
    assert sentence in body


def test_statuses_are_the_candidate_s_own(
    candidate_client: Client, other_client: Client, candidate: User, bank: None
) -> None:
    make_attempt(candidate, Question.objects.get(objective__code="CUL-K1.1"))
    for client, count in ((candidate_client, 2), (other_client, 3)):
        body = client.get(URL, {"statuses": "unseen"}, headers=HTMX).content.decode()
        assert f'<strong class="matching-count">{count}</strong>' in body


def test_without_htmx_the_builder_shows_it(candidate_client: Client) -> None:
    response = candidate_client.get(URL, {"competencies": "MET"})
    assert (response.status_code, response["Location"]) == (302, "/practice/?competencies=MET")


def test_anonymous_is_sent_to_sign_in(client: Client) -> None:
    assert client.get(URL)["Location"] == "/accounts/login/?next=/practice/count/"


def test_other_methods_are_refused(candidate_client: Client) -> None:
    assert candidate_client.post(URL).status_code == 405
