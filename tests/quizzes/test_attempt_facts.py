from __future__ import annotations

from typing import Any

import pytest

from quizzes.attempt_facts import (
    Change,
    PeerPlace,
    ResponseFacts,
    Share,
    change_counts,
    choices_of,
    first_and_repeated,
    median_seconds,
    peer_place,
    share_by_confidence,
    slow_rows,
    slowest,
)


def fact(position: int = 1, **fields: Any) -> ResponseFacts:
    """An answered question whose key is B, answered right."""
    plain: dict[str, Any] = {
        "position": position,
        "competency": "MET",
        "competency_position": 5,
        "key": "B",
        "selected": "B",
        "is_correct": fields.get("selected", "B") == "B",
        "is_flagged": False,
        "confidence": "",
        "seconds": 0,
        "miss_reason": "",
        "choices": (fields.get("selected", "B"),),
    }
    return ResponseFacts(**{**plain, **fields})


def timed(*seconds: int) -> list[ResponseFacts]:
    return [fact(position, seconds=each) for position, each in enumerate(seconds, start=1)]


@pytest.mark.parametrize(
    ("log", "choices"),
    [
        ("", ()),
        ("B", ("B",)),
        ("BB", ("B",)),
        ("AB", ("A", "B")),
        ("A-A", ("A",)),
        ("A-B", ("A", "B")),
        ("ABA", ("A", "B", "A")),
    ],
)
def test_choices_leave_out_repeats_and_what_was_taken_back(log: str, choices: tuple[str, ...]) -> None:
    assert choices_of(label.strip("-") for label in log) == choices


@pytest.mark.parametrize(
    ("choices", "selected", "changes", "change"),
    [
        ("", "", 0, None),
        ("B", "B", 0, None),
        ("D", "D", 0, None),
        ("AB", "B", 1, Change.WRONG_TO_RIGHT),
        ("BA", "A", 1, Change.RIGHT_TO_WRONG),
        ("AC", "C", 1, Change.WRONG_TO_WRONG),
        ("BAB", "B", 2, Change.RIGHT_TO_RIGHT),
        ("B", "", 1, Change.RIGHT_TO_WRONG),
        ("AB", "", 2, Change.WRONG_TO_WRONG),
    ],
)
def test_change_goes_from_the_first_choice_to_the_last(
    choices: str, selected: str, changes: int, change: Change | None
) -> None:
    row = fact(selected=selected, choices=tuple(choices))
    assert (row.changes, row.change) == (changes, change)


def test_every_kind_of_change_is_counted() -> None:
    rows = [fact(choices=("A", "B")), fact(choices=("C", "B")), fact(selected="A", choices=("B", "A")), fact()]
    assert change_counts(rows) == {
        Change.WRONG_TO_RIGHT: 2,
        Change.RIGHT_TO_WRONG: 1,
        Change.WRONG_TO_WRONG: 0,
        Change.RIGHT_TO_RIGHT: 0,
    }


@pytest.mark.parametrize(
    ("seconds", "median"), [((10, 20, 30, 40), None), ((10, 20, 30, 40, 0), None), ((10, 20, 30, 40, 50), 30)]
)
def test_median_needs_five_times_and_leaves_out_what_was_not_timed(
    seconds: tuple[int, ...], median: float | None
) -> None:
    assert median_seconds(timed(*seconds)) == median


def test_slow_is_above_one_and_a_half_medians() -> None:
    assert [row.position for row in slow_rows(timed(40, 40, 40, 60, 61))] == [5]


def test_slowest_come_longest_first_and_the_earlier_of_equals() -> None:
    assert [row.position for row in slowest(timed(10, 50, 0, 50, 30), 3)] == [2, 4, 5]


def test_share_by_confidence_leaves_out_what_was_never_said_or_answered() -> None:
    rows = [
        fact(confidence="sure"),
        fact(confidence="sure", selected="A"),
        fact(confidence="guess", selected=""),
        fact(),
    ]
    assert share_by_confidence(rows, ["sure", "unsure", "guess"]) == {"sure": Share(1, 2)}


@pytest.mark.parametrize(
    ("selected", "confidence", "sure_wrong", "unsure_right"),
    [
        ("A", "sure", True, False),
        ("A", "unsure", False, False),
        ("B", "sure", False, False),
        ("B", "unsure", False, True),
        ("B", "guess", False, True),
        ("", "sure", False, False),
    ],
)
def test_certainty_is_held_against_the_mark(
    selected: str, confidence: str, sure_wrong: bool, unsure_right: bool
) -> None:
    row = fact(selected=selected, confidence=confidence)
    assert (row.is_sure_but_wrong, row.is_right_but_unsure) == (sure_wrong, unsure_right)


def test_first_answers_stand_apart_from_repeats() -> None:
    rows = [fact(1), fact(2, selected="A"), fact(3)]
    assert first_and_repeated(rows, {3}) == (Share(1, 2), Share(1, 1))


def test_share_has_an_interval_in_whole_percent() -> None:
    assert Share(68, 100).interval == (60, 75)


def test_place_is_told_from_twenty_others_on() -> None:
    assert peer_place({50: 10, 70: 9}, 60) is None
    assert peer_place({50: 10, 70: 10}, 60) == PeerPlace(n=20, below=10, low=50, median=60, high=70)


@pytest.mark.parametrize(("own", "below"), [(10, 5), (50, 5), (51, 10), (70, 10), (71, 15), (100, 15)])
def test_no_group_under_five_is_counted_out(own: int, below: int) -> None:
    place = peer_place({50: 10, 70: 8, 90: 2}, own)
    assert place is not None
    assert place.below == below
