from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.matching import Part, excerpt, excerpt_at, fold, has_all, marked, plain_text, search_words


def text_of(parts: list[Part]) -> str:
    return "".join(part.text for part in parts)


def marks_of(parts: list[Part]) -> list[str]:
    return [part.text for part in parts if part.is_marked]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Customer EFFORT", "customer effort"),
        ("Grönroos", "gronroos"),
        ("the customer\N{RIGHT SINGLE QUOTATION MARK}s", "the customer's"),
        ("follow\N{NON-BREAKING HYPHEN}up", "follow-up"),
        ("Straße", "straße"),
        ("\N{KELVIN SIGN}", "k"),
    ],
)
def test_fold_takes_case_and_accents_away(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_fold_keeps_every_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", []),
        ("  ", []),
        ("NPS", ["nps"]),
        ('"Net Promoter", net', ["net", "promoter"]),
        ("a R&D x of", ["r&d", "of"]),
        ("MET-K1.2", ["met-k1.2"]),
        ("Gro\N{COMBINING DIAERESIS}nroos", ["gronroos"]),
        ("*** -- |", []),
        ("% _ .*", []),
    ],
)
def test_search_words(query: str, words: list[str]) -> None:
    assert search_words(query) == words


def test_all_words_must_occur() -> None:
    assert has_all("customer effort score", ["effort", "custom"])
    assert not has_all("customer effort score", ["effort", "ease"])
    assert has_all("anything", [])


def test_marked_marks_every_occurrence_as_it_is_written() -> None:
    parts = marked("Grönroos on customers: GRONROOS.", ["gronroos", "custom", "customer"])
    assert marks_of(parts) == ["Grönroos", "customer", "GRONROOS"]
    assert text_of(parts) == "Grönroos on customers: GRONROOS."


def test_marked_takes_words_as_they_are() -> None:
    assert marks_of(marked("a.b axb", ["a.b"])) == ["a.b"]
    assert marked("<b>bold</b>", []) == [Part("<b>bold</b>", False)]
    assert marked("", ["word"]) == []


@given(st.text(), st.lists(st.text(min_size=2, max_size=3), max_size=3))
def test_marked_loses_nothing(text: str, words: list[str]) -> None:
    assert text_of(marked(text, [fold(word) for word in words])) == text


def test_excerpt_stands_around_the_first_occurrence() -> None:
    text = f"{'before ' * 40}the needle is here {'after ' * 60}needle"
    parts = excerpt(text, ["needle"])
    assert marks_of(parts) == ["needle"]
    assert text_of(parts).startswith("… before before")
    assert text_of(parts).endswith("after …")
    assert len(text_of(parts)) <= 204


def test_excerpt_of_a_short_text_is_the_text() -> None:
    assert excerpt("A needle.", ["needle"]) == [Part("A ", False), Part("needle", True), Part(".", False)]
    assert excerpt("", ["needle"]) == []


def test_excerpt_without_an_occurrence_is_the_beginning() -> None:
    text = "word " * 100
    assert text_of(excerpt(text, ["needle"])) == f"{'word ' * 39}word …"


def test_excerpt_at_marks_the_spans_that_it_shows() -> None:
    text = f"{'word ' * 60}needle and thread {'word ' * 60}thread"
    start = text.index("needle")
    parts = excerpt_at(text, [(start, start + 6), (start + 11, start + 17), (len(text) - 6, len(text))])
    assert marks_of(parts) == ["needle", "thread"]
    assert text_of(parts).startswith("… word")


def test_excerpt_near_the_end_fills_its_length() -> None:
    text = f"{'word ' * 100}needle"
    assert len(text_of(excerpt(text, ["needle"]))) >= 190


@given(st.text(alphabet="ab é\n", max_size=600), st.sampled_from(["aa", "be", "abab"]))
def test_excerpt_shows_the_first_occurrence_whole(text: str, word: str) -> None:
    parts = excerpt(text, [word])
    assert len(text_of(parts)) <= 204
    if word in fold(text):
        assert fold(marks_of(parts)[0]) == word


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("The **score** is *high*.", "The score is high."),
        ("### Head\n\n- one\n- two\n\n1. three", "Head one two three"),
        ("| a | b |\n|---|---:|\n| 1 | 2 |", "a · b 1 · 2"),
        ("[the page](https://example.org/a) `code`", "the page code"),
        ("5 * 4 = 20 and 2\\*3", "5 * 4 = 20 and 2*3"),
        ("snake_case and _this_", "snake_case and this"),
        ("> said\nso", "said so"),
        ("<b>", "<b>"),
    ],
)
def test_plain_text(markdown: str, plain: str) -> None:
    assert plain_text(markdown) == plain
