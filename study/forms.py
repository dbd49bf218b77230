from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import forms

from competencies.matching import MOST_WORDS, search_words
from competencies.models import Competency


class FilterTermsForm(forms.Form):
    """What the glossary shows; a value that cannot be read narrows nothing."""

    q = forms.CharField(
        max_length=80,
        required=False,
        error_messages={
            "max_length": "Search for at most 80 characters.",
            "null_characters_not_allowed": "That text holds a character that no term has.",
        },
    )

    def __init__(self, competencies: Sequence[Competency], data: Mapping[str, str]) -> None:
        super().__init__(data)
        self.fields["competency"] = forms.ChoiceField(
            choices=[(competency.code, competency.name) for competency in competencies],
            required=False,
            error_messages={"invalid_choice": "There is no such competency. Here are the terms of all."},
        )
        self.full_clean()

    @property
    def words(self) -> list[str]:
        return search_words(self.cleaned_data.get("q", ""))[:MOST_WORDS]

    @property
    def competency_code(self) -> str:
        code: str = self.cleaned_data.get("competency", "")
        return code
