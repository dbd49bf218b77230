from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from questions.validation import (
    Finding,
    OptionContent,
    Severity,
    check_question,
    fingerprint,
    read_question,
)
from tests.questions.builders import make_content, make_fields, with_option, with_texts

LONG = "Interview the guests who left about the moment when they decided to do so"


def codes_and_paths(findings: list[Finding]) -> list[tuple[str, tuple[Any, ...]]]:
    return [(finding.code, finding.path) for finding in findings]


def of_severity(findings: list[Finding], severity: Severity) -> list[tuple[str, tuple[Any, ...]]]:
    return codes_and_paths([finding for finding in findings if finding.severity is severity])


# Reading


def test_read_question_returns_the_content():
    content, findings = read_question(make_fields(locators={"reichheld-2003": "p. 50"}))

    assert findings == []
    assert content is not None
    assert (content.code, content.objective, content.references) == ("MET-K1.1-P1", "MET-K1.1", ("reichheld-2003",))
    assert content.options[1] == OptionContent("B", "Map the journey with the agents", "Why B of MET-K1.1-P1.")
    assert content.locators == (("reichheld-2003", "p. 50"),)


def test_read_question_strips_text_and_unifies_line_ends():
    content, _ = read_question(make_fields(stem="  Two lines.\r\nWhich one?\n\n"))

    assert content is not None
    assert content.stem == "Two lines.\nWhich one?"


@pytest.mark.parametrize(
    ("changes", "code", "path", "message"),
    [
        ({"hint": "x"}, "unknown_field", ("hint",), "“hint” is not a field of a question."),
        (
            {"version": 2},
            "unknown_field",
            ("version",),
            "A file carries no version: the loader gives the next one.",
        ),
        ({"stem": 7}, "wrong_type", ("stem",), "The stem must be text, not the number 7."),
        ({"key": True}, "wrong_type", ("key",), "The key must be text, not true or false."),
        ({"cognitive_level": []}, "wrong_type", ("cognitive_level",), "The cognitive level must be text, not a list."),
        (
            {"difficulty": "3"},
            "wrong_type",
            ("difficulty",),
            "The difficulty must be a whole number, not the text “3”.",
        ),
        (
            {"difficulty": True},
            "wrong_type",
            ("difficulty",),
            "The difficulty must be a whole number, not true or false.",
        ),
        (
            {"difficulty": 2.5},
            "wrong_type",
            ("difficulty",),
            "The difficulty must be a whole number, not the number 2.5.",
        ),
        (
            {"objective": "MET-K1.1"},
            "wrong_type",
            ("objective",),
            "The objective must be one code in brackets, such as [CODE], not the text “MET-K1.1”.",
        ),
        (
            {"references": ["reichheld-2003"]},
            "wrong_type",
            ("references", 0),
            "A reference must be one code in brackets, such as [CODE], not the text “reichheld-2003”.",
        ),
        ({"references": None}, "wrong_type", ("references",), "The references must be a list, not nothing."),
        ({"options": {}}, "wrong_type", ("options",), "The options must be a list, not a mapping."),
        ({"options": ["A"]}, "wrong_type", ("options", 0), "An option must be a mapping, not the text “A”."),
        ({"locators": []}, "wrong_type", ("locators",), "The locators must be a mapping, not a list."),
        (
            {"locators": {"reichheld-2003": 50}},
            "wrong_type",
            ("locators", "reichheld-2003"),
            "The locator of reichheld-2003 must be text, not the number 50.",
        ),
        ({"stem": "a\0b"}, "control_character", ("stem",), "The stem holds the control character U+0000."),
        ({"stem": "a\ud800b"}, "control_character", ("stem",), "The stem holds the control character U+D800."),
    ],
)
def test_read_question_refuses_wrong_types(changes, code, path, message):
    content, findings = read_question(make_fields(**changes))

    assert content is None
    assert findings == [Finding(code, Severity.ERROR, message, path, "MET-K1.1-P1")]


def test_read_question_refuses_unknown_fields_and_wrong_types_of_an_option():
    fields = make_fields()
    fields["options"][2] = {"label": "C", "text": 42, "rationale": "Why.", "correct": "no"}

    content, findings = read_question(fields)

    assert content is None
    assert [(finding.path, finding.message) for finding in findings] == [
        (("options", 2, "correct"), "“correct” is not a field of an option."),
        (("options", 2, "text"), "The text of an option must be text, not the number 42."),
    ]


def test_read_question_names_every_missing_field():
    content, findings = read_question({})

    assert content is None
    assert {finding.code for finding in findings} == {"missing_field"}
    assert [finding.message for finding in findings][:2] == [
        "The field “code” is missing.",
        "The field “objective” is missing.",
    ]
    assert len(findings) == 10


