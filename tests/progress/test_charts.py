from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.template.loader import render_to_string

from progress import charts
from progress.activity import activity_until
from progress.answers import Pace, Peers, Share
from progress.charts.lines import Estimate, line_with_band
from progress.charts.mastery import state_chart
from progress.queries.mastery import CompetencyMastery
from progress.states import State, tally
from tests.factories import make_competency

TODAY = date(2026, 3, 4)


def test_a_line_has_a_point_and_a_band_for_each_day() -> None:
    line = line_with_band([Estimate(TODAY - timedelta(days=4), 20, 50, 34, 66), Estimate(TODAY, 40, 75, 62, 84)])

    assert line is not None
    assert (line["path"], line["band"]) == ("0.0,50 100.0,75", "0.0,66 100.0,84 100.0,62 0.0,34")
    assert (line["points"][1]["label"], line["last_text"]) == ("4 March, n = 40", "Latest 75 %, n = 40")


def test_two_estimates_of_one_day_are_no_line() -> None:
    assert line_with_band([Estimate(TODAY, 20, 50, 34, 66)] * 2) is None


def test_parts_of_a_bar_stand_side_by_side_and_fill_it(db: None) -> None:
    states = tally([State.KNOWN, State.KNOWN, State.FADING, State.UNSEEN])
    chart = state_chart([CompetencyMastery(make_competency("MET"), states, 0.8, 1)])
    (row,) = chart["rows"]

    assert row["segments"] == [
        {"state": "known", "x": 0.0, "width": 50.0},
        {"state": "fading", "x": 50.0, "width": 25.0},
        {"state": "unseen", "x": 75.0, "width": 25.0},
    ]
    assert (row["note"], row["value_text"], row["counts"]) == ("2 known, 1 fading, 1 not met", "2 of 4", [2, 0, 1, 1])
    assert [state["name"] for state in chart["states"]] == ["Known", "Learning", "Fading", "Not met"]


def test_a_competency_without_objectives_has_an_empty_bar(db: None) -> None:
    chart = state_chart([CompetencyMastery(make_competency("MET"), tally([]), None, 0)])

    assert (chart["rows"][0]["segments"], chart["rows"][0]["value_text"]) == ([], "0 of 0")


def test_held_back_is_a_state_only_where_there_is_one(db: None) -> None:
    chart = state_chart([CompetencyMastery(make_competency("MET"), tally([State.WITHHELD]), None, 0)])

    assert chart["states"][-1] == {"state": "withheld", "name": "Held back"}


def test_shape_has_a_point_from_ten_answers_on(db: None) -> None:
    competencies = [make_competency(code) for code in ("CUL", "ORG", "VOC", "DES", "MET", "STR")]
    shares = {"CUL": Share(9, 10), "ORG": Share(9, 9), "DES": Share(6, 12), "STR": Share(15, 20)}
    radar = charts.score_radar(competencies, shares, target=75)

    assert radar is not None
    assert [(axis["code"], axis["value"], axis["n"]) for axis in radar["axes"]] == [
        ("CUL", 90, 10),
        ("ORG", None, 9),
        ("VOC", None, 0),
        ("DES", 50, 12),
        ("MET", None, 0),
        ("STR", 75, 20),
    ]


def test_certainty_in_words_tells_what_sure_is_worth() -> None:
    said = [("guess", Share(3, 9)), ("unsure", Share(6, 12)), ("sure", Share(48, 57))]

    assert charts.calibration_words(said) == [
        "When you were sure, 84 % of 57 were right. So about one in 6 was wrong; those are worth reading twice.",
        "When you were unsure, 50 % of 12 were right.",
    ]


def test_certainty_says_how_many_answers_are_missing() -> None:
    guess, _, sure = charts.calibration_points(
        [("guess", Share(3, 9)), ("unsure", Share(0, 0)), ("sure", Share(9, 10))]
    )

    assert (guess["value"], guess["missing"]) == (None, "1 more needed")
    assert (sure["value"], sure["y"], sure["top"], sure["bottom"]) == (90, 10, 2, 35)


@pytest.mark.parametrize(
    ("right", "sentence"),
    [
        (60, "You are behind them by more than chance alone would explain."),
        (75, "Chance alone may explain the difference."),
        (95, "You are ahead of them by more than chance alone would explain."),
    ],
)
def test_peers_are_told_apart_only_beyond_chance(right: int, sentence: str) -> None:
    told = charts.peer_words(Peers(Share(right, 100), 75))

    assert told is not None
    assert told["sentence"] == sentence


def test_pace_stands_in_the_middle_of_the_track(db: None) -> None:
    met = {"MET": make_competency("MET"), "CUL": make_competency("CUL")}
    bars = charts.pace_bars([Pace("CUL", 9, 50), Pace("MET", 10, 108)], met, pace=108)

    assert [(bar["code"], bar["value"], bar["text"], bar["n"]) for bar in bars] == [("MET", 50, "108 s", 10)]


def test_no_pace_without_an_edition(db: None) -> None:
    assert charts.pace_bars([Pace("MET", 10, 108)], {"MET": make_competency("MET")}, pace=0) == []


def test_grid_has_a_cell_per_day_and_a_row_per_week() -> None:
    activity = activity_until(TODAY, {TODAY: (12, 600)})
    grid = charts.activity_grid(activity)

    assert len(grid["cells"]) == 25 * 7 + 3
    assert grid["cells"][-1]["text"] == "4 March: 12 answers"
    assert (grid["cells"][-1]["step"], grid["cells"][0]["x"], grid["cells"][0]["y"]) == (2, 0.0, 0.0)
    assert grid["weeks"][0] == {
        "label": "2 March 2026",
        "counts": [0, 0, 12, "", "", "", ""],
        "total": 12,
        "minutes": 10,
    }


def test_names_of_months_do_not_run_into_each_other() -> None:
    grid = charts.activity_grid(activity_until(TODAY, {}))

    places = [month["x"] for month in grid["months"]]
    assert [month["label"] for month in grid["months"]] == ["Sep", "Oct", "Nov", "Dec", "Jan", "Feb"]
    assert min(after - before for before, after in pairwise(places)) > 2 * 100 / 26


def test_activity_in_words() -> None:
    activity = activity_until(TODAY, {TODAY: (12, 600), TODAY - timedelta(days=1): (1, 4000)})

    assert charts.activity_words(activity) == (
        "13 answers on 2 days in the last 26 weeks, with questions on screen for 1 h 17 min. "
        "The fullest day was 4 March, with 12 answers."
    )


def test_less_than_a_minute_is_no_zero() -> None:
    assert "on screen for less than a minute." in charts.activity_words(activity_until(TODAY, {TODAY: (30, 41)}))


def test_nothing_answered_needs_no_words() -> None:
    assert charts.activity_words(activity_until(TODAY, {})) == ""


def test_day_grid_is_silent_to_screen_readers_beside_its_summary_and_table() -> None:
    activity = activity_until(TODAY, {TODAY: (12, 600)})
    page = render_to_string(
        "components/charts/day_grid.html",
        {"title": "Answers a day", "summary": charts.activity_words(activity), "grid": charts.activity_grid(activity)},
    )

    assert '<div class="day-grid" aria-hidden="true">' in page
    assert "12 answers on 1 day in the last 26 weeks" in page
    assert page.count('<th scope="row">') == 26
