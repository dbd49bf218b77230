from __future__ import annotations

from django import forms

from competencies.stems import Query, parse

MOST_CHARACTERS = 200
MOST_PHRASES = 8


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
    def asked(self) -> Query:
        return parse(self.query, most=MOST_PHRASES)

    @property
    def refusal(self) -> str:
        if not self.is_valid():
            return " ".join(map(str, self.errors["q"]))
        return "Type a word that says what you look for." if self.query and not self.asked.phrases else ""

    @property
    def remark(self) -> str:
        phrases = self.asked.phrases
        is_cut = len(parse(self.query, most=MOST_CHARACTERS).phrases) > len(phrases)
        words = ", ".join(phrase.text for phrase in phrases)
        return f"Only the first {MOST_PHRASES} words were looked for: {words}." if is_cut else ""
