"""The hexagon of radar.html: where its points stand, and what is left out."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.template.loader import render_to_string

from progress.charts.radar import Axis, radar_of

CODES = ["CUL", "ORG", "VOC", "DES", "MET", "STR"]


def axis(code: str, value: int | None) -> Axis:
    return Axis(code, f"Name of {code}", 12 if value is not None else 4, value, 20, 80)


def drawn(*values: int | None) -> dict[str, Any]:
    radar = radar_of([axis(code, value) for code, value in zip(CODES, values, strict=True)], 75)
    assert radar is not None
    return radar


def test_shape_runs_clockwise_from_the_top() -> None:
    radar = drawn(100, 100, 50, 50, 0, 100)

    assert radar["area"] == "0.0,-100.0 86.6,-50.0 43.3,25.0 0.0,50.0 0.0,0.0 -86.6,-50.0"


def test_rings_and_target_are_hexagons() -> None:
    radar = drawn(60, 60, 60, 60, 60, 60)

    assert radar["rings"] == [
        "0.0,-50.0 43.3,-25.0 43.3,25.0 0.0,50.0 -43.3,25.0 -43.3,-25.0",
        "0.0,-100.0 86.6,-50.0 86.6,50.0 0.0,100.0 -86.6,50.0 -86.6,-50.0",
    ]
    assert radar["target"] == "0.0,-75.0 65.0,-37.5 65.0,37.5 0.0,75.0 -65.0,37.5 -65.0,-37.5"


def test_axis_carries_its_point_its_interval_and_its_end() -> None:
    radar = drawn(60, 60, 60, 60, 60, 60)

    assert radar["axes"][1] == {
        "code": "ORG",
        "label": "Name of ORG",
        "n": 12,
        "value": 60,
        "end": "86.6,-50.0",
        "point": "52.0,-30.0",
        "span": "17.3,-10.0 69.3,-40.0",
        "range_text": "20 to 80 %",
    }


def test_competency_of_few_answers_leaves_a_gap_and_no_zero() -> None:
    radar = drawn(100, 60, None, 60, 60, 100)

    assert radar["axes"][2] == {
        "code": "VOC",
        "label": "Name of VOC",
        "n": 4,
        "value": None,
        "end": "86.6,50.0",
    }
    assert radar["area"] == ""
    assert radar["lines"] == [
        "-86.6,-50.0 0.0,-100.0",
        "0.0,-100.0 52.0,-30.0",
        "0.0,60.0 -52.0,30.0",
        "-52.0,30.0 -86.6,-50.0",
    ]


def test_nothing_right_is_a_point_in_the_middle_and_no_gap() -> None:
    radar = drawn(0, 50, 50, 50, 50, 50)

    assert (radar["axes"][0]["point"], len(radar["lines"])) == ("0.0,0.0", 6)


@pytest.mark.parametrize(
    ("values", "is_drawn"),
    [
        ([80, 70, None, None, None, None], False),
        ([80, None, 70, None, 60, None], True),
        ([80, 70, 60, 50, 40], False),
    ],
)
def test_shape_needs_six_axes_and_three_points(values: list[int | None], is_drawn: bool) -> None:
    radar = radar_of([axis(code, value) for code, value in zip(CODES, values, strict=False)], 75)

    assert (radar is not None) == is_drawn


def test_description_tells_every_axis() -> None:
    assert drawn(80, 70, None, 60, 50, 40)["description"] == (
        "CUL 80 %, ORG 70 %, VOC too few answers, DES 60 %, MET 50 %, STR 40 %"
    )


def page(radar: dict[str, Any]) -> str:
    context = {
        "title": "At a glance",
        "radar": radar,
        "interval_label": "90 % interval",
        "target_label": "Practice target 75 %",
        "fewest": 10,
    }
    return re.sub(r"\s+", " ", render_to_string("components/charts/radar.html", context))


def test_chart_has_a_name_a_description_and_a_table() -> None:
    html = page(drawn(80, 70, None, 60, 50, 40))

    assert 'role="img" viewBox="-86.6 -100 173.2 200"> <title>At a glance</title> <desc>CUL 80 %, ORG' in html
    assert "<caption>At a glance. Practice target 75 %</caption>" in html
    assert re.findall(r'<tr><th scope="row">(\w+) Name of \w+</th>(.*?)</tr>', html)[1:3] == [
        ("ORG", '<td class="numeric">70 %</td><td class="numeric">20 to 80 %</td><td class="numeric">12</td>'),
        ("VOC", '<td class="numeric" colspan="2">too few</td><td class="numeric">4</td>'),
    ]


def test_chart_draws_no_dot_where_a_competency_has_no_point() -> None:
    html = page(drawn(80, 70, None, 60, 50, 40))
    plot = html[: html.index("</svg>")]

    assert (plot.count('class="line-dot"'), plot.count('class="radar-span"'), plot.count("line-band")) == (5, 5, 0)
    assert "Below 10 answers a competency has no point, and the line has a gap there." in html


def test_chart_fills_a_whole_shape() -> None:
    html = page(drawn(80, 70, 60, 60, 50, 40))

    assert html.count('<polygon class="line-band"') == 1
    assert "has a gap there" not in html
