"""Findings about one question.

The checks follow Haladyna, Downing and Rodriguez (2002), "A review of multiple-choice item-writing guidelines for
classroom assessment": what keeps a question from working is an error, what gives the key away is a warning.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence

from questions.validation.content import LABELS, Finding, QuestionContent, Severity, in_words
from questions.validation.words import ABSOLUTES, HEDGES, normal, reading_grade, word_stems, words

POOLS = {"practice": "P", "mock": "M"}  # with the letter that a code carries
STATUSES = ("draft", "in_review", "published", "retired")
LEVELS = ("recall", "application", "analysis")

CODE = re.compile(r"(?P<objective>[A-Z]{3}-[TKS][1-9]\d?\.[1-9]\d?)-(?P<pool>[PM])[1-9]\d{0,4}", re.ASCII)
ABOUT_OPTIONS = re.compile(
    r"\b(all|none|any|both|neither) (of )?(the|these) above\b"
    r"|\b(all|none) of (the|these) (options|answers)\b"
    r"|^(both |neither )?[A-D] (and|or|nor|&) [A-D]( only)?\.?$",
    re.IGNORECASE,
)
LETTER_IN_RATIONALE = re.compile(r"\b([Oo]ptions?|[Aa]nswers?|[Cc]hoices?) [A-D]\b")
NEGATIVE = re.compile(r"\b(not|except|never|(?<!at )least)\b|n['\N{RIGHT SINGLE QUOTATION MARK}]t\b", re.IGNORECASE)
KEY_LENGTH_LIMIT = 1.25  # times the mean distractor
SPREAD_LIMIT = 2.0  # longest over shortest option
GRADE_LIMIT = 14  # years of schooling
SHORT = 20  # characters; between figures and single words, length tells nothing


def check_question(content: QuestionContent) -> list[Finding]:
    """Every finding about one question, errors first."""
    return [
        *_code_errors(content),
        *_field_errors(content),
        *_option_errors(content),
        *_reference_errors(content),
        *_stem_warnings(content),
        *_rationale_warnings(content),
        *_cue_warnings(content),
    ]


def _error(content: QuestionContent, code: str, message: str, *path: str | int) -> Finding:
    return Finding(code, Severity.ERROR, message, path, content.code)


def _warning(content: QuestionContent, code: str, message: str, *path: str | int) -> Finding:
    return Finding(code, Severity.WARNING, message, path, content.code)


def _code_errors(content: QuestionContent) -> Iterator[Finding]:
    match = CODE.fullmatch(content.code)
    if match is None:
        message = f"The code “{content.code}” must be an objective's code and -P1 or -M1, such as MET-K1.1-P1."
        yield _error(content, "bad_code", message, "code")
        return
    if match["objective"] != content.objective:
        message = f"The code belongs to the objective {match['objective']}, but the question names {content.objective}."
        yield _error(content, "objective_differs", message, "objective")
    if match["pool"] != POOLS.get(content.pool, match["pool"]):
        yield _error(
            content, "pool_differs", f"The code says -{match['pool']}, but the pool is {content.pool}.", "pool"
        )


def _field_errors(content: QuestionContent) -> Iterator[Finding]:
    for name, value, known in (
        ("pool", content.pool, tuple(POOLS)),
        ("status", content.status, STATUSES),
        ("cognitive_level", content.cognitive_level, LEVELS),
    ):
        if value not in known:
            message = f"{in_words((name,))} must be {_either(known)}, not “{value}”."
            yield _error(content, f"unknown_{name}", message, name)
    if not 1 <= content.difficulty <= 5:
        message = f"The difficulty must be a whole number from 1 to 5, not {content.difficulty}."
        yield _error(content, "difficulty_out_of_range", message, "difficulty")
    if not content.stem:
        yield _error(content, "empty_stem", "The stem is empty.", "stem")


def _option_errors(content: QuestionContent) -> Iterator[Finding]:
    labels: set[str] = set()
    label_by_text: dict[str, str] = {}
    for place, option in enumerate(content.options):
        label = option.label
        if label not in LABELS:
            message = f"An option has the label “{label}”; a label is {_either(LABELS)}."
            yield _error(content, "unknown_label", message, "options", place, "label")
        elif label in labels:
            yield _error(content, "doubled_label", f"The label {label} stands twice.", "options", place, "label")
        labels.add(label)
        if not option.text:
            yield _error(content, "empty_option", f"Option {label} has no text.", "options", place, "text")
        elif (twin := label_by_text.setdefault(normal(option.text), label)) != label:
            message = f"Options {twin} and {label} are identical."
            yield _error(content, "identical_options", message, "options", place, "text")
        if match := ABOUT_OPTIONS.search(option.text):
            message = f"Option {label} is about the other options (“{match[0]}”): write one of its own."
            yield _error(content, "option_about_options", message, "options", place, "text")
        if not option.rationale:
            yield _error(content, "empty_rationale", f"Option {label} has no rationale.", "options", place, "rationale")
    for label in LABELS:
        if label not in labels:
            yield _error(content, "missing_label", f"There is no option {label}.", "options")
    if content.key not in LABELS:
        yield _error(content, "unknown_key", f"The key must be {_either(LABELS)}, not “{content.key}”.", "key")
    elif content.key not in labels:
        yield _error(content, "key_without_option", f"The key is {content.key}, and there is no such option.", "key")


def _reference_errors(content: QuestionContent) -> Iterator[Finding]:
    if not content.references:
        yield _error(content, "no_reference", "There is no reference: name at least one work.", "references")
    for code, count in Counter(content.references).items():
        if count > 1:
            yield _error(content, "doubled_reference", f"The reference {code} stands twice.", "references")
    for code, _ in content.locators:
        if code not in content.references:
            message = f"The locators name {code}, which is not among the references."
            yield _error(content, "locator_without_reference", message, "locators", code)


def negation(stem: str) -> re.Match[str] | None:
    """The negative word in the question, which is the stem's last sentence."""
    return NEGATIVE.search(re.split(r"(?<=[.!?:])\s+|\n\n", stem)[-1])


