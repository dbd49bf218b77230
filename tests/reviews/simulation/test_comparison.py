from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest

from reviews.simulation import acceptance
from reviews.simulation.acceptance import acceptance_lines
from reviews.simulation.comparison import FSRS_UNPACED, LINEAR, NO_STUDY, OURS, POLICIES, QUICK, Result, compare
from reviews.simulation.report import as_json, chart_svg, text_lines
from reviews.simulation.worlds import design_cells

TABLES = [(world, minutes) for minutes in QUICK.minutes for world in "AB"]
Tables = dict[tuple[str, int], dict[str, Result]]


@pytest.fixture(scope="module")
def results() -> list[Result]:
    return compare(QUICK, processes=1)


@pytest.fixture(scope="module")
def tables(results: list[Result]) -> Tables:
    return {key: {row.policy: row for row in results if (row.world, row.minutes) == key} for key in TABLES}


def test_each_world_and_budget_has_a_row_for_each_policy(tables: Tables) -> None:
    assert [list(table) for table in tables.values()] == [list(POLICIES)] * 4


@pytest.mark.parametrize("key", TABLES)
def test_ours_is_ahead_of_random(tables: Tables, key: tuple[str, int]) -> None:
    random = tables[key]["random"]
    assert random.ours_ahead >= acceptance.LEAST_AHEAD_OF_RANDOM
    assert random.ours_ahead_low > 0


@pytest.mark.parametrize("key", TABLES)
def test_ours_is_ahead_of_blocked_study(tables: Tables, key: tuple[str, int]) -> None:
    assert tables[key]["blocked"].ours_ahead >= acceptance.LEAST_AHEAD_OF_BLOCKED


@pytest.mark.parametrize("key", TABLES)
def test_ours_is_not_far_behind_any_disciplined_policy(tables: Tables, key: tuple[str, int]) -> None:
    behind = [-tables[key][name].ours_ahead for name in acceptance.DISCIPLINED]
    assert max(behind) <= acceptance.MOST_BEHIND_THE_BEST


@pytest.mark.parametrize("key", TABLES)
def test_reviews_before_anything_new_stay_worse(tables: Tables, key: tuple[str, int]) -> None:
    assert tables[key][FSRS_UNPACED].ours_ahead > 0


@pytest.mark.parametrize("world", "AB")
def test_with_three_answers_for_each_nothing_is_left_out(tables: Tables, world: str) -> None:
    linear, ours = tables[world, 20][LINEAR], tables[world, 20][OURS]
    assert linear.answers_per_objective >= acceptance.ANSWERS_FOR_COVERAGE
    assert ours.coverage >= linear.coverage


def test_no_study_leaves_about_half(tables: Tables) -> None:
    assert all(45 < table[NO_STUDY].score < 51 for table in tables.values())


def test_ours_differs_from_itself_by_nothing(tables: Tables) -> None:
    assert {tables[key][OURS].ours_ahead for key in TABLES} == {0.0}


def test_all_lines_hold(results: list[Result]) -> None:
    assert [line.text for line in acceptance_lines(results, design_cells()) if not line.holds] == []


def test_a_line_that_fails_is_named(results: list[Result], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acceptance, "LEAST_AHEAD_OF_BLOCKED", 99.0)
    failed = [line.text for line in acceptance_lines(results, []) if not line.holds]
    assert len(failed) == 4
    assert failed[0].startswith("World A, 10 min: ours - blocked")


def test_two_processes_find_the_same(results: list[Result]) -> None:
    assert compare(QUICK, processes=2) == results


def test_the_table_has_a_line_for_each_result(results: list[Result]) -> None:
    lines = list(text_lines(QUICK, results))
    assert sum(line.startswith("ours ") for line in lines) == 4
    assert max(len(line) for line in lines) <= 100


def test_the_document_can_be_written_as_json(results: list[Result]) -> None:
    document = json.loads(json.dumps(as_json(QUICK, results, design_cells(people=10), acceptance_lines(results, []))))
    assert sorted(document) == ["acceptance", "results", "study", "worlds"]
    assert len(document["results"]) == 4 * len(POLICIES)


def test_the_chart_has_a_mark_for_each_comparison(results: list[Result]) -> None:
    root = ElementTree.fromstring(chart_svg(QUICK, results))
    assert len(root.findall("{*}circle")) == 4 * (len(POLICIES) - 2)
    assert root.findall("{*}style") == []
