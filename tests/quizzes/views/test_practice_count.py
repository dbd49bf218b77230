from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import make_question

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
        ({"objectives": "\x00"}, '<strong class="matching-count">0</strong> questions match.'),
    ],
)
def test_fragment_counts(candidate_client: Client, query: dict[str, str], sentence: str) -> None:
    body = candidate_client.get(URL, query, headers=HTMX).content.decode()
    assert body.lstrip().startswith('<p class="matching" id="matching" role="status">')
    assert sentence in body


def test_without_htmx_the_builder_shows_it(candidate_client: Client) -> None:
    response = candidate_client.get(URL, {"competencies": "MET"})
    assert (response.status_code, response["Location"]) == (302, "/practice/?competencies=MET")


def test_anonymous_is_sent_to_sign_in(client: Client) -> None:
    assert client.get(URL)["Location"] == "/accounts/login/?next=/practice/count/"


def test_other_methods_are_refused(candidate_client: Client) -> None:
    assert candidate_client.post(URL).status_code == 405
