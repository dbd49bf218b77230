from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.special_days import Span, hindrances, joined, kind_on, minutes_on, suggested_mocks

TODAY = date(2026, 3, 2)  # a Monday
WEEKDAYS = [20, 20, 20, 20, 20, 30, 30]


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def span(kind: str, first: int, last: int | None = None) -> Span:
    return Span(kind, day(first), day(first if last is None else last))


spans = st.builds(
    lambda kind, first, length: span(kind, first, first + (0 if kind == "mock" else length)),
    st.sampled_from(["off", "easy", "mock"]),
    st.integers(-5, 80),
    st.integers(0, 20),
)


@pytest.mark.parametrize(
    ("kind", "minutes"), [("off", [20, 0, 0, 20]), ("easy", [20, 10, 10, 20]), ("mock", [20, 0, 0, 20])]
)
def test_minutes_on_follow_the_special_days_from_the_first_to_the_last(kind: str, minutes: list[int]) -> None:
    days = [span(kind, 1, 2)]
    assert [minutes_on(day(number), WEEKDAYS, days) for number in range(4)] == minutes


def test_kind_on_a_day_of_several_kinds_is_mock_before_off_before_easy() -> None:
    days = [span("easy", 0, 9), span("off", 2, 9), span("mock", 4)]
    assert [kind_on(day(number), days) for number in (0, 2, 4, 10)] == ["easy", "off", "mock", ""]


@pytest.mark.parametrize(
    ("new", "whole", "taken"),
    [
        (span("off", 12), span("off", 12), []),  # a day between
        (span("off", 11), span("off", 5, 11), [span("off", 5, 10)]),  # the next day
        (span("off", 3, 4), span("off", 3, 10), [span("off", 5, 10)]),
        (span("off", 6, 7), span("off", 5, 10), [span("off", 5, 10)]),
        (span("off", 1, 12), span("off", 1, 12), [span("off", 5, 10)]),
        (span("easy", 11), span("easy", 11), []),
    ],
)
def test_joined_spans_of_one_kind_are_one_stretch(new: Span, whole: Span, taken: list[Span]) -> None:
    assert joined(new, [span("off", 5, 10), span("easy", 20)]) == (whole, taken)


def test_joined_span_closes_the_gap_between_two() -> None:
    two = [span("off", 1, 3), span("off", 7, 9)]
    assert joined(span("off", 4, 6), two) == (span("off", 1, 9), two)


def test_joined_mock_exams_on_neighbouring_days_stay_two() -> None:
    assert joined(span("mock", 4), [span("mock", 3)]) == (span("mock", 4), [])
    assert joined(span("mock", 3), [span("mock", 3)]) == (span("mock", 3), [span("mock", 3)])


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Span("off", date(2026, 3, 7), date(2026, 3, 7)), "7 March"),
        (Span("off", date(2026, 3, 7), date(2026, 3, 12)), "7 to 12 March"),
        (Span("off", date(2026, 3, 28), date(2026, 4, 3)), "28 March to 3 April"),
        (Span("off", date(2026, 12, 28), date(2027, 1, 3)), "28 December 2026 to 3 January 2027"),
    ],
)
def test_words_of_a_span(value: Span, words: str) -> None:
    assert value.words == words


@pytest.mark.parametrize(
    ("exam", "days"),
    [(None, []), (-1, []), (0, []), (1, []), (3, []), (4, [1]), (10, [1, 6]), (28, [13, 19, 24]), (34, [13, 20, 27])],
)
def test_suggested_mocks_by_the_days_left(exam: int | None, days: list[int]) -> None:
    exam_on = None if exam is None else day(exam)
    assert suggested_mocks(TODAY, exam_on, WEEKDAYS, []) == [day(number) for number in days]


def test_suggested_mocks_are_none_while_one_is_ahead() -> None:
    assert suggested_mocks(TODAY, day(56), WEEKDAYS, [span("mock", 30)]) == []
    assert len(suggested_mocks(TODAY, day(56), WEEKDAYS, [span("mock", -3)])) == 3


def test_suggested_mocks_are_none_without_minutes() -> None:
    assert suggested_mocks(TODAY, day(56), [0] * 7, []) == []


@given(
    exam=st.integers(0, 800),
    minutes=st.lists(st.integers(0, 600), min_size=7, max_size=7),
    days=st.lists(spans, max_size=5),
)
def test_suggested_mocks_keep_their_rules(exam: int, minutes: list[int], days: list[Span]) -> None:
    mocks = suggested_mocks(TODAY, day(exam), minutes, days)
    assert len(mocks) <= 3
    assert all(TODAY < on <= day(exam - 3) for on in mocks)
    assert all(minutes[on.weekday()] and not kind_on(on, days) for on in mocks)
    assert all((later - earlier).days >= 5 for earlier, later in pairwise(mocks))


@pytest.mark.parametrize(
    ("exam", "minutes", "days", "titles"),
    [
        (30, WEEKDAYS, [span("off", 3, 9), span("mock", 20)], []),
        (None, WEEKDAYS, [span("off", 0, 900)], []),
        (30, [0] * 7, [], ["No minutes on any weekday"]),
        (None, [0] * 7, [], ["No minutes on any weekday"]),
        (-1, WEEKDAYS, [span("off", -9, 9)], ["Your exam date has passed."]),
        (30, WEEKDAYS, [span("off", 0, 29)], ["Every day until your exam is off"]),
        (5, [0, 0, 0, 0, 0, 30, 30], [], ["Every day until your exam is off"]),
        (30, WEEKDAYS, [span("off", 0, 15), span("off", 17, 29), span("mock", 16)], []),
        (30, WEEKDAYS, [span("off", 25, 40)], ["Your exam lies within a break"]),
        (30, WEEKDAYS, [span("mock", 30)], ["A mock exam is not before your exam"]),
        (
            30,
            WEEKDAYS,
            [span("mock", 44), span("off", 25, 40), span("mock", 20), span("mock", 30)],
            ["Your exam lies within a break", "2 mock exams are not before your exam"],
        ),
        (0, WEEKDAYS, [], []),
    ],
)
def test_hindrances_of_a_plan(exam: int | None, minutes: list[int], days: list[Span], titles: list[str]) -> None:
    found = hindrances(TODAY, None if exam is None else day(exam), minutes, days)
    assert [each.title for each in found] == titles


@pytest.mark.parametrize(
    ("mocks", "text"),
    [
        ([12], "The one on 14 March would not come before it. Remove it or choose an earlier day."),
        (
            [31, 12, 10],
            "Those on 12 March, 14 March and 2 April would not come before it. Remove them or choose earlier days.",
        ),
    ],
)
def test_hindrance_names_every_mock_exam_that_is_too_late(mocks: list[int], text: str) -> None:
    [found] = hindrances(TODAY, day(10), WEEKDAYS, [span("mock", number) for number in mocks])
    assert found.text == text


def test_hindrance_names_the_days() -> None:
    [found] = hindrances(TODAY, day(10), WEEKDAYS, [span("easy", 8, 11)])
    assert found.text == "It is on 12 March, and 10 to 13 March is marked as easy. The exam counts."