def _stem_warnings(content: QuestionContent) -> Iterator[Finding]:
    if content.stem and not content.stem.rstrip("*_ \n)\"'\N{RIGHT DOUBLE QUOTATION MARK}").endswith("?"):
        yield _warning(content, "no_question_mark", "The stem does not end with a question mark.", "stem")
    if match := negation(content.stem):
        message = f"The question is put negatively (“{match[0]}”): ask for what is right."
        yield _warning(content, "negative_stem", message, "stem")
    if (grade := reading_grade(content.stem)) > GRADE_LIMIT:
        message = f"The stem asks for {grade:.0f} years of schooling (limit {GRADE_LIMIT}): shorten its sentences."
        yield _warning(content, "hard_to_read", message, "stem")


def _rationale_warnings(content: QuestionContent) -> Iterator[Finding]:
    for place, option in enumerate(content.options):
        if match := LETTER_IN_RATIONALE.search(option.rationale):
            message = f"The rationale of {option.label} says “{match[0]}”, but options are shuffled: name the idea."
            yield _warning(content, "letter_in_rationale", message, "options", place, "rationale")


def _cue_warnings(content: QuestionContent) -> Iterator[Finding]:
    """What would let a candidate find the key without knowing."""
    key = next((option.text for option in content.options if option.label == content.key), "")
    distractors = [option.text for option in content.options if option.label != content.key]
    if not key or not distractors or not all(distractors):
        return
    ratio = len(key) / statistics.mean(map(len, distractors))
    shortest, *_, longest = sorted(map(len, [key, *distractors]))
    if longest > SHORT and ratio > KEY_LENGTH_LIMIT:
        message = f"The key is {ratio:.2f} times as long as the mean distractor; the limit is {KEY_LENGTH_LIMIT}."
        yield _warning(content, "long_key", message, "options")
    if longest > SHORT and longest > SPREAD_LIMIT * shortest:
        message = f"The longest option has {longest} characters and the shortest {shortest}: more than twice as many."
        yield _warning(content, "length_spread", message, "options")
    for place, option in enumerate(content.options):
        for other in content.options:
            if _is_within(option.text, other.text):
                message = f"Option {other.label} says what option {option.label} says, and more."
                yield _warning(content, "option_within_option", message, "options", place, "text")
    stem = word_stems(content.stem)
    if (echoes := word_stems(key) & stem) and not any(word_stems(text) & stem for text in distractors):
        message = f"Only the key repeats words of the stem ({', '.join(f'{echo}…' for echo in sorted(echoes))})."
        yield _warning(content, "clang", message, "options")
    if (hedges := set(words(key)) & HEDGES) and not any(set(words(text)) & HEDGES for text in distractors):
        yield _warning(content, "hedged_key", f"Only the key hedges ({', '.join(sorted(hedges))}).", "options")
    absolutes = ABSOLUTES.intersection(word for text in distractors for word in words(text))
    if absolutes and not set(words(key)) & ABSOLUTES:
        message = f"Only distractors are absolute ({', '.join(sorted(absolutes))})."
        yield _warning(content, "absolute_distractors", message, "options")


def _is_within(text: str, other: str) -> bool:
    """Whether the other says all of it, word for word, and goes on; a single word such as “high” says too little."""
    text, other = normal(text), normal(other)
    return text.count(" ") >= 2 and text != other and f" {text} " in f" {other} "


def _either(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
