"""The living page of the design system."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from ccxp_prep.style import COMPONENTS, SAMPLES, component_files, components

URL = "/style/"


def test_every_component_has_a_sample_and_every_sample_a_component() -> None:
    files = {path.relative_to(COMPONENTS).as_posix() for path in component_files()}

    assert set(SAMPLES) == files


def test_every_sample_draws_something() -> None:
    drawn = {
        f"{component.name}, {specimen.state}": specimen.html.strip() != ""
        for component in components()
        for specimen in component.specimens
    }

    assert [name for name, is_drawn in drawn.items() if not is_drawn] == []


def test_page_shows_each_component_with_what_it_expects(client: Client) -> None:
    response = client.get(URL)

    html = response.content.decode()
    assert response.status_code == 200
    assert html.count('class="style-component"') == len(SAMPLES)
    assert "visible text" in html  # from the head of button.html


def test_page_reads_the_tokens_from_their_file(client: Client) -> None:
    context: Any = client.get(URL).context

    assert ("space-1", "0.25rem") in context["spaces"]
    assert {"paper", "ink", "accent", "hue-cul", "hue-str"} <= set(context["colours"])


@pytest.mark.django_db
def test_page_asks_the_database_nothing(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        client.get(URL)


def test_page_is_not_there_in_production(client: Client, settings: Settings) -> None:
    settings.SHOWS_STYLE_PAGE = False

    assert client.get(URL).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_page_is_only_read(client: Client, method: str) -> None:
    assert getattr(client, method)(URL).status_code == 405
