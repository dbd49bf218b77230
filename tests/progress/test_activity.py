from __future__ import annotations

from datetime import date, timedelta

import pytest

from progress.activity import ActiveDay, activity_until, first_day

WEDNESDAY = date(2026, 3, 4)


def test_grid_begins_on_a_monday_and_ends_today() -> None:
    activity = activity_until(WEDNESDAY, {})

    assert first_day(WEDNESDAY) == date(2025, 9, 8)
    assert [len(week) for week in activity.weeks] == [7] * 25 + [3]
    assert (activity.weeks[0][0].on, activity.weeks[-1][-1].on) == (date(2025, 9, 8), WEDNESDAY)


@pytest.mark.parametrize(
    ("answers", "step"), [(0, 0), (1, 1), (9, 1), (10, 2), (19, 2), (20, 3), (39, 3), (40, 4), (400, 4)]
)
def test_a_day_is_darker_the_more_was_answered(answers: int, step: int) -> None:
    assert ActiveDay(WEDNESDAY, answers, 0).step == step


def test_totals_and_the_fullest_day() -> None:
    totals = {WEDNESDAY: (3, 90), WEDNESDAY - timedelta(days=8): (12, 600)}

    activity = activity_until(WEDNESDAY, totals, weeks=4)

    assert (activity.answers, activity.seconds, len(activity.active)) == (15, 690, 2)
    assert activity.fullest == ActiveDay(WEDNESDAY - timedelta(days=8), 12, 600)


def test_nothing_answered_has_no_fullest_day() -> None:
    assert activity_until(WEDNESDAY, {}).fullest is None
