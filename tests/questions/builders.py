"""A sound question as a fixture row says it, and the YAML of such rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import yaml

from questions.validation import OptionContent, QuestionContent, read_question

TEXTS = {
    "A": "Survey every caller by telephone",
    "B": "Map the journey with the agents",
    "C": "Publish the scores of each team",
    "D": "Buy another ticketing platform",
}


def make_fields(code: str = "MET-K1.1-P1", **changes: Any) -> dict[str, Any]:
    objective, _, tail = code.rpartition("-")
    return {
        "code": code,
        "objective": [objective],
        "pool": "mock" if tail.startswith("M") else "practice",
        "status": "published",
        "cognitive_level": "application",
        "difficulty": 3,
        "stem": f"A hotel loses guests, says row {code}. What should it do first?",
        "options": [
            {"label": label, "text": text, "rationale": f"Why {label} of {code}."} for label, text in TEXTS.items()
        ],
        "key": "B",
        "references": [["reichheld-2003"]],
        **changes,
    }


def make_content(code: str = "MET-K1.1-P1", **changes: Any) -> QuestionContent:
    content, findings = read_question(make_fields(code))
    assert (content is not None, findings) == (True, [])
    return replace(content, **changes)


def with_option(content: QuestionContent, place: str, /, **changes: str) -> QuestionContent:
    options = tuple(replace(option, **changes) if option.label == place else option for option in content.options)
    return replace(content, options=options)


def with_texts(content: QuestionContent, *texts: str) -> QuestionContent:
    """The texts of A, B, C and D."""
    return replace(
        content,
        options=tuple(
            OptionContent(option.label, text, option.rationale)
            for option, text in zip(content.options, texts, strict=True)
        ),
    )


def make_row(code: str = "MET-K1.1-P1", **changes: Any) -> dict[str, Any]:
    return {"model": "questions.question", "fields": make_fields(code, **changes)}


def to_yaml(*rows: Any) -> bytes:
    return yaml.safe_dump(list(rows), sort_keys=False, allow_unicode=True).encode()


# As an author writes it; tests put other lines in the place of these.
WRITTEN = """\
# Practice questions.
- model: questions.question
  fields:
    code: MET-K1.1-P1
    objective: [MET-K1.1]
    pool: practice
    status: published
    cognitive_level: application
    difficulty: 3
    stem: |
      A hotel loses guests.

      What should it do first?
    options:
      - label: A
        text: Survey every caller by telephone
        rationale: Why not A.
      - label: B
        text: Map the journey with the agents
        rationale: >-
          Why B
          is right.
      - label: C
        text: Publish the scores of each team
        rationale: Why not C.
      - label: D
        text: Buy another ticketing platform
        rationale: Why not D.
    key: B
    references: [[reichheld-2003]]
- model: questions.question
  fields:
    code: MET-K1.1-P2
    objective: [MET-K1.1]
    pool: practice
    status: published
    cognitive_level: recall
    difficulty: 1
    stem: Which score runs from -100 to 100?
    options:
      - {label: A, text: Net Promoter Score, rationale: Why A.}
      - {label: B, text: Customer effort score, rationale: Why not B.}
      - {label: C, text: Satisfaction score, rationale: Why not C.}
      - {label: D, text: Customer churn rate, rationale: Why not D.}
    key: A
    references: [[reichheld-2003]]
"""
