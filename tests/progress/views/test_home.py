from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_blueprint, make_mock_question, make_question

pytestmark = pytest.mark.django_db


def test_home_shows_the_sample_question_and_the_weights(client: Client) -> None:
    make_blueprint()
    question = make_question("MET-K1.1")

    page = client.get(reverse("progress:home")).content.decode()

    assert question.stem in page
    assert "Metrics, Measurement, and ROI" in page
    assert "20 %" in page


def test_home_keeps_the_key_and_the_rationales_of_the_sample(client: Client) -> None:
    make_question("MET-K1.1")

    assert "Rationale" not in client.get(reverse("progress:home")).content.decode()


def test_home_never_shows_a_sealed_question(client: Client) -> None:
    sealed = make_mock_question("MET-K1.1")

    assert sealed.stem not in client.get(reverse("progress:home")).content.decode()


def test_home_works_with_an_empty_bank(client: Client) -> None:
    assert client.get(reverse("progress:home")).status_code == 200


def test_home_sends_signed_in_people_to_today(candidate_client: Client) -> None:
    response = candidate_client.get(reverse("progress:home"))

    assert (response.status_code, response["Location"]) == (302, reverse("progress:today"))


def test_home_refuses_post(client: Client) -> None:
    assert client.post(reverse("progress:home")).status_code == 405