# Errors of one question


def test_a_sound_question_has_no_finding():
    assert check_question(make_content()) == []


@pytest.mark.parametrize(
    ("changes", "code", "path", "message"),
    [
        (
            {"code": "MET-K1.1"},
            "bad_code",
            ("code",),
            "The code “MET-K1.1” must be an objective's code and -P1 or -M1, such as MET-K1.1-P1.",
        ),
        (
            {"code": "met-k1.1-p1"},
            "bad_code",
            ("code",),
            "The code “met-k1.1-p1” must be an objective's code and -P1 or -M1, such as MET-K1.1-P1.",
        ),
        (
            {"objective": "MET-K1.2"},
            "objective_differs",
            ("objective",),
            "The code belongs to the objective MET-K1.1, but the question names MET-K1.2.",
        ),
        ({"pool": "mock"}, "pool_differs", ("pool",), "The code says -P, but the pool is mock."),
        ({"pool": "exam"}, "unknown_pool", ("pool",), "The pool must be practice or mock, not “exam”."),
        (
            {"status": "live"},
            "unknown_status",
            ("status",),
            "The status must be draft, in_review, published or retired, not “live”.",
        ),
        (
            {"cognitive_level": "hard"},
            "unknown_cognitive_level",
            ("cognitive_level",),
            "The cognitive level must be recall, application or analysis, not “hard”.",
        ),
        (
            {"difficulty": 0},
            "difficulty_out_of_range",
            ("difficulty",),
            "The difficulty must be a whole number from 1 to 5, not 0.",
        ),
        (
            {"difficulty": 6},
            "difficulty_out_of_range",
            ("difficulty",),
            "The difficulty must be a whole number from 1 to 5, not 6.",
        ),
        ({"stem": ""}, "empty_stem", ("stem",), "The stem is empty."),
        ({"key": "E"}, "unknown_key", ("key",), "The key must be A, B, C or D, not “E”."),
        ({"key": ""}, "unknown_key", ("key",), "The key must be A, B, C or D, not “”."),
        ({"references": ()}, "no_reference", ("references",), "There is no reference: name at least one work."),
        (
            {"references": ("hart-1990", "hart-1990")},
            "doubled_reference",
            ("references",),
            "The reference hart-1990 stands twice.",
        ),
        (
            {"locators": (("hart-1990", "p. 3"),)},
            "locator_without_reference",
            ("locators", "hart-1990"),
            "The locators name hart-1990, which is not among the references.",
        ),
    ],
)
def test_check_question_reports_the_error(changes, code, path, message):
    content = make_content(**changes)

    assert check_question(content) == [Finding(code, Severity.ERROR, message, path, content.code)]


def test_check_question_reports_an_empty_option():
    assert codes_and_paths(check_question(with_option(make_content(), "C", text=""))) == [
        ("empty_option", ("options", 2, "text"))
    ]


def test_check_question_reports_an_empty_rationale():
    assert check_question(with_option(make_content(), "D", rationale="")) == [
        Finding(
            "empty_rationale",
            Severity.ERROR,
            "Option D has no rationale.",
            ("options", 3, "rationale"),
            "MET-K1.1-P1",
        )
    ]


def test_check_question_reports_identical_options_whatever_their_case_and_spaces():
    content = with_option(make_content(), "C", text="map the  JOURNEY with the agents")

    assert [finding.message for finding in check_question(content)] == ["Options B and C are identical."]


def test_check_question_reports_a_doubled_label_and_the_one_that_it_hides():
    content = with_option(make_content(), "D", label="C")

    assert [(finding.message, finding.path) for finding in check_question(content)] == [
        ("The label C stands twice.", ("options", 3, "label")),
        ("There is no option D.", ("options",)),
    ]


def test_check_question_reports_a_key_without_option():
    content = make_content()
    content = replace(content, options=content.options[2:])

    assert [(finding.code, finding.path) for finding in check_question(content)] == [
        ("missing_label", ("options",)),
        ("missing_label", ("options",)),
        ("key_without_option", ("key",)),
    ]


def test_check_question_reports_a_fifth_option():
    content = make_content()
    content = replace(content, options=(*content.options, OptionContent("E", "Hire a hotel consultant", "Why not.")))

    assert [finding.message for finding in check_question(content)] == [
        "An option has the label “E”; a label is A, B, C or D."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "All of the above",
        "None of these above.",
        "Both of the above",
        "all of these options",
        "A and C",
        "Both A and B only.",
    ],
)
def test_check_question_refuses_options_about_options(text):
    found = of_severity(check_question(with_option(make_content(), "D", text=text)), Severity.ERROR)

    assert found == [("option_about_options", ("options", 3, "text"))]


