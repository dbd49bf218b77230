from __future__ import annotations

from django import forms

from competencies.matching import MOST_WORDS, search_words

MOST_CHARACTERS = 200


class SearchForm(forms.Form):
    """What is looked for; text that cannot be looked for finds nothing and says why."""

    q = forms.CharField(
        max_length=MOST_CHARACTERS,
        required=False,
        error_messages={
            "max_length": f"Search for at most {MOST_CHARACTERS} characters.",
            "null_characters_not_allowed": "That text holds a character that nothing here has. Type it again.",
        },
    )

    @property
    def query(self) -> str:
        """As typed, where it can be shown again."""
        return str(self.cleaned_data.get("q", "")) if self.is_valid() else ""

    @property
    def words(self) -> list[str]:
        return search_words(self.query)[:MOST_WORDS]

    @property
    def refusal(self) -> str:
        if not self.is_valid():
            return " ".join(map(str, self.errors["q"]))
        return "Type a word of at least two characters." if self.query and not self.words else ""

    @property
    def remark(self) -> str:
        is_cut = len(search_words(self.query)) > MOST_WORDS
        return f"Only the first {MOST_WORDS} words were looked for: {', '.join(self.words)}." if is_cut else ""
