"""The gate that a bank as a whole has to pass."""

from __future__ import annotations

import random
import statistics
from dataclasses import replace
from typing import Any

import pytest

from questions.validation import (
    LABELS,
    Area,
    Edition,
    Finding,
    Measure,
    QuestionContent,
    Severity,
    check_bank,
    measure_bank,
)
from questions.validation.duplicates import near_duplicates
from questions.validation.guessing import CUES, Choice, cue_accuracy, learned_accuracy, read_choice
from questions.validation.words import reading_grade
from tests.questions.builders import make_content, with_texts

HALVES = (Area("Culture", 50, frozenset({"CUL"})), Area("Metrics", 50, frozenset({"MET"})))
SIX = Edition("six", "Six areas", 10, HALVES, must_fill=True)
MERGED = Edition("one", "One area", 7, (Area("Everything", 100, frozenset({"CUL", "MET"})),), must_fill=False)
PLACEBO = 2
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aou"]


def word(rng: random.Random) -> str:
    return "".join(rng.choices(SYLLABLES, k=rng.randint(2, 3)))


def prose(rng: random.Random, count: int) -> str:
    return " ".join(word(rng) for _ in range(count))


def make_bank(*codes: str, seed: int = 1) -> list[QuestionContent]:
    """Questions whose words mean nothing and whose keys are drawn by lot."""
    rng = random.Random(seed)
    bank = []
    for code in codes:
        stem = f"{prose(rng, 9).capitalize()}. {prose(rng, 9).capitalize()}?"
        texts = [prose(rng, rng.randint(4, 7)) for _ in LABELS]
        bank.append(with_texts(make_content(code, stem=stem, key=rng.choice(LABELS)), *texts))
    return bank


def codes_of(pool: str, count: int) -> list[str]:
    """Three questions an objective, three objectives a statement."""
    competencies = ("CUL", "MET", "STR", "VOC")
    return [
        f"{competencies[place % 4]}-K{place // 36 + 1}.{place // 12 % 3 + 1}-{pool}{place // 4 % 3 + 1}"
        for place in range(count)
    ]


def choices_of(bank: list[QuestionContent]) -> list[Choice]:
    return [choice for content in bank if (choice := read_choice(content)) is not None]


def key_text(content: QuestionContent) -> str:
    return next(option.text for option in content.options if option.label == content.key)


def with_key_text(content: QuestionContent, text: str) -> QuestionContent:
    return with_texts(content, *(text if option.label == content.key else option.text for option in content.options))


def found(bank: list[QuestionContent], **scope: Any) -> list[tuple[str, str]]:
    findings = check_bank(bank, objectives=scope.get("objectives", []), editions=scope.get("editions", []))
    return [(finding.subject, finding.code) for finding in findings]


# Coverage and editions


def test_a_sound_bank_has_no_findings():
    bank = make_bank("MET-K1.1-P1", "CUL-T1.1-P1")

    assert found(bank, objectives=["MET-K1.1", "CUL-T1.1"]) == []


def test_an_objective_that_only_mocks_ask_is_an_error():
    assert check_bank(make_bank("MET-K1.1-M1"), objectives=["MET-K1.1"], editions=[]) == [
        Finding("objective_without_question", Severity.ERROR, "No practice question is published.", subject="MET-K1.1")
    ]


def test_what_an_edition_lacks_is_named():
    bank = make_bank("CUL-T1.1-M1", "MET-K1.1-M1", "MET-K1.1-M2", "MET-K1.1-P1")

    findings = check_bank(bank, objectives=[], editions=[SIX, MERGED])

    assert [(finding.severity, finding.subject, finding.message) for finding in findings] == [
        (Severity.ERROR, "six", "The sealed pool has 1 of 5 questions for Culture (Six areas)."),
        (Severity.ERROR, "six", "The sealed pool has 2 of 5 questions for Metrics (Six areas)."),
        (Severity.WARNING, "one", "The sealed pool has 3 of 7 questions for Everything (One area)."),
    ]


def test_a_full_mock_pool_is_no_finding():
    bank = make_bank(*(f"{area}1.1-M{number}" for area in ("CUL-T", "MET-K") for number in range(1, 6)))

    assert found(bank, editions=[SIX, MERGED]) == []


def test_questions_and_editions_without_sense_do_no_harm():
    broken = replace(make_content(), options=(), key="Z")

    assert found([broken] * 2, editions=[Edition("none", "No area", 100, (), must_fill=True)]) == []


# Questions that say the same


