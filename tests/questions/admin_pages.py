"""The pages of questions in the admin, and what they post."""

from __future__ import annotations

from typing import Any

from django.contrib.messages import get_messages

from questions.models import Question
from questions.validation import LABELS
from tests.factories import make_question, make_reference
from tests.questions.builders import TEXTS

LIST = "/admin/questions/question/"
ADD = f"{LIST}add/"


def change_url(question: Question) -> str:
    return f"{LIST}{question.pk}/change/"


def make_draft(**fields: Any) -> Question:
    return make_question(**{"code": "MET-K1.1-P1", "status": "draft", **fields})


def make_data(**changes: Any) -> dict[str, Any]:
    """What the form of a draft posts."""
    options = {f"options_text_{label}": TEXTS[label] for label in LABELS}
    rationales = {f"options_rationale_{label}": f"Why {label}." for label in LABELS}
    return {
        "cognitive_level": "analysis",
        "difficulty": "4",
        "stem": "Guests leave.\r\n\r\nWhat comes first?",
        **options,
        **rationales,
        "key": "C",
        "references": [str(make_reference().pk)],
        "locators": "reichheld-2003: p. 50",
        **changes,
    }


def told(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]
