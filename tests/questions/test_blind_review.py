from __future__ import annotations

import io
from dataclasses import replace

import pytest

from questions.blind_review import (
    LETTERS,
    Solve,
    blind_items,
    read_answers,
    read_record,
    review_figures,
    standing,
    unsolved,
    words_digest,
    write_record,
    write_sheet,
)
from tests.questions.builders import TEXTS, make_content

CONTENTS = [make_content("MET-K1.1-P1"), make_content("MET-K1.1-P2"), make_content("CUL-T1.1-M1")]


def solve(question: str = "MET-K1.1-P1", view: str = "stem", solver: str = "one", agrees: bool = True) -> Solve:
    return Solve(question, "abc", view, solver, "B", agrees)


# Sheets


def test_a_sheet_shows_stem_and_options_and_nothing_else():
    (item,) = blind_items(CONTENTS[:1], seed="first")
    stream = io.StringIO()
    write_sheet([item], view="stem", stream=stream)
    shown = [f"- {letter}: {TEXTS[label]}" for letter, label in zip(LETTERS, item.labels, strict=True)]

    assert stream.getvalue().splitlines() == [f"## {item.number}", "", CONTENTS[0].stem, "", *shown, ""]


def test_a_sheet_of_options_has_no_stem():
    stream = io.StringIO()
    write_sheet(blind_items(CONTENTS[:1], seed="first"), view="options", stream=stream)

    assert "hotel" not in stream.getvalue()
    assert stream.getvalue().count("\n- ") == 4


def test_order_and_letters_change_with_the_seed_and_not_with_the_company():
    alone = blind_items(CONTENTS[:1], seed="first")[0]
    together = {item.content.code: item for item in blind_items(CONTENTS, seed="first")}
    numbers = {blind_items(CONTENTS[:1], seed=str(seed))[0].number for seed in range(20)}
    orders = {blind_items(CONTENTS[:1], seed=str(seed))[0].labels for seed in range(20)}

    assert together["MET-K1.1-P1"] == alone
    assert len(numbers) == 20
    assert len(orders) > 5


@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        ({"stem": "Another stem?"}, False),
        ({"key": "C"}, False),
        ({"references": ("kano-1984",)}, True),
        ({"difficulty": 5}, True),
    ],
)
def test_the_digest_is_of_what_a_solver_sees_and_of_the_key(changes, is_same):
    assert (words_digest(replace(CONTENTS[0], **changes)) == words_digest(CONTENTS[0])) is is_same


# Answers


def test_answers_find_their_question_again():
    items = blind_items(CONTENTS, seed="first")
    lines = ["number,letter,remark", *(f"{item.number},{LETTERS[item.labels.index('B')]},sure" for item in items)]

    solves, refusals = read_answers(lines, items, view="stem", solver="one")

    assert refusals == []
    assert {(each.question, each.answer, each.agrees, each.remark) for each in solves} == {
        (content.code, "B", True, "sure") for content in CONTENTS
    }


def test_a_wrong_letter_is_an_answer_that_does_not_agree():
    (item,) = blind_items(CONTENTS[:1], seed="first")
    letter = LETTERS[item.labels.index("D")]

    (found,), _ = read_answers([f"{item.number},{letter}"], [item], view="stem", solver="one")

    assert (found.answer, found.agrees) == ("D", False)


def test_lines_that_are_no_answers_are_named():
    (item,) = blind_items(CONTENTS[:1], seed="first")

    solves, refusals = read_answers(
        ["ffffffff,W", f"{item.number},WX", "", f"{item.number},", f"{item.number},W", f"{item.number},X"],
        [item],
        view="stem",
        solver="one",
    )

    assert len(solves) == 1
    assert refusals == [
        "1: No published question has the number “ffffffff” on this sheet.",
        "2: The answer must be one of W, X, Y, Z, not “WX”.",
        "4: The answer must be one of W, X, Y, Z, not “”.",
        f"6: {item.number} is answered twice.",
    ]


# The record


def test_a_record_is_read_as_it_was_written_in_one_order():
    solves = [solve("MET-K1.1-P2", agrees=False), solve("MET-K1.1-P1", solver="two"), solve("MET-K1.1-P1")]
    stream = io.StringIO()
    write_record(solves, stream)

    assert stream.getvalue().splitlines()[1] == "MET-K1.1-P1,abc,stem,one,B,yes,"
    assert read_record(stream.getvalue().splitlines()) == [solves[2], solves[1], solves[0]]


def test_figures_take_the_views_apart():
    solves = [
        solve(),
        solve(solver="two"),
        solve("MET-K1.1-P2", agrees=False),
        solve(solver="two", question="MET-K1.1-P2"),
        solve(view="options"),
        solve("MET-K1.1-P2", view="options", agrees=False),
        Solve("MET-K1.1-P2", "abc", "adjudication", "adjudicator", "mended", True, "Two keys."),
    ]
    figures = review_figures(solves)

    assert (figures.solves, figures.agreement, figures.blind_solves, figures.blind_agreement) == (4, 0.75, 2, 0.5)
    assert (figures.gap, figures.adjudicated) == (0.25, 1)


def test_figures_of_nothing_are_zero():
    assert review_figures([]).gap == 0


def test_only_solves_of_the_present_words_stand():
    assert standing([solve(), solve("MET-K1.1-P2")], {"MET-K1.1-P1": "abc", "MET-K1.1-P2": "xyz"}) == [solve()]


def test_a_question_needs_two_solvers_with_the_stem_and_one_without():
    words = dict.fromkeys(["one-run", "same-solver", "no-options", "enough", "none"], "abc")
    solves = [
        solve("one-run"),
        solve("same-solver"),
        solve("same-solver"),
        *(solve(code, solver=name) for code in ("no-options", "enough") for name in ("one", "two")),
        solve("enough", view="options"),
    ]

    assert unsolved(solves, words) == {
        "one-run": "stem",
        "same-solver": "stem",
        "no-options": "options",
        "none": "stem",
    }
