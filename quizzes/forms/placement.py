from __future__ import annotations

from typing import Any

from django import forms

from quizzes.forms.responses import LABELS, MOST_SECONDS, OUT_OF_DATE

MOST_POSITIONS = 200


class AnswerPlacementForm(forms.Form):
    """An option, or the button that says that none is known; an empty label stands for the latter."""

    label = forms.ChoiceField(
        label="Your answer",
        choices=LABELS,
        required=False,
        error_messages={"invalid_choice": "That is no option of this question. Choose one of the four."},
    )
    is_unknown = forms.BooleanField(required=False)
    # Made by the server once per page: sent twice, it is one answer.
    key = forms.UUIDField(label="This page", widget=forms.HiddenInput, error_messages=OUT_OF_DATE)
    position = forms.IntegerField(
        label="This page",
        min_value=1,
        max_value=MOST_POSITIONS,
        widget=forms.HiddenInput,
        error_messages={**OUT_OF_DATE, "min_value": OUT_OF_DATE["invalid"], "max_value": OUT_OF_DATE["invalid"]},
    )
    seconds = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def clean_seconds(self) -> int:
        return min(self.cleaned_data["seconds"] or 0, MOST_SECONDS)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.pop("is_unknown", False):
            data["label"] = ""
        elif not data.get("label") and "label" not in self.errors:
            self.add_error("label", "Choose an option, or press “I do not know”.")
        return data
