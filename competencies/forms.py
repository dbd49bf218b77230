from __future__ import annotations

from collections import Counter

from django import forms
from django.forms.models import BaseInlineFormSet


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
