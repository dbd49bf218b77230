from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from progress import tasks
from progress.services import measure_estimates
from tests.factories import NOW
from tests.quizzes.queries.test_readiness import make_calibration
from tests.reviews.builders import make_fit

URL = "progress:estimates"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path, db: None) -> Path:
    """Without measurements, and without figures of another test."""
    settings.MEASUREMENTS = tmp_path
    cache.clear()
    return tmp_path


def page_of(client: Client) -> str:
    return client.get(reverse(URL)).content.decode()


def test_estimates_are_open_to_visitors_and_linked_from_every_page(client: Client) -> None:
    page = page_of(client)

    assert "What nobody here can know" in page
    assert f'href="{reverse(URL)}"' in client.get(reverse("study:competency-list")).content.decode()


def test_estimates_refuse_post(client: Client) -> None:
    assert client.post(reverse(URL)).status_code == 405


def test_estimates_show_what_the_simulations_printed_and_when(client: Client, folder: Path) -> None:
    figures = {"method": "ours", "n": 30, "brier": 0.1234, "coverage": {"value": 0.905}, "width": 21.6}
    figures["calibration_error"] = {"value": 0.031}
    others = {**figures, "method": "naive", "n": 31}
    trial = {"setting": "matched", "pass_rate": 0.71, "climatology": 0.206, "figures": [figures, others]}
    (folder / "readiness.json").write_text(json.dumps({"made_on": "2026-02-03", "candidates": 700, "trials": [trial]}))

    response = client.get(reverse(URL))
    page = response.content.decode()

    (row,) = response.context["simulated_tables"][0].rows
    assert (row.n, row.brier, row.coverage, row.width) == (30, 0.1234, 90.5, 21.6)
    assert "Made on 3 February 2026" in page
    assert "700 invented candidates" in page


def test_estimates_show_how_policies_compare(client: Client, folder: Path) -> None:
    ours = {"world": "A", "minutes": 10, "policy": "ours", "score": 66.0}
    zero = {"ours_ahead": 0.0, "ours_ahead_low": 0.0, "ours_ahead_high": 0.0}
    linear = {**ours, "policy": "linear", "score": 66.5}
    linear |= {"ours_ahead": -0.5, "ours_ahead_low": -0.9, "ours_ahead_high": -0.1}
    (folder / "policies.json").write_text(json.dumps({"results": [{**ours, **zero}, linear]}))

    response = client.get(reverse(URL))

    (table,) = response.context["policy_tables"]
    (row,) = table.rows
    assert (table.world, table.minutes, table.score, row.policy, row.text) == ("A", 10, 66.0, "linear", "-0.5")
    assert row.is_behind
    assert "World A, 10 minutes a day: ours scores 66.0 %" in response.content.decode()


@pytest.mark.parametrize("content", ["", "no JSON", "[]", '{"trials": [{}], "results": [{}]}', '{"trials": 3}'])
def test_estimates_stand_without_measurements_that_can_be_read(client: Client, folder: Path, content: str) -> None:
    for name in ("readiness", "policies"):
        (folder / f"{name}.json").write_text(content)

    assert page_of(client).count("No measurement came with this release.") == 2


def test_estimates_say_that_nothing_is_computed_yet_and_ask_for_it_once(
    client: Client, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(tasks.measure_estimates, "publish", lambda *args: asked.append(True))

    with django_capture_on_commit_callbacks(execute=True):
        first, second = page_of(client), page_of(client)

    assert "Not computed yet" in first
    assert "Not computed yet" in second
    assert asked == [True]


def test_estimates_show_last_nights_figures_with_too_few_yet(client: Client) -> None:
    measure_estimates(now=NOW)

    page = page_of(client)

    assert "Computed 2 March 2026, 12:00" in page
    assert page.count("too few yet") == 8  # six bins, mock exams, fits


def test_task_measures(client: Client) -> None:
    tasks.measure_estimates()

    assert "Not computed yet" not in page_of(client)


def test_estimates_tell_the_newest_calibration(client: Client) -> None:
    assert "No calibration yet" in page_of(client)
    make_calibration(is_accepted=False, reason="Foretold worse.", answers=12)

    page = page_of(client)

    assert "from 12 first answers to 100 questions by 10 candidates: refused" in page
    assert "That is too few yet" in page


def test_estimates_show_ones_own_fit_only(
    candidate: User, candidate_client: Client, other_client: Client, client: Client
) -> None:
    make_fit(candidate, reviews=600, log_loss=0.41, log_loss_default=0.45, log_loss_average=0.5)

    own = page_of(candidate_client)

    assert "Your own fit of 2 March 2026: in force" in own
    assert "0.4100 with your parameters, 0.4500 with the common ones" in own
    assert "Your own fit" not in page_of(other_client)
    assert "Your own fit" not in page_of(client)


@pytest.mark.parametrize("runs", [1, 3])
def test_estimates_take_a_fixed_number_of_queries(client: Client, runs: int, django_assert_num_queries: Any) -> None:
    for _ in range(runs):
        make_calibration()
    measure_estimates(now=NOW)

    with django_assert_num_queries(1):
        client.get(reverse(URL))
