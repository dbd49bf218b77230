from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from django import forms
from django.forms.models import BaseInlineFormSet

from competencies.matching import MOST_WORDS, search_words
from competencies.models import Competency


class BlueprintAreaFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """The areas of an edition: weights that make a whole, and every competency in one area at most."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        kept = [form.cleaned_data for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        total = sum(area["weight"] for area in kept)
        if kept and total != 100:
            raise forms.ValidationError(f"The weights add up to {total} %. They must add up to 100 %.")
        uses = Counter(competency.code for area in kept for competency in area["competencies"])
        if doubled := sorted(code for code, count in uses.items() if count > 1):
            raise forms.ValidationError(f"In more than one area: {', '.join(doubled)}. A competency belongs to one.")


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