def test_equal_stems_are_errors_wherever_they_stand():
    one, two, sealed = make_bank("MET-K1.1-P1", "MET-K1.1-P2", "MET-K1.1-M1")
    twins = [one, replace(two, stem=one.stem.upper()), replace(sealed, stem=one.stem.replace(" ", "  "))]

    assert found(twins) == [("MET-K1.1-P2", "duplicate_stem"), ("MET-K1.1-M1", "duplicate_stem")]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("MET-K1.1-P2", []),  # a variant
        ("MET-K1.1-M1", [("MET-K1.1-M1", "near_duplicate")]),
        ("MET-K1.2-P1", [("MET-K1.2-P1", "near_duplicate")]),
    ],
)
def test_near_copies_are_errors_outside_an_objective_and_its_pool(code, expected):
    one, other = make_bank("MET-K1.1-P1", code)
    copy = replace(other, stem=one.stem.replace(one.stem.split()[4], "word"))

    assert found([one, copy]) == expected


def test_near_duplicates_are_those_of_comparing_every_pair():
    rng = random.Random(7)
    texts = [prose(rng, 20) for _ in range(40)]
    for place in range(0, 40, 4):
        changed = texts[place].split()
        for spot in rng.sample(range(20), k=place // 4):
            changed[spot] = word(rng)
        texts[place + 1] = " ".join(changed)

    def shingles(text: str) -> set[str]:
        split = text.split()
        return {" ".join(split[start : start + 3]) for start in range(18)}

    def jaccard(one: str, other: str) -> float:
        return len(shingles(one) & shingles(other)) / len(shingles(one) | shingles(other))

    pairs = [(one, other) for one in range(40) for other in range(one + 1, 40)]
    by_shingles = {pair for pair in pairs if jaccard(texts[pair[0]], texts[pair[1]]) >= 0.6}
    likely = near_duplicates(texts)

    assert 3 <= len(by_shingles) <= 9
    assert by_shingles <= set(likely)
    assert min(likely.values()) >= 0.6


def test_the_same_words_in_another_order_are_near_duplicates():
    rng = random.Random(3)
    words = [word(rng) for _ in range(12)]
    others = [prose(rng, 12) for _ in range(5)]

    (pair,) = near_duplicates([" ".join(words), *others, " ".join(reversed(words))])

    assert pair == (0, 6)


# Figures of a pool


def measure(bank: list[QuestionContent], code: str, pool: str = "practice", what: str = "") -> Measure:
    (found,) = [
        each
        for each in measure_bank(bank)
        if (each.code, each.pool, each.competency) == (code, pool, "") and what in each.what
    ]
    return found


@pytest.mark.parametrize("pool", ["practice", "mock"])
def test_a_placebo_with_random_keys_gives_nothing_away(pool):
    bank = make_bank(*codes_of("P", 420), *codes_of("M", 300), seed=PLACEBO)

    given_away = ("learned_guesser", "single_cue", "word_rate", "longest_is_key", "length_ratio")
    assert [
        str(each) for each in measure_bank(bank) if each.pool == pool and each.code in given_away and not each.is_met
    ] == []


def test_the_learned_guesser_is_at_chance_over_many_placebos():
    accuracies = [learned_accuracy(choices_of(make_bank(*codes_of("P", 200), seed=seed))) for seed in range(12)]

    assert statistics.fmean(accuracies) == pytest.approx(0.25, abs=0.02)


def test_pools_of_less_than_a_hundred_are_not_judged():
    assert measure_bank(make_bank(*codes_of("P", 99), *codes_of("M", 99))) == []


def test_pools_are_judged_apart():
    flawed = [with_key_text(content, f"{key_text(content)} because") for content in make_bank(*codes_of("M", 120))]
    bank = [*make_bank(*codes_of("P", 240)), *flawed]

    assert measure(bank, "longest_is_key").is_met
    assert not measure(bank, "longest_is_key", pool="mock").is_met


def test_the_longest_key_has_a_limit_of_two_standard_errors():
    texts = ("Survey callers now", "Map the whole journey", "Publish the scores", "Buy another tool")

    def longest(count: int) -> Measure:
        bank = [
            with_texts(replace(content, key="B" if place < count else "A"), *texts)
            for place, content in enumerate(make_bank(*codes_of("P", 300)))
        ]
        return measure(bank, "longest_is_key")

    # 1/4 + 2 * sqrt(3/16 / 300) = .3
    assert (longest(90).value, longest(90).highest, longest(90).is_met) == (0.3, pytest.approx(0.3), True)
    assert longest(91).is_met is False
    assert str(longest(91)) == "Keys strictly longest: 30.3% of 300 (at most 30.0%)"


def lengthen(content: QuestionContent) -> str:
    return f"{key_text(content)} {key_text(content)}"


FLAWS = {
    "longest_is_key": lengthen,
    "length_ratio": lengthen,
    "learned_guesser": lengthen,
}


@pytest.mark.parametrize("code", FLAWS)
def test_keys_twice_as_long_fail(code):
    bank = [with_key_text(content, FLAWS[code](content)) for content in make_bank(*codes_of("P", 200))]

    assert not measure(bank, code).is_met


def echo(content: QuestionContent) -> str:
    return " ".join(content.stem.strip("?").split()[3:8])


def detail(content: QuestionContent) -> str:
    return ", ".join(key_text(content).split())


def hedge(content: QuestionContent) -> str:
    return f"often {key_text(content)}"


@pytest.mark.parametrize(
    ("cue", "flaw"), [("words of the stem", echo), ("punctuation and detail", detail), ("a hedging word", hedge)]
)
def test_single_cues_are_found_where_two_keys_in_five_carry_them(cue, flaw):
    bank = [
        with_key_text(content, flaw(content)) if place % 5 < 2 else content
        for place, content in enumerate(make_bank(*codes_of("P", 300)))
    ]

    assert not measure(bank, "single_cue", what=cue).is_met


def test_absolute_distractors_are_found():
    bank = [
        with_texts(
            content,
            *(option.text if option.label == content.key else f"always {option.text}" for option in content.options),
        )
        for content in make_bank(*codes_of("P", 120))
    ]

    assert measure(bank, "word_rate", what="absolute").value == 1
    assert not measure(bank, "single_cue", what="no absolute word").is_met


def test_the_learned_guesser_finds_what_no_single_cue_names():
    """Keys of short words; no rule of thumb looks at the length of words."""
    rng = random.Random(11)
    bank = []
    for content in make_bank(*codes_of("P", 300)):
        letters = len(key_text(content))
        bank.append(with_key_text(content, " ".join(rng.choice(SYLLABLES) for _ in range(letters // 3 + 1))[:letters]))

    assert measure(bank, "learned_guesser").value > 0.9
    assert measure(bank, "longest_is_key").is_met


def test_questions_of_one_statement_are_learned_and_guessed_apart():
    """Each statement has a key length of its own, which tells nothing about the others."""
    choices = [
        Choice(
            group=f"MET-K{place % 5}",
            stem="Which?",
            options=("one two", "one six", "one ten", "two ten"),
            key=place % 4,
        )
        for place in range(200)
    ]

    assert learned_accuracy(choices) <= 0.35


def test_among_equals_a_cue_guesses_at_random():
    choice = Choice(group="MET-K1", stem="Which?", options=("four", "five", "nine", "six"), key=0)

    assert cue_accuracy(CUES["the longest option"], [choice]) == pytest.approx(1 / 3)
    assert cue_accuracy(CUES["the shortest option"], [choice]) == 0
    assert cue_accuracy(CUES["place A"], [choice]) == 1


def test_negative_stems_have_a_limit_of_three_percent():
    def negative(count: int) -> Measure:
        bank = [
            replace(content, stem="Which step is not needed?") if place < count else content
            for place, content in enumerate(make_bank(*codes_of("P", 100)))
        ]
        return measure(bank, "negative_stems")

    assert (negative(3).is_met, negative(4).is_met) == (True, False)


def test_competencies_are_judged_as_a_warning():
    bank = [with_key_text(content, lengthen(content)) for content in make_bank(*codes_of("P", 400))]

    findings = check_bank(bank, objectives=[], editions=[])

    severities = {finding.subject: finding.severity for finding in findings if finding.code == "learned_guesser"}
    assert severities == {
        "practice": Severity.ERROR,
        "practice CUL": Severity.WARNING,
        "practice MET": Severity.WARNING,
        "practice STR": Severity.WARNING,
        "practice VOC": Severity.WARNING,
    }


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        # .39 * 6 / 1 + 11.8 * 6 / 6 - 15.59
        ("The cat sat on the mat.", -1.45),
        # .39 * 5 / 1 + 11.8 * 9 / 5 - 15.59
        ("Many people value honest service.", 7.6),
        ("| Organizational | accountability |\n\nThe cat sat on the mat.", -1.45),
        ("", 0.0),
    ],
)
def test_reading_grade(text, grade):
    assert reading_grade(text) == pytest.approx(grade, abs=0.01)
