"""What the pages of finished attempts may be asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from quizzes.models import Response

SHOWN = {
    "all": "All",
    "wrong": "Wrong",
    "unanswered": "Unanswered",
    "sure-wrong": "Sure but wrong",
    "unsure-right": "Right but not sure",
    "changed": "Changed",
    "slow": "Slow",
    "flagged": "Flagged",
}
KIND_NAMES = {
    "practice": "Practice",
    "mock": "Mock exams",
    "assigned": "Assigned",
    "placement": "Placement",
}


class FilterResponsesForm(forms.Form):
    """Which questions of a finished attempt are listed; `whole` puts all of them on one page, to print it."""

    show = forms.ChoiceField(choices=list(SHOWN.items()), required=False)
    competency = forms.ChoiceField(required=False)
    whole = forms.BooleanField(required=False)

    def __init__(self, *args: Any, competencies: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["competency"].choices = [(code, code) for code in competencies]  # type: ignore[attr-defined]


class ClassifyMissForm(forms.Form):
    """Why an answer went wrong; empty takes it back."""

    reason = forms.ChoiceField(choices=Response.MissReason, required=False)


class FilterAttemptsForm(forms.Form):
    """Which attempts are listed; what is not known means all."""

    kind = forms.ChoiceField(choices=list(KIND_NAMES.items()), required=False)
