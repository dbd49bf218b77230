from __future__ import annotations

import numpy as np
import pytest

from reviews.simulation.worlds import LARGEST_DISTANCE, WORLDS, DesignCell, Differences, design_cells


def cell_name(cell: DesignCell) -> str:
    return f"{cell.world}: {cell.name}"


@pytest.mark.parametrize("cell", design_cells(), ids=cell_name)
def test_a_world_shows_what_it_was_fitted_to(cell: DesignCell) -> None:
    assert cell.is_exempt or cell.distance <= LARGEST_DISTANCE


def test_only_one_cell_is_exempt() -> None:
    assert [cell_name(cell) for cell in design_cells(people=10) if cell.is_exempt] == ["B: known before, now"]


@pytest.mark.parametrize("name", WORLDS)
def test_an_answer_raises_recall_and_time_lowers_it(name: str) -> None:
    recall = []
    world = WORLDS[name](np.zeros((1, 1), bool), Differences(np.zeros((2, 1)), np.zeros((2, 1, 1))))
    row, column = np.zeros(1, np.int64), np.zeros(1, np.int64)
    for day in (0.0, 1.0, 30.0):
        recall.append(float(world.recall(row, column, np.array([day], np.float32))[0]))
        if day == 0.0:
            world.study(row, column, np.array([day], np.float32), np.array([False]))
    assert recall[0] < recall[2] < recall[1]


@pytest.mark.parametrize("name", WORLDS)
def test_many_answers_of_one_objective_stay_in_bounds(name: str) -> None:
    world = WORLDS[name](np.ones((1, 1), bool), Differences(np.zeros((2, 1)), np.zeros((2, 1, 1))))
    row, column = np.zeros(1, np.int64), np.zeros(1, np.int64)
    for day in range(60):
        at = np.array([day], np.float32)
        world.study(row, column, at, np.array([True]))
        assert 0 <= world.recall(row, column, at)[0] <= np.float32(0.98)
