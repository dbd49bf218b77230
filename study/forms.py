from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django import forms

from competencies.matching import MOST_WORDS, search_words
from competencies.models import Competency
from study.annotations import Passage, normalized

MOST_IN_NOTE = 5000
MOST_IN_PASSAGE = 600
# More often than a study text can say anything.
MOST_OCCURRENCES = 1000
KEPT_KINDS = [("notes", "Notes"), ("bookmarks", "Bookmarks"), ("highlights", "Highlights")]
STRANGE_CHARACTER = "That text holds a character that cannot be kept. Type it again."


class LinesField(forms.CharField):
    """Text of several lines. A browser counts a line break as one character and sends two."""

    def to_python(self, value: object) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


class UpdateNoteForm(forms.Form):
    text = LinesField(
        max_length=MOST_IN_NOTE,
        required=False,
        error_messages={
            "max_length": f"A note holds at most {MOST_IN_NOTE:,} characters. Shorten it and save it again.",
            "null_characters_not_allowed": STRANGE_CHARACTER,
        },
    )
    began_from = forms.CharField(
        max_length=64,
        required=False,
        error_messages=dict.fromkeys(
            ["max_length", "null_characters_not_allowed"], "Your note did not arrive whole. Load the page again."
        ),
    )

    @property
    def refusal(self) -> str:
        return " ".join(str(error) for errors in self.errors.values() for error in errors)


class PassageForm(forms.Form):
    """A passage as the page's script counts it."""

    passage = forms.CharField(
        max_length=MOST_IN_PASSAGE,
        error_messages={
            "required": "Select some words first.",
            "max_length": f"A highlight holds at most {MOST_IN_PASSAGE} characters. Select less.",
            "null_characters_not_allowed": STRANGE_CHARACTER,
        },
    )
    occurrence = forms.IntegerField(
        min_value=1,
        max_value=MOST_OCCURRENCES,
        error_messages=dict.fromkeys(
            ["required", "invalid", "min_value", "max_value"],
            "The study text does not hold this passage. Select it again.",
        ),
    )

    def clean_passage(self) -> str:
        return normalized(self.cleaned_data["passage"])

    @property
    def value(self) -> Passage:
        return Passage(self.cleaned_data["passage"], self.cleaned_data["occurrence"])

    @property
    def refusal(self) -> str:
        return " ".join(str(error) for errors in self.errors.values() for error in errors)


class FilterTermsForm(forms.Form):
    """What the glossary shows; a value that cannot be read narrows nothing."""

    unknown_competency = "There is no such competency. Here are the terms of all."

    q = forms.CharField(
        max_length=80,
        required=False,
        error_messages={
            "max_length": "Search for at most 80 characters.",
            "null_characters_not_allowed": "That text holds a character that cannot be searched for.",
        },
    )

    def __init__(self, competencies: Sequence[Competency], data: Mapping[str, str]) -> None:
        super().__init__(data)
        self.fields["competency"] = forms.ChoiceField(
            choices=[(competency.code, competency.name) for competency in competencies],
            required=False,
            error_messages={"invalid_choice": self.unknown_competency},
        )
        self.full_clean()

    @property
    def words(self) -> list[str]:
        return search_words(self.cleaned_data.get("q", ""))[:MOST_WORDS]

    @property
    def competency_code(self) -> str:
        code: str = self.cleaned_data.get("competency", "")
        return code


class FilterNotebookForm(FilterTermsForm):
    """What of the notebook is shown; a value that cannot be read narrows nothing."""

    unknown_competency = "There is no such competency. Here is what you keep of all."

    kind = forms.ChoiceField(
        choices=KEPT_KINDS,
        required=False,
        error_messages={"invalid_choice": "You keep notes, bookmarks and highlights. Here are all of them."},
    )

    @property
    def kind_name(self) -> str:
        name: str = self.cleaned_data.get("kind", "")
        return name

    @property
    def is_narrow(self) -> bool:
        return bool(self.words or self.competency_code or self.kind_name)

    def query(self, **changes: str) -> str:
        """The address of this filter with some values changed."""
        values = {"kind": self.kind_name, "competency": self.competency_code, "q": self.cleaned_data.get("q", "")}
        return urlencode({name: value for name, value in (values | changes).items() if value})
