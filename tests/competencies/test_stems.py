from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.stems import Indexed, Query, distance, parse, parted, spans, stem_of, tokens, tokens_asked_for


def ask(text: str) -> Query:
    return parse(text, most=8)


def told(text: str, query: str) -> list[str]:
    return [text[start:end] for start, end in spans(text, ask(query))]


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("measuring", "measur"),
        ("measurement", "measur"),
        ("churn", "churn"),
        ("the", ""),
        ("k1s", "k1s"),
        ("grüße", "grüße"),
    ],
)
def test_stem_of(word: str, stem: str) -> None:
    assert stem_of(word) == stem


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Grönroos", "gronroos"),
        ("R&D, net-promoter", "r d  net promoter"),
        ("customer\N{RIGHT SINGLE QUOTATION MARK}s", "customer s"),
        ("MET-K1.2", "met k1 2"),
        ("5 \N{MULTIPLICATION SIGN} 3\N{EM DASH}x", "5   3 x"),
    ],
)
def test_parted_takes_capitals_accents_and_marks_away(text: str, expected: str) -> None:
    assert parted(text) == expected


@given(st.text())
def test_parted_keeps_every_place(text: str) -> None:
    assert len(parted(text)) == len(text)


def test_stop_words_have_a_place_and_no_stem() -> None:
    assert [(token.place, token.stem) for token in tokens("Voice of the Customers")] == [
        (1, "voic"),
        (2, ""),
        (3, ""),
        (4, "custom"),
    ]


@pytest.mark.parametrize("query", ["", "  ", "the of", "* | - %", "'", "\\"])
def test_marks_and_stop_words_ask_for_nothing(query: str) -> None:
    assert ask(query).phrases == ()


def test_each_phrase_counts_once_and_the_first_ones_only() -> None:
    assert [phrase.text for phrase in parse("b-c B.C d e", most=2).phrases] == ["b c", "d"]


@pytest.mark.parametrize(
    ("text", "query", "is_held"),
    [
        ("We measured it", "measures", True),
        ("We measured it", "measures churn", False),
        ("MET-K1.1", "met-k1", True),
        ("MET-K10.1", "met-k1", False),
        ("K1 and MET", "met-k1", False),
        ("Close the loop", "close-the-loop", True),
        ("Close loop", "close-the-loop", False),
        ("Grönroos", "GRONROOS", True),
        ("needlework", "needle", False),
    ],
)
def test_a_text_holds_every_phrase_in_any_form(text: str, query: str, is_held: bool) -> None:
    assert Indexed([], [text]).holds(ask(query)) is is_held


def test_names_weigh_more_than_texts_and_often_more_than_once() -> None:
    query = ask("needle")
    ranks = [
        Indexed(names, texts).rank(query)
        for names, texts in [(["A needle"], ["hay"]), (["Hay"], ["needle, needles"]), (["Hay"], ["a needle"])]
    ]
    assert ranks == sorted(ranks, reverse=True)
    # As ts_rank has it for one place of weight A and of weight D.
    assert (round(ranks[0], 4), round(ranks[2], 4)) == (0.6079, 0.0608)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Customer Effort!", 0),
        ("A customer's effort", 2),
        ("The customer efforts", 1),
        ("The efforts of customers", 2),
        ("Customer value", 3),
        ("Churn", 4),
    ],
)
def test_distance_is_least_for_what_is_called_so(name: str, expected: int) -> None:
    assert distance(name, ask("customer effort")) == expected


def test_spans_are_whole_words_and_whole_phrases() -> None:
    assert told("Measured, or (measuring)? Immeasurable.", "measure") == ["Measured", "measuring"]
    assert told("MET-K1.1 and 1", "met-k1.1") == ["MET-K1.1"]
    assert told("Close the loop", "close-the-loop") == ["Close the loop"]
    assert told("net promoter", "net net-promoter") == ["net promoter"]


@pytest.mark.parametrize(
    "word", ["dying", "skies", "early", "hopping", "enabling", "relational", "sensibility", "churn"]
)
def test_every_word_begins_with_the_root_of_its_stem(word: str) -> None:
    assert [word.startswith(root) for root in ask(word).roots] == [True]


@given(
    st.lists(st.sampled_from([*"-. \n\N{EN DASH}", "measure", "Measuring", "im", "MET", "k1", "the", "Grönroos", "ü"])),
    st.sampled_from(["measures", "met-k1", "gronroos measure", "k1", "im"]),
)
def test_tokens_asked_for_are_those_of_all_tokens(pieces: list[str], query: str) -> None:
    text = "".join(pieces)
    asked = ask(query)
    assert list(tokens_asked_for(text, asked)) == [token for token in tokens(text) if token.stem in asked.stems]