@pytest.mark.parametrize("text", ["Compare the variants A and B in a pilot", "All of the above-average branches"])
def test_check_question_allows_words_that_only_look_alike(text):
    found = of_severity(check_question(with_option(make_content(), "D", text=text)), Severity.ERROR)

    assert found == ([] if "variants" in text else [("option_about_options", ("options", 3, "text"))])


# Warnings of one question


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("Guests leave. What is it?", []),
        ("Guests leave. What is it that they **miss?**", []),
        ("Guests leave. Find out why.", ["no_question_mark"]),
        ("Guests leave. Which of these is not a cause?", ["negative_stem"]),
        ("Guests leave. Which causes apply EXCEPT one?", ["negative_stem"]),
        ("Guests leave. Which measure helps least?", ["negative_stem"]),
        ("Guests leave. Which measure doesn't help?", ["negative_stem"]),
        ("Guests do not return. What comes first?", []),
        ("Guests leave. What needs at least a month?", []),
    ],
)
def test_check_question_warns_about_the_stem(stem, expected):
    findings = check_question(make_content(stem=stem))

    assert [(finding.code, finding.severity) for finding in findings] == [(code, Severity.WARNING) for code in expected]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("Survey callers by post", LONG, f"{LONG}, too", f"{LONG}, now"), ["length_spread"]),
        (
            ("Interview the guests who left", "Interview the guests who stayed about their own reasons",
             "Interview the guests who are here", "Interview the guests who may come"),
            ["long_key"],
        ),
        (("4", "1,250", "12", "7"), []),
        (("High", "Very high", "Low", "Very low"), []),
        (("Ask the guests who left", "Interview the rooms", "Ask the guests who left by post", "Buy one platform"),
         ["option_within_option"]),
        (("Ask them by post", "It may be the price", "It is the price now", "It is the rooms"), ["hedged_key"]),
        (("It is always luck", "It is the price", "It is the rooms", "It is the staff"), ["absolute_distractors"]),
        (("It is always luck", "It is never luck", "It is the rooms", "It is the staff"), []),
        (("Survey every caller", "Ask guests in person", "Publish team scores", "Buy one platform"), ["clang"]),
        (("Survey former guests", "Ask guests in person", "Publish team scores", "Buy one platform"), []),
    ],
)  # fmt: skip
def test_check_question_warns_about_cues(texts, expected):
    content = with_texts(make_content(stem="A hotel loses guests. What comes first?"), *texts)

    findings = check_question(content)

    assert [(finding.code, finding.severity) for finding in findings] == [(code, Severity.WARNING) for code in expected]


def test_check_question_says_how_long_the_key_is():
    content = with_texts(make_content(), "x" * 20, "x" * 30 + " y", "z" * 20, "w" * 20)

    assert [finding.message for finding in check_question(content)] == [
        "The key is 1.60 times as long as the mean distractor; the limit is 1.25."
    ]


def test_check_question_warns_about_letters_in_a_rationale():
    content = with_option(make_content(), "A", rationale="Wrong, because option B comes first.")

    assert [finding.message for finding in check_question(content)] == [
        "The rationale of A says “option B”, but options are shuffled: name the idea."
    ]


# The fingerprint


def test_fingerprint_is_sha_256_of_the_content():
    assert fingerprint(make_content()) == fingerprint(make_content())
    assert len(fingerprint(make_content())) == 64


@pytest.mark.parametrize(
    "changes",
    [
        {"stem": "Another one?"},
        {"key": "C"},
        {"difficulty": 4},
        {"cognitive_level": "recall"},
        {"pool": "mock"},
        {"objective": "MET-K1.2"},
        {"references": ("hart-1990",)},
        {"locators": (("reichheld-2003", "p. 50"),)},
    ],
)
def test_fingerprint_changes_with_the_content(changes):
    assert fingerprint(make_content(**changes)) != fingerprint(make_content())


def test_fingerprint_changes_with_a_rationale():
    assert fingerprint(with_option(make_content(), "A", rationale="Because.")) != fingerprint(make_content())


def test_fingerprint_is_blind_to_status_order_and_white_space_around():
    content = make_content(references=("a", "b"))
    other = replace(
        content,
        status="retired",
        stem=content.stem + "\r\n",
        references=("b", "a"),
        options=tuple(reversed(content.options)),
    )

    assert fingerprint(other) == fingerprint(content)
